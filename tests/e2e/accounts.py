"""Accounts for the emulators, made with boto3. Each function takes an endpoint URL or a Cloud; no pytest
here, so that the benchmarks make the same accounts."""

import functools
import json
import re
import threading

import boto3
from botocore.config import Config

import web_fronts

KEY_ID, SECRET = "AKIDENDTOEND", "secret-of-the-end-to-end-tests"
HOME = "ap-northeast-1"  # where seed 001's author works

# The regions that every account has without opting in.
DEFAULT_REGIONS = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-1",
    "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "sa-east-1")

# Names that an enemy would give to a trail and a bucket.
HOSTILE_TRAIL = "<script>document.title='owned'</script>&amp;\"'\u202e\u0007]]>--><!--"
HOSTILE_BUCKET = "b\" onmouseover=\"document.title='owned'\" <img src=x onerror=alert(1)>"


def _without_account_in_host(request, **_):
    """boto3 asks <account>.<host>, which 127.0.0.1 cannot be."""
    request.url = re.sub(r"//\d{12}\.", "//", request.url)


class Cloud:
    """boto3 clients of one endpoint, each made once: making one costs more than a call."""

    def __init__(self, url, key_id=KEY_ID, secret=SECRET, token=None):
        self.url = url
        self._session = boto3.Session(aws_access_key_id=key_id, aws_secret_access_key=secret,
                                      aws_session_token=token, region_name="us-east-1")
        self._lock = threading.Lock()
        self._config = Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"},
                              connect_timeout=5, read_timeout=30)

    @classmethod
    def at(cls, where):
        """`where`: a URL, or a Cloud of keys of one's own."""
        return where if isinstance(where, cls) else cls(where)

    @functools.cache
    def client(self, service, region="us-east-1"):
        with self._lock:
            made = self._session.client(service, region_name=region, endpoint_url=self.url,
                                        config=self._config)
        if service == "s3control":
            made.meta.events.register_first("request-created.s3-control", _without_account_in_host)
        return made

    @functools.cached_property
    def account(self):
        return self.client("sts").get_caller_identity()["Account"]

    def enabled_regions(self):
        regions = self.client("ec2").describe_regions(AllRegions=True)["Regions"]
        return [r["RegionName"] for r in regions if r["OptInStatus"] != "not-opted-in"]


def in_regions(cloud, regions):
    """So that no others are made anything in: for tests that collect no others."""
    cloud.enabled_regions = lambda: list(regions)
    return cloud


def partition_of(region):
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def make_bucket(cloud, name, region):
    where = {} if region == "us-east-1" else {
        "CreateBucketConfiguration": {"LocationConstraint": region}}
    cloud.client("s3", region).create_bucket(Bucket=name, **where)


