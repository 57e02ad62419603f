#!/usr/bin/env python3
"""Prints vectors/requests.json: what botocore sends for each operation that changes something.

Of each operation there is one sample with all members of its model, but those LEFT_OUT on purpose, and
those of SAMPLES. The C++ test compares what we send."""

import json
import os
from urllib.parse import parse_qsl, urlsplit

import botocore.session
from botocore.config import Config
from botocore.serialize import create_serializer

OPERATIONS = {
    "cloudtrail": "CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging PutEventSelectors",
    "kms": "CreateKey CreateAlias UpdateAlias DeleteAlias EnableKeyRotation DisableKeyRotation EnableKey DisableKey "
           "CancelKeyDeletion ScheduleKeyDeletion PutKeyPolicy UpdateKeyDescription TagResource "
           "UntagResource",
    "logs": "CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy PutMetricFilter "
            "DeleteMetricFilter AssociateKmsKey DisassociateKmsKey",
    "iam": "CreateRole DeleteRole PutRolePolicy DeleteRolePolicy UpdateAssumeRolePolicy "
           "CreateServiceLinkedRole DeleteServiceLinkedRole AttachRolePolicy DetachRolePolicy",
    "s3": "CreateBucket DeleteBucket PutBucketPolicy DeleteBucketPolicy PutBucketVersioning "
          "PutBucketLogging PutPublicAccessBlock DeletePublicAccessBlock PutBucketAcl "
          "PutBucketEncryption DeleteBucketEncryption DeleteBucketOwnershipControls "
          "PutBucketOwnershipControls PutBucketLifecycleConfiguration "
          "DeleteBucketLifecycle PutObjectLockConfiguration",
    "s3control": "PutPublicAccessBlock DeletePublicAccessBlock",
    "config": "PutConfigurationRecorder DeleteConfigurationRecorder PutDeliveryChannel "
              "DeleteDeliveryChannel StartConfigurationRecorder StopConfigurationRecorder",
    "sns": "CreateTopic DeleteTopic SetTopicAttributes Subscribe Unsubscribe",
    "cloudwatch": "PutMetricAlarm DeleteAlarms EnableAlarmActions DisableAlarmActions",
    "ec2": "CreateFlowLogs DeleteFlowLogs",
    "organizations": "CreatePolicy UpdatePolicy AttachPolicy DetachPolicy DeletePolicy "
                     "EnablePolicyType DisablePolicyType EnableAWSServiceAccess "
                     "DisableAWSServiceAccess",
    "securityhub": "EnableSecurityHub DisableSecurityHub",
}

# ACLs are given whole, buckets are not directories, and checksums are this project's matter.
LEFT_OUT = {
    "s3": {"ContentMD5", "ChecksumAlgorithm", "GrantFullControl", "GrantRead", "GrantReadACP",
           "GrantWrite", "GrantWriteACP", "RequestPayer", "BucketNamespace",
           "CreateBucketConfiguration/Location", "CreateBucketConfiguration/Bucket"},
    "ec2": {"DryRun"},
}

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Sid": "Ünïcode & <more>", "Effect": "Allow", "Principal": "*", "Action": "s3:*",
     "Condition": {"StringLike": {"aws:PrincipalTag/a+b": ["x y", "=?/"]}}}]}, ensure_ascii=False)
GROUP = "http://acs.amazonaws.com/groups/s3/LogDelivery"

SAMPLES = [
    ("cloudtrail", "PutEventSelectors", {"TrailName": "t", "EventSelectors": [
        {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}]}),
    ("cloudtrail", "UpdateTrail", {"Name": "t", "IsMultiRegionTrail": False, "KmsKeyId": ""}),
    ("kms", "CreateKey", {}),
    ("kms", "PutKeyPolicy", {"KeyId": "k", "PolicyName": "default", "Policy": POLICY}),
    ("logs", "PutMetricFilter", {"logGroupName": "g", "filterName": "f", "filterPattern": "",
                                 "metricTransformations": [{"metricName": "m", "metricNamespace": "n",
                                                            "metricValue": "1", "defaultValue": 0.0}]}),
    ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": POLICY, "Tags": [],
                           "MaxSessionDuration": 3600}),
    ("iam", "PutRolePolicy", {"RoleName": "r+@=,.", "PolicyName": "p", "PolicyDocument": POLICY}),
    ("sns", "CreateTopic", {"Name": "t", "Attributes": {}}),
    ("sns", "CreateTopic", {"Name": "t", "Attributes": {"Policy": POLICY, "KmsMasterKeyId": "k"}}),
    ("sns", "SetTopicAttributes", {"TopicArn": "a", "AttributeName": "Policy", "AttributeValue": ""}),
    ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a b", "ActionsEnabled": True, "OKActions": [],
                                      "AlarmActions": ["arn:1", "arn:2"], "Threshold": 1,
                                      "EvaluationPeriods": 1, "Period": 300, "Dimensions": []}),
    ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a", "Threshold": 1.0, "Metrics": [
        {"Id": "m1", "Expression": "SUM(METRICS(\"x\"))", "ReturnData": False}]}),
    ("cloudwatch", "DeleteAlarms", {"AlarmNames": []}),
    ("ec2", "CreateFlowLogs", {"ResourceIds": ["vpc-1"], "ResourceType": "VPC", "TrafficType": "ALL",
                               "LogFormat": "${version} ${vpc-id}", "TagSpecifications": []}),
    ("ec2", "DeleteFlowLogs", {"FlowLogIds": []}),
    ("s3", "CreateBucket", {"Bucket": "b"}),
    ("s3", "CreateBucket", {"Bucket": "b", "CreateBucketConfiguration":
                            {"LocationConstraint": "eu-west-1"}}),
    ("s3", "PutBucketPolicy", {"Bucket": "my.bucket", "Policy": POLICY}),
    ("s3", "PutBucketLogging", {"Bucket": "b", "BucketLoggingStatus": {}}),
    ("s3", "PutBucketLogging", {"Bucket": "b", "BucketLoggingStatus": {"LoggingEnabled": {
        "TargetBucket": "logs", "TargetPrefix": "", "TargetObjectKeyFormat": {"SimplePrefix": {}}}}}),
    ("s3", "PutBucketAcl", {"Bucket": "b", "ACL": "private"}),
    ("s3", "PutBucketAcl", {"Bucket": "b", "AccessControlPolicy": {"Owner": {"ID": "o"}, "Grants": [
        {"Grantee": {"Type": "CanonicalUser", "ID": "o"}, "Permission": "FULL_CONTROL"},
        {"Grantee": {"URI": GROUP, "Type": "Group"}, "Permission": "WRITE"}]}}),
    ("s3", "PutBucketAcl", {"Bucket": "b", "AccessControlPolicy": {"Grants": []}}),
    ("s3", "PutBucketVersioning", {"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled"}}),
    ("s3", "PutBucketLifecycleConfiguration", {"Bucket": "b", "LifecycleConfiguration": {"Rules": [
        {"ID": "a & b", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}},
        {"ID": "c", "Status": "Disabled", "Filter": {"And": {"Prefix": "x/", "Tags": [
            {"Key": "k", "Value": "<v>"}]}}, "Transitions": []}]}}),
    ("s3", "PutObjectLockConfiguration", {"Bucket": "b", "ObjectLockConfiguration": {
        "ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE",
                                                                      "Days": 365}}}}),
    ("securityhub", "EnableSecurityHub", {}),
]


