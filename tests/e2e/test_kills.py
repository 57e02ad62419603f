"""A collection that was killed, stopped or ran into a full disk goes on: nothing that was answered is
asked again, and what is found is what an undisturbed run finds. (tests/kill tries each operation on the
disk, without a server.)"""

import contextlib
import os
import random
import re
import signal
import sqlite3
import time

import pytest

import loopback
from fleet_server import FIRST, OWN, SECOND, account_of, closed, fleet
from test_signals import wait_for

KEYS = [f"11111111-2222-3333-4444-{n:012}" for n in range(3)]
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/t"
SLOW = "DescribeVpcs"


def key_metadata(request):
    key = KEYS[0]
    for each in KEYS:
        if each.encode() in request.body:
            key = each
    return ('{"KeyMetadata":{"KeyId":"%s","Arn":"arn:aws:kms:us-east-1:111111111111:key/%s","Enabled":'
            'true,"KeyState":"Enabled","KeyManager":"CUSTOMER","KeySpec":"SYMMETRIC_DEFAULT","KeyUsage":'
            '"ENCRYPT_DECRYPT","Origin":"AWS_KMS","MultiRegion":false}}' % (key, key))


def denied(request):
    return loopback.error(request, "AccessDeniedException", "no", 400)


ANSWERS = {
    "ListKeys": '{"Keys":[%s],"Truncated":false}' % ",".join('{"KeyId":"%s"}' % key for key in KEYS),
    "DescribeKey": key_metadata,
    "GetKeyRotationStatus": '{"KeyRotationEnabled":true}',
    "DescribeTrails": '{"trailList":[{"TrailARN":"%s","Name":"t","HomeRegion":"us-east-1","S3BucketName":'
                      '"logs","IsMultiRegionTrail":true,"LogFileValidationEnabled":true}]}' % TRAIL,
    "GetTrailStatus": '{"IsLogging":true}',
    "GetEventSelectors": denied,
    "HeadBucket": "",
    "GetBucketLogging": "<BucketLoggingStatus/>",
    "GetBucketAcl": "<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList/>"
                    "</AccessControlPolicy>",
    "GetBucketPolicyStatus": "<PolicyStatus><IsPublic>false</IsPublic></PolicyStatus>",
    "GetBucketOwnershipControls": lambda request: loopback.error(
        request, "OwnershipControlsNotFoundError", "none", 404),
}


class Switch:
    """Makes some calls slow until it is turned off."""

    def __init__(self, *operations):
        self.operations, self.on = operations, True

    def __call__(self, request, _):
        if self.on and request.operation in self.operations:
            return loopback.Answer(200, loopback.EMPTY[request.operation], delay=30)
        return None


def names(requests):
    return sorted((r.service, r.operation, r.region, r.target, r.body) for r in requests)


def without_identity(requests):
    return [r for r in requests if r.operation != "GetCallerIdentity"]


def findings(program, snapshot):
    return without_times(program.run("scan", "--snapshot", snapshot, "--report", "json").out)


def without_times(text):
    """The report's bytes, but for the snapshot's id and the times of its calls."""
    text = re.sub(r'"id":"[0-9a-f]{16}"', '"id":"…"', text, count=1)
    return re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "…", text)


def answered(part):
    """(operation, region) of the calls that the part has."""
    with contextlib.closing(sqlite3.connect(part)) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        return set(database.execute("select operation, region from api_call where outcome in "
                                    "('ok', 'absent', 'denied', 'disabled')"))


@pytest.fixture
def undisturbed(ciswatch, empty_account):
    server = empty_account(ANSWERS)
    return findings(ciswatch, ciswatch.collect(server.url, to="undisturbed.db")), server.requests


def killed(program, server, *args, after=1.2, number=signal.SIGKILL):
    """Ends `collect` when all but the slow calls were answered, and what was has been saved."""
    process = program.start("collect", "-o", "s.db", "--endpoint-url", server.url, *args)
    try:
        wait_for(lambda: server.asked(SLOW) and server.asked("GetBucketLogging"), "the slow part")
        time.sleep(after)
        os.kill(process.pid, number)
        return process.wait(10), process.stderr.read().decode()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.stderr.close()


def test_a_killed_collection_goes_on_and_asks_nothing_twice(ciswatch, empty_account, undisturbed):
    slow = Switch(SLOW)
    server = empty_account(ANSWERS, slow)
    code, _ = killed(ciswatch, server)
    assert code == -signal.SIGKILL
    before = list(server.requests)
    slow.on = False
    server.requests.clear()
    result = ciswatch.expect(0, "collect", "-o", "s.db", "--resume", "--endpoint-url", server.url)
    assert {r.operation for r in server.requests} == {"GetCallerIdentity", SLOW}
    assert "going on" in result.err and "read from" in result.err
    again = without_identity(server.requests)
    once = [r for r in without_identity(before) if r.operation != SLOW]
    assert names(once + again) == names(without_identity(undisturbed[1]))
    assert findings(ciswatch, "s.db") == undisturbed[0]
    assert [file.name for file in ciswatch.folder.glob("s.db*")] == ["s.db"]