def log_access(cloud, bucket, target, region):
    cloud.client("s3", region).put_bucket_logging(
        Bucket=bucket, BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": target, "TargetPrefix": f"{bucket}/"}})


def make_log_target(cloud, name, region):
    """A bucket that S3's log delivery may write to (moto checks the ACL, AWS the policy)."""
    make_bucket(cloud, name, region)
    s3 = cloud.client("s3", region)
    group = "uri=http://acs.amazonaws.com/groups/s3/LogDelivery"
    try:
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={
            "Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})
        s3.put_bucket_acl(Bucket=name, GrantWrite=group, GrantReadACP=group)
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "AccessControlListNotSupported":
            raise


def make_public(cloud, bucket, region):
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
         "Resource": f"arn:aws:s3:::{bucket}/*"}]}
    cloud.client("s3", region).put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def block_public_access(cloud):
    """For the whole account, where the server knows such a thing."""
    control = cloud.client("s3control")
    try:
        control.put_public_access_block(AccountId=cloud.account, PublicAccessBlockConfiguration={
            "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True})
    except control.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "InvalidURI":  # ministack
            raise


def make_key(cloud, region, rotates, **more):
    kms = cloud.client("kms", region)
    key = kms.create_key(**{"KeyUsage": "ENCRYPT_DECRYPT", **more})["KeyMetadata"]
    if rotates:
        kms.enable_key_rotation(KeyId=key["KeyId"])
    return key


def make_log_group(cloud, region, name):
    logs = cloud.client("logs", region)
    logs.create_log_group(logGroupName=name)
    return f"arn:{partition_of(region)}:logs:{region}:{cloud.account}:log-group:{name}:*"


def switch_on_config(cloud, region, bucket, recording_group=None, start=True):
    config = cloud.client("config", region)
    partition = partition_of(region)
    config.put_configuration_recorder(ConfigurationRecorder={
        "name": "default", "roleARN": f"arn:{partition}:iam::{cloud.account}:role/config",
        "recordingGroup": recording_group or {"allSupported": True,
                                              "includeGlobalResourceTypes": True}})
    topic = cloud.client("sns", region).create_topic(Name="config-changes")["TopicArn"]
    config.put_delivery_channel(DeliveryChannel={
        "name": "default", "s3BucketName": bucket, "snsTopicARN": topic})
    if start:
        config.start_configuration_recorder(ConfigurationRecorderName="default")


def log_flows(cloud, region, vpc_ids, traffic="ALL", group="vpc_flowlog_group"):
    if not vpc_ids:
        return
    logs = cloud.client("logs", region)
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    answer = cloud.client("ec2", region).create_flow_logs(
        ResourceIds=list(vpc_ids), ResourceType="VPC", TrafficType=traffic, LogGroupName=group,
        DeliverLogsPermissionArn=f"arn:aws:iam::{cloud.account}:role/flow-logs")
    assert not answer.get("Unsuccessful"), answer["Unsuccessful"]


def vpc_ids(cloud, region):
    return [v["VpcId"] for v in cloud.client("ec2", region).describe_vpcs()["Vpcs"]]


def update_trail(cloud, region, name, **settings):
    cloud.client("cloudtrail", region).update_trail(Name=name, **settings)


# --- seed 001: what a new user's account looks like, and the same account mended

TRAIL, TRAIL_BUCKET, TARGET_BUCKET = "management-events", "trail-logs-001", "access-logs-001"


def seed_001(url):
    """One multi-region trail that records, into a private bucket, and nothing else: 2.1 and 2.3
    hold, the other seven requirements do not."""
    cloud = Cloud.at(url)
    make_bucket(cloud, TRAIL_BUCKET, HOME)
    trails = cloud.client("cloudtrail", HOME)
    trails.create_trail(Name=TRAIL, S3BucketName=TRAIL_BUCKET, IsMultiRegionTrail=True,
                        IncludeGlobalServiceEvents=True)
    trails.start_logging(Name=TRAIL)
    make_key(cloud, HOME, rotates=False, Description="application data")
    return cloud


def seed_001_fixed(url):
    """seed_001 with all that the seed's author did: validation, CloudWatch Logs, Config in every
    region, access logging, SSE-KMS, rotation, flow logs."""
    cloud = seed_001(url)
    block_public_access(cloud)
    make_log_target(cloud, TARGET_BUCKET, HOME)
    log_access(cloud, TRAIL_BUCKET, TARGET_BUCKET, HOME)
    key = make_key(cloud, HOME, rotates=True, Description="trail")
    for other in cloud.client("kms", HOME).list_keys()["Keys"]:
        cloud.client("kms", HOME).enable_key_rotation(KeyId=other["KeyId"])
    group = make_log_group(cloud, HOME, "DefaultLogGroup")
    update_trail(cloud, HOME, TRAIL, EnableLogFileValidation=True, KmsKeyId=key["Arn"],
                 CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=(
                     f"arn:aws:iam::{cloud.account}:role/CloudTrail_CloudWatchLogs_Role"))
    for region in cloud.enabled_regions():
        switch_on_config(cloud, region, TRAIL_BUCKET)
        log_flows(cloud, region, vpc_ids(cloud, region))
    return cloud


# --- the benchmark's account, and what is true of it

# (pass, fail) of each requirement that has several objects.
BENCHMARK_TRUTH = {"2.2": (1, 2), "2.3": (2, 1), "2.5": (3, 14), "2.6": (1, 2), "2.7": (1, 2),
                   "2.8": (18, 14), "2.9": (7, 22)}
BENCHMARK_SIZE = {"regions": 17, "keys": 40, "buckets": 54, "vpcs": 29, "trails": 3}


def _spread(count):
    return [DEFAULT_REGIONS[i % len(DEFAULT_REGIONS)] for i in range(count)]


def _benchmark_trails(cloud):
    make_log_target(cloud, "access-logs", "us-east-1")
    for bucket, region in (("org-trail-logs", "us-east-1"), ("ct-stopped-logs", "eu-west-1"),
                           ("ct-public-logs", "us-west-2")):
        make_bucket(cloud, bucket, region)
    log_access(cloud, "org-trail-logs", "access-logs", "us-east-1")
    make_public(cloud, "ct-public-logs", "us-west-2")
    key = make_key(cloud, "us-east-1", rotates=True)  # the first of the 18 that rotate
    group = make_log_group(cloud, "us-east-1", "org-trail")
    main = cloud.client("cloudtrail", "us-east-1")
    main.create_trail(Name="org-main", S3BucketName="org-trail-logs", IsMultiRegionTrail=True,
                      EnableLogFileValidation=True, KmsKeyId=key["Arn"])
    update_trail(cloud, "us-east-1", "org-main", CloudWatchLogsLogGroupArn=group,
                 CloudWatchLogsRoleArn=f"arn:aws:iam::{cloud.account}:role/trail")
    main.start_logging(Name="org-main")
    cloud.client("cloudtrail", "eu-west-1").create_trail(Name="ct-stopped",
                                                         S3BucketName="ct-stopped-logs")
    public = cloud.client("cloudtrail", "us-west-2")
    public.create_trail(Name="ct-public", S3BucketName="ct-public-logs")
    public.start_logging(Name="ct-public")


def _benchmark_config(cloud):
    for region in ("us-east-1", "us-east-2", "us-west-1"):
        switch_on_config(cloud, region, "org-trail-logs")
    switch_on_config(cloud, "us-west-2", "org-trail-logs", start=False)
    switch_on_config(cloud, "ap-south-1", "org-trail-logs", recording_group={
        "allSupported": False, "includeGlobalResourceTypes": False,
        "resourceTypes": ["AWS::EC2::Instance"]})


def _benchmark_keys(cloud, scale):
    for number, region in enumerate(_spread(32 * scale - 1)):
        make_key(cloud, region, rotates=number < 18 * scale - 1)
    for region in _spread(4 * scale):
        make_key(cloud, region, rotates=False, KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    for number, region in enumerate(_spread(4 * scale)):
        key, kms = make_key(cloud, region, rotates=False), cloud.client("kms", region)
        if number % 2:
            kms.disable_key(KeyId=key["KeyId"])
        else:
            kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)


def _aws_managed_keys(cloud):
    """18 keys of AWS itself, made by looking at them. moto calls them CUSTOMER; ministack has none."""
    names = [("alias/aws/s3", r) for r in DEFAULT_REGIONS] + [("alias/aws/ebs", "us-east-1")]
    for name, region in names:
        kms = cloud.client("kms", region)
        try:
            kms.describe_key(KeyId=name)
        except kms.exceptions.NotFoundException:
            return


def _benchmark_vpcs(cloud, scale):
    for number, region in enumerate(_spread(12 * scale)):
        ec2 = cloud.client("ec2", region)
        vpc = ec2.create_vpc(CidrBlock=f"10.{number % 250}.0.0/16")["Vpc"]["VpcId"]
        if number < 7 * scale:
            log_flows(cloud, region, [vpc])
        elif number < 9 * scale:
            log_flows(cloud, region, [vpc], traffic="ACCEPT")  # sees no rejected packet: fails


def benchmark_account(url, scale=1, aws_managed_keys=True):
    """17 regions; 40 keys (18 rotate, 14 do not, 4 asymmetric, 2 disabled, 2 to be deleted), 54
    buckets, 29 VPCs (17 default ones), 3 trails (one bucket public by policy), Config in 5 regions
    (one stopped, one not recording everything). `scale` 10: 400 keys, 504 buckets, 137 VPCs.
    Config delivers to the main trail's bucket. Scan it with the 17 regions of DEFAULT_REGIONS."""
    cloud = Cloud(url)
    _benchmark_trails(cloud)
    _benchmark_config(cloud)
    _benchmark_keys(cloud, scale)
    if aws_managed_keys:
        _aws_managed_keys(cloud)
    for number, region in enumerate(_spread(50 * scale)):
        make_bucket(cloud, f"data-{number:04}", region)
    _benchmark_vpcs(cloud, scale)
    return cloud


# --- an account that is watched: what is beside and behind the trail, too

def allow(action, resource="*", **more):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action, "Resource": resource, **more}]}


