"""Programs of the configuration that a scan runs for findings."""

import json
import os
import signal
import time

import pytest

TAKE = """
import json, os, sys
told = json.load(sys.stdin)
told["report_was_there"] = os.path.getsize("report.json")
told["environment"] = dict(os.environ)
told["argv"] = sys.argv[1:]
open(f"told-{told['finding']['id']}.json", "w").write(json.dumps(told))
"""


def program(folder, name, text, interpreter="/usr/bin/env python3"):
    file = folder / name
    file.write_text(f"#!{interpreter}\n{text}")
    file.chmod(0o755)
    return file


def configure(folder, *hooks):
    (folder / "ciswatch.yaml").write_text(json.dumps({"hooks": list(hooks)}))


def scan(ciswatch, snapshot, *args, **how):
    """The JSON report's failing findings, and what was said."""
    ran = ciswatch.run("scan", "--snapshot", snapshot, "--report", "json=report.json", *args, **how)
    report = json.loads((ciswatch.folder / "report.json").read_text())
    failing = [f for f in report["findings"] if f["verdict"] in ("warn", "critical")]
    return ran, {f["id"]: f for f in failing if not f["waived"]}, report


def told(folder):
    read = [json.loads(file.read_text()) for file in folder.glob("told-*.json")]
    return {each["finding"]["id"]: each for each in read}


def test_nothing_runs_unless_it_is_asked_for(ciswatch, example):
    program(ciswatch.folder, "take", TAKE)
    configure(ciswatch.folder, {"event": "on_finding", "run": ["./take"]},
              {"event": "on_new_critical", "run": ["./take"]},
              {"event": "before_apply", "run": ["./take"]})
    ran, failing, _ = scan(ciswatch, example("seed-001").snapshot)
    critical = [f for f in failing.values() if f["verdict"] == "critical"]
    assert f"ciswatch: {len(failing)} findings would run ./take: give --run-hooks" in ran.err
    assert f"ciswatch: {len(critical)} findings would run ./take: give --run-hooks" in ran.err
    assert ran.err.count("would run") == 2
    assert told(ciswatch.folder) == {}


def test_each_failing_finding_is_handed_over_as_the_report_has_it(ciswatch, example):
    program(ciswatch.folder, "take", TAKE)
    configure(ciswatch.folder, {"event": "on_finding", "run": ["./take", "--queue", "a b; $HOME"]})
    ran, failing, report = scan(ciswatch, example("seed-001").snapshot, "--run-hooks")
    assert ran.code == 1
    assert f"ciswatch: ./take was run for {len(failing)} findings\n" in ran.err
    handed = told(ciswatch.folder)
    assert {id: each["finding"] for id, each in handed.items()} == failing
    for each in handed.values():
        assert each["report_was_there"] > 0
        assert each["event"] == "on_finding"
        assert each["tool"] == report["tool"]
        assert each["snapshot"] == {name: report["snapshot"][name] for name in ("id", "collected_at")}
        assert each["argv"] == ["--queue", "a b; $HOME"]
        # Not even HOME, and no credentials; python3 adds LC_CTYPE.
        assert set(each["environment"]) - {"LC_CTYPE"} == {"PATH", "LANG"}


def test_a_hook_gets_what_its_checks_find_and_variables_that_are_named(ciswatch, example):
    below = ciswatch.folder / "conf"
    (below / "work").mkdir(parents=True)
    program(below, "take", TAKE)
    (below / "work/report.json").write_text("x")
    configure(below, {"event": "on_finding", "run": ["./take"], "directory": "work",
                      "checks": ["cloudtrail-log-file-validation"], "environment": ["AWS_ACCESS_KEY_ID"]})
    _, failing, _ = scan(ciswatch, example("seed-001").snapshot, "--run-hooks", "--config",
                         "conf/ciswatch.yaml")
    handed = told(below / "work")
    assert {id: each["finding"] for id, each in handed.items()} == {
        id: f for id, f in failing.items() if f["check"] == "cloudtrail-log-file-validation"}
    assert all(each["environment"]["AWS_ACCESS_KEY_ID"] == "AKIDENDTOEND" and
               "AWS_SECRET_ACCESS_KEY" not in each["environment"] for each in handed.values())


