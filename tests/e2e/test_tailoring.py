"""What a user changes without a copy of the checks, from outside; and the schemas that editors read."""

import json
import pathlib

import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

LEFT_OUT = """
checks:
  - {check: cloudtrail-log-file-validation, level: critical}
  - {check: kms-key-rotation, settings: {scope: cloudtrail}}
requirements:
  - {pack: cis-aws-1.2.0, number: "2.9", left_out: the network team keeps them}
"""

HOOKS = """
hooks:
  - event: on_finding
    run: [./a, b]
    checks: [vpc-flow-logs]
    environment: [HOME]
    seconds: 9
"""

WAIVERS = """
max_days: 90
waivers:
  - {check: vpc-flow-logs, account: "111111111111", owner: net, reason: moved, expires: 2026-12-31}
"""

OWN = """
id: own-account
title: The account is known
level: warn
scope: account
why: To try it.
sql: |
  select account_id, region, null as resource, arn is not null as ok, 'an account' as detail
  from aws_account
remediation: {text: Nothing.}
tests:
  - {name: n, given: {aws_account: [{arn: "arn:aws:iam::111111111111:root"}]},
     expect: [{resource: "111111111111", verdict: pass}]}
"""

PACK = """
id: own-pack
title: Our own
requirements:
  - {number: "1", title: The account is known, checks: [own-account]}
  - {number: "2", title: Logs are validated, checks: [cloudtrail-log-file-validation]}
"""


def own_folder(folder):
    (folder / "packs").mkdir(parents=True)
    (folder / "own-account.yaml").write_text(OWN)
    (folder / "packs/own-pack.yaml").write_text(PACK)
    return folder


def scan(ciswatch, example, *args):
    folder = ciswatch.folder
    ran = ciswatch.expect(0, "scan", "--snapshot", example("seed-001").snapshot, "--fail-on", "none",
                          *(f"--report={format}={folder}/report.{format}"
                            for format in ("json", "text", "html", "junit")), *args)
    return ran, json.loads((folder / "report.json").read_text())


