"""Signatures and permissions, verified by two servers that nobody here wrote: ministack with AUTH, moto
with its authentication switched on."""

import json
import sqlite3

import boto3
import pytest

import accounts
import servers

READS = ["ec2:DescribeRegions", "ec2:DescribeVpcs", "ec2:DescribeFlowLogs",
         "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors",
         "config:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorderStatus",
         "config:DescribeDeliveryChannels", "kms:ListKeys", "kms:DescribeKey",
         "kms:GetKeyRotationStatus", "s3:ListAllMyBuckets", "s3:ListBucket", "s3:GetBucketAcl",
         "s3:GetBucketPolicyStatus", "s3:GetBucketPublicAccessBlock",
         "s3:GetBucketOwnershipControls", "s3:GetBucketLogging", "s3:GetAccountPublicAccessBlock"]
# What moto calls s3:ListBucket (on HEAD) and the three names of GetPublicAccessBlock.
MOTO_NAMES = ["s3:HeadBucket", "s3:GetPublicAccessBlock"]
# JSON, query, EC2, S3 sub-resources and s3control: each is signed in its own way.
SERVICES = {"sts", "ec2", "cloudtrail", "config", "kms", "s3", "s3control"}


def policy(actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": "*"}]})


class Identity:
    """A user with keys, and a role `auditor` that the user may take on."""

    def __init__(self, cloud, actions):
        self.cloud = cloud
        iam = cloud.client("iam")
        arn = iam.create_user(UserName="nightly")["User"]["Arn"]
        key = iam.create_access_key(UserName="nightly")["AccessKey"]
        self.key_id, self.secret = key["AccessKeyId"], key["SecretAccessKey"]
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}]}
        role = iam.create_role(RoleName="auditor", AssumeRolePolicyDocument=json.dumps(trust))
        self.role_arn = role["Role"]["Arn"]
        self.allow(["sts:AssumeRole", *actions])
        iam.put_role_policy(RoleName="auditor", PolicyName="read", PolicyDocument=policy(actions))

    def allow(self, actions):
        self.cloud.client("iam").put_user_policy(
            UserName="nightly", PolicyName="read", PolicyDocument=policy(actions))

    def limit_role(self, actions):
        self.cloud.client("iam").put_role_policy(
            RoleName="auditor", PolicyName="read", PolicyDocument=policy(actions))

    def env(self, secret=None, token=None):
        return {"AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": secret or self.secret,
                "AWS_SESSION_TOKEN": token}

    def write_profiles(self, home):
        """A source profile with the user's keys, and one that takes on the role."""
        folder = home / ".aws"
        folder.mkdir(exist_ok=True)
        (folder / "credentials").write_text(
            f"[base]\naws_access_key_id = {self.key_id}\naws_secret_access_key = {self.secret}\n")
        (folder / "config").write_text(
            f"[profile audit]\nrole_arn = {self.role_arn}\nsource_profile = base\n"
            "region = us-east-1\nrole_session_name = nightly-scan\n")


NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


@pytest.fixture(scope="module")
def ministack_auth():
    with servers.ministack_server(auth=True) as server:
        server.cloud = accounts.Cloud(server.url, "test", "test")
        seed(server.cloud)
        server.regions = server.cloud.enabled_regions()
        server.identity = Identity(server.cloud, READS)
        yield server


@pytest.fixture(scope="module")
def moto_auth():
    with servers.moto_server() as server:
        server.cloud = accounts.Cloud(server.url)
        seed(server.cloud)
        server.regions = server.cloud.enabled_regions()
        server.identity = Identity(server.cloud, READS + MOTO_NAMES)
        server.require_auth()
        yield server


def seed(cloud):
    accounts.make_bucket(cloud, accounts.TRAIL_BUCKET, "eu-west-1")
    trails = cloud.client("cloudtrail", "eu-west-1")
    trails.create_trail(Name="main", S3BucketName=accounts.TRAIL_BUCKET, IsMultiRegionTrail=True,
                        IncludeGlobalServiceEvents=True)
    trails.start_logging(Name="main")
    for region in ("us-east-1", "eu-west-1"):
        accounts.switch_on_config(cloud, region, accounts.TRAIL_BUCKET)
    for rotates in (True, False):
        accounts.make_key(cloud, "eu-west-1", rotates)