def test_what_is_waived_runs_nothing(ciswatch, example):
    program(ciswatch.folder, "take", TAKE)
    configure(ciswatch.folder, {"event": "on_finding", "run": ["./take"]})
    (ciswatch.folder / "waivers.yaml").write_text(
        "waivers: [{check: cloudtrail-log-file-validation, owner: o, reason: r, expires: 2026-12-31}]\n")
    _, failing, report = scan(ciswatch, example("seed-001").snapshot, "--run-hooks", "--waivers",
                              "waivers.yaml")
    assert any(f["waived"] for f in report["findings"])
    assert set(told(ciswatch.folder)) == set(failing)


def two_nights(ciswatch, recording):
    """The second night's trail is of one region: a critical that was not there, beside those that were."""
    text = recording.read_text()
    (ciswatch.folder / "1.jsonl").write_text(text)
    ciswatch.import_("1.jsonl", to="1.db")
    changed = text.replace('"IsMultiRegionTrail":true', '"IsMultiRegionTrail":false')
    changed = changed.replace("2026-11-22T", "2026-11-23T")
    assert changed != text
    (ciswatch.folder / "2.jsonl").write_text(changed)
    ciswatch.import_("2.jsonl", to="2.db")


def criticals(failing):
    return {id for id, f in failing.items() if f["verdict"] == "critical"}


def test_a_critical_is_new_that_was_not_there_the_night_before(ciswatch, example):
    program(ciswatch.folder, "take", TAKE)
    configure(ciswatch.folder, {"event": "on_new_critical", "run": ["./take"]})
    two_nights(ciswatch, example("seed-001").recording)
    _, failing, _ = scan(ciswatch, "1.db", "--previous", "1.db", "--run-hooks")
    first = criticals(failing)
    assert set(told(ciswatch.folder)) == first, "without an earlier scan all are new"
    for file in ciswatch.folder.glob("told-*.json"):
        file.unlink()
    _, failing, _ = scan(ciswatch, "2.db", "--previous", "1.db", "--run-hooks")
    second = criticals(failing)
    assert second - first and second & first
    assert set(told(ciswatch.folder)) == second - first
    ran, *_ = scan(ciswatch, "2.db", "--previous", "2.db", "--run-hooks")
    assert "was run" not in ran.err, "the same night again has nothing new"


def test_what_was_not_critical_before_is_new(ciswatch, example):
    program(ciswatch.folder, "take", TAKE)
    configure(ciswatch.folder, {"event": "on_new_critical", "run": ["./take"]})
    (ciswatch.folder / "lenient.yaml").write_text(
        "checks: [{check: cloudtrail-cloudwatch-logs, level: warn}]\n")
    two_nights(ciswatch, example("seed-001").recording)
    scan(ciswatch, "1.db", "--previous", "1.db", "--config", "lenient.yaml")
    _, failing, _ = scan(ciswatch, "1.db", "--previous", "1.db", "--run-hooks")
    assert set(told(ciswatch.folder)) == {
        id for id, f in failing.items() if f["check"] == "cloudtrail-cloudwatch-logs"}


def test_enemies_names_reach_a_hook_as_json_and_its_words_reach_nobodys_terminal(hostile):
    program(hostile.folder, "take", TAKE + "print('\\x1b[31m\\u202e' + told['finding']['resource'])\n"
                                           "sys.exit(3)\n")
    configure(hostile.folder, {"event": "on_finding", "run": ["./take"]})
    ran, failing, _ = scan(hostile, hostile.snapshot, "--run-hooks", env={"PYTHONIOENCODING": "utf-8"})
    handed = told(hostile.folder)
    assert {id: each["finding"] for id, each in handed.items()} == failing
    assert ran.err.count("ciswatch: warning: ./take for ") == len(failing)
    assert f"was run for {len(failing)} findings: {len(failing)} failed" in ran.err
    assert not any(c in ran.err for c in "\x1b\u202e")
    assert all(line.startswith(("ciswatch: ", "  (")) for line in ran.err.splitlines()), ran.err


