"""What AWS shows only some time after the call is pending, and is not taken back."""

import contextlib
import json
import sqlite3
import time

import pytest

import accounts
import loopback
import servers
from mending import trails_of, with_delivery

REGION = ("--region", accounts.HOME)
CHECK = "cloudtrail-cloudwatch-logs"
DAY = 86400


@pytest.fixture
def server():
    """A trail that has run for long without a log group; `delivers` says whether its events arrive there."""
    with servers.moto_server() as moto:
        cloud = accounts.Cloud(moto.url)
        accounts.make_bucket(cloud, "trail-logs", accounts.HOME)
        trails = cloud.client("cloudtrail", accounts.HOME)
        trails.create_trail(Name="trail", S3BucketName="trail-logs", IsMultiRegionTrail=True)
        trails.start_logging(Name="trail")
        relay = loopback.relay(moto.url)

        def answer(request):
            made = relay(request)
            if request.operation != "GetTrailStatus":
                return made
            status = json.loads(made.body)
            status["StartLoggingTime"] = int(time.time()) - DAY
            made = loopback.Answer(made.status, json.dumps(status).encode(), made.headers)
            return with_delivery(made) if proxy.delivers else made

        with loopback.serving(answer) as proxy:
            proxy.cloud, proxy.delivers = cloud, False
            yield proxy


def applied(program, server, plan, *flags):
    ran = program.run("remediate", "apply", "plan.json", "--approve", plan["hash"], "--format", "json", *flags,
                      "--endpoint-url", server.url, *REGION)
    assert ran.out, ran
    return ran.code, json.loads(ran.out)


def outcomes(plan, undone):
    """Of undoing, by the operation that was undone."""
    operations = {c["id"]: c["operation"] for c in plan["changes"]}
    return {operations[c["id"]]: c["outcome"] for c in json.loads(undone.out)["undone"]}


def test_what_shows_later_is_pending_and_stays(ciswatch, server):
    ciswatch.collect(server.url, "--check", CHECK, *REGION)
    ciswatch.expect(0, "remediate", "plan", "--snapshot", "snapshot.db", "--check", CHECK, "-o", "plan.json")
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    assert plan["schema_version"] == 1
    assert {c["settles"]["minutes"] for c in plan["changes"]} == {30}
    assert "shows later: events arrive" in ciswatch.expect(0, "remediate", "apply", "plan.json").out

    code, result = applied(ciswatch, server, plan, "--auto-undo")
    assert code == 3, result
    assert {c["outcome"] for c in result["changes"]} == {"done"}, result
    finding, = result["findings"]
    assert finding["outcome"] == "pending" and "scan again" in finding["why"], finding
    assert result["undone"] == []
    assert trails_of(server.cloud, accounts.HOME)[0]["CloudWatchLogsLogGroupArn"]
    with contextlib.closing(sqlite3.connect(ciswatch.folder / "plan.json.journal")) as journal:
        told, = journal.execute("select payload from event where kind = 'finding'").fetchone()
    assert json.loads(told)["outcome"] == "pending"

    server.delivers = True
    code, result = applied(ciswatch, server, plan)  # the same command looks again, and calls nothing
    assert code == 0 and [f["outcome"] for f in result["findings"]] == ["fixed"], result

    # The log group stays, as the plan has said, and so nothing is left undone that could be.
    undone = ciswatch.expect(0, "remediate", "undo", "plan.json.journal", "--format", "json",
                             "--endpoint-url", server.url, *REGION)
    assert outcomes(plan, undone) == {"CreateLogGroup": "stays", "PutRetentionPolicy": "stays",
                                      "CreateRole": "done", "PutRolePolicy": "done", "UpdateTrail": "done"}


def test_what_somebody_has_changed_since_is_not_undone_and_says_so(ciswatch, server):
    ciswatch.collect(server.url, "--check", CHECK, *REGION)
    ciswatch.expect(0, "remediate", "plan", "--snapshot", "snapshot.db", "--check", CHECK, "-o", "plan.json")
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    applied(ciswatch, server, plan)
    server.cloud.client("cloudtrail", accounts.HOME).update_trail(
        Name="trail", CloudWatchLogsLogGroupArn="", CloudWatchLogsRoleArn="")
    server.cloud.client("cloudtrail", accounts.HOME).update_trail(
        Name="trail", CloudWatchLogsLogGroupArn="arn:aws:logs:x:1:log-group:theirs:*",
        CloudWatchLogsRoleArn="arn:aws:iam::1:role/theirs")
    undone = ciswatch.expect(1, "remediate", "undo", "plan.json.journal", "--format", "json",
                             "--endpoint-url", server.url, *REGION)
    told = outcomes(plan, undone)
    assert told["UpdateTrail"] == "skipped" and told["CreateRole"] == "skipped", undone