def _watched_role(cloud):
    """The role that the trail delivers with: two inline policies, a managed one and a boundary."""
    iam = cloud.client("iam")
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(allow("logs:*")))
    managed = iam.create_policy(PolicyName="managed", Path="/audit/",
                                PolicyDocument=json.dumps(allow("logs:PutLogEvents")))
    iam.create_policy_version(PolicyArn=managed["Policy"]["Arn"], SetAsDefault=True,
                              PolicyDocument=json.dumps(allow(["logs:PutLogEvents", "logs:Create*"])))
    iam.create_role(
        RoleName="CloudTrail_CloudWatchLogs_Role", Path="/service/", AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"Service": "cloudtrail.amazonaws.com"}}]}),
        PermissionsBoundary=boundary["Policy"]["Arn"])
    for name in ("first", "second, with % and é"):
        iam.put_role_policy(RoleName="CloudTrail_CloudWatchLogs_Role",
                            PolicyName=name.split(",")[0],
                            PolicyDocument=json.dumps(allow("logs:CreateLogStream",
                                                            f"arn:aws:logs:*:*:log-group:{name}")))
    iam.attach_role_policy(RoleName="CloudTrail_CloudWatchLogs_Role",
                           PolicyArn=managed["Policy"]["Arn"])
    return f"arn:aws:iam::{cloud.account}:role/service/CloudTrail_CloudWatchLogs_Role"