def test_what_is_left_out_is_not_applicable_with_its_reason_in_each_report(ciswatch, example,
                                                                          tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(LEFT_OUT)
    _, before = scan(ciswatch, example, "--pack", "cis-aws-1.2.0:2")
    _, report = scan(ciswatch, example, "--pack", "cis-aws-1.2.0:2", "--config", config)
    rows = [row for row in report["requirements"] if row["number"] == "2.9"]
    assert rows and all(row["verdict"] == "not_applicable" and
                        row["left_out"] == "the network team keeps them" for row in rows)
    not_applicable = [row for row in report["requirements"] if row["verdict"] == "not_applicable"]
    assert report["summary"]["not_applicable"] == len(not_applicable)
    assert "2.9" not in {row["number"] for row in before["requirements"] if "left_out" in row}
    assert not [f for f in report["findings"] if f["check"] == "vpc-flow-logs"]
    validation = [f for f in report["findings"] if f["check"] == "cloudtrail-log-file-validation"]
    assert [f["verdict"] for f in validation] == ["critical"]
    for name in ("report.text", "report.html", "report.junit"):
        assert "left out: the network team keeps them" in (tmp_path / name).read_text()


def test_the_configuration_is_found_where_the_program_runs(ciswatch, example):
    (ciswatch.folder / "ciswatch.yaml").write_text(LEFT_OUT)
    ran, report = scan(ciswatch, example)
    assert "configured by ./ciswatch.yaml" in ran.err
    assert any("left_out" in row for row in report["requirements"])


def test_own_checks_and_packs_stand_beside_the_shipped(ciswatch, example, tmp_path):
    folder = own_folder(tmp_path / "own")
    _, report = scan(ciswatch, example, "--checks-dir", folder, "--pack", "own-pack")
    assert [row["number"] for row in report["requirements"]] == ["1", "2"]
    assert {f["check"] for f in report["findings"]} == {"own-account",
                                                        "cloudtrail-log-file-validation"}
    config = tmp_path / "config.yaml"
    config.write_text("folders: [own]\n")
    _, same = scan(ciswatch, example, "--config", config, "--pack", "own-pack")
    assert same == report


def test_a_taken_id_and_a_wrong_word_are_errors_with_their_place(ciswatch, tmp_path):
    folder = own_folder(tmp_path / "own")
    (folder / "kms-key-rotation.yaml").write_text(OWN.replace("own-account", "kms-key-rotation"))
    taken = ciswatch.expect(2, "checks", "list", "--checks-dir", folder)
    assert "kms-key-rotation.yaml:1:1: the id 'kms-key-rotation' is also that of" in taken.err
    config = tmp_path / "config.yaml"
    config.write_text("checks:\n  - {check: kms-key-rotaton, level: warn}\n")
    wrong = ciswatch.expect(2, "checks", "list", "--config", config)
    assert (f"{config}:2:13: there is no check 'kms-key-rotaton', did you mean 'kms-key-rotation'?"
            in wrong.err)


class Loader(yaml.SafeLoader):
    """YAML 1.2's idea of a time: a text, as ciswatch and editors take it."""


Loader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def validator(kind):
    schema = json.loads((ROOT / f"docs/schemas/{kind}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def mistakes(kind, text):
    return [error.message for error in validator(kind).iter_errors(yaml.load(text, Loader))]


def test_the_shipped_files_fit_their_schemas():
    checks = [f for f in (ROOT / "checks").glob("*/*.yaml") if f.parent.name not in ("packs", "fixes", "bundles")]
    packs = list((ROOT / "checks/packs").glob("*.yaml"))
    assert len(checks) > 9 and len(packs) > 9
    for kind, files in (("check", checks), ("pack", packs)):
        schema = validator(kind)
        for file in files:
            schema.validate(yaml.load(file.read_text(), Loader))
    assert mistakes("config", LEFT_OUT) == []
    assert mistakes("config", HOOKS) == []
    assert mistakes("config", (ROOT / "examples/hooks/ciswatch.yaml").read_text()) == []
    assert mistakes("waivers", WAIVERS) == []


@pytest.mark.parametrize("kind, text, mistake", [
    ("check", OWN.replace("title:", "titel:"), "'titel' was unexpected"),
    ("check", OWN.replace("why: To try it.\n", ""), "'why' is a required property"),
    ("check", OWN.replace("level: warn", "level: high"), "'high' is not one of"),
    ("check", OWN.replace("aws_account:", "aws_acount:"), "'aws_acount' was unexpected"),
    ("check", OWN.replace("{arn:", "{arm:"), "'arm' was unexpected"),
    ("check", OWN + "related: {soc2: [A1.1]}\n", "'soc2' was unexpected"),
    ("check", OWN.replace("id: own-account", "id: Own"), "does not match"),
    ("pack", PACK.replace('number: "1"', "number: 1.1"), "1.1 is not of type 'string'"),
    ("pack", PACK.replace("checks: [own-account]", "check: own-account"), "was unexpected"),
    ("config", LEFT_OUT.replace("left_out", "leave_out"), "'leave_out' was unexpected"),
    ("waivers", WAIVERS.replace("owner: net, ", ""), "'owner' is a required property"),
    ("config", HOOKS.replace("on_finding", "on_finding_"), "'on_finding_' is not one of"),
    ("config", HOOKS.replace("run: [./a, b]", "run: ./a b"), "is not of type 'array'"),
    ("config", HOOKS.replace("    run: [./a, b]\n", ""), "'run' is a required property"),
    ("config", HOOKS.replace("seconds: 9", "seconds: long"), "'long' is not of type 'integer'"),
    ("waivers", WAIVERS.replace("90", "many"), "'many' is not of type 'integer'"),
    ("config", "folders: own\n", "'own' is not of type 'array'"),
    ("accounts", "accounts: [{id: '111111111111', rol: audit}]\n", "'rol' was unexpected"),
])
def test_what_the_loader_refuses_does_not_fit_the_schema_either(kind, text, mistake):
    assert mistake in "\n".join(mistakes(kind, text))
