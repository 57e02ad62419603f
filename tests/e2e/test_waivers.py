"""Waivers from outside: what they change in each report and in the exit code, and what refuses them."""

import json
import xml.etree.ElementTree

import pytest

from program import ROOT

EXAMPLE = ROOT / "examples/waivers.yaml"
ALL = """waivers:
- {{check: cis-aws-1.2.0/2.4, account: "111111111111", owner: o, reason: r, expires: {day}}}
- {{check: cis-aws-1.2.0/2.5, account: "111111111111", owner: o, reason: r, expires: {day}}}
- {{check: cis-aws-1.2.0/2.6, account: "111111111111", owner: o, reason: r, expires: {day}}}
"""


def waivers(program, text, name="waivers.yaml"):
    (program.folder / name).write_text(text)
    return name


def scan(program, example, *args, **how):
    return program.run("scan", "--snapshot", example("seed-001").snapshot, *args, **how)


def test_a_waived_finding_does_not_trip_the_gate_and_an_expired_waiver_does_not_help(ciswatch, example):
    assert scan(ciswatch, example).code == 1
    good = waivers(ciswatch, ALL.format(day="2027-01-31"))
    result = scan(ciswatch, example, "--waivers", good)
    assert result.code == 0, result
    assert "20 findings are waived" in result.err
    assert scan(ciswatch, example, "--waivers", good, "--fail-on", "warn").code == 1
    old = waivers(ciswatch, ALL.format(day="2026-11-21"))
    assert scan(ciswatch, example, "--waivers", old).code == 1


def test_each_report_shows_what_is_waived(ciswatch, example):
    result = scan(ciswatch, example, "--waivers", EXAMPLE, "--report", "text", "--report",
                  "json=r.json", "--report", "jsonl=r.jsonl", "--report", "junit=r.xml",
                  "--report", "html=r.html")
    plain = ciswatch.report(example("seed-001").snapshot)
    document = json.loads((ciswatch.folder / "r.json").read_text())
    waived = [f for f in document["findings"] if f["waived"]]
    assert [f["check"] for f in waived] == ["kms-key-rotation"] + 5 * ["vpc-flow-logs"]
    assert waived[0]["verdict"] == "warn" and waived[0]["waived"]["ticket"] == "PAY-1207"
    assert document["summary"]["waived"] == 1 and document["finding_counts"]["waived"] == 6
    assert sum(document["finding_counts"].values()) == len(document["findings"])
    # All that was found without waivers is there, as it was.
    kept = [{**f, "waived": None} for f in document["findings"] if f["check"] != "waivers"]
    assert kept == plain.findings
    lines = [json.loads(line) for line in (ciswatch.folder / "r.jsonl").read_text().splitlines()]
    assert [f["id"] for f in lines if f["waived"]] == [f["id"] for f in waived]
    cases = xml.etree.ElementTree.parse(ciswatch.folder / "r.xml").iter("skipped")
    messages = [case.get("message") for case in cases]
    assert sum(m.startswith("waived until 2027-") for m in messages) == 6
    assert result.out.count("waived until 2027-") == 6
    assert (ciswatch.folder / "r.html").read_text().count("waived until 2027-") == 6


def test_findings_about_waivers_are_of_no_account_and_come_last(ciswatch, example):
    report = scan(ciswatch, example, "--waivers", EXAMPLE, "--report", "json").json()
    about = [f for f in report.findings if f["check"] == "waivers"]
    assert report.findings[-2:] == about
    assert {f["account_id"] for f in about} == {""} and {f["verdict"] for f in about} == {"pass"}
    assert [f["resource"].rsplit(":", 1)[1] for f in about] == ["5", "13"]
    assert {r["account_id"] for r in report.document["requirements"]} == {"111111111111"}


@pytest.mark.parametrize("text, told", [
    ("waivers:\n- {check: kms-key-rotatoin, owner: o, reason: r, expires: 2027-01-01}\n",
     "waivers.yaml:2:11: there is no check 'kms-key-rotatoin', did you mean 'kms-key-rotation'?"),
    (2 * "waivers: []\n", "waivers.yaml:2:1: 'waivers' is here twice (first in line 1)"),
    (ALL.format(day="2027-01-31") + ALL.format(day="2027-01-30").split("\n")[1] + "\n",
     "waivers.yaml:5:3: another waiver of the same findings says something else of them: "
     "waivers.yaml:2:3"),
    ("waivers: " + 100 * "[", "waivers.yaml:1:"),
    ("waivers: \x00", "waivers.yaml:1:1: the file is not UTF-8 text"),
])
def test_a_wrong_file_is_refused_with_its_place_before_anything_is_done(ciswatch, text, told):
    waivers(ciswatch, text)
    result = ciswatch.expect(2, "scan", "--endpoint-url", "http://127.0.0.1:1", "--waivers", "waivers.yaml")
    assert told in result.err and not result.out, result
    assert told in ciswatch.expect(2, "waivers", "lint", "waivers.yaml").out


def test_lint_tells_by_a_snapshot_what_a_scan_would(ciswatch, example):
    waivers(ciswatch, "waivers:\n"
            "- {check: vpc-flow-logs, owner: o, reason: r, expires: 2026-11-30}\n"
            "- {check: kms-key-rotation, resource: none, owner: o, reason: r, expires: 2027-01-31}\n")
    snapshot = example("seed-001").snapshot
    printed = ciswatch.expect(0, "waivers", "lint", "waivers.yaml", "--snapshot", snapshot)
    report = scan(ciswatch, example, "--waivers", "waivers.yaml", "--report", "json").json()
    about = [f for f in report.findings if f["check"] == "waivers"]
    assert printed.out.splitlines() == [f"{f['resource']}:3: warning: {f['detail']}" for f in about]
    assert "expires 2026-11-30, in 8 days; names no account" in printed.out
    assert "0 errors, 2 warnings" in printed.err


def test_lint_without_a_snapshot_judges_by_today(ciswatch):
    waivers(ciswatch, ALL.format(day="2020-01-01"))
    printed = ciswatch.expect(0, "waivers", "lint", "waivers.yaml")
    assert printed.out.count("warning: expired with 2020-01-01: it waives nothing any more") == 3
