"""Many accounts in one collection, a role taken on in each, from a local AWS that goes wrong: compared
with the same fleet in peace."""

import os
import types

import pytest

import faults
import judge
import server
from conftest import ATTEMPTS
from program import Program, ROOT
from recording import Fleet, Recording

# The long form: scripts/lab.
ACCOUNTS = int(os.environ.get("LAB_ACCOUNTS", "12"))
EXAMPLES = ("seed-001", "seed-001-fixed", "seed-004")
OWN = "500000000000"  # whose credentials take on the roles; none of the fleet
IDS = [str(600_000_000_000 + 97 * number) for number in range(ACCOUNTS)]
PACK = ["--pack", "cis-aws-1.2.0"]
SEED = 9  # that denies a role even where the accounts are few


def collected(folder, schedule=None):
    """What a collection of the fleet made and what the server did to it."""
    folder.mkdir()
    fleet = Fleet([Recording(ROOT / "examples" / name / "recording.jsonl") for name in EXAMPLES],
                  [*IDS, OWN])
    program = Program(folder)
    (folder / "accounts.csv").write_text("id\n" + "".join(f"{id}\n" for id in IDS))
    with server.serving(fleet, schedule) as lab:
        snapshot = program.collect(lab.url, *PACK, "--accounts", "accounts.csv", "--role", "audit",
                                   "--max-in-flight", "256", timeout=60 + 3 * ACCOUNTS,
                                   env={"AWS_ACCESS_KEY_ID": f"AKIALAB{OWN}",
                                        "AWS_MAX_ATTEMPTS": ATTEMPTS})
    return types.SimpleNamespace(lab=lab, ledger=judge.ledger(snapshot),
                                 report=program.report(snapshot, *PACK, timeout=300))


@pytest.fixture(scope="module")
def runs(tmp_path_factory, injected):
    """(the fleet in peace, the disturbed one)."""
    folder = tmp_path_factory.mktemp("fleet")
    peace = collected(folder / "peace")
    disturbed = collected(folder / "disturbed", faults.Schedule(SEED))
    injected.append(disturbed.lab.injected)
    return peace, disturbed


def test_in_peace_every_account_is_read_with_its_own_role(runs):
    peace, _ = runs
    assert peace.lab.unknown == [] and peace.lab.injected == 0
    assert {row.account for row in peace.ledger} == set(IDS)
    assert {row.outcome for row in peace.ledger} == {"ok", "absent"}
    roles = [event.call for event in peace.lab.events if event.call.operation == "AssumeRole"]
    assert len(roles) == ACCOUNTS and {call.account for call in roles} == {OWN}


def test_no_verdict_of_any_account_is_better_than_in_peace(runs):
    peace, disturbed = runs
    # Roles that the budget of the caller's own retries does not pay for leave their accounts in peace.
    assert disturbed.lab.injected > 100 * ACCOUNTS
    assert list(judge.better(peace.report, disturbed.report)) == []


def test_each_final_fault_is_in_the_ledger_and_nothing_else_is(runs):
    peace, disturbed = runs
    last = disturbed.lab.last_faults()
    assert any(call.operation == "AssumeRole" for call in last), "a role that is never given"
    assert disturbed.lab.unknown == []
    assert list(judge.unreported(last, disturbed.ledger)) == []
    assert list(judge.unexplained(last, disturbed.ledger, peace.ledger)) == []


def test_an_account_without_its_role_is_not_tried_and_the_others_are(runs):
    _, disturbed = runs
    shut = {judge.told_as(call).account for call in disturbed.lab.last_faults()
            if call.operation == "AssumeRole"}
    assert {row.account for row in disturbed.ledger} == set(IDS)
    for row in disturbed.ledger:
        if row.account in shut and row.operation != "GetCallerIdentity":
            assert row.outcome == "not_tried"
    tried = {row.account for row in disturbed.ledger if row.outcome == "ok"}
    assert tried == set(IDS) - shut
