"""Seed 001's account is mended and put back, by plans alone: on an emulator that nobody here wrote, and
boto3 tells what became of it, member by member."""

import json
import re
import time

import pytest
from botocore.exceptions import ClientError

import accounts
import loopback
import servers
from test_verdicts import ALL_PASS, SEED_001

REGIONS = (accounts.HOME, "us-east-1", "eu-west-1")
PACK = ("--pack", "cis-aws-1.2.0:2")


def of_three_regions(answer):
    """The account has enabled no others: the loop is the same in each."""
    items = re.split(rb"(?=<item>)|(?=</regionInfo>)", answer.body)
    kept = [item for item in items if b"<regionName>" not in item
            or any(f"<regionName>{region}<".encode() in item for region in REGIONS)]
    return loopback.Answer(answer.status, b"".join(kept), answer.headers)


def with_delivery(answer):
    """As CloudTrail answers some minutes after a trail got its log group, which moto never does."""
    status = json.loads(answer.body)
    status["LatestCloudWatchLogsDeliveryTime"] = int(time.time())
    return loopback.Answer(answer.status, json.dumps(status).encode(), answer.headers)


@pytest.fixture(scope="module")
def server():
    with servers.moto_server() as moto:
        cloud = accounts.in_regions(accounts.seed_001(moto.url), REGIONS)
        relay = loopback.relay(moto.url)

        def answer(request):
            made = relay(request)
            if request.operation == "DescribeRegions":
                return of_three_regions(made)
            if request.operation == "GetTrailStatus" and trails_of(cloud, accounts.HOME)[0].get(
                    "CloudWatchLogsLogGroupArn"):
                return with_delivery(made)
            return made

        with loopback.serving(answer) as proxy:
            proxy.cloud = cloud
            yield proxy


def trails_of(cloud, region):
    return cloud.client("cloudtrail", region).describe_trails(includeShadowTrails=False)["trailList"]


def told(call, *nothing, **params):
    """What it answers; None where that is one of these errors."""
    try:
        made = call(**params)
    except ClientError as error:
        if error.response["Error"]["Code"] in nothing:
            return None
        raise
    return {name: value for name, value in made.items() if name != "ResponseMetadata"}


def bucket_state(s3, name):
    return {"policy": told(s3.get_bucket_policy, "NoSuchBucketPolicy", Bucket=name),
            "logging": told(s3.get_bucket_logging, Bucket=name),
            "acl": told(s3.get_bucket_acl, Bucket=name),
            "block": told(s3.get_public_access_block, "NoSuchPublicAccessBlockConfiguration", Bucket=name)}


def key_state(kms, key):
    return {"key": kms.describe_key(KeyId=key)["KeyMetadata"],
            "rotation": told(kms.get_key_rotation_status, KeyId=key),
            "policy": told(kms.get_key_policy, KeyId=key, PolicyName="default")}


def regional_state(cloud, region):
    trails, kms = cloud.client("cloudtrail", region), cloud.client("kms", region)
    logs, config = cloud.client("logs", region), cloud.client("config", region)
    state = {f"key {key['KeyId']}": key_state(kms, key["KeyId"]) for key in kms.list_keys()["Keys"]}
    # To moto a member that was never set is None, and one that was emptied "".
    for trail in trails_of(cloud, region):
        state[f"trail {trail['Name']}"] = {name: value for name, value in trail.items() if value} | {
            "IsLogging": trails.get_trail_status(Name=trail["Name"])["IsLogging"]}
    for group in logs.describe_log_groups()["logGroups"]:
        state[f"log group {group['logGroupName']}"] = group
    for recorder in config.describe_configuration_recorders()["ConfigurationRecorders"]:
        state[f"recorder {recorder['name']}"] = recorder
    for channel in config.describe_delivery_channels()["DeliveryChannels"]:
        state[f"channel {channel['name']}"] = channel
    for topic in cloud.client("sns", region).list_topics()["Topics"]:
        state[f"topic {topic['TopicArn']}"] = topic
    for flow_log in cloud.client("ec2", region).describe_flow_logs()["FlowLogs"]:
        state[f"flow log {flow_log['FlowLogId']}"] = flow_log
    return state


def state_of(cloud):
    state = {f"{region} {name}": value for region in REGIONS
             for name, value in regional_state(cloud, region).items()}
    s3, iam = cloud.client("s3"), cloud.client("iam")
    for bucket in s3.list_buckets()["Buckets"]:
        state[f"bucket {bucket['Name']}"] = bucket_state(s3, bucket["Name"])
    for role in iam.list_roles()["Roles"]:
        names = iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
        state[f"role {role['RoleName']}"] = {"trust": role["AssumeRolePolicyDocument"], "policies": {
            name: iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
            for name in names}}
    return state


def verdicts(program, server, name):
    return program.report(program.collect(server.url, *PACK, to=name), *PACK).verdicts()


def test_seed_001_is_mended_whole_and_put_back(ciswatch, server):
    cloud = server.cloud
    assert verdicts(ciswatch, server, "before.db") == SEED_001
    before = state_of(cloud)
    ciswatch.expect(0, "remediate", "plan", "--snapshot", "before.db", *PACK, "-o", "plan.json")
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    assert plan["unplanned"] == []
    assert state_of(cloud) == before

    applied = ciswatch.run("remediate", "apply", "plan.json", "--approve", plan["hash"], "--max-changes",
                           "200", "--format", "json", "--endpoint-url", server.url)
    result = json.loads(applied.out)
    assert {each["outcome"] for each in result["changes"]} == {"done"}, applied
    assert {each["outcome"] for each in result["findings"]} == {"fixed"}, applied
    assert verdicts(ciswatch, server, "after.db") == ALL_PASS

    undone = json.loads(ciswatch.run("remediate", "undo", "plan.json.journal", "--format", "json",
                                     "--endpoint-url", server.url).out)
    assert {each["id"]: each["outcome"] for each in undone["undone"]} == {
        c["id"]: "done" if c["undo"] else "skipped" for c in plan["changes"]}, undone
    after = state_of(cloud)
    assert {name: value for name, value in after.items() if name in before} == before
    # What holds logs by then stays, as the plan has said, and a role that others may use.
    made = {c["operation"] for c in plan["changes"] if c["no_undo"] and c["operation"].startswith("Create")}
    assert made == {"CreateAlias", "CreateBucket", "CreateKey", "CreateLogGroup",
                    "CreateServiceLinkedRole"}
    key = cloud.client("kms", accounts.HOME).describe_key(
        KeyId=f"alias/cloudtrail-{accounts.HOME}-{accounts.TRAIL}")["KeyMetadata"]["KeyId"]
    assert after.keys() - before.keys() == {
        f"{accounts.HOME} key {key}",
        f"{accounts.HOME} log group aws-cloudtrail-logs-{cloud.account}-{accounts.TRAIL}",
        f"bucket {accounts.TRAIL_BUCKET}-access-logs", f"bucket config-{cloud.account}",
        "role AWSServiceRoleForconfig"}
    assert verdicts(ciswatch, server, "again.db") == SEED_001