class Caught(Exception):
    """What was to be sent, in its place."""


def catch(request, **_):
    raise Caught(request)


def text_for(name, shape):
    if name == "AccountId":
        return "111111111111"
    if shape.serialization.get("location"):
        return "a-" + name.lower()
    return f"{name} é\"'<&>+ =\\"


def filled(shape, left_out, name="", path=""):
    """A value with all that the model has."""
    if shape.type_name == "structure":
        return {each: filled(member, left_out, each, f"{path}{each}/")
                for each, member in shape.members.items() if f"{path}{each}" not in left_out}
    if shape.type_name == "list":
        return [filled(shape.member, left_out, f"{name}{i}", path) for i in (1, 2)]
    if shape.type_name == "map":
        return {"k é": "v 1+", "k2": ""}
    if shape.type_name == "timestamp":
        return "2030-01-31T00:00:00Z"
    plain = {"boolean": False, "integer": 7, "long": 5_000_000_000, "double": 1.5}
    return plain[shape.type_name] if shape.type_name in plain else text_for(name, shape)


def client_of(session, service):
    client = session.create_client(service, region_name="us-east-1", config=Config(
        s3={"addressing_style": "path"}, parameter_validation=False, retries={"max_attempts": 0}))
    client.meta.events.register("before-send.*.*", catch)
    return client


def as_form(client, model, document):
    """CloudWatch, which botocore asks in CBOR."""
    made = create_serializer("query", include_validation=False).serialize_to_request(document, model)
    return {"method": made["method"], "path": made["url_path"], "query": [], "headers": {},
            "form": sorted([name, str(value)] for name, value in made["body"].items())}


def headers_of(request):
    """Those that the operation itself asks for."""
    own = {name.lower(): value.decode() if isinstance(value, bytes) else value
           for name, value in request.headers.items()}
    return {name: value for name, value in sorted(own.items())
            if name in ("content-md5", "x-amz-target") or
            name.startswith("x-amz-") and name not in ("x-amz-date", "x-amz-content-sha256")}


def body_of(protocol, body):
    if not body:
        return {}
    if protocol in ("query", "ec2"):
        return {"form": sorted(map(list, parse_qsl(body.decode(), keep_blank_values=True)))}
    if protocol in ("json", "rest-json"):
        return {"json": json.loads(body)}
    return {"xml" if body.startswith(b"<") else "text": body.decode()}


def sent(client, operation, document):
    service = client.meta.service_model
    model = service.operation_model(operation)
    if service.service_name == "cloudwatch":
        return as_form(client, model, document)
    if model.http_checksum.get("requestAlgorithmMember"):
        document = document | {"ChecksumAlgorithm": "SHA256"}
    try:
        client._make_api_call(operation, document)
    except Caught as caught:
        request = caught.args[0]
    url = urlsplit(request.url)
    body = request.body.encode() if isinstance(request.body, str) else request.body
    return {"method": request.method, "path": url.path,
            "query": sorted(map(list, parse_qsl(url.query, keep_blank_values=True))),
            "headers": headers_of(request),
            **body_of(service.resolved_protocol, body)}


def documents(client, service):
    model = client.meta.service_model
    for operation in OPERATIONS[service].split():
        shape = model.operation_model(operation).input_shape
        document = filled(shape, LEFT_OUT.get(service, ())) if shape else {}
        yield operation, document
    yield from ((operation, document) for of, operation, document in SAMPLES if of == service)


def vectors():
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "none",
                   "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    session = botocore.session.Session()
    lines = []
    for service in OPERATIONS:
        client = client_of(session, service)
        lines += [json.dumps({"service": service, "operation": operation, "document": document,
                              **sent(client, operation, document)}, ensure_ascii=False)
                  for operation, document in documents(client, service)]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    print(vectors(), end="")