def _watched_filters(cloud):
    logs = cloud.client("logs", HOME)
    transformation = {"metricName": "Changes", "metricNamespace": "Audit", "metricValue": "1"}
    for number, pattern in enumerate(('{ $.eventName = "StopLogging" }', "", "ERROR -retry",
                                      '{ ($.a = "é\\"*") && ($.b >= 1.5) }')):
        more = {"defaultValue": 0.5} if number == 1 else {}
        logs.put_metric_filter(logGroupName="DefaultLogGroup", filterName=f"filter-{number}",
                               filterPattern=pattern,
                               metricTransformations=[transformation | more])
    logs.put_retention_policy(logGroupName="DefaultLogGroup", retentionInDays=400)


def _watched_topic(cloud):
    sns = cloud.client("sns", HOME)
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    for protocol, endpoint in (("email", "audit@example.com"), ("https", "https://example.com/x?a=b&c"),
                               ("sqs", f"arn:aws:sqs:{HOME}:{cloud.account}:alarms")):
        if protocol == "sqs":
            cloud.client("sqs", HOME).create_queue(QueueName="alarms")
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)


def _watched_alarms(cloud):
    cloudwatch, topic = cloud.client("cloudwatch", HOME), f"arn:aws:sns:{HOME}:{cloud.account}:alarms"
    simple = {"MetricName": "Changes", "Namespace": "Audit", "Statistic": "Sum", "Period": 300,
              "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
    cloudwatch.put_metric_alarm(AlarmName="changes", Threshold=1.0, AlarmActions=[topic],
                                TreatMissingData="notBreaching", **simple)
    cloudwatch.put_metric_alarm(AlarmName="quiet <&> é", Threshold=0.1, ActionsEnabled=False,
                                DatapointsToAlarm=1, AlarmDescription="nobody hears it",
                                Dimensions=[{"Name": "Region", "Value": HOME}], **simple)
    cloudwatch.put_metric_alarm(
        AlarmName="sum", Threshold=2.5, EvaluationPeriods=3, AlarmActions=[topic],
        ComparisonOperator="GreaterThanThreshold", Metrics=[
            {"Id": "m", "ReturnData": False, "MetricStat": {
                "Metric": {"Namespace": "Audit", "MetricName": "Changes"}, "Period": 60,
                "Stat": "Sum"}},
            {"Id": "e", "Expression": "m * 2", "Label": "twice", "ReturnData": True}])


def _watched_bucket(cloud, bucket):
    s3 = cloud.client("s3", HOME)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(
        allow("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}",
              Principal={"Service": "cloudtrail.amazonaws.com"})))
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "AWSLogs/"},
         "Expiration": {"Days": 400},
         "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"},
                         {"Days": 90, "StorageClass": "GLACIER"}],
         "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
        {"ID": "parts", "Status": "Disabled", "Filter": {"Prefix": ""},
         "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]})


def _watched_lock(cloud):
    """A locked bucket, which the recorder of the home region delivers to."""
    cloud.client("s3", HOME).create_bucket(
        Bucket="locked-records", ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": HOME})
    cloud.client("s3", HOME).put_object_lock_configuration(
        Bucket="locked-records", ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}})
    cloud.client("config", HOME).put_delivery_channel(DeliveryChannel={
        "name": "default", "s3BucketName": "locked-records"})


