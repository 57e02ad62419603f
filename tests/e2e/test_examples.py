"""The example accounts: their recordings are such as AWS could have answered, hold every call that a
scan makes, and are judged as their expected.json says."""

import json
import re
import sqlite3

import botocore.session
import botocore.validate
import pytest

from boto_view import tables_of
from conftest import EXAMPLES
from program import ROOT

NAMES = sorted(file.parent.name for file in EXAMPLES.glob("*/recording.jsonl"))
MODELS = botocore.session.get_session()
WORST_FIRST = ("critical", "warn", "unknown", "pass", "not_applicable")
# AWS answers SUCCESS where the model has Success.
OTHER_CASE = {"config"}


def lines_of(name):
    for number, line in enumerate((EXAMPLES / name / "recording.jsonl").open(), 1):
        yield number, json.loads(line)


def outside_the_enum(value, shape, path=""):
    """Members whose text is none of the model's words."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from outside_the_enum(value[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for item in value:
            yield from outside_the_enum(item, shape.member, f"{path}[]")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path} = {value!r}"


def faults_of(line):
    """What botocore's model of the service says against a recorded call."""
    service = MODELS.get_service_model(line["service"])
    if line["operation"] not in service.operation_names:
        return [f"{line['service']} has no {line['operation']}"]
    operation = service.operation_model(line["operation"])
    found = []
    for value, shape in ((line["params"], operation.input_shape),
                         (line.get("response"), operation.output_shape)):
        if value is None or (shape is None and not value):
            continue
        if shape is None:
            found.append(f"{value} where the model has nothing")
            continue
        report = botocore.validate.ParamValidator().validate(value, shape)
        if report.has_errors():
            found.append(report.generate_report())
        elif line["service"] not in OTHER_CASE:
            found += outside_the_enum(value, shape)
    if "error" in line and not {"code", "message", "status"} <= line["error"].keys():
        found.append("half an error")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_such_as_the_api_model_has(name):
    found = [f"{number}: {line['operation']}: {fault}"
             for number, line in lines_of(name) for fault in faults_of(line)]
    assert not found, "\n".join(found[:20])


def test_the_model_finds_what_is_wrong_with_a_line():
    good = next(line for _, line in lines_of("seed-004") if line["operation"] == "DescribeAlarms"
                and line["response"]["MetricAlarms"])
    assert faults_of(good) == []
    alarm = good["response"]["MetricAlarms"][0]
    for wrong in ({"Treshold": 1}, {"Threshold": "1"}, {"StateValue": "FINE"}, {"AlarmActions": "arn"}):
        assert faults_of(good | {"response": {"MetricAlarms": [alarm | wrong]}}), wrong
    assert faults_of(good | {"params": {"AlarmName": "x"}})
    assert faults_of(good | {"operation": "DescribeAlarm"})


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_has_every_call_that_a_scan_makes(name, example):
    with sqlite3.connect(example(name).snapshot) as database:
        missing = database.execute("select region, service, operation, target from api_call "
                                   "where outcome = 'not_tried'").fetchall()
        known = database.execute("select count(*) from api_call").fetchone()[0]
    assert known > 250 and not missing
    assert known == sum(1 for _ in lines_of(name)), "a line that no table needs"


def worst(findings, account, check):
    verdicts = {f["verdict"] for f in findings
                if f["check"] == check and f["account_id"] == account}
    return min(verdicts, key=WORST_FIRST.index) if verdicts else "nothing"


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_judged_as_expected(name, example):
    made = example(name)
    expected = json.loads((EXAMPLES / name / "expected.json").read_text())
    packs = {pack for account in expected.values() for pack in account["requirements"]}
    checks = sorted({check for account in expected.values() for check in account["checks"]})
    by_pack = made.program.report(made.snapshot, *(f for p in packs for f in ("--pack", p)))
    told = {(r["account_id"], r["pack"], r["number"]): r["verdict"]
            for r in by_pack.document["requirements"]}
    by_check = made.program.report(made.snapshot, *(f for c in checks for f in ("--check", c)))
    differing = {}
    for account, wanted in expected.items():
        for pack, numbers in wanted["requirements"].items():
            differing |= {(account, pack, number): (told.get((account, pack, number)), verdict)
                          for number, verdict in numbers.items()
                          if told.get((account, pack, number)) != verdict}
        for check, verdict in wanted["checks"].items():
            found = worst(by_check.findings, account, check)
            if found != verdict:
                differing[account, check] = (found, verdict)
    assert not differing, f"(said, expected): {differing}"


# Where the chain from a trail to a subscriber is broken (checks/views/detection.sql counts the links).
BROKEN_AT = {"seed-004": 8, "seed-004-kms-excluded": 1, "seed-004-impossible-pattern": 3,
             "seed-004-other-namespace": 5, "seed-004-threshold-too-high": 5,
             "seed-004-actions-disabled": 6, "seed-004-pending-subscription": 7}
KMS_ERRORS = """id: kms-errors-told
title: Somebody is told when a key that is disabled or about to be deleted is used
level: warn
scope: account
why: The errors are the last sign that something still needs the key.
settings:
  events:
    default: >-
      {"eventSource": "kms.amazonaws.com", "eventName": ["Encrypt", "Decrypt", "GenerateDataKey"],
      "errorCode": ["DisabledException", "KMSInvalidStateException"],
      "errorMessage": "the key is pending deletion."}
    doc: the events
  most_events: {default: "1", doc: how many of them in one period}
sql: select * from detection_verdict
remediation: {text: Mend the link.}
tests: []
"""


def test_seed_004_tells_somebody_and_else_which_link_is_broken(example, ciswatch):
    (ciswatch.folder / "kms-errors-told.yaml").write_text(KMS_ERRORS)
    broken, verdicts = {}, {}
    for name in BROKEN_AT:
        [finding] = ciswatch.report(example(name).snapshot, "--check", "kms-errors-told.yaml").findings
        broken[name], verdicts[name] = finding["evidence"]["place"], finding["verdict"]
    assert broken == BROKEN_AT
    assert verdicts == {name: "pass" if place == 8 else "warn" for name, place in BROKEN_AT.items()}


def test_the_page_says_what_each_example_shows():
    told = re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "examples/README.md").read_text(), flags=re.M)
    assert told == NAMES


# --- the tables themselves, against the model

TYPES = {"text": {"string"}, "integer": {"integer", "long"}, "boolean": {"boolean"},
         "timestamp": {"timestamp", "string"}, "json": {"structure", "list", "map"},
         "real": {"double", "float"}, "digits": {"string"}, "enabled": {"string"},
         "document": {"string"}}


def shape_at(shape, pointer):
    for name in pointer:
        if shape.type_name == "structure":
            shape = shape.members[name]
        elif shape.type_name == "list":
            int(name)
            shape = shape.member
        else:
            assert shape.type_name == "map"
            shape = shape.value
    return shape


def test_every_column_is_a_member_of_the_api_model_and_of_its_type(ciswatch):
    known = 0
    for table in tables_of(ciswatch.expect(0, "schema").out):
        for column in table.columns:
            if column.pointer is None:
                continue
            found = shape_at(table.item_shape, column.pointer).type_name
            assert found in TYPES[column.type], f"{table.name}.{column.name} is a {found}"
            known += 1
    assert known > 200
