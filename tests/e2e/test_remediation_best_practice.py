"""An account in which much fails of the best-practice pack: planned for, simulated, mended, judged again and
undone, on an emulator that nobody here wrote. All of it at once; each check is a test of its own."""

import json

import pytest

import accounts
import servers
from program import Program

HOME = "us-east-1"
REGION = ["--region", HOME]
CHECKS = (
    "cloudtrail-bucket-access-log-target", "cloudtrail-bucket-latent-public-access",
    "cloudtrail-bucket-policy-acl", "cloudtrail-bucket-policy-sids", "cloudtrail-bucket-policy-write",
    "cloudtrail-bucket-tls", "cloudtrail-cloudwatch-role", "cloudtrail-kms-key-policy",
    "cloudtrail-log-retention", "cloudtrail-s3-object-read-events", "cloudtrail-s3-object-write-events",
    "config-service-linked-role",  # moto keeps no recording mode, which config-continuous-recording asks for
    "kms-key-alias", "kms-key-description", "organization-cloudtrail-access", "securityhub-enabled",
    "vpc-flow-log-role")
CHOSEN = [flag for check in CHECKS for flag in ("--check", check)]
# What is taken back leaves these as they are mended.
STAY = {"cloudtrail-bucket-latent-public-access"}
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"


def trust(service):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "Others", "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})


def make_bucket(cloud):
    s3 = cloud.client("s3")
    accounts.make_bucket(cloud, "trail-logs", HOME)
    s3.put_bucket_policy(Bucket="trail-logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "Keep", "Effect": "Deny", "Principal": {"AWS": f"arn:aws:iam::{cloud.account}:role/app"},
         "Action": action, "Resource": "arn:aws:s3:::trail-logs"}
        for action in ("s3:DeleteBucket", "s3:PutBucketVersioning")]}))
    acl = s3.get_bucket_acl(Bucket="trail-logs")
    grants = acl["Grants"] + [{"Grantee": {"Type": "Group", "URI": uri}, "Permission": permission}
                              for uri, permission in ((EVERYBODY, "READ"), (DELIVERY, "WRITE"), (DELIVERY, "READ_ACP"))]
    s3.put_bucket_acl(Bucket="trail-logs", AccessControlPolicy={"Owner": acl["Owner"], "Grants": grants})
    s3.put_bucket_logging(Bucket="trail-logs", BucketLoggingStatus={
        "LoggingEnabled": {"TargetBucket": "trail-logs", "TargetPrefix": "own/"}})
    s3.put_bucket_lifecycle_configuration(Bucket="trail-logs", LifecycleConfiguration={"Rules": [
        {"ID": "soon", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}]})


def make_trail(cloud):
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="CloudTrail/logs")
    group = logs.describe_log_groups()["logGroups"][0]["arn"]
    role = cloud.client("iam").create_role(RoleName="to-logs", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    trail = cloud.client("cloudtrail")
    trail.create_trail(Name="management.events", S3BucketName="trail-logs", IsMultiRegionTrail=True, KmsKeyId=key,
                       CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=role["Role"]["Arn"])
    trail.start_logging(Name="management.events")


def make_flow_log(cloud):
    ec2 = cloud.client("ec2")
    role = cloud.client("iam").create_role(RoleName="flow", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    cloud.client("logs").create_log_group(logGroupName="flow")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    ec2.create_flow_logs(ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogGroupName="flow",
                         DeliverLogsPermissionArn=role["Role"]["Arn"])


def make(url):
    cloud = accounts.Cloud(url)
    make_bucket(cloud)
    make_trail(cloud)
    make_flow_log(cloud)
    cloud.client("kms").create_key()
    cloud.client("config").put_configuration_recorder(ConfigurationRecorder={
        "name": "default", "roleARN": f"arn:aws:iam::{cloud.account}:role/own",
        "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        "recordingMode": {"recordingFrequency": "DAILY"}})
    cloud.client("organizations").create_organization(FeatureSet="ALL")


def judged(program, server, to):
    program.collect(server.url, *CHOSEN, *REGION, to=to)
    return findings_in(program, to)


def findings_in(program, snapshot):
    report = program.run("scan", "--snapshot", snapshot, *CHOSEN, "--report", "json").json()
    return {(finding["check"], finding["resource"]): finding["verdict"] for finding in report.findings
            if finding["region"] == HOME}  # no other is collected


class Loop:
    """All of it, once: what was judged before, after, and when it was taken back."""

    def __init__(self, program, server):
        make(server.url)
        self.before = judged(program, server, "before.db")
        program.expect(0, "remediate", "plan", "--snapshot", "before.db", *CHOSEN, "-o", "plan.json",
                       "--set", "kms-key-alias.alias=alias/of/KEY-ID",
                       "--set", "kms-key-description.text=Of the tests, KEY-ID")
        self.plan = json.loads((program.folder / "plan.json").read_text())
        self.simulated = program.run("remediate", "simulate", "plan.json", "--snapshot", "before.db", "--format", "json")
        self.applied = program.run("remediate", "apply", "plan.json", "--approve", self.plan["hash"], "--format",
                                   "json", "--endpoint-url", server.url, *REGION)
        self.after = judged(program, server, "after.db")
        self.taken_back = program.run("remediate", "undo", "plan.json.journal", "--endpoint-url", server.url)
        self.undone = judged(program, server, "undone.db")


@pytest.fixture(scope="module")
def loop(tmp_path_factory):
    with servers.moto_server() as server:
        yield Loop(Program(tmp_path_factory.mktemp("loop")), server)


def of(check, verdicts):
    return {resource: verdict for (name, resource), verdict in verdicts.items() if name == check}


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_fails_passes_once_mended_and_fails_again_once_taken_back(loop, check):
    before, after, undone = (of(check, each) for each in (loop.before, loop.after, loop.undone))
    assert set(before.values()) & {"warn", "critical"}, before
    assert set(after.values()) <= {"pass", "not_applicable"}, after
    assert (undone == before) == (check not in STAY), undone


def test_nothing_is_left_unplanned_and_what_can_be_undone_is(loop):
    assert not loop.plan["unplanned"]
    assert loop.applied.code == 0, loop.applied
    assert {finding["outcome"] for finding in json.loads(loop.applied.out)["findings"]} == {"fixed"}
    stays = [change["step"] for change in loop.plan["changes"] if not change["undo"]]
    assert f"{len(loop.plan['changes']) - len(stays)} done, {len(stays)} stays" in loop.taken_back.out


def test_what_is_simulated_is_what_comes(loop):
    flips = {(flip["check"], flip["resource"]): flip for flip in json.loads(loop.simulated.out)["flips"]
             if flip["region"] == HOME}
    assert not any(flip["worse"] for flip in flips.values())
    assert {"kms-key-alias", "cloudtrail-bucket-tls", "vpc-flow-log-role"} <= {check for check, _ in flips}
    for key, verdict in loop.after.items():
        told = flips[key]["after"] if key in flips else loop.before.get(key, "not told")
        assert told in (verdict, "unknown", "not told"), (key, told, verdict)
