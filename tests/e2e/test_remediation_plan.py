"""`remediate plan` and `simulate`, and the writer's policy, from outside: nothing here calls AWS."""

import hashlib
import json

import pytest


@pytest.fixture
def snapshot(ciswatch, example):
    ciswatch.import_(example("seed-001").recording, to="s.db")
    return "s.db"


@pytest.fixture
def plan(ciswatch, snapshot):
    made = ciswatch.run("remediate", "plan", "--snapshot", snapshot, "-o", "plan.json")
    assert made.code == 0, made
    return json.loads((ciswatch.folder / "plan.json").read_text())


def test_the_plan_says_what_is_called_what_it_changes_and_how_it_is_undone(plan):
    change = next(c for c in plan["changes"] if c["fix"] == "trail-log-file-validation")
    arn = "arn:aws:cloudtrail:ap-northeast-1:111111111111:trail/default-trail"
    assert (change["service"], change["operation"]) == ("cloudtrail", "UpdateTrail")
    assert change["params"] == {"Name": arn, "EnableLogFileValidation": True}
    assert change["undo"]["params"] == {"Name": arn, "EnableLogFileValidation": False}
    row, = change["rows"]
    assert (row["before"], row["after"]) == ({"LogFileValidationEnabled": False},
                                             {"LogFileValidationEnabled": True})
    finding = next(f for f in plan["findings"] if f["id"] == change["findings"][0])
    assert finding["check"] == "cloudtrail-log-file-validation"


def test_the_hash_is_of_the_compact_document_without_it(plan):
    told = plan.pop("hash")
    compact = json.dumps(plan, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(compact).hexdigest() == told


def test_the_same_snapshot_gives_the_same_plan(ciswatch, snapshot, plan):
    again = ciswatch.run("remediate", "plan", "--snapshot", snapshot)
    assert again.out == (ciswatch.folder / "plan.json").read_text()


def test_every_failing_finding_is_planned_for_or_says_why_not(ciswatch, snapshot, plan):
    report = ciswatch.run("scan", "--snapshot", snapshot, "--pack", "cis-aws-1.2.0", "--report",
                          "json").json()
    failing = {f["id"] for f in report.findings if f["verdict"] in ("warn", "critical")}
    planned = {f for c in plan["changes"] for f in c["findings"]}
    unplanned = {u["finding"] for u in plan["unplanned"]}
    assert planned | unplanned == failing
    assert all(u["why"] for u in plan["unplanned"])


def test_only_what_is_chosen_is_planned(ciswatch, snapshot):
    made = ciswatch.run("remediate", "plan", "--snapshot", snapshot, "--check", "kms-key-rotation")
    assert {c["operation"] for c in json.loads(made.out)["changes"]} == {"EnableKeyRotation"}
    made = ciswatch.run("remediate", "plan", "--snapshot", snapshot, "--account", "222222222222")
    assert json.loads(made.out)["findings"] == []


def test_a_setting_that_is_none_is_refused(ciswatch, snapshot):
    made = ciswatch.run("remediate", "plan", "--snapshot", snapshot, "--set", "no-fix.name=1")
    assert made.code == 2 and "there is no setting 'no-fix.name'" in made.err


def test_simulate_tells_which_verdicts_flip(ciswatch, snapshot, plan):
    told = ciswatch.run("remediate", "simulate", "plan.json", "--snapshot", snapshot, "--pack",
                        "cis-aws-1.2.0:2", "--format", "json", "-o", "after.db")
    assert told.code == 0, told
    flips = json.loads(told.out)["flips"]
    assert {"cloudtrail-log-file-validation", "kms-key-rotation"} <= {f["check"] for f in flips}
    assert not any(f["worse"] for f in flips)
    # The copy is a snapshot, and says the same.
    after = ciswatch.run("scan", "--snapshot", "after.db", "--pack", "cis-aws-1.2.0:2", "--report",
                         "json").json().verdicts()
    assert after["2.2"] == "pass" and after["2.8"] == "pass"


def test_simulate_tells_what_would_be_worse(ciswatch, snapshot, plan):
    # A digest is due once validation is on, and the copy has none.
    told = ciswatch.run("remediate", "simulate", "plan.json", "--snapshot", snapshot, "--check",
                        "cloudtrail-digest-delivery")
    assert told.code == 1 and told.out.startswith("WORSE")


def test_a_plan_of_another_snapshot_is_not_simulated(ciswatch, example, plan):
    ciswatch.import_(example("seed-003").recording, to="other.db")
    told = ciswatch.run("remediate", "simulate", "plan.json", "--snapshot", "other.db")
    assert told.code == 2 and "the plan is of another snapshot" in told.err


def test_an_edited_plan_is_refused(ciswatch, snapshot, plan):
    path = ciswatch.folder / "plan.json"
    path.write_text(path.read_text().replace("ap-northeast-1", "us-east-1", 1))
    told = ciswatch.run("remediate", "simulate", "plan.json", "--snapshot", snapshot)
    assert told.code == 2 and "Plan again instead of editing" in told.err


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"schema_version":1}', "\x00", "[" * 500])
def test_a_file_that_is_no_plan_is_refused(ciswatch, snapshot, text):
    (ciswatch.folder / "plan.json").write_text(text)
    told = ciswatch.run("remediate", "simulate", "plan.json", "--snapshot", snapshot)
    assert told.code == 2 and told.err.startswith("ciswatch: plan.json: ")


def test_the_writers_policy_is_what_the_plan_needs_and_no_more(ciswatch, plan):
    told = ciswatch.run("permissions", "--plan", "plan.json")
    mends, reads = json.loads(told.out)["Statement"]
    assert set(mends["Action"]) == {p for c in plan["changes"] for p in c["permissions"]}
    assert "cloudtrail:DescribeTrails" in reads["Action"]
    told = ciswatch.run("permissions", "--remediate", "--check", "kms-key-rotation")
    mends, reads = json.loads(told.out)["Statement"]
    assert mends["Action"] == ["kms:DisableKeyRotation", "kms:EnableKeyRotation"]
    assert reads["Action"] == ["kms:GetKeyRotationStatus"]


def test_checks_without_a_fix_need_no_permission(ciswatch):
    told = ciswatch.run("permissions", "--remediate", "--check", "cloudtrail-delivery")
    assert json.loads(told.out)["Statement"] == []