def test_a_stopped_collection_goes_on(ciswatch, empty_account, undisturbed):
    slow = Switch(SLOW)
    server = empty_account(ANSWERS, slow)
    code, err = killed(ciswatch, server, after=0.3, number=signal.SIGTERM)
    assert code == 143 and "--resume" in err
    assert ciswatch.report("s.db.part").verdicts()["2.9"] == "unknown"
    slow.on = False
    server.requests.clear()
    ciswatch.expect(0, "collect", "-o", "s.db", "--resume", "--endpoint-url", server.url)
    assert {r.operation for r in server.requests} == {"GetCallerIdentity", SLOW}
    assert findings(ciswatch, "s.db") == undisturbed[0]


def test_what_failed_is_asked_again_and_what_was_refused_is_not(ciswatch, empty_account):
    slow = Switch(SLOW)
    server = empty_account({**ANSWERS, "DescribeFlowLogs": denied, "DescribeDeliveryChannels":
                            lambda request: loopback.error(request, "ValidationException", "", 400)}, slow)
    killed(ciswatch, server)
    slow.on = False
    server.requests.clear()
    ciswatch.expect(0, "collect", "-o", "s.db", "--resume", "--endpoint-url", server.url)
    assert {r.operation for r in server.requests} == {"GetCallerIdentity", SLOW,
                                                      "DescribeDeliveryChannels"}


@pytest.fixture
def left(ciswatch, empty_account):
    """A server, and what a kill has left of a collection from it."""
    slow = Switch(SLOW)
    server = empty_account(ANSWERS, slow)
    killed(ciswatch, server)
    slow.on = False
    return server


def test_what_a_kill_has_left_is_not_begun_anew_unasked(ciswatch, left, example):
    for command in (["collect"], ["scan"], ["import", example("seed-001").recording]):
        live = [] if command[0] == "import" else ["--endpoint-url", left.url]
        result = ciswatch.expect(2, *command, "-o", "s.db", *live)
        assert "s.db.part" in result.err and "--resume" in result.err
    assert ("ListKeys", "us-east-1") in answered(ciswatch.folder / "s.db.part")
    (ciswatch.folder / "s.db.part").unlink()
    ciswatch.collect(left.url, to="s.db")


def test_what_a_kill_has_left_is_no_snapshot(ciswatch, left):
    result = ciswatch.expect(2, "scan", "--snapshot", "s.db.part")
    assert "--resume" in result.err


def test_a_scan_goes_on_too(ciswatch, left):
    result = ciswatch.run("scan", "-o", "s.db", "--resume", "--endpoint-url", left.url, "--report",
                          "json")
    assert result.code == 1 and result.json().verdicts()["2.9"] == "not_applicable"


def test_another_collection_does_not_go_on(ciswatch, left):
    for args, told in ((["--region", "eu-west-1"], "--region (then none, now eu-west-1)"),
                       (["--pack", "cis-aws-1.2.0"], "tables that the checks read"),
                       (["--shard", "1/1"], "--shard (then none, now 1/1)"),
                       (["--endpoint-url", "http://127.0.0.1:9"], "--endpoint-url")):
        where = [] if "--endpoint-url" in args else ["--endpoint-url", left.url]
        result = ciswatch.expect(2, "collect", "-o", "s.db", "--resume", *args, *where)
        assert told in result.err and "delete it" in result.err
    assert ("ListKeys", "us-east-1") in answered(ciswatch.folder / "s.db.part")


def test_neither_too_old_a_collection_nor_another_versions_goes_on(ciswatch, left):
    for name, value, told in (("ciswatch", "0.0.1 0123456789ab", "ciswatch (then 0.0.1"),
                              ("started_at", "2020-01-01T00:00:00Z", "24 hours")):
        part = ciswatch.folder / "s.db.part"
        with contextlib.closing(sqlite3.connect(part)) as database, database:
            (then,), = database.execute("select value from snapshot_begun where name = ?", (name,))
            database.execute("update snapshot_begun set value = ? where name = ?", (value, name))
        result = ciswatch.expect(2, "collect", "-o", "s.db", "--resume", "--endpoint-url", left.url)
        assert told in result.err and "delete it" in result.err
        with contextlib.closing(sqlite3.connect(part)) as database, database:
            database.execute("update snapshot_begun set value = ? where name = ?", (then, name))
    ciswatch.expect(0, "collect", "-o", "s.db", "--resume", "--endpoint-url", left.url)


