"""Calls that change something, sent by the client to an emulator that nobody here wrote; boto3 reads what
has become of them."""

import json
import os
import subprocess
import sys

import pytest

import accounts
import servers
from program import ROOT, program_path

ROLE = "arn:aws:iam::123456789012:role/r"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
     "Action": "sts:AssumeRole"}]})
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Sid": "Quotes\"&Ümlaut", "Effect": "Allow", "Action": "logs:*", "Resource": "*"}]})
OPEN = {name: False for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy",
                                 "RestrictPublicBuckets")}
CLOSED = dict.fromkeys(OPEN, True)


class Sender:
    """The client, and beside it boto3's."""

    def __init__(self, server, key_id, secret):
        self.server = server
        self.cloud = accounts.Cloud(server.url, key_id, secret)
        self._process = subprocess.Popen(
            [program_path().parent / "tests/send_calls", server.url, self.cloud.account],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret, "PATH": os.defpath})

    def ask(self, service, operation, region="us-east-1", **document):
        self._process.stdin.write(json.dumps({"region": region, "service": service,
                                              "operation": operation, "document": document}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __call__(self, service, operation, **document):
        """The response of a call that succeeds."""
        answer = self.ask(service, operation, **document)
        assert answer["answered"], f"{operation}: {answer['code']}: {answer['message']}"
        return answer["response"]

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(timeout=30) == 0


def writer(cloud):
    """The keys of a user who may do all."""
    iam = cloud.client("iam")
    iam.create_user(UserName="writer")
    iam.put_user_policy(UserName="writer", PolicyName="all",
                        PolicyDocument=POLICY.replace("logs:*", "*"))
    key = iam.create_access_key(UserName="writer")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


@pytest.fixture(scope="module")
def send():
    with servers.moto_server() as server:
        keys = writer(accounts.Cloud(server.url))
        server.require_auth()  # every signature is verified from here on
        sender = Sender(server, *keys)
        yield sender
        sender.close()


@pytest.fixture
def bucket(send, request):
    name = "b-" + request.node.name.replace("_", "-")[5:60]
    send("s3", "CreateBucket", Bucket=name)
    return name


def test_the_vectors_are_those_of_this_botocore():
    """The unit tests compare them with what the client sends."""
    folder = ROOT / "tests/aws"
    made = subprocess.run([sys.executable, folder / "make_request_vectors.py"], check=True,
                          capture_output=True, text=True, timeout=60).stdout
    assert made == (folder / "vectors/requests.json").read_text()


def test_cloudtrail(send, bucket):
    trails = send.cloud.client("cloudtrail")
    made = send("cloudtrail", "CreateTrail", Name="trail", S3BucketName=bucket, IsMultiRegionTrail=True,
                TagsList=[{"Key": "k", "Value": "ü"}])
    assert made["TrailARN"].endswith(":trail/trail")
    send("cloudtrail", "UpdateTrail", Name="trail", EnableLogFileValidation=True, S3KeyPrefix="p")
    send("cloudtrail", "StartLogging", Name="trail")
    send("cloudtrail", "PutEventSelectors", TrailName="trail", EventSelectors=[
        {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": False, "DataResources": [
            {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}])
    trail = trails.get_trail(Name="trail")["Trail"]
    assert (trail["IsMultiRegionTrail"], trail["LogFileValidationEnabled"],
            trail["S3KeyPrefix"]) == (True, True, "p")
    assert trails.get_trail_status(Name="trail")["IsLogging"]
    chosen = trails.get_event_selectors(TrailName="trail")["EventSelectors"][0]
    assert (chosen["ReadWriteType"], chosen["IncludeManagementEvents"]) == ("WriteOnly", False)
    send("cloudtrail", "StopLogging", Name="trail")
    assert not trails.get_trail_status(Name="trail")["IsLogging"]
    send("cloudtrail", "DeleteTrail", Name="trail")
    assert trails.describe_trails()["trailList"] == []
    assert send.ask("cloudtrail", "StartLogging", Name="trail")["code"] == "TrailNotFoundException"


def test_kms(send):
    kms = send.cloud.client("kms")
    key = send("kms", "CreateKey", Description="d \"ü\"", MultiRegion=False,
               Tags=[{"TagKey": "k", "TagValue": "v"}])["KeyMetadata"]["KeyId"]
    send("kms", "CreateAlias", AliasName="alias/a", TargetKeyId=key)
    assert kms.describe_key(KeyId="alias/a")["KeyMetadata"]["Description"] == "d \"ü\""
    send("kms", "EnableKeyRotation", KeyId=key, RotationPeriodInDays=180)
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    send("kms", "DisableKeyRotation", KeyId=key)
    assert not kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    policy = POLICY.replace("logs:*", "kms:*")
    send("kms", "PutKeyPolicy", KeyId=key, PolicyName="default", Policy=policy)
    assert kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == policy
    send("kms", "UpdateKeyDescription", KeyId=key, Description="")
    send("kms", "TagResource", KeyId=key, Tags=[{"TagKey": "l", "TagValue": ""}])
    assert {tag["TagKey"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]} == {"k", "l"}
    states = []
    for operation, more in (("DisableKey", {}), ("EnableKey", {}),
                            ("ScheduleKeyDeletion", {"PendingWindowInDays": 7}),
                            ("CancelKeyDeletion", {})):
        send("kms", operation, KeyId=key, **more)
        states.append(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])
    assert states == ["Disabled", "Enabled", "PendingDeletion", "Disabled"]
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == ""
    send("kms", "UntagResource", KeyId=key, TagKeys=["k"])
    assert [tag["TagKey"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]] == ["l"]
    other = send("kms", "CreateKey")["KeyMetadata"]["KeyId"]
    send("kms", "UpdateAlias", AliasName="alias/a", TargetKeyId=other)
    assert kms.describe_key(KeyId="alias/a")["KeyMetadata"]["KeyId"] == other
    send("kms", "DeleteAlias", AliasName="alias/a")
    assert "alias/a" not in {each["AliasName"] for each in kms.list_aliases()["Aliases"]}


def test_logs(send):
    logs = send.cloud.client("logs")
    send("logs", "CreateLogGroup", logGroupName="/g", tags={"k": "v"})
    send("logs", "PutRetentionPolicy", logGroupName="/g", retentionInDays=400)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 400
    send("logs", "DeleteRetentionPolicy", logGroupName="/g")
    assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]
    pattern = '{ ($.userIdentity.type = "Root") && ($.x NOT EXISTS) }'
    send("logs", "PutMetricFilter", logGroupName="/g", filterName="f", filterPattern=pattern,
         metricTransformations=[{"metricName": "m", "metricNamespace": "n", "metricValue": "1",
                                 "defaultValue": 0}])
    found = logs.describe_metric_filters()["metricFilters"][0]
    assert (found["filterPattern"], found["metricTransformations"][0]["defaultValue"]) == (pattern, 0)
    send("logs", "DeleteMetricFilter", logGroupName="/g", filterName="f")
    assert logs.describe_metric_filters()["metricFilters"] == []
    send("logs", "DeleteLogGroup", logGroupName="/g")
    assert logs.describe_log_groups()["logGroups"] == []


def test_iam(send):
    iam = send.cloud.client("iam")
    made = send("iam", "CreateRole", RoleName="r", Path="/x/", AssumeRolePolicyDocument=TRUST,
                MaxSessionDuration=7200, Tags=[{"Key": "k", "Value": "v w"}])["Role"]
    assert made["Arn"].endswith(":role/x/r")
    send("iam", "PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument=POLICY)
    assert iam.get_role_policy(RoleName="r", PolicyName="p")["PolicyDocument"] == json.loads(POLICY)
    other = TRUST.replace("vpc-flow-logs", "cloudtrail")
    send("iam", "UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=other)
    role = iam.get_role(RoleName="r")["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(other)
    assert (role["MaxSessionDuration"], role["Tags"]) == (7200, [{"Key": "k", "Value": "v w"}])
    arn = iam.create_policy(PolicyName="m", PolicyDocument=POLICY)["Policy"]["Arn"]
    send("iam", "AttachRolePolicy", RoleName="r", PolicyArn=arn)
    assert len(iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]) == 1
    send("iam", "DetachRolePolicy", RoleName="r", PolicyArn=arn)
    send("iam", "DeleteRolePolicy", RoleName="r", PolicyName="p")
    send("iam", "DeleteRole", RoleName="r")
    assert send.ask("iam", "DeleteRole", RoleName="r")["code"] == "NoSuchEntity"
    linked = send("iam", "CreateServiceLinkedRole", AWSServiceName="config.amazonaws.com")
    assert "AWSServiceRoleForconfig" in linked["Role"]["Arn"]


def test_bucket_settings(send, bucket):
    s3 = send.cloud.client("s3")
    send("s3", "PutBucketVersioning", Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    send("s3", "PutBucketPolicy", Bucket=bucket, Policy=POLICY)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == POLICY
    send("s3", "PutPublicAccessBlock", Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert blocked == CLOSED
    send("s3", "PutBucketOwnershipControls", Bucket=bucket,
         OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    controls = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert controls == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    rules = [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
              "BucketKeyEnabled": True}]
    send("s3", "PutBucketEncryption", Bucket=bucket,
         ServerSideEncryptionConfiguration={"Rules": rules})
    found = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert found[0]["ApplyServerSideEncryptionByDefault"] == rules[0][
        "ApplyServerSideEncryptionByDefault"]
    for operation, read in (("DeleteBucketPolicy", s3.get_bucket_policy),
                            ("DeleteBucketEncryption", s3.get_bucket_encryption),
                            ("DeleteBucketOwnershipControls", s3.get_bucket_ownership_controls),
                            ("DeletePublicAccessBlock", s3.get_public_access_block)):
        send("s3", operation, Bucket=bucket)
        with pytest.raises(s3.exceptions.ClientError):
            read(Bucket=bucket)
    send("s3", "DeleteBucket", Bucket=bucket)
    assert bucket not in {each["Name"] for each in s3.list_buckets()["Buckets"]}


def test_bucket_acl_and_access_logs(send, bucket):
    s3 = send.cloud.client("s3")
    owner = s3.get_bucket_acl(Bucket=bucket)["Owner"]
    group = "http://acs.amazonaws.com/groups/s3/LogDelivery"
    send("s3", "PutBucketAcl", Bucket=bucket, AccessControlPolicy={
        "Owner": {"ID": owner["ID"]}, "Grants": [
            {"Grantee": {"Type": "CanonicalUser", "ID": owner["ID"]}, "Permission": "FULL_CONTROL"},
            {"Grantee": {"Type": "Group", "URI": group}, "Permission": "WRITE"},
            {"Grantee": {"Type": "Group", "URI": group}, "Permission": "READ_ACP"}]})
    grants = s3.get_bucket_acl(Bucket=bucket)["Grants"]
    assert {(g["Grantee"].get("URI"), g["Permission"]) for g in grants} == {
        (None, "FULL_CONTROL"), (group, "WRITE"), (group, "READ_ACP")}
    send("s3", "PutBucketLogging", Bucket=bucket, BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": "a & b/"}})
    logging = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == (bucket, "a & b/")
    send("s3", "PutBucketLogging", Bucket=bucket, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    send("s3", "PutBucketAcl", Bucket=bucket, ACL="private")
    assert len(s3.get_bucket_acl(Bucket=bucket)["Grants"]) == 1


def test_lifecycle_and_object_lock(send):
    s3 = send.cloud.client("s3", "eu-west-1")
    send("s3", "CreateBucket", region="eu-west-1", Bucket="locked", ObjectLockEnabledForBucket=True,
         CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert s3.get_bucket_location(Bucket="locked")["LocationConstraint"] == "eu-west-1"
    lock = {"ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 365}}}
    send("s3", "PutObjectLockConfiguration", Bucket="locked", ObjectLockConfiguration=lock)
    found = s3.get_object_lock_configuration(Bucket="locked")["ObjectLockConfiguration"]
    assert found["Rule"]["DefaultRetention"] == lock["Rule"]["DefaultRetention"] | {"Years": 0}
    rules = [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 400}},
             {"ID": "b", "Status": "Disabled", "Filter": {"And": {"Prefix": "", "Tags": [
                 {"Key": "k", "Value": "<v>"}, {"Key": "l", "Value": "m"}]}},
              "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}]
    send("s3", "PutBucketLifecycleConfiguration", Bucket="locked",
         LifecycleConfiguration={"Rules": rules})
    found = s3.get_bucket_lifecycle_configuration(Bucket="locked")["Rules"]
    assert [{k: rule[k] for k in sorted(rule)} for rule in found] == [
        {k: rule[k] for k in sorted(rule)} for rule in rules]
    send("s3", "DeleteBucketLifecycle", Bucket="locked")
    with pytest.raises(s3.exceptions.ClientError):
        s3.get_bucket_lifecycle_configuration(Bucket="locked")


def test_public_access_of_the_account(send):
    control = send.cloud.client("s3control")
    wanted = CLOSED | {"IgnorePublicAcls": False}
    send("s3control", "PutPublicAccessBlock", PublicAccessBlockConfiguration=wanted)
    found = control.get_public_access_block(AccountId=send.cloud.account)
    assert found["PublicAccessBlockConfiguration"] == wanted
    send("s3control", "DeletePublicAccessBlock")
    with pytest.raises(control.exceptions.ClientError):
        control.get_public_access_block(AccountId=send.cloud.account)


def test_config(send, bucket):
    config = send.cloud.client("config")
    group = {"allSupported": True, "includeGlobalResourceTypes": True, "resourceTypes": []}
    send("config", "PutConfigurationRecorder", ConfigurationRecorder={
        "name": "default", "roleARN": ROLE, "recordingGroup": group})
    send("config", "PutDeliveryChannel", DeliveryChannel={
        "name": "default", "s3BucketName": bucket,
        "configSnapshotDeliveryProperties": {"deliveryFrequency": "Six_Hours"}})
    send("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")
    recorder = config.describe_configuration_recorders()["ConfigurationRecorders"][0]
    assert recorder["recordingGroup"]["includeGlobalResourceTypes"]
    channel = config.describe_delivery_channels()["DeliveryChannels"][0]
    assert channel["configSnapshotDeliveryProperties"]["deliveryFrequency"] == "Six_Hours"

    def recording():
        status = config.describe_configuration_recorder_status()
        return status["ConfigurationRecordersStatus"][0]["recording"]
    assert recording()
    send("config", "StopConfigurationRecorder", ConfigurationRecorderName="default")
    assert not recording()
    send("config", "DeleteDeliveryChannel", DeliveryChannelName="default")
    send("config", "DeleteConfigurationRecorder", ConfigurationRecorderName="default")
    assert config.describe_configuration_recorders()["ConfigurationRecorders"] == []


def test_sns_and_cloudwatch(send):
    sns, cloudwatch = send.cloud.client("sns"), send.cloud.client("cloudwatch")
    topic = send("sns", "CreateTopic", Name="t", Attributes={"DisplayName": "a & b"},
                 Tags=[{"Key": "k", "Value": "v"}])["TopicArn"]
    send("sns", "SetTopicAttributes", TopicArn=topic, AttributeName="Policy", AttributeValue=POLICY)
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["DisplayName"] == "a & b"
    assert json.loads(attributes["Policy"]) == json.loads(POLICY)
    made = send("sns", "Subscribe", TopicArn=topic, Protocol="email", Endpoint="a@example.com",
                ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert made.startswith(topic)
    send("cloudwatch", "PutMetricAlarm", AlarmName="a b", Namespace="n", MetricName="m", Period=300,
         Statistic="Sum", EvaluationPeriods=1, Threshold=1, AlarmActions=[topic],
         ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="notBreaching",
         ActionsEnabled=False, Dimensions=[{"Name": "d", "Value": "ü"}])
    alarm = cloudwatch.describe_alarms()["MetricAlarms"][0]
    assert (alarm["AlarmName"], alarm["Threshold"], alarm["AlarmActions"], alarm["ActionsEnabled"],
            alarm["Dimensions"]) == ("a b", 1.0, [topic], False, [{"Name": "d", "Value": "ü"}])
    for operation, enabled in (("EnableAlarmActions", True), ("DisableAlarmActions", False)):
        send("cloudwatch", operation, AlarmNames=["a b"])
        assert cloudwatch.describe_alarms()["MetricAlarms"][0]["ActionsEnabled"] == enabled
    send("cloudwatch", "DeleteAlarms", AlarmNames=["a b"])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    send("sns", "Unsubscribe", SubscriptionArn=made)
    assert sns.list_subscriptions()["Subscriptions"] == []
    send("sns", "DeleteTopic", TopicArn=topic)
    assert sns.list_topics()["Topics"] == []


def test_flow_logs(send):
    ec2 = send.cloud.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    role = send("iam", "CreateRole", RoleName="flow", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    wanted = {"ResourceIds": [vpc], "ResourceType": "VPC", "TrafficType": "ALL",
              "LogDestinationType": "cloud-watch-logs", "LogGroupName": "/flow",
              "DeliverLogsPermissionArn": role, "MaxAggregationInterval": 600,
              "TagSpecifications": [{"ResourceType": "vpc-flow-log",
                                     "Tags": [{"Key": "k", "Value": "v w"}]}]}
    [made] = send("ec2", "CreateFlowLogs", **wanted)["FlowLogIds"]
    log = ec2.describe_flow_logs()["FlowLogs"][0]
    assert (log["FlowLogId"], log["ResourceId"], log["MaxAggregationInterval"], log["Tags"]) == (
        made, vpc, 600, [{"Key": "k", "Value": "v w"}])
    again = send.ask("ec2", "CreateFlowLogs", **wanted)
    assert not again["answered"] and again["code"] == "FlowLogAlreadyExists"
    assert send.ask("ec2", "CreateFlowLogs", **wanted | {"ResourceIds": ["vpc-00000000"]})[
        "code"] == "InvalidVpcID.NotFound"
    send("ec2", "DeleteFlowLogs", FlowLogIds=[made])
    assert ec2.describe_flow_logs()["FlowLogs"] == []


def test_organizations(send):
    organizations = send.cloud.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    send("organizations", "EnablePolicyType", RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    content = POLICY.replace("Allow", "Deny")
    policy = send("organizations", "CreatePolicy", Name="p", Description="d é", Content=content,
                  Type="SERVICE_CONTROL_POLICY")["Policy"]["PolicySummary"]["Id"]
    assert organizations.describe_policy(PolicyId=policy)["Policy"]["Content"] == content

    def targets():
        return [each["TargetId"] for each in
                organizations.list_targets_for_policy(PolicyId=policy)["Targets"]]
    send("organizations", "UpdatePolicy", PolicyId=policy, Description="")
    assert organizations.describe_policy(PolicyId=policy)["Policy"]["Content"] == content
    send("organizations", "AttachPolicy", PolicyId=policy, TargetId=root)
    assert targets() == [root]
    send("organizations", "DetachPolicy", PolicyId=policy, TargetId=root)
    assert targets() == []
    send("organizations", "DeletePolicy", PolicyId=policy)
    send("organizations", "EnableAWSServiceAccess", ServicePrincipal="cloudtrail.amazonaws.com")
    enabled = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert [each["ServicePrincipal"] for each in enabled] == ["cloudtrail.amazonaws.com"]
    send("organizations", "DisableAWSServiceAccess", ServicePrincipal="cloudtrail.amazonaws.com")
    assert not organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    send("organizations", "DisablePolicyType", RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    assert organizations.list_roots()["Roots"][0]["PolicyTypes"] == []


def test_security_hub(send):
    hub = send.cloud.client("securityhub")
    send("securityhub", "EnableSecurityHub", EnableDefaultStandards=False, Tags={"k": "v"})
    send.server.forget_auth()  # moto verifies no GET of this service aright, not boto3's either
    assert hub.describe_hub()["HubArn"]
    send("securityhub", "DisableSecurityHub")
    with pytest.raises(hub.exceptions.ClientError):
        hub.describe_hub()
