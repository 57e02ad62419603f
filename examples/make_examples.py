#!/usr/bin/env python3
"""Writes the two example recordings: one invented account, before and after its logging was fixed.

    examples/seed-001/recording.jsonl         2 pass, 4 warn, 3 critical of CIS 1.2.0 section 2
    examples/seed-001-fixed/recording.jsonl   the same account with everything fixed: 9 pass

A line is one API call of the AWS CLI's shape (ARCHITECTURE.md, "Recording"). What the fix changed is
where `fixed` is read below. The same bytes come out every time; `--check` only compares.
"""

import hashlib
import json
import pathlib
import sys
import uuid

ACCOUNT = "111111111111"
FIRST = "us-east-1"  # the partition's first region answers for the global services
HOME = "ap-northeast-1"

ENABLED = """us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2
ap-northeast-3 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3
eu-north-1 sa-east-1""".split()
NOT_OPTED_IN = """af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ca-west-1
eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1""".split()

TRAIL = f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/default-trail"
TRAIL_BUCKET = "example-cloudtrail-logs"
ACCESS_LOG_BUCKET = "example-s3-access-logs"
CONFIG_BUCKET = "example-config-records"
LOG_GROUP = f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:DefaultLogGroup:*"
CONFIG_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
OWNER = {"ID": hashlib.sha256(ACCOUNT.encode()).hexdigest()}


def made_up_id(what, length=17):
    """A stable id that looks like AWS's."""
    return hashlib.sha256(what.encode()).hexdigest()[:length]


