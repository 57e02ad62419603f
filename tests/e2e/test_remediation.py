"""Seed 001's account is mended and put back, by plans alone: on an emulator that nobody here wrote, and
boto3 tells what became of it, member by member."""

import json

import pytest

import accounts
import loopback
import servers
from mending import disagreements, of_regions, state_of, trails_of, with_delivery
from test_verdicts import ALL_PASS, SEED_001

REGIONS = (accounts.HOME, "us-east-1", "eu-west-1")
PACK = ("--pack", "cis-aws-1.2.0:2")


@pytest.fixture(scope="module")
def server():
    with servers.moto_server() as moto:
        cloud = accounts.in_regions(accounts.seed_001(moto.url), REGIONS)
        relay = loopback.relay(moto.url)

        def answer(request):
            made = relay(request)
            if request.operation == "DescribeRegions":
                return of_regions(made, REGIONS)
            if request.operation == "GetTrailStatus" and trails_of(cloud, accounts.HOME)[0].get(
                    "CloudWatchLogsLogGroupArn"):
                return with_delivery(made)
            return made

        with loopback.serving(answer) as proxy:
            proxy.cloud = cloud
            yield proxy


def report(program, server, name):
    return program.report(program.collect(server.url, *PACK, to=name), *PACK)


def test_seed_001_is_mended_whole_and_put_back(ciswatch, server):
    cloud = server.cloud
    first = report(ciswatch, server, "before.db")
    assert first.verdicts() == SEED_001
    before = state_of(cloud, REGIONS)
    ciswatch.expect(0, "remediate", "plan", "--snapshot", "before.db", *PACK, "-o", "plan.json")
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    assert plan["unplanned"] == []
    assert state_of(cloud, REGIONS) == before

    applied = ciswatch.run("remediate", "apply", "plan.json", "--approve", plan["hash"], "--max-changes",
                           "200", "--format", "json", "--endpoint-url", server.url)
    result = json.loads(applied.out)
    assert {each["outcome"] for each in result["changes"]} == {"done"}, applied
    assert {each["outcome"] for each in result["findings"]} == {"fixed"}, applied
    mended = report(ciswatch, server, "after.db")
    assert mended.verdicts() == ALL_PASS
    # That events arrive is known when some have: simulate does not foretell it.
    assert disagreements(ciswatch, "before.db", (first, mended), *PACK) == {
        ("cloudtrail-cloudwatch-logs", cloud.account, accounts.HOME,
         f"arn:aws:cloudtrail:{accounts.HOME}:{cloud.account}:trail/{accounts.TRAIL}"): ("unknown", "pass")}

    undone = json.loads(ciswatch.run("remediate", "undo", "plan.json.journal", "--format", "json",
                                     "--endpoint-url", server.url).out)
    assert {each["id"]: each["outcome"] for each in undone["undone"]} == {
        c["id"]: "done" if c["undo"] else "stays" for c in plan["changes"]}, undone
    after = state_of(cloud, REGIONS)
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
    assert report(ciswatch, server, "again.db").verdicts() == SEED_001


def test_a_trail_that_is_made_is_simulated_as_it_is_found_then(ciswatch, server):
    # Another account, in which there is nothing.
    live = ("--endpoint-url", server.url, "--role", "arn:aws:iam::222222222222:role/audit")
    chosen = [flag for check in ("cloudtrail-multi-region", "cloudtrail-log-file-validation",
                                 "cloudtrail-bucket-not-public", "cloudtrail-bucket-tls",
                                 "cloudtrail-bucket-access-logging") for flag in ("--check", check)]

    def report(name):
        ciswatch.expect(0, "collect", "-o", name, *chosen, *live)
        return ciswatch.report(name, *chosen)

    first = report("before.db")
    ciswatch.expect(0, "remediate", "plan", "--snapshot", "before.db", *chosen, "-o", "plan.json")
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    assert plan["changes"][0]["filled_in"]
    # The emulator's answer about versioning is not S3's, so that this step is left out: exit code 1.
    ciswatch.expect(1, "remediate", "apply", "plan.json", "--approve", plan["hash"], *live)
    found = report("after.db")
    assert [f["verdict"] for f in found.findings if f["check"] == "cloudtrail-bucket-not-public"] == ["pass"]
    assert disagreements(ciswatch, "before.db", (first, found), *chosen) == {}
