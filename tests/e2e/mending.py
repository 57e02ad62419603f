"""What tests of mended accounts share: the state of an account as boto3 tells it, member by member, and what
AWS answers where the emulator cannot."""

import json
import re
import time

from botocore.exceptions import ClientError

import loopback


def of_regions(answer, regions):
    """An answer to DescribeRegions: the account has enabled no others, the loop is the same in each."""
    items = re.split(rb"(?=<item>)|(?=</regionInfo>)", answer.body)
    kept = [item for item in items if b"<regionName>" not in item
            or any(f"<regionName>{region}<".encode() in item for region in regions)]
    return loopback.Answer(answer.status, b"".join(kept), answer.headers)


def with_delivery(answer):
    """As CloudTrail answers some minutes after a trail got its log group, which moto never does."""
    status = json.loads(answer.body)
    status["LatestCloudWatchLogsDeliveryTime"] = int(time.time())
    return loopback.Answer(answer.status, json.dumps(status).encode(), answer.headers)


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


def state_of(cloud, regions):
    """name → all that is told of it, of each resource that a trail and its surroundings are made of."""
    state = {f"{region} {name}": value for region in regions
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


def judged(report):
    return {(f["check"], f["account_id"], f["region"], f["resource"]): f["verdict"] for f in report.findings}


def disagreements(program, snapshot, reports, *chosen):
    """Finding → what `simulate` of plan.json says of it and what is found once it is applied, where they differ.
    `reports`: before, which is of the snapshot, and after. What is good is pass: simulate tells no more of it."""
    first, found = ({key: "pass" if verdict == "not_applicable" else verdict
                     for key, verdict in judged(report).items()} for report in reports)
    told = program.run("remediate", "simulate", "plan.json", "--snapshot", snapshot, *chosen, "--format", "json")
    assert told.code in (0, 1), told
    flips = json.loads(told.out)["flips"]
    simulated = first | {tuple(flip[part] for part in ("check", "account_id", "region", "resource")):
                         flip["after"] or None for flip in flips}
    # What AWS gives a name to is called otherwise in the simulation: what is not good of new things is compared
    # by check and region.
    new = [sorted((*key[:3], verdict) for key, verdict in verdicts.items()
                  if key not in first and verdict in ("warn", "critical", "unknown"))
           for verdicts in (simulated, found)]
    assert new[0] == new[1]
    return {key: (simulated[key], found.get(key)) for key in first if simulated[key] != found.get(key)}
