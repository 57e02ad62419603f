"""Many accounts in one run: sessions that end in the middle of it, and a run that is stopped."""

import os
import signal
import time

import identity_server
import loopback
from fleet_runs import accounts_file, collected, findings_of, rows, write
from fleet_server import FIRST, OWN, SECOND, account_of, closed, fleet, role_account
from test_signals import wait_for


def ending_after(calls, account):
    """A rule: the first session of the account's role is refused as expired after so many calls."""
    state = {"given": 0, "used": 0}

    def rule(request, _):
        if request.operation == "AssumeRole" and role_account(request) == account:
            state["given"] += 1
            return loopback.Answer(200, identity_server.assumed(
                "AssumeRole", f"ASIA{account}{state['given']}"))
        if request.key_id != f"ASIA{account}1":
            return None
        state["used"] += 1
        if state["used"] <= calls:
            return None
        return loopback.error(request, "ExpiredToken", "The security token has expired", 400)

    return rule, state


def test_a_session_that_ends_in_mid_run_is_taken_on_anew_and_judged_the_same(ciswatch):
    file = accounts_file(ciswatch, OWN, FIRST, SECOND)
    flags = ["--accounts", file, "--role", "audit"]
    with loopback.serving(fleet()) as server:
        collected(ciswatch, server, *flags, to="calm.db")
    rule, state = ending_after(4, FIRST)
    with loopback.serving(fleet({}, rule)) as server:
        result = collected(ciswatch, server, *flags, "--record", "r.jsonl")
    assert "100 % of" in result.err, result
    assert state["given"] == 2
    assert findings_of(ciswatch, "s.db") == findings_of(ciswatch, "calm.db")
    for kept in ("s.db", "r.jsonl"):
        assert b"SHHH" not in (ciswatch.folder / kept).read_bytes()
    assert "SHHH" not in result.err
    ciswatch.import_("r.jsonl", to="imported.db")
    assert findings_of(ciswatch, "imported.db") == findings_of(ciswatch, "s.db")


def test_a_profile_that_becomes_another_account_in_mid_run_is_not_followed(ciswatch):
    """The role of the profile ends; what its renewal gives is of another account."""
    home = ciswatch.folder / "home/.aws"
    home.mkdir()
    home.joinpath("credentials").write_text(
        "[default]\naws_access_key_id = AKIDBASE\naws_secret_access_key = x\n")
    home.joinpath("config").write_text(
        f"[default]\nrole_arn = arn:aws:iam::{FIRST}:role/audit\nsource_profile = default\n")
    rule, state = ending_after(4, FIRST)

    def becomes(request, _):
        if request.operation == "GetCallerIdentity" and request.key_id == f"ASIA{FIRST}2":
            return loopback.Answer(200, loopback.caller_identity(SECOND))
        return None

    with loopback.serving(fleet({}, becomes, rule)) as server:
        result = ciswatch.expect(0, "collect", "-o", "s.db", "--endpoint-url", server.url,
                                 env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None})
    assert "100 % of" not in result.err
    used = {r.operation for r in server.requests if r.key_id == f"ASIA{FIRST}2"}
    assert used == {"GetCallerIdentity"}
    assert rows(ciswatch.folder / "s.db", "select count(*) > 0 from api_call where message like "
                f"'%the new credentials are of account {SECOND}, not of {FIRST}%'") == [1]


def test_a_stopped_run_goes_on_with_what_is_left_and_a_role_that_is_given_by_now(ciswatch):
    file = accounts_file(ciswatch, OWN, FIRST, SECOND)
    flags = ["--accounts", file, "--role", "audit"]
    stuck = [True]

    def rule(request, earlier):
        if not stuck[0]:
            return None
        if request.operation == "DescribeVpcs" and account_of(request) == SECOND:
            return loopback.Answer(200, loopback.EMPTY["DescribeVpcs"], delay=30)
        return closed(FIRST)(request, earlier)

    with loopback.serving(fleet({}, rule)) as server:
        process = ciswatch.start("collect", "-o", "s.db", "--endpoint-url", server.url, *flags)
        wait_for(lambda: any(account_of(r) == SECOND for r in server.asked("DescribeVpcs")),
                 "a call of the last account")
        time.sleep(0.5)  # what the others answer
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 130
        stuck[0] = False
        changed = write(ciswatch, f"id\n{OWN}\n", "changed.csv")
        refused = collected(ciswatch, server, "--accounts", changed, "--role", "audit", "--resume", code=2)
        assert "--accounts" in refused.err
        server.requests.clear()
        result = collected(ciswatch, server, *flags, "--resume")
        again = {r.operation for r in server.requests if account_of(r) == OWN}
        collected(ciswatch, server, *flags, to="calm.db")
    assert "100 % of" in result.err, result
    assert again == {"GetCallerIdentity", "AssumeRole"}
    assert rows(ciswatch.folder / "s.db", "select account_id, outcome from api_call where operation = "
                "'GetCallerIdentity'") == [(OWN, "ok"), (FIRST, "ok"), (SECOND, "ok")]
    assert findings_of(ciswatch, "s.db") == findings_of(ciswatch, "calm.db")