@pytest.mark.parametrize("then, now, code", [
    ("arn:aws:iam::111111111111:user/auditor", "arn:aws:iam::111111111111:user/other", 2),
    ("arn:aws:sts::111111111111:assumed-role/auditor/monday",
     "arn:aws:sts::111111111111:assumed-role/auditor/tuesday", 0),
    ("arn:aws:sts::111111111111:assumed-role/auditor/monday",
     "arn:aws:sts::111111111111:assumed-role/admin/monday", 2),
])
def test_only_who_began_goes_on(ciswatch, empty_account, then, now, code):
    who = {"arn": then}
    slow = Switch(SLOW)
    server = empty_account({**ANSWERS, "GetCallerIdentity":
                            lambda _: loopback.caller_identity(arn=who["arn"])}, slow)
    killed(ciswatch, server)
    who["arn"], slow.on = now, False
    result = ciswatch.expect(code, "collect", "-o", "s.db", "--resume", "--endpoint-url", server.url)
    assert code == 0 or (then in result.err and now in result.err)


def test_without_anything_left_it_begins(ciswatch, empty_account, undisturbed):
    server = empty_account(ANSWERS)
    result = ciswatch.expect(0, "collect", "-o", "s.db", "--resume", "--endpoint-url", server.url)
    assert "s.db.part" in result.err
    assert findings(ciswatch, "s.db") == undisturbed[0]


def test_two_do_not_write_one_snapshot(ciswatch, empty_account):
    server = empty_account(ANSWERS, Switch(SLOW))
    first = ciswatch.start("collect", "-o", "s.db", "--endpoint-url", server.url)
    try:
        wait_for(lambda: server.asked(SLOW), "the slow part")
        for more in ([], ["--resume"]):
            result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", server.url, *more)
            assert "another run is writing" in result.err
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()


def test_a_recording_would_lack_what_was_read_before(ciswatch):
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--resume", "--record", "r.jsonl")
    assert "--record" in result.err


def test_each_of_many_accounts_goes_on_where_it_was(ciswatch):
    """One is read to its end, one up to a slow call; the role of one is refused at first."""
    (ciswatch.folder / "accounts.csv").write_text(f"id\n{OWN}\n{FIRST}\n{SECOND}\n")
    args = ["--accounts", "accounts.csv", "--role", "audit"]
    slow, shut = Switch(SLOW), closed(SECOND)
    with loopback.serving(fleet(ANSWERS, lambda r, n: slow(r, n) if account_of(r) == FIRST else None,
                                lambda r, n: shut(r, n) if slow.on else None)) as server:
        killed(ciswatch, server, *args)
        slow.on = False
        server.requests.clear()
        ciswatch.expect(0, "collect", "-o", "s.db", "--resume", "--endpoint-url", server.url, *args)
        asked = {id: {r.operation for r in server.requests if account_of(r) == id} - {"AssumeRole"}
                 for id in (OWN, FIRST, SECOND)}
        assert asked[OWN] == {"GetCallerIdentity"}
        assert asked[FIRST] == {"GetCallerIdentity", SLOW}
        assert "ListKeys" in asked[SECOND] and SLOW in asked[SECOND]
        whole = ciswatch.collect(server.url, *args, to="whole.db")
    assert findings(ciswatch, "s.db") == findings(ciswatch, whole)


def preload(program):
    found = program.path.parent / "tests/libdisk_faults.so"
    assert found.is_file(), f"{found} is not there: build the tests"
    return str(found)


@pytest.mark.parametrize("kind, ends", [("kill", -signal.SIGKILL), ("tear", -signal.SIGKILL),
                                        ("full", 2), ("readonly", 2), ("unsynced", 2)])
def test_faults_of_the_disk_leave_what_can_go_on(ciswatch, empty_account, undisturbed, kind, ends):
    """The program itself, as it is shipped; seeded points."""
    dice = random.Random(f"disk {kind}")
    server = empty_account(ANSWERS)
    snapshot, tried = ciswatch.folder / "s.db", 0
    for _ in range(5):
        place = dice.randrange(1, 300)
        process = ciswatch.start("collect", "-o", snapshot, "--endpoint-url", server.url,
                                 env={"LD_PRELOAD": preload(ciswatch),
                                      "DISK_FAULT": f"{kind} {place} {ciswatch.folder}"})
        err = process.communicate(timeout=30)[1].decode()
        assert process.returncode in (ends, 0), err
        if process.returncode == 0 or snapshot.exists():
            continue  # behind the last operation
        tried += 1
        assert ends < 0 or "s.db" in err
        result = ciswatch.run("scan", "-o", snapshot, "--resume", "--endpoint-url", server.url,
                              "--report", "json")
        assert without_times(result.out) == undisturbed[0]
        snapshot.unlink()
    assert tried > 0