def ledger(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return database.execute("select service, operation, outcome, code from api_call").fetchall()


REGIONS = ["--region", "us-east-1", "--region", "eu-west-1"]


@pytest.mark.parametrize("server", ["ministack_auth", "moto_auth"])
@pytest.mark.parametrize("how", ["user", "role by profile", "session token"])
def test_every_protocol_is_signed_so_that_the_server_agrees(ciswatch, request, server, how):
    server = request.getfixturevalue(server)
    identity, args, env = server.identity, [], None
    if how == "user":
        env = identity.env()
    elif how == "role by profile":
        identity.write_profiles(ciswatch.folder / "home")
        args, env = ["--profile", "audit"], NO_KEYS
    else:
        sts = boto3.client("sts", "us-east-1", endpoint_url=server.url,
                           aws_access_key_id=identity.key_id,
                           aws_secret_access_key=identity.secret)
        role = sts.assume_role(RoleArn=identity.role_arn, RoleSessionName="tests")["Credentials"]
        env = {"AWS_ACCESS_KEY_ID": role["AccessKeyId"], "AWS_SESSION_TOKEN": role["SessionToken"],
               "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"]}
    rows = ledger(ciswatch.collect(server.url, *args, *REGIONS, env=env))
    refused = [row for row in rows if row[2] == "denied" or row[3] in (
        "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure")]
    assert refused == []
    assert {row[0] for row in rows if row[2] in ("ok", "absent")} >= SERVICES - {"s3control"}
    if isinstance(server, servers.Moto):
        assert ("s3control", "GetPublicAccessBlock", "absent") in {row[:3] for row in rows}


@pytest.mark.parametrize("server", ["ministack_auth", "moto_auth"])
def test_a_wrong_secret_is_told_and_nothing_is_written(ciswatch, request, server):
    server = request.getfixturevalue(server)
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", server.url,
                             env=server.identity.env(secret="wrong"))
    assert "SignatureDoesNotMatch" in result.err or "InvalidSignature" in result.err, result.err
    assert "credentials" in result.err
    assert server.identity.secret not in result.err and "wrong" not in result.err
    assert not (ciswatch.folder / "s.db").exists()


@pytest.mark.parametrize("server", ["ministack_auth", "moto_auth"])
def test_a_bogus_session_token_is_refused(ciswatch, request, server):
    server = request.getfixturevalue(server)
    sts = boto3.client("sts", "us-east-1", endpoint_url=server.url,
                       aws_access_key_id=server.identity.key_id,
                       aws_secret_access_key=server.identity.secret)
    role = sts.assume_role(RoleArn=server.identity.role_arn, RoleSessionName="tests")["Credentials"]
    env = {"AWS_ACCESS_KEY_ID": role["AccessKeyId"], "AWS_SESSION_TOKEN": "bogus",
           "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"]}
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", server.url, env=env)
    assert "credentials" in result.err


def test_a_role_that_may_not_be_taken_on_is_told(ciswatch, ministack_auth):
    identity = ministack_auth.identity
    identity.write_profiles(ciswatch.folder / "home")
    config = ciswatch.folder / "home/.aws/config"
    config.write_text(config.read_text().replace("role/auditor", "role/somebody-elses"))
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", ministack_auth.url,
                             "--profile", "audit", env=NO_KEYS)
    assert "somebody-elses" in result.err and "AccessDenied" in result.err


# One action taken away; which of the nine may then no longer pass. ministack's buckets have no ACLs
# (BucketOwnerEnforced), so that nothing there needs GetBucketAcl.
LIMITED = {"s3:GetBucketAcl": "2.3", "s3:GetBucketLogging": "2.6",
           "cloudtrail:GetTrailStatus": "2.1", "cloudtrail:DescribeTrails": "2.2",
           "config:DescribeConfigurationRecorders": "2.5", "kms:ListKeys": "2.8",
           "kms:DescribeKey": "2.8", "kms:GetKeyRotationStatus": "2.8",
           "ec2:DescribeFlowLogs": "2.9", "ec2:DescribeVpcs": "2.9"}
CASES = [(server, action) for server in ("ministack_auth", "moto_auth") for action in LIMITED
         if (server, action) != ("ministack_auth", "s3:GetBucketAcl")]


@pytest.mark.parametrize("server, action", CASES)
def test_a_role_without_one_action_makes_what_needs_it_unknown(ciswatch, request, server, action):
    server = request.getfixturevalue(server)
    verified = isinstance(server, servers.Moto)
    if verified:
        server.forget_auth()  # so that the tests' own administrator may change the role
    server.identity.limit_role([a for a in READS + MOTO_NAMES if a != action])
    if verified:
        server.require_auth()
    server.identity.write_profiles(ciswatch.folder / "home")
    snapshot = ciswatch.collect(server.url, "--profile", "audit", *REGIONS, env=NO_KEYS)
    operation = "HeadBucket" if action == "s3:ListBucket" else action.partition(":")[2]
    outcomes = {row[2] for row in ledger(snapshot) if row[1] == operation} - {"not_tried"}
    assert outcomes == {"denied"}
    closed = [f for r in server.regions if r not in REGIONS for f in ("--closed-region", r)]
    report, number = ciswatch.report(snapshot, *closed), LIMITED[action]
    unknown = [f for f in report.of(number) if f["verdict"] == "unknown"]
    assert any(action in f["detail"] for f in unknown), [
        (f["region"], f["verdict"], f["detail"]) for f in report.of(number)]
    assert report.verdicts()[number] != "pass"
