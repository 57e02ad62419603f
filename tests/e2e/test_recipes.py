"""Each failing finding says how to mend it in four forms that fit that very resource: what the AWS CLI, cfn-lint
and an HCL parser say of them, with the names of real findings and with hostile ones."""

import itertools
import json
import re
import subprocess

import pytest
import yaml

import recipes
from program import ROOT, Program, program_path

FORMS = ["text", "cli", "cloudformation", "terraform"]
PACKS = ["cis-aws-1.2.0", "logging-best-practice"]
PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")

# Names that are put in as they are, and would be more than a name in some place that is not in quotes.
ODD = ["no", "1e3", "0123456789", "null", "a:b", "a=b", "a,b=c", "a.b@c+d/e", "True", "_", "x:", "08"]


def required():
    ids = set()
    for pack in PACKS:
        for requirement in yaml.safe_load((ROOT / f"checks/packs/{pack}.yaml").read_text())["requirements"]:
            ids |= set(requirement["checks"])
    return ids


def shipped():
    checks = {}
    for file in sorted((ROOT / "checks").glob("*/*.yaml")):
        check = yaml.safe_load(file.read_text())
        if "remediation" in check:
            checks[check["id"]] = check["remediation"]
    return checks


@pytest.fixture(scope="module")
def findings():
    """(check, resource, remediation) of failing findings: of the checks' own tests and of the examples."""
    found = []
    told = subprocess.run([program_path().parent / "tests/check_proof", "recipes"], capture_output=True,
                          text=True, timeout=300, check=True)
    found += [json.loads(line) for line in told.stdout.splitlines()]
    return found


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    found = []
    program = Program(tmp_path_factory.mktemp("recipes"))
    for name in ("seed-000", "seed-001", "seed-003", "seed-004"):
        snapshot = program.import_(ROOT / "examples" / name / "recording.jsonl")
        report = json.loads(program.run("scan", "--snapshot", snapshot, "--pack", "cis-aws-1.2.0", "--pack",
                                        "logging-best-practice", "--report", "json").out)
        for finding in report["findings"]:
            failed = finding["verdict"] in ("warn", "critical")
            assert bool(finding["remediation"]) == failed, finding
            if failed:
                found.append(finding)
    return found


def distinct(all_findings, form):
    """Each text once, with the check that it is of."""
    return sorted({(finding["check"], finding["remediation"][form]) for finding in all_findings
                   if form in finding["remediation"]})


def test_every_check_of_the_benchmarks_has_the_four_forms(findings):
    checks = shipped()
    missing = {check: [form for form in FORMS if form not in checks[check]] for check in required()}
    assert {check: forms for check, forms in missing.items() if forms} == {}
    assert required() <= {finding["check"] for finding in findings}


def test_nothing_is_left_to_fill_in_but_what_is_not_known(findings, scanned):
    for finding in findings + scanned:
        for form, text in finding["remediation"].items():
            assert not PLACEHOLDER.search(text), (finding["check"], form, text)


def test_the_aws_cli_takes_every_command(findings, scanned, monkeypatch, tmp_path):
    cli = recipes.Cli(monkeypatch, tmp_path)
    parsed = 0
    for check, text in distinct(findings + scanned, "cli"):
        argvs = recipes.commands(text, _fresh(tmp_path))
        for argv in argvs:
            cli.parse(argv)
        parsed += len(argvs)
    assert parsed > 300


def _fresh(tmp_path, numbers=itertools.count()):
    folder = tmp_path / f"shell-{next(numbers)}"
    folder.mkdir()
    return folder


def test_terraform_is_hcl(findings, scanned):
    for check, text in distinct(findings + scanned, "terraform"):
        blocks = recipes.terraform(text)
        assert blocks or all(line.startswith("#") for line in text.splitlines()), (check, text)


def filled(text, value):
    return PLACEHOLDER.sub(lambda match: value(match.group(1)), text)


# As AWS gives them: cfn-lint looks at names, too, and those of the checks' tests are short.
NAMES = {"account_id": "111111111111", "region": "eu-west-1", "partition": "aws", "group_region": "eu-west-1",
         "group_account_id": "111111111111", "role_arn": "arn:aws:iam::111111111111:role/logs",
         "streams_arn": "arn:aws:logs:eu-west-1:111111111111:log-group:trail:log-stream:"}


def test_cfn_lint_finds_no_error():
    checks, linted = shipped(), 0
    for check in sorted(required()):
        text = filled(checks[check]["cloudformation"], lambda name: NAMES.get(name, "my-name"))
        if recipes.cloudformation(text):
            assert recipes.cfn_errors(text) == [], (check, text)
            linted += 1
    assert linted > 70


def shape(value):
    """Without the texts: they are the only thing that a name may change."""
    if isinstance(value, dict):
        return {"<text>" if isinstance(key, str) and "mark" in key else key: shape(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [shape(part) for part in value]
    return type(value).__name__


def test_a_name_stays_one_value_in_every_form(monkeypatch, tmp_path):
    cli = recipes.Cli(monkeypatch, tmp_path)
    names = itertools.cycle(ODD)
    for check, forms in shipped().items():
        if check not in required():
            continue
        odd = next(names)
        for form, read in (("cloudformation", recipes.cloudformation), ("terraform", recipes.terraform)):
            tame, strange = (read(filled(forms[form], lambda _name, v=v: v)) for v in ("tame", odd))
            assert shape(tame) == shape(strange), (check, form, odd)
            assert json.dumps(tame, default=str).replace("tame", odd) == json.dumps(strange, default=str), \
                (check, form, odd)
        tame, strange = (recipes.commands(filled(forms["cli"], lambda _name, v=v: v), _fresh(tmp_path))
                         for v in ("tame", odd))
        assert [[word.replace("tame", odd) for word in argv] for argv in tame] == strange, (check, odd)
        for argv, other in zip(tame, strange):
            assert shape(cli.parse(argv)) == shape(cli.parse(other)), (check, odd)
