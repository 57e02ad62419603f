"""`scan --previous`: the same reports as without it, and clear words where there is nothing to take
over."""

import hashlib
import json
import sqlite3

import pytest


def findings(program, *args):
    program.run("scan", *args, "--report", "json=out.json")
    return json.loads((program.folder / "out.json").read_text())["findings"]


def refuse(recording, operation):
    """The recording, in which calls of the operation are refused."""
    calls = [json.loads(line) for line in recording.splitlines()]
    for call in calls:
        if call["operation"] == operation:
            call.pop("response", None)
            call["error"] = {"code": "AccessDenied", "message": "no", "status": 403}
    return "".join(json.dumps(call, separators=(",", ":")) + "\n" for call in calls)


def make_two_nights(ciswatch, recording, refused=""):
    """The second night is a day later and has lost its log file validation."""
    first = ciswatch.folder / "first.jsonl"
    first.write_text(refuse(recording.read_text(), refused))
    ciswatch.import_(first, to="1.db")
    text = first.read_text().replace('"LogFileValidationEnabled":true',
                                         '"LogFileValidationEnabled":false')
    changed = text.replace("2026-11-22T", "2026-11-23T")
    assert changed != first.read_text()
    (ciswatch.folder / "second.jsonl").write_text(changed)
    ciswatch.import_(ciswatch.folder / "second.jsonl", to="2.db")


def test_the_findings_are_those_of_a_full_scan(ciswatch, example):
    make_two_nights(ciswatch, example("seed-001-fixed").recording)
    full = findings(ciswatch, "--snapshot", "2.db")
    findings(ciswatch, "--snapshot", "1.db", "--previous", "1.db")
    assert (ciswatch.folder / "1.db.findings").exists()
    assert findings(ciswatch, "--snapshot", "2.db", "--previous", "1.db") == full
    assert (ciswatch.folder / "2.db.findings").exists()


def test_what_lacks_an_answer_tells_of_this_night_again(ciswatch, example):
    make_two_nights(ciswatch, example("seed-001-fixed").recording, refused="DescribeFlowLogs")
    full = findings(ciswatch, "--snapshot", "2.db")
    findings(ciswatch, "--snapshot", "1.db", "--previous", "1.db")
    assert any(call["outcome"] == "denied" and call["time"].startswith("2026-11-23")
               for finding in full for call in finding["calls"])
    assert findings(ciswatch, "--snapshot", "2.db", "--previous", "1.db") == full


@pytest.mark.parametrize("refused", ["", "GetKeyRotationStatus"])
def test_what_has_not_changed_is_taken_over(ciswatch, example, refused):
    make_two_nights(ciswatch, example("seed-001-fixed").recording, refused)
    findings(ciswatch, "--snapshot", "1.db", "--previous", "1.db")
    with sqlite3.connect(ciswatch.folder / "1.db.findings") as kept:
        for check in ("vpc-flow-logs", "cloudtrail-log-file-validation"):
            taken, = kept.execute("select cast(findings as blob) from kept where check_id = ?",
                                  (check,)).fetchone()
            marked = taken.replace(b"VPC ", b"vpc ").replace(b"trail ", b"TRAIL ")
            kept.execute("update kept set findings = cast(? as text), digest = ? where check_id = ?",
                         (marked, hashlib.sha256(marked).hexdigest()[:32], check))
    kept.close()
    told = {finding["check"]: finding["detail"]
            for finding in findings(ciswatch, "--snapshot", "2.db", "--previous", "1.db")}
    assert "VPC" not in told["vpc-flow-logs"]
    assert told["cloudtrail-log-file-validation"].startswith("trail ")  # the trail has changed


def test_the_first_night_judges_everything_and_says_so(ciswatch, example):
    snapshot = example("seed-001").snapshot
    ciswatch.run("import", example("seed-001").recording, "-o", "1.db")
    result = ciswatch.run("scan", "--snapshot", "1.db", "--previous", snapshot)
    assert "is not there yet: all accounts are judged anew" in result.err
    assert result.code == 1


def test_a_snapshot_that_is_not_kept_cannot_be_the_next_previous_one(ciswatch, example):
    result = ciswatch.run("scan", "--previous", example("seed-001").snapshot)
    assert result.code == 2
    assert "give -o FILE" in result.err


def test_damaged_findings_are_told_with_the_next_step(ciswatch, example):
    make_two_nights(ciswatch, example("seed-001-fixed").recording)
    (ciswatch.folder / "1.db.findings").write_text("nothing of ours")
    result = ciswatch.run("scan", "--snapshot", "2.db", "--previous", "1.db")
    assert result.code == 2
    assert "1.db.findings" in result.err and "remove it" in result.err