def key_id(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.example"))


def key_arn(name, region=HOME):
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/{key_id(name)}"


def call(region, service, operation, params, response=None, error=None):
    line = {"account": ACCOUNT, "region": region, "service": service, "operation": operation, "params": params}
    if error is None:
        return line | {"response": response}
    code, message = error
    return line | {"error": {"code": code, "message": message, "status": 404}}


# --- the account


def account_calls():
    caller = {"UserId": "AROAEXAMPLEAUDITOR001:nightly", "Account": ACCOUNT,
              "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/auditor/nightly"}
    yield call(FIRST, "sts", "GetCallerIdentity", {}, caller)
    status = dict.fromkeys(ENABLED, "opt-in-not-required") | dict.fromkeys(NOT_OPTED_IN, "not-opted-in")
    regions = [{"OptInStatus": status[name], "RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com"}
               for name in sorted(status)]
    yield call(FIRST, "ec2", "DescribeRegions", {"AllRegions": True}, {"Regions": regions})


# --- CloudTrail: one multi-region trail, which every region shows


def trail(fixed):
    described = {
        "Name": "default-trail",
        "S3BucketName": TRAIL_BUCKET,
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "HomeRegion": HOME,
        "TrailARN": TRAIL,
        "LogFileValidationEnabled": fixed,
        "HasCustomEventSelectors": False,
        "HasInsightSelectors": False,
        "IsOrganizationTrail": False,
    }
    if fixed:
        described |= {
            "CloudWatchLogsLogGroupArn": LOG_GROUP,
            "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/CloudTrail_CloudWatchLogs_Role",
            "KmsKeyId": key_arn("trail"),
        }
    return described


def trail_status(fixed):
    status = {
        "IsLogging": True,
        "LatestDeliveryTime": "2026-11-22T01:55:12Z",
        "StartLoggingTime": "2019-06-03T04:20:00Z",
        "LatestDeliveryAttemptTime": "2026-11-22T01:55:12Z",
        "LatestNotificationAttemptTime": "",
        "LatestNotificationAttemptSucceeded": "",
        "LatestDeliveryAttemptSucceeded": "2026-11-22T01:55:12Z",
        "TimeLoggingStarted": "2019-06-03T04:20:00Z",
        "TimeLoggingStopped": "",
    }
    if fixed:
        status |= {
            "LatestCloudWatchLogsDeliveryTime": "2026-11-22T01:56:40Z",
            "LatestDigestDeliveryTime": "2026-11-22T01:30:03Z",
        }
    return status


def cloudtrail_calls(fixed):
    for region in ENABLED:
        yield call(region, "cloudtrail", "DescribeTrails", {}, {"trailList": [trail(fixed)]})
    yield call(HOME, "cloudtrail", "GetTrailStatus", {"Name": TRAIL}, trail_status(fixed))
    default_selector = {"ReadWriteType": "All", "IncludeManagementEvents": True,
                        "DataResources": [], "ExcludeManagementEventSources": []}
    yield call(HOME, "cloudtrail", "GetEventSelectors", {"TrailName": TRAIL},
               {"TrailARN": TRAIL, "EventSelectors": [default_selector]})


# --- AWS Config: at first only a stopped recorder that a deleted stack left behind


def config_region(region, fixed):
    """(recorders, their status, delivery channels) of a region."""
    if not fixed and region != FIRST:
        return [], [], []
    recorder = {
        "arn": f"arn:aws:config:{region}:{ACCOUNT}:configuration-recorder/default/{made_up_id(region, 16)}",
        "name": "default",
        "roleARN": CONFIG_ROLE,
        "recordingGroup": {
            "allSupported": True,
            "includeGlobalResourceTypes": fixed and region == HOME,  # one region is enough
            "resourceTypes": [],
            "exclusionByResourceTypes": {"resourceTypes": []},
            "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
        },
        "recordingMode": {"recordingFrequency": "CONTINUOUS"},
        "recordingScope": "PAID",
    }
    status = {"arn": recorder["arn"], "name": "default", "recording": fixed}
    channel = {"name": "default", "s3BucketName": CONFIG_BUCKET}
    if fixed:
        status |= {"lastStartTime": "2026-11-20T03:00:00Z", "lastStatus": "SUCCESS",
                   "lastStatusChangeTime": "2026-11-22T01:40:31Z"}
        channel |= {"snsTopicARN": f"arn:aws:sns:{region}:{ACCOUNT}:config-topic"}
    else:
        status |= {"lastStartTime": "2026-10-01T03:00:00Z", "lastStopTime": "2026-10-01T05:12:00Z",
                   "lastStatus": "PENDING", "lastStatusChangeTime": "2026-10-01T05:12:00Z"}
    return [recorder], [status], [channel]


def config_calls(fixed):
    for region in ENABLED:
        recorders, status, channels = config_region(region, fixed)
        yield call(region, "config", "DescribeConfigurationRecorders", {}, {"ConfigurationRecorders": recorders})
        yield call(region, "config", "DescribeConfigurationRecorderStatus", {},
                   {"ConfigurationRecordersStatus": status})
        yield call(region, "config", "DescribeDeliveryChannels", {}, {"DeliveryChannels": channels})


# --- S3: both log buckets are private; whether access to the trail's bucket is logged is the fix


def s3_calls(fixed):
    buckets = {TRAIL_BUCKET: "2019-06-03T04:11:09Z", CONFIG_BUCKET: "2026-10-01T02:58:44Z",
               "example-web-assets": "2021-02-18T06:30:00Z"}
    if fixed:
        buckets[ACCESS_LOG_BUCKET] = "2026-11-20T02:05:00Z"
    listed = [{"Name": name, "CreationDate": buckets[name]} for name in sorted(buckets)]
    yield call(FIRST, "s3", "ListBuckets", {}, {"Buckets": listed, "Owner": OWNER})
    yield call(FIRST, "s3control", "GetPublicAccessBlock", {"AccountId": ACCOUNT},
               error=("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"))
    access_log = {"LoggingEnabled": {"TargetBucket": ACCESS_LOG_BUCKET, "TargetPrefix": f"{TRAIL_BUCKET}/"}}
    yield from log_bucket(TRAIL_BUCKET, access_log if fixed else {}, owner_enforced=False)
    yield from log_bucket(CONFIG_BUCKET, {}, owner_enforced=True)


def log_bucket(name, logging, owner_enforced):
    def ask(operation, response=None, error=None):
        return call(HOME, "s3", operation, {"Bucket": name}, response, error)

    everything = {"BlockPublicAcls": True, "IgnorePublicAcls": True,
                  "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
    owner_only = [{"Grantee": OWNER | {"Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}]
    yield ask("HeadBucket", {"BucketArn": f"arn:aws:s3:::{name}", "BucketRegion": HOME, "AccessPointAlias": False})
    yield ask("GetBucketAcl", {"Owner": OWNER, "Grants": owner_only})
    yield ask("GetBucketPolicyStatus", {"PolicyStatus": {"IsPublic": False}})
    yield ask("GetPublicAccessBlock", {"PublicAccessBlockConfiguration": everything})
    if owner_enforced:
        yield ask("GetBucketOwnershipControls",
                  {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}})
    else:  # older than ownership controls
        yield ask("GetBucketOwnershipControls",
                  error=("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"))
    yield ask("GetBucketLogging", logging)


# --- KMS: one of two customer keys rotates; an asymmetric key and AWS's own are not asked


def key_metadata(name, region, **other):
    metadata = {
        "AWSAccountId": ACCOUNT,
        "KeyId": key_id(name),
        "Arn": key_arn(name, region),
        "CreationDate": "2022-04-11T08:00:00Z",
        "Enabled": True,
        "Description": "",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": False,
    }
    return metadata | other


def keys_of(region, fixed):
    """name → (metadata, whether it rotates; None where it cannot)"""
    if region == FIRST:
        return {"aws-ebs": (key_metadata("aws-ebs", region, KeyManager="AWS",
                                         Description="Default key that protects my EBS volumes"), None)}
    if region != HOME:
        return {}
    keys = {
        "orders": (key_metadata("orders", region, Description="Orders database"), True),
        "backup": (key_metadata("backup", region, Description="Nightly backups"), fixed),
        "signing": (signing_key(region), None),
    }
    if fixed:
        keys["trail"] = (key_metadata("trail", region, Description="CloudTrail logs",
                                      CreationDate="2026-11-20T02:20:00Z"), True)
    return keys


def signing_key(region):
    metadata = key_metadata("signing", region, Description="Release signing", KeyUsage="SIGN_VERIFY",
                            CustomerMasterKeySpec="ECC_NIST_P256", KeySpec="ECC_NIST_P256")
    del metadata["EncryptionAlgorithms"]
    return metadata | {"SigningAlgorithms": ["ECDSA_SHA_256"]}


def rotation(name, region, rotates):
    answer = {"KeyRotationEnabled": rotates, "KeyId": key_arn(name, region)}
    if rotates:
        answer |= {"RotationPeriodInDays": 365, "NextRotationDate": "2027-04-11T08:00:00Z"}
    return answer


def kms_calls(fixed):
    for region in ENABLED:
        keys = keys_of(region, fixed)
        listed = [{"KeyId": key_id(name), "KeyArn": key_arn(name, region)} for name in keys]
        yield call(region, "kms", "ListKeys", {}, {"Keys": listed, "Truncated": False})
        for name, (metadata, rotates) in keys.items():
            yield call(region, "kms", "DescribeKey", {"KeyId": key_id(name)}, {"KeyMetadata": metadata})
            if rotates is not None:
                yield call(region, "kms", "GetKeyRotationStatus", {"KeyId": key_id(name)},
                           rotation(name, region, rotates))


# --- VPC: the default VPC of every region, and one of the account's own


def vpcs_of(region):
    vpcs = [("172.31.0.0/16", True)]
    if region == HOME:
        vpcs.append(("10.0.0.0/16", False))
    for cidr, is_default in vpcs:
        yield {
            "OwnerId": ACCOUNT,
            "InstanceTenancy": "default",
            "CidrBlockAssociationSet": [{
                "AssociationId": "vpc-cidr-assoc-" + made_up_id(f"{region} {cidr} association"),
                "CidrBlock": cidr,
                "CidrBlockState": {"State": "associated"},
            }],
            "IsDefault": is_default,
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"},
            "VpcId": "vpc-" + made_up_id(f"{region} {cidr}"),
            "State": "available",
            "CidrBlock": cidr,
            "DhcpOptionsId": "dopt-" + made_up_id(f"{region} dhcp"),
        }


def flow_log(vpc_id):
    return {
        "CreationTime": "2026-11-20T04:00:00.000Z",
        "DeliverLogsPermissionArn": f"arn:aws:iam::{ACCOUNT}:role/vpc-flow-logs",
        "DeliverLogsStatus": "SUCCESS",
        "FlowLogId": "fl-" + made_up_id(f"{vpc_id} flow log"),
        "FlowLogStatus": "ACTIVE",
        "LogGroupName": "vpc_flowlog_group",
        "ResourceId": vpc_id,
        "TrafficType": "ALL",
        "LogDestinationType": "cloud-watch-logs",
        "LogFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
                     "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
        "Tags": [],
        "MaxAggregationInterval": 600,
    }


def vpc_calls(fixed):
    for region in ENABLED:
        vpcs = list(vpcs_of(region))
        yield call(region, "ec2", "DescribeVpcs", {}, {"Vpcs": vpcs})
        flow_logs = [flow_log(vpc["VpcId"]) for vpc in vpcs] if fixed else []
        yield call(region, "ec2", "DescribeFlowLogs", {}, {"FlowLogs": flow_logs})


# --- the files


def recording(fixed):
    calls = [*account_calls(), *cloudtrail_calls(fixed), *config_calls(fixed), *s3_calls(fixed),
             *kms_calls(fixed), *vpc_calls(fixed)]
    lines = []
    for index, line in enumerate(calls):
        second = index * 10 // len(calls)  # the whole scan took ten seconds
        line["time"] = f"2026-11-22T02:00:{second:02}Z"
        lines.append(json.dumps(line, separators=(",", ":")) + "\n")
    return "".join(lines).encode()


def main():
    here = pathlib.Path(__file__).resolve().parent
    differing = []
    for name, fixed in (("seed-001", False), ("seed-001-fixed", True)):
        file = here / name / "recording.jsonl"
        wanted = recording(fixed)
        if "--check" in sys.argv[1:]:
            if not file.is_file() or file.read_bytes() != wanted:
                differing.append(str(file))
            continue
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(wanted)
    if differing:
        sys.exit("not what make_examples.py writes: " + ", ".join(differing))


if __name__ == "__main__":
    main()
