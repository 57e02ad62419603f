"""What is asked of AWS: every call that a chosen check needs, once, and no other. Counted by a relay in
front of the emulator, not by the program's own word."""

import collections
import sqlite3

import accounts


def requests_by_operation(live):
    return collections.Counter(f"{r.service}.{r.operation}" for r in live.requests)


def test_the_benchmark_account_takes_the_minimum_of_requests(moto_benchmark):
    """17 regions, 3 trails, 40 keys of which 32 can rotate, 3 log buckets, one for access logs."""
    assert requests_by_operation(moto_benchmark) == {
        "sts.GetCallerIdentity": 1, "ec2.DescribeRegions": 1,
        "cloudtrail.DescribeTrails": 17, "cloudtrail.GetTrailStatus": 3,
        "cloudtrail.GetEventSelectors": 3,
        "config.DescribeConfigurationRecorders": 17,
        "config.DescribeConfigurationRecorderStatus": 17, "config.DescribeDeliveryChannels": 17,
        "kms.ListKeys": 17, "kms.DescribeKey": 40, "kms.GetKeyRotationStatus": 32,
        "ec2.DescribeVpcs": 17, "ec2.DescribeFlowLogs": 17,
        "s3.ListBuckets": 1, "s3control.GetPublicAccessBlock": 1,
        "s3.HeadBucket": 3, "s3.GetBucketAcl": 4, "s3.GetBucketPolicyStatus": 4,
        "s3.GetPublicAccessBlock": 4, "s3.GetBucketOwnershipControls": 4, "s3.GetBucketLogging": 3}


def test_only_log_buckets_and_those_of_their_access_logs_are_asked_about(moto_benchmark):
    asked = {r.bucket for r in moto_benchmark.requests if r.bucket}
    assert asked == {"org-trail-logs", "ct-stopped-logs", "ct-public-logs", "access-logs"}


def test_a_bucket_is_asked_in_its_own_region(moto_benchmark):
    homes = {"org-trail-logs": "us-east-1", "ct-stopped-logs": "eu-west-1",
             "ct-public-logs": "us-west-2", "access-logs": "us-east-1"}
    for request in moto_benchmark.requests:
        if request.bucket and request.operation != "HeadBucket":
            assert request.region == homes[request.bucket], request


def test_regions_that_were_not_chosen_are_not_called(moto_benchmark):
    assert {r.region for r in moto_benchmark.requests} == set(accounts.DEFAULT_REGIONS)


def test_regions_that_are_not_opted_in_are_not_called(moto_fixed):
    every = moto_fixed.cloud.client("ec2").describe_regions(AllRegions=True)["Regions"]
    closed = {r["RegionName"] for r in every if r["OptInStatus"] == "not-opted-in"}
    assert closed
    assert not closed & {r.region for r in moto_fixed.requests}
    assert {r.region for r in moto_fixed.requests} == set(moto_fixed.cloud.enabled_regions())


def test_rotation_is_asked_of_keys_that_can_rotate_only(moto_benchmark):
    asked = {r.body for r in moto_benchmark.requests if r.operation == "GetKeyRotationStatus"}
    with sqlite3.connect(f"file:{moto_benchmark.snapshot}?mode=ro", uri=True) as database:
        cannot = [row[0] for row in database.execute(
            "select id from aws_kms_key where key_spec <> 'SYMMETRIC_DEFAULT' "
            "or key_state not in ('Enabled', 'Updating')")]
    assert len(cannot) == 8
    assert not any(key.encode() in body for key in cannot for body in asked)


def test_trails_are_asked_in_their_home_region_by_arn(moto_benchmark):
    homes = {(r.region, r.body.decode().rpartition("trail/")[2].rstrip('"}'))
             for r in moto_benchmark.requests if r.operation == "GetTrailStatus"}
    assert homes == {("us-east-1", "org-main"), ("eu-west-1", "ct-stopped"),
                     ("us-west-2", "ct-public")}


def test_the_ledger_tells_the_same_story(moto_benchmark):
    with sqlite3.connect(f"file:{moto_benchmark.snapshot}?mode=ro", uri=True) as database:
        told = dict(database.execute("select service || '.' || operation, sum(attempts) from api_call "
                                     "where outcome <> 'not_tried' group by 1"))
    assert told == requests_by_operation(moto_benchmark)


def test_one_check_asks_only_what_it_reads(ciswatch, empty_account):
    server = empty_account()
    ciswatch.collect(server.url, "--check", "vpc-flow-logs")
    assert {r.operation for r in server.requests} == {"GetCallerIdentity", "DescribeRegions",
                                                      "DescribeVpcs", "DescribeFlowLogs"}


def test_a_check_of_ones_own_decides_what_is_collected(ciswatch, empty_account):
    """What it reads is observed from its SQL, not declared."""
    (ciswatch.folder / "mine.yaml").write_text(
        "id: mine\ntitle: t\nlevel: warn\nscope: region\nwhy: w\nremediation: {text: t}\ntests: []\n"
        "sql: |\n  select account_id, region, region as resource, recording as ok, 'd' as detail\n"
        "  from aws_config_configuration_recorder_status\n")
    server = empty_account()
    ciswatch.collect(server.url, "--check", "mine.yaml")
    assert {r.operation for r in server.requests} == {
        "GetCallerIdentity", "DescribeRegions", "DescribeConfigurationRecorderStatus"}


def test_the_user_agent_names_the_program(ciswatch, empty_account):
    server = empty_account()
    ciswatch.collect(server.url)
    assert all(r.headers["user-agent"].startswith("ciswatch/") for r in server.requests)


def test_no_request_holds_the_secret(moto_001):
    for request in moto_001.requests:
        assert "secret-of" not in str(request.headers) + request.target
        assert b"secret-of" not in request.body