def test_a_hook_that_fails_does_not_change_the_gate(ciswatch, example):
    program(ciswatch.folder, "fail", "kill -9 $$", "/bin/sh")
    configure(ciswatch.folder, {"event": "on_finding", "run": ["./fail"]},
              {"event": "on_finding", "run": ["./missing"]})
    ran, failing, _ = scan(ciswatch, example("seed-001").snapshot, "--run-hooks", "--fail-on", "none")
    assert ran.code == 0
    assert ran.err.count("ciswatch: warning: ./fail for ") == len(failing)
    assert ran.err.count(": ended by signal 9") == len(failing)
    assert ran.err.count("./missing for") == 1, "one line is enough"
    assert "cannot be started: No such file or directory" in ran.err
    assert "ciswatch: warning: not handed to ./missing: " in ran.err


def test_a_hook_that_hangs_ends_when_its_time_is_up_and_is_given_up(ciswatch, example):
    program(ciswatch.folder, "hang", "exec sleep 60", "/bin/sh")
    configure(ciswatch.folder, {"event": "on_finding", "run": ["./hang"], "seconds": 1, "at_once": 8})
    ran, failing, _ = scan(ciswatch, example("seed-001").snapshot, "--run-hooks")
    assert ran.code == 1
    hung = ran.err.count(": its time was up, ended after ")
    assert 10 <= hung < 20 < len(failing)
    assert (f"not handed to ./hang: {len(failing) - hung} findings (its time was up 10 times in a row)"
            in ran.err)
    assert ran.seconds < 20


def test_a_scan_that_is_stopped_ends_its_hooks(ciswatch, example):
    program(ciswatch.folder, "hang", "echo $$ >> pids; exec sleep 60", "/bin/sh")
    configure(ciswatch.folder, {"event": "on_finding", "run": ["./hang"], "at_once": 2})
    pids = ciswatch.folder / "pids"
    process = ciswatch.start("scan", "--snapshot", example("seed-001").snapshot, "--run-hooks")
    started = time.monotonic()
    while not pids.exists() or len(pids.read_text().split()) < 2:
        assert time.monotonic() - started < 30
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    ran = ciswatch.finish(process, started, 30)
    assert ran.code == 143
    assert "stopped by a signal" in ran.err
    for pid in pids.read_text().split():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_a_scan_runs_a_thousand_and_says_what_it_left_out(ciswatch, example):
    (ciswatch.folder / "many.yaml").write_text("""
id: many
title: There are few
level: warn
scope: resource
why: To have many.
sql: |
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 1005)
  select account_id, region, 'r' || i as resource, 0 as ok, 'one' as detail from aws_account, n
remediation: {text: none}
tests: []
""")
    configure(ciswatch.folder, {"event": "on_finding", "run": ["true"], "at_once": 16})
    ran, *_ = scan(ciswatch, example("seed-001").snapshot, "--run-hooks", "--check", "many.yaml")
    assert "ciswatch: true was run for 1000 findings\n" in ran.err
    assert "not handed to true: 5 findings (at most 1000 runs a scan)" in ran.err


@pytest.mark.parametrize("hook, told_as", [
    ({"event": "on_findng", "run": ["x"]}, "did you mean 'on_finding'?"),
    ({"event": "on_finding", "run": "x y"}, "'run' must be a list, this is a text"),
    ({"event": "on_finding", "run": []}, "'run' names no program"),
    ({"event": "on_finding", "run": ["a\0b"]}, "NUL"),
    ({"event": "on_finding", "run": ["x"], "checks": ["kms-key-rotaton"]}, "did you mean 'kms-key-rotation'?"),
    ({"event": "on_finding", "run": ["x"], "checks": []}, "'checks' is empty"),
    ({"event": "on_finding", "run": ["x"], "environment": ["A=b"]}, "'A=b' is no name of a variable"),
    ({"event": "on_finding", "run": ["x"], "seconds": 0}, "'seconds' is a number from 1 to 3600"),
    ({"event": "on_finding", "run": ["x"], "at_once": 65}, "'at_once' is a number from 1 to 64"),
    ({"event": "on_finding", "runs": ["x"]}, "did you mean 'run'?"),
])
def test_a_wrong_hook_is_told_before_anything_is_read(ciswatch, example, hook, told_as):
    configure(ciswatch.folder, hook)
    ran = ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot)
    assert told_as in ran.err and "ciswatch.yaml:1:" in ran.err
