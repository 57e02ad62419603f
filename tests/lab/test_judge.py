"""The judge of the lab sees what it is there for."""

import math
import types

import faults
import judge
import wire

CALL = wire.Call("111111111111", "eu-west-1", "iam", "GetRole", (("RoleName", "audit"),))


def row(outcome, target="arn:aws:iam::111111111111:role/path/audit"):
    return types.SimpleNamespace(account="111111111111", region="eu-west-1", service="iam",
                                 operation="GetRole", target=target, outcome=outcome)


def report(*verdicts):
    """Of resources `a`, `b` …"""
    return types.SimpleNamespace(findings=[
        {"check": "c", "account_id": "1", "region": "r", "resource": name, "verdict": verdict, "detail": ""}
        for name, verdict in zip("abc", verdicts) if verdict])


def test_a_verdict_that_is_better_is_seen():
    assert list(judge.better(report("warn"), report("pass")))
    assert list(judge.better(report("unknown"), report("not_applicable")))
    assert list(judge.better(report("pass"), report("pass", "pass")))


def test_a_fault_of_which_nothing_is_said_any_more_is_seen():
    assert list(judge.better(report("pass", "critical"), report("pass", None)))


def test_a_verdict_that_is_worse_or_unknown_is_none_of_that():
    assert not list(judge.better(report("pass", "warn"), report("unknown", "warn")))
    assert not list(judge.better(report("pass", "warn"), report(None, "unknown")))


def test_a_fault_that_the_ledger_does_not_tell_of_is_seen():
    last = {CALL: "denied"}
    assert not list(judge.unreported(last, [row("denied")]))
    for rows in ([], [row("ok")], [row("absent")], [row("failed")],
                 [row("denied", "arn:aws:iam::111111111111:role/other")]):
        assert list(judge.unreported(last, rows))


def test_a_role_that_is_not_given_is_told_by_who_could_not_be_asked():
    role = wire.Call("000000000000", "eu-west-1", "sts", "AssumeRole",
                     (("RoleArn", "arn:aws:iam::111111111111:role/audit"),))
    asked = types.SimpleNamespace(**{**vars(row("denied", "")), "service": "sts",
                                     "operation": "GetCallerIdentity"})
    assert not list(judge.unreported({role: "denied"}, [asked]))
    assert not list(judge.unexplained({role: "denied"}, [asked], []))
    asked.outcome = "ok"
    assert list(judge.unreported({role: "denied"}, [asked]))
    asked.account = "222222222222"
    assert list(judge.unreported({role: "denied"}, [asked]))


def test_a_row_that_differs_without_a_fault_is_seen():
    assert list(judge.unexplained({}, [row("failed")], [row("ok")]))
    assert not list(judge.unexplained({CALL: "reset"}, [row("failed")], [row("ok")]))


def test_the_fate_of_a_call_depends_on_the_seed_and_the_call_alone():
    fates = {seed: faults.Schedule(seed, share=1).fate(CALL) for seed in range(200)}
    assert fates == {seed: faults.Schedule(seed, share=1).fate(CALL) for seed in range(200)}
    assert {fate.kind for fate in fates.values()} == set(faults.KINDS) - {"error in 200"}
    assert any(fate.times == math.inf for fate in fates.values())
