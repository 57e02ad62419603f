"""The JSON and JUnit reports as a machine reads them, and that they are the same bytes every time."""

import datetime
import re

import junitparser
import pytest
from lxml import etree

from accounts import HOSTILE_BUCKET, HOSTILE_TRAIL
from program import CHECKS, NUMBERS, ROOT

FORMATS = ("text", "json", "jsonl", "html", "junit")
VERDICTS = {"pass", "warn", "critical", "unknown", "not_applicable"}


def write_all(program, snapshot, *args):
    """format → bytes of every report of one run."""
    flags = [flag for form in FORMATS for flag in ("--report", f"{form}=out.{form}")]
    result = program.run("scan", "--snapshot", snapshot, *flags, *args)
    assert result.code in (0, 1, 3), result
    return {form: (program.folder / f"out.{form}").read_bytes() for form in FORMATS}


# --- determinism


@pytest.mark.parametrize("account", ["moto_benchmark", "ministack_fixed"])
def test_any_number_of_threads_gives_the_same_bytes(ciswatch, request, account):
    snapshot = request.getfixturevalue(account).snapshot
    one = write_all(ciswatch, snapshot, "--jobs", "1")
    for jobs in ("2", "8"):
        assert write_all(ciswatch, snapshot, "--jobs", jobs) == one


def test_importing_a_recording_twice_gives_the_same_reports(ciswatch, example):
    first = write_all(ciswatch, ciswatch.import_(example("seed-001").recording, to="a.db"))
    second = write_all(ciswatch, ciswatch.import_(example("seed-001").recording, to="b.db"))
    assert first == second


def test_neither_clock_nor_time_zone_nor_locale_is_in_a_report(ciswatch, example):
    snapshot = example("seed-001").snapshot
    plain = write_all(ciswatch, snapshot)
    elsewhere = ciswatch.env
    ciswatch.env = elsewhere | {"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8", "HOSTNAME": "other"}
    assert write_all(ciswatch, snapshot) == plain


# --- JSON


