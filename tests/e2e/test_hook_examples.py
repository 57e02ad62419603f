"""The programs of examples/hooks, run as a scan runs them."""

import json
import shutil
import subprocess
import sys

import botocore.session
import botocore.validate
import pytest

from program import ROOT

FOLDER = ROOT / "examples/hooks"
HOSTILE = "arn:`id`$(id)'\"; \n\"finding\":{\"id\":\"" + "f" * 32 + '"}'


def document(**changes):
    finding = {"id": "0" * 31 + "1", "check": "c", "account_id": "111111111111", "region": "us-east-1",
               "resource": HOSTILE, **changes}
    return json.dumps({"schema_version": 1, "event": "on_finding", "snapshot": {"id": "s"},
                       "finding": finding}, separators=(",", ":"))


def run(*argv, told=None, **how):
    return subprocess.run([str(word) for word in argv], input=told or document(), text=True, timeout=30,
                          capture_output=True, check=False, **how)


def test_a_ticket_is_opened_once(tmp_path):
    for text in ("first", "second"):
        assert run(FOLDER / "open-ticket", tmp_path / "tickets", told=document(detail=text)).returncode == 0
    ticket, = (tmp_path / "tickets").iterdir()
    assert ticket.name == "0" * 31 + "1.json"
    finding = json.loads(ticket.read_text())["finding"]
    assert finding["detail"] == "first" and finding["resource"] == HOSTILE


@pytest.mark.parametrize("told", ["{}", '{"finding":{"id":"../../x"}}', document(id="1")])
def test_what_is_no_finding_is_no_ticket(tmp_path, told):
    ran = run(FOLDER / "open-ticket", tmp_path / "tickets", told=told)
    assert ran.returncode == 1 and "has no finding" in ran.stderr
    assert list((tmp_path / "tickets").iterdir()) == []


def test_an_automation_gets_what_its_call_takes(tmp_path):
    """By a CLI that writes down its words; what they say is checked by botocore's description."""
    aws = tmp_path / "aws"
    aws.write_text(f"#!{sys.executable}\nimport json, sys\n"
                   f"json.dump(sys.argv[1:], open({str(tmp_path / 'words')!r}, 'w'))\nsys.exit(4)\n")
    aws.chmod(0o755)
    tokens = set()
    for id in ("a" * 32, "a" * 32, "b" * 32):
        ran = run(FOLDER / "start-automation", "Mend", told=document(id=id),
                  env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
        assert ran.returncode == 4, "the exit code is that of the CLI"
        words = json.loads((tmp_path / "words").read_text())
        flags = dict(zip(words[2::2], words[3::2]))
        call = {"DocumentName": flags.pop("--document-name"), "ClientToken": flags.pop("--client-token"),
                "Parameters": json.loads(flags.pop("--parameters"))}
        tokens.add(call["ClientToken"])
        assert words[:2] == ["ssm", "start-automation-execution"] and flags == {"--output": "json"}
        assert call["Parameters"]["Resource"] == [HOSTILE]
        operation = botocore.session.get_session().get_service_model("ssm").operation_model(
            "StartAutomationExecution")
        wrong = botocore.validate.ParamValidator().validate(call, operation.input_shape)
        assert not wrong.has_errors(), wrong.generate_report()
    assert len(tokens) == 2


def test_the_python_hook_passes_its_own_tests():
    ran = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", FOLDER],
                         capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout


def test_a_veto_comes_from_the_program_too(tmp_path):
    told = json.dumps({"event": "before_apply", "change": {"account_id": "999999999999"}})
    ran = run(FOLDER / "change_window.py", "--keep-off", "999999999999", told=told)
    assert (ran.returncode, ran.stdout) == (1, "account 999999999999 is changed by hand\n")
    assert run(FOLDER / "change_window.py", told=told).returncode == 0
    assert run(FOLDER / "change_window.py", told="no JSON").returncode != 0


def test_a_scan_opens_tickets(ciswatch, example):
    shutil.copytree(FOLDER, ciswatch.folder / "hooks")
    ran = ciswatch.run("scan", "--snapshot", example("seed-001").snapshot, "--report", "json=report.json",
                       "--config", "hooks/ciswatch.yaml", "--check", "cloudtrail-cloudwatch-logs",
                       "--run-hooks")
    report = json.loads((ciswatch.folder / "report.json").read_text())
    critical = [f for f in report["findings"] if f["verdict"] == "critical"]
    tickets = list((ciswatch.folder / "hooks/tickets").iterdir())
    assert critical and {json.loads(t.read_text())["finding"]["id"] for t in tickets} == {
        f["id"] for f in critical}
    assert "./open-ticket was run for" in ran.err and "failed" not in ran.err
