"""`plan`: what collect would ask and what it is allowed, without asking."""

import json

import pytest

import loopback

NO_AWS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None,
          "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}


def plan(program, *args):
    """Without credentials, and where every call would fail."""
    return json.loads(program.expect(0, "plan", "--format", "json", *args, env=NO_AWS).out)


def policy(program, *statements, name="policy.json"):
    (program.folder / name).write_text(json.dumps({"Version": "2012-10-17",
                                                   "Statement": list(statements)}))
    return name


def allow(*actions, resource="*"):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def buckets(made):
    return {bucket["bucket"]: bucket for bucket in made["buckets"]}


def test_calls_are_counted_by_bucket_for_a_usual_account(ciswatch):
    made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2")
    assert (made["accounts"], made["regions"], made["counts_from"]) == (1, 17, None)
    found = buckets(made)
    assert found["cloudtrail"]["calls"] == 17 + 2
    assert found["cloudtrail"]["most"] == 3
    assert found["kms:DescribeKey"]["calls"] == 34
    assert found["ec2:DescribeVpcs"]["calls"] == 17
    assert found["config"]["published"] is False
    assert found["kms:ListKeys"]["rate"] + found["kms:ListKeys"]["burst"] == 500
    assert made["calls"] == sum(bucket["calls"] for bucket in made["buckets"])
    assert made["permissions"] is None


def test_a_thousand_accounts_take_a_thousand_times_the_calls_and_minutes_not_hours(ciswatch):
    one = plan(ciswatch, "--pack", "cis-aws-1.2.0:2")
    many = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--account-count", "1000")
    assert many["calls"] == 1000 * one["calls"]
    assert one["seconds"] < 5
    assert 30 < many["seconds"] < 300
    assert "512 requests on the wire" in many["bound"]
    slow = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--account-count", "1000",
                "--max-rate", "100")
    assert slow["seconds"] == pytest.approx(many["calls"] / 100, rel=0.01)
    assert "100 requests a second" in slow["bound"]


def test_a_file_of_accounts_is_counted(ciswatch):
    (ciswatch.folder / "fleet.csv").write_text(
        "id,regions\n111111111111,us-east-1 eu-west-1\n222222222222,us-east-1\n"
        "333333333333,us-east-1 us-west-2 eu-west-1\n")
    made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--accounts", "fleet.csv")
    assert (made["accounts"], made["regions"]) == (3, 2)
    assert buckets(made)["ec2:DescribeVpcs"]["calls"] == 6


def test_a_snapshot_tells_how_many_there_are(ciswatch, example):
    snapshot = example("seed-001").snapshot
    made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--snapshot", snapshot)
    database = ciswatch.expect(
        0, "sql", snapshot, "--format", "json",
        "select count(*) as n from api_call where operation = 'DescribeKey'")
    assert buckets(made)["kms:DescribeKey"]["calls"] == json.loads(database.out)["n"]
    assert str(snapshot) in made["counts_from"]
    assert made["permissions"]["coverage"] == 1


def test_a_collection_makes_the_calls_that_were_planned_by_the_one_before(ciswatch, empty_account):
    server = empty_account()
    snapshot = ciswatch.collect(server.url)
    made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--snapshot", snapshot)
    assert made["calls"] == len(server.requests)


def test_a_policy_tells_what_will_be_denied(ciswatch):
    needed = json.loads(ciswatch.expect(0, "permissions", "--pack", "cis-aws-1.2.0:2").out)
    actions = needed["Statement"][0]["Action"]
    whole = policy(ciswatch, allow(*actions))
    made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--policy", whole)
    assert made["permissions"]["coverage"] == 1
    assert {each["allowed"] for each in made["permissions"]["actions"]} == {True}
    part = policy(ciswatch, allow("*"), {"Effect": "Deny", "Action": "kms:Get*", "Resource": "*"})
    made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--policy", part)
    denied = [a["action"] for a in made["permissions"]["actions"] if a["allowed"] is False]
    assert denied == ["kms:GetKeyRotationStatus"]
    assert 0.5 < made["permissions"]["coverage"] < 1


def test_what_a_policy_leaves_open_is_not_counted_as_allowed(ciswatch):
    some = policy(ciswatch, allow("*", resource="arn:aws:kms:*:*:key/*"))
    conditional = policy(ciswatch, {**allow("*"), "Condition": {
        "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, name="conditional.json")
    for file in (some, conditional):
        made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--policy", file)
        assert made["permissions"]["coverage"] == 0, file
        assert True not in {each["allowed"] for each in made["permissions"]["actions"]}


def test_several_policies_are_in_force_together(ciswatch):
    one = policy(ciswatch, allow("kms:*", "ec2:*", "config:*", "cloudtrail:*"), name="one.json")
    two = policy(ciswatch, allow("s3:*"), name="two.json")
    made = plan(ciswatch, "--pack", "cis-aws-1.2.0:2", "--policy", one, "--policy", two)
    assert made["permissions"]["coverage"] == 1


def test_what_the_last_run_was_denied_is_told(ciswatch, empty_account):
    server = empty_account({}, loopback.denied("DescribeTrails"))
    snapshot = ciswatch.collect(server.url)
    result = ciswatch.expect(0, "plan", "--pack", "cis-aws-1.2.0:2", "--snapshot", snapshot,
                             env=NO_AWS)
    assert "not allowed  cloudtrail:DescribeTrails" in result.out
    assert "in all" in result.out and "bucket of an account and region" in result.out


@pytest.mark.parametrize("args, words", [
    (("--policy", "none.json"), "none.json"), (("--policy", "bad.json"), "bad.json"),
    (("--snapshot", "none.db"), "none.db"), (("--account-count", "0"), "--account-count")])
def test_what_cannot_be_read_is_told(ciswatch, args, words):
    (ciswatch.folder / "bad.json").write_text("{")
    assert words in ciswatch.expect(2, "plan", *args, env=NO_AWS).err