def is_utc(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("account", ["seed-001", "seed-001-fixed"])
def test_the_json_report_has_the_shape_of_the_contract(example, account):
    document = example(account).report.document
    assert document["schema_version"] == 1
    assert document["tool"]["name"] == "ciswatch" and re.match(r"\d+\.\d+", document["tool"]["version"])
    assert document["snapshot"]["id"] and is_utc(document["snapshot"]["collected_at"])
    assert document["snapshot"]["accounts"] == 1 and document["snapshot"]["regions"] == 17
    assert document["packs"] == ["cis-aws-1.2.0"]
    assert set(document["summary"]) == VERDICTS | {"waived"}
    coverage = dict(document["coverage"])
    assert coverage.pop("calls") == sum(coverage.values()) > 100


@pytest.mark.parametrize("account", ["seed-001", "seed-001-fixed"])
def test_json_requirements_are_the_worst_of_their_findings(example, account):
    report = example(account).report
    rows = report.document["requirements"]
    assert [r["number"] for r in rows] == NUMBERS
    order = ["critical", "warn", "unknown", "pass", "not_applicable"]
    for row in rows:
        assert set(row) >= {"pack", "number", "title", "account_id", "verdict"}
        found = [f["verdict"] for f in report.of(row["number"])]
        assert row["verdict"] == min(found, key=order.index), row
    summary = report.document["summary"]
    for verdict in VERDICTS:
        assert summary[verdict] == sum(r["verdict"] == verdict for r in rows)


@pytest.mark.parametrize("account", ["seed-001", "seed-001-fixed"])
def test_json_findings_have_every_field(example, account):
    findings = example(account).report.findings
    assert len({f["id"] for f in findings}) == len(findings)
    places = {(f["check"], f["account_id"], f["region"], f["resource"]) for f in findings}
    assert len(places) == len(findings)
    for finding in findings:
        assert set(finding) >= {"id", "check", "verdict", "level", "account_id", "region",
                                "resource", "detail", "evidence", "requirements", "remediation",
                                "first_seen", "waived"}
        assert finding["verdict"] in VERDICTS and finding["level"] in ("warn", "critical")
        assert finding["verdict"] not in ("warn", "critical") or \
            finding["verdict"] == finding["level"]
        assert isinstance(finding["evidence"], dict) and isinstance(finding["remediation"], dict)
        assert finding["detail"] and finding["resource"] and finding["waived"] is None
        number, = [r["number"] for r in finding["requirements"]]
        assert CHECKS[number] == finding["check"]


def test_a_finding_id_stays_when_the_account_is_collected_again(example, ciswatch):
    """The mended account and the one with faults share resources: same thing, same id."""
    def ids(name):
        return {(f["check"], f["region"], f["resource"]): f["id"]
                for f in example(name).report.findings}
    before, after = ids("seed-001"), ids("seed-001-fixed")
    shared = set(before) & set(after)
    assert len(shared) > 20
    assert all(before[place] == after[place] for place in shared)


# --- JUnit


def junit_of(program, snapshot, *args):
    result = program.run("scan", "--snapshot", snapshot, "--report", "junit", *args)
    assert result.code in (0, 1, 3), result
    return result.out.encode()


def cases(xml):
    return [case for suite in junitparser.JUnitXml.fromstring(xml) for case in suite]


def kind(case):
    """pass, failure, error or skipped, as a JUnit library sees it."""
    made = {type(result).__name__.lower() for result in case.result}
    assert len(made) <= 1, case.name
    return made.pop() if made else "pass"


ENDINGS = {"pass": "pass", "warn": "failure", "critical": "failure", "unknown": "error",
           "not_applicable": "skipped"}
ACCOUNTS = ["moto_001", "moto_fixed", "ministack_fixed", "moto_benchmark"]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_junit_is_valid_by_the_schema(request, account):
    live = request.getfixturevalue(account)
    schema = etree.XMLSchema(etree.parse(ROOT / "tests/reporters/junit.xsd"))
    document = etree.fromstring(junit_of(live.program, live.snapshot))
    assert schema.validate(document), schema.error_log


@pytest.mark.parametrize("account", ACCOUNTS)
def test_junit_has_one_case_per_finding_with_its_ending(request, account):
    live = request.getfixturevalue(account)
    made = cases(junit_of(live.program, live.snapshot))
    counted = {ending: sum(kind(c) == ending for c in made) for ending in set(ENDINGS.values())}
    wanted = dict.fromkeys(counted, 0)
    for finding in live.report.findings:
        wanted[ENDINGS[finding["verdict"]]] += 1
    for number in NUMBERS:  # a requirement with nothing to judge is a case all the same
        if not live.report.of(number):
            wanted["skipped"] += 1
    assert counted == wanted


@pytest.mark.parametrize("account", ACCOUNTS)
def test_junit_counts_agree_with_the_cases(request, account):
    live = request.getfixturevalue(account)
    xml = junit_of(live.program, live.snapshot)
    total = junitparser.JUnitXml.fromstring(xml)
    for suite in total:
        made = [kind(case) for case in suite]
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (
            len(made), made.count("failure"), made.count("error"), made.count("skipped"))
    assert total.tests == len(cases(xml))


@pytest.mark.parametrize("account", ACCOUNTS)
def test_junit_names_are_unique_and_tell_account_region_and_resource(request, account):
    """Of two cases with one name GitLab keeps the first. ministack numbers VPCs alike in all regions."""
    live = request.getfixturevalue(account)
    made = cases(junit_of(live.program, live.snapshot))
    names = [case.name for case in made]
    assert len(set(names)) == len(names)
    for finding in live.report.findings:
        assert any(finding["account_id"] in n and finding["region"] in n and
                   finding["resource"] in n for n in names), finding


def test_junit_of_hostile_names_is_still_valid(hostile):
    xml = junit_of(hostile, hostile.snapshot)
    schema = etree.XMLSchema(etree.parse(ROOT / "tests/reporters/junit.xsd"))
    assert schema.validate(etree.fromstring(xml)), schema.error_log
    assert any("<script>" in case.name for case in cases(xml))
    assert b"<script" not in xml and b"\x07" not in xml


def test_json_of_hostile_names_gives_them_back_unchanged(hostile):
    report = hostile.report(hostile.snapshot)
    assert any(HOSTILE_TRAIL in f["resource"] for f in report.findings)
    assert any(HOSTILE_BUCKET in f["resource"] for f in report.findings)


def test_text_of_hostile_names_has_no_control_characters(hostile):
    out = hostile.run("scan", "--snapshot", hostile.snapshot, "--report", "text").out
    assert "owned" in out
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)