def _watched_organization(cloud):
    org = cloud.client("organizations")
    org.create_organization(FeatureSet="ALL")
    root = org.list_roots()["Roots"][0]["Id"]
    org.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = org.create_organizational_unit(ParentId=root, Name="Security")["OrganizationalUnit"]["Id"]
    org.create_organizational_unit(ParentId=unit, Name="Logs")
    member = org.create_account(Email="logs@example.com", AccountName="log-archive")
    member = member["CreateAccountStatus"]["AccountId"]
    org.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    policy = org.create_policy(
        Name="keep-logs", Description="", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(
            {"Version": "2012-10-17", "Statement": [
                {"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}]}))
    for target in (unit, member):
        org.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=target)
    org.enable_aws_service_access(ServicePrincipal="config.amazonaws.com")
    org.register_delegated_administrator(AccountId=member,
                                         ServicePrincipal="guardduty.amazonaws.com")


def watched(url):
    """seed_001_fixed with what is beside and behind its trail: metric filters, a topic, the role,
    policies and settings of buckets, aliases; and with web front ends."""
    cloud = seed_001_fixed(url)
    update_trail(cloud, HOME, TRAIL, CloudWatchLogsRoleArn=_watched_role(cloud))
    _watched_filters(cloud)
    _watched_topic(cloud)
    _watched_bucket(cloud, TRAIL_BUCKET)
    _watched_lock(cloud)
    kms = cloud.client("kms", HOME)
    for number, key in enumerate(kms.list_keys()["Keys"]):
        kms.create_alias(AliasName=f"alias/key-{number}", TargetKeyId=key["KeyId"])
    cloud.web_fronts = web_fronts.add_web_fronts(cloud, HOME)
    return cloud


def watched_and_organized(url):
    """watched() with alarms, an organization, Security Hub and a network interface."""
    cloud = watched(url)
    _watched_alarms(cloud)
    _watched_organization(cloud)
    cloud.client("securityhub", HOME).enable_security_hub()
    ec2 = cloud.client("ec2", HOME)
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    ec2.create_network_interface(SubnetId=subnet, Description="spare <&>")
    return cloud
