"""Many accounts in one run: by a file, a role taken on in each."""

import json
import threading

import pytest

import identity_server
import loopback
from fleet_runs import accounts_file, collected, findings_of, rows, write
from fleet_server import DENIED, FIRST, OWN, SECOND, account_of, closed, fleet, role_account
from program import ROOT

PACKS = sorted(file.stem for file in (ROOT / "checks/packs").glob("*.yaml"))


def test_each_account_is_asked_with_its_role_and_the_callers_with_its_own_credentials(ciswatch):
    file = accounts_file(ciswatch, OWN, FIRST, SECOND)
    with loopback.serving(fleet()) as server:
        result = collected(ciswatch, server, "--accounts", file, "--role", "security/audit")
    assert "3 accounts, " in result.err and "100 % of" in result.err, result
    keys = {r.key_id for r in server.requests if r.service == "cloudtrail"}
    assert keys == {"AKIDENDTOEND", f"ASIA{FIRST}", f"ASIA{SECOND}"}
    assert sorted(r.form["RoleArn"] for r in server.asked("AssumeRole")) == [
        f"arn:aws:iam::{id}:role/security/audit" for id in (FIRST, SECOND)]
    assert rows(ciswatch.folder / "s.db", "select account_id from aws_account") == [OWN, FIRST, SECOND]


def test_what_the_flags_and_the_file_say_of_roles_is_asked_of_sts(ciswatch):
    file = write(ciswatch, f"""accounts:
  - id: "{FIRST}"
    role: arn:aws:iam::{FIRST}:role/own
    external_id: of-the-file
  - {{id: "{SECOND}"}}
  - {{id: "{OWN}", role: audit}}
""", "accounts.yml")
    with loopback.serving(fleet()) as server:
        collected(ciswatch, server, "--accounts", file, "--role", "audit", "--external-id", "of-the-flag",
                  "--role-session-name", "night", "--role-duration", "900", "--session-tag", "a=b=c",
                  "--session-tag", "d=")
    asked = {role_account(r): r.form for r in server.asked("AssumeRole")}
    assert set(asked) == {OWN, FIRST, SECOND}
    assert asked[FIRST]["RoleArn"] == f"arn:aws:iam::{FIRST}:role/own"
    assert asked[FIRST]["ExternalId"] == "of-the-file"
    assert asked[SECOND]["ExternalId"] == "of-the-flag"
    for form in asked.values():
        assert (form["RoleSessionName"], form["DurationSeconds"]) == ("night", "900")
        assert (form["Tags.member.1.Key"], form["Tags.member.1.Value"]) == ("a", "b=c")
        assert form["Tags.member.2.Key"] == "d"


def test_a_role_by_its_arn_reads_its_account_alone(ciswatch):
    with loopback.serving(fleet()) as server:
        collected(ciswatch, server, "--role", f"arn:aws:iam::{FIRST}:role/audit")
    assert rows(ciswatch.folder / "s.db", "select account_id from aws_account") == [FIRST]


def test_a_chain_of_roles_is_a_profile_with_a_role_and_a_role_in_each_account(ciswatch):
    home = ciswatch.folder / "home/.aws"
    home.mkdir()
    home.joinpath("credentials").write_text(
        "[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = x\n")
    home.joinpath("config").write_text(
        f"[profile hub]\nrole_arn = arn:aws:iam::{SECOND}:role/hub\nsource_profile = base\n")
    file = accounts_file(ciswatch, FIRST)
    with loopback.serving(fleet()) as server:
        collected(ciswatch, server, "--profile", "hub", "--accounts", file, "--role", "audit")
    assert [(r.key_id, role_account(r)) for r in server.asked("AssumeRole")] == [
        ("AKIDBASE", SECOND), (f"ASIA{SECOND}", FIRST)]


def test_regions_of_an_account_are_those_of_the_file(ciswatch):
    file = write(ciswatch, f"id,role,regions\n{FIRST},audit,eu-west-1\n{SECOND},audit,\n")
    with loopback.serving(fleet()) as server:
        collected(ciswatch, server, "--accounts", file)
    asked = sorted((account_of(r), r.region) for r in server.asked("DescribeTrails"))
    assert asked == [(FIRST, "eu-west-1"), (SECOND, "eu-west-1"), (SECOND, "us-east-1")]
    assert rows(ciswatch.folder / "s.db", "select account_id, region, outcome from api_call where "
                "operation = 'DescribeTrails' and outcome <> 'ok'") == [(FIRST, "us-east-1", "not_tried")]


def test_accounts_of_other_shards_are_not_asked_and_merged_shards_are_the_whole(ciswatch):
    ids = [f"{n:012}" for n in range(100, 109)]
    file = accounts_file(ciswatch, *ids)
    flags = ["--accounts", file, "--role", "audit"]
    with loopback.serving(fleet()) as server:
        collected(ciswatch, server, *flags, to="whole.db")
        parts = []
        for number in range(1, 4):
            server.requests.clear()
            collected(ciswatch, server, *flags, "--shard", f"{number}/3", to=f"{number}.db")
            parts.append({role_account(r) for r in server.asked("AssumeRole")})
            assert parts[-1] == set(rows(ciswatch.folder / f"{number}.db",
                                         "select account_id from aws_account"))
    assert sorted(id for part in parts for id in part) == ids
    ciswatch.expect(0, "merge", "1.db", "2.db", "3.db", "-o", "merged.db")
    assert findings_of(ciswatch, "merged.db") == findings_of(ciswatch, "whole.db")


def test_roles_are_taken_on_side_by_side(ciswatch):
    """Sixteen at least wait for STS at the same time."""
    under_way, most, lock = [0], [0], threading.Lock()

    def assume(request):
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        server.stopping.wait(0.2)
        with lock:
            under_way[0] -= 1
        return identity_server.assumed("AssumeRole", f"ASIA{role_account(request)}")

    file = accounts_file(ciswatch, *(f"{n:012}" for n in range(40)))
    with loopback.serving(fleet({"AssumeRole": assume})) as server:
        result = collected(ciswatch, server, "--accounts", file, "--role", "audit")
    assert most[0] >= 12, most
    assert "40 accounts" in result.err


# --- accounts that cannot be got into

def test_a_role_that_is_refused_stops_nothing_and_is_named(ciswatch):
    file = accounts_file(ciswatch, OWN, FIRST, SECOND)
    with loopback.serving(fleet({}, closed(FIRST))) as server:
        result = collected(ciswatch, server, "--accounts", file, "--role", "audit")
    assert (f"account {FIRST} (name-1) was not read: AccessDenied: cannot take on the role "
            f"arn:aws:iam::{FIRST}:role/audit: {DENIED}") in result.err
    snapshot = ciswatch.folder / "s.db"
    assert rows(snapshot, f"select distinct outcome from api_call where account_id = '{FIRST}' "
                "order by 1") == ["denied", "not_tried"]
    assert rows(snapshot, f"select operation from api_call where account_id = '{FIRST}' and "
                "outcome = 'denied'") == ["GetCallerIdentity"]
    assert rows(snapshot, "select distinct outcome from api_call where account_id in "
                f"('{OWN}', '{SECOND}') order by 1") == ["absent", "ok"]
    scan = ciswatch.run("scan", "--snapshot", snapshot, "--fail-on", "critical", "--report", "text")
    assert FIRST in scan.out and "cannot take on the role" in scan.out, scan
    difference = ciswatch.expect(1, "permissions", "--diff", snapshot).out
    assert "lacked    sts:AssumeRole" in difference and DENIED in difference


@pytest.mark.parametrize("why", ["refused", "another account"])
def test_no_check_of_any_pack_takes_an_account_that_was_not_read_for_one_without_faults(ciswatch, why):
    def another(request, _):
        if request.operation == "GetCallerIdentity" and account_of(request) == FIRST:
            return loopback.Answer(200, loopback.caller_identity(SECOND))
        return None

    # What no answer is scripted for is empty.
    def nothing(request):
        return loopback.error(request, "AccessDenied", "not scripted", 403)

    rule = closed(FIRST) if why == "refused" else another
    answers = fleet({}, rule)
    chosen = [flag for pack in PACKS for flag in ("--pack", pack)]
    file = accounts_file(ciswatch, OWN, FIRST)
    with loopback.serving(answers) as server:
        collected(ciswatch, server, "--accounts", file, "--role", "audit", *chosen)
    if why == "another account":
        used = {r.operation for r in server.requests if r.key_id == f"ASIA{FIRST}"}
        assert used == {"GetCallerIdentity"}
    report = ciswatch.report("s.db", *chosen)
    of_first = [f for f in report.findings if f["account_id"] == FIRST]
    assert {f["verdict"] for f in of_first} == {"unknown"}
    assert {f["check"] for f in of_first} == {f["check"] for f in report.findings}
    requirements = [r for r in report.document["requirements"] if r["account_id"] == FIRST]
    assert {r["verdict"] for r in requirements} <= {"unknown", "not_applicable"}
    assert all(r["verdict"] == "unknown" for r in requirements if r["number"] in ("2.1", "3.1")), \
        requirements


def test_where_no_account_can_be_read_nothing_is_written(ciswatch):
    file = accounts_file(ciswatch, FIRST, SECOND)
    with loopback.serving(fleet({}, closed(FIRST, SECOND))) as server:
        result = collected(ciswatch, server, "--accounts", file, "--role", "audit", code=2)
        assert "none of the accounts could be read (2 tried)" in result.err
        assert not list(ciswatch.folder.glob("s.db*"))
        # Other machines may have read others.
        collected(ciswatch, server, "--accounts", file, "--role", "audit", "--shard", "1/2", to="1.db")


def test_the_callers_own_credentials_must_be_accepted(ciswatch):
    file = accounts_file(ciswatch, FIRST)

    def refused(request):
        return loopback.error(request, "InvalidClientTokenId", "no such key", 403)

    with loopback.serving(fleet({"GetCallerIdentity": refused})) as server:
        result = collected(ciswatch, server, "--accounts", file, "--role", "audit", code=2)
    assert "AWS does not accept the credentials" in result.err
    assert not server.asked("AssumeRole")


# --- mistakes

@pytest.mark.parametrize("args, said", [
    (["--accounts", "none.csv"], "none.csv"),
    (["--accounts", "bad.csv", "--role", "audit"], "bad.csv:2:1: '12' is no account"),
    (["--accounts", "good.csv"], f"account {FIRST} has no role to take on: give --role NAME, or a role in"),
    (["--accounts", "good.csv", "--role", f"arn:aws:iam::{FIRST}:role/audit"], "an ARN is of one account"),
    (["--accounts", "good.csv", "--role", "a b"], "neither a role's name nor its ARN"),
    (["--accounts", "good.csv", "--role", "audit", "--organization"], "excludes"),
    (["--accounts", "good.csv", "--role", "audit", "--account-tag", "stage"], "write it as KEY=VALUE"),
    (["--accounts", "good.csv", "--role", "audit", "--account-tag", "stage=prod"], "no account is left"),
    (["--accounts", "good.csv", "--role", "audit", "--role-session-name", "x"], "2 to 64 letters"),
    (["--accounts", "good.csv", "--role", "audit", "--role-duration", "60"], "not in range"),
    (["--accounts", "good.csv", "--role", "audit", "--session-tag", "a=1", "--session-tag", "a=2"],
     "the key is there twice"),
    (["--role", "audit"], "in which account?"),
    (["--external-id", "x"], "give --role, too"),
    (["--account-tag", "a=b"], "chooses among the accounts"),
    (["--ou", "ou-1"], "requires --organization"),
])
def test_mistakes_in_flags_and_files_end_the_command_at_once(ciswatch, args, said):
    write(ciswatch, "id\n12\n", "bad.csv")
    write(ciswatch, f"id\n{FIRST}\n", "good.csv")
    with loopback.serving(fleet()) as server:
        result = collected(ciswatch, server, *args, code=2)
    assert said in result.err, result
    assert not server.asked("AssumeRole") and not server.asked("DescribeTrails")
    assert not list(ciswatch.folder.glob("s.db*"))


# --- what the caller must be allowed

def test_permissions_of_the_caller_are_what_the_flags_ask_for(ciswatch):
    def statements(*args):
        policy = json.loads(ciswatch.expect(0, "permissions", *args).out)
        return {s["Sid"]: (s["Action"], s["Resource"]) for s in policy["Statement"]}

    takes_on = (["sts:AssumeRole"], "arn:aws:iam::*:role/audit")
    assert statements("--role", "audit") == {"CiswatchTakesOnRoles": takes_on}
    assert statements("--role", "audit", "--organization") == {
        "CiswatchTakesOnRoles": takes_on,
        "CiswatchListsAccounts": (["organizations:ListAccounts"], "*")}
    assert statements("--role", "audit", "--organization", "--ou", "ou-1", "--account-tag", "a=b",
                      "--session-tag", "a=b") == {
        "CiswatchTakesOnRoles": (["sts:AssumeRole", "sts:TagSession"], takes_on[1]),
        "CiswatchListsAccounts": (["organizations:ListAccountsForParent",
                                   "organizations:ListOrganizationalUnitsForParent",
                                   "organizations:ListTagsForResource"], "*")}
    terraform = ciswatch.expect(0, "permissions", "--role", "audit", "--organization", "--format",
                                "terraform").out
    assert terraform.count("statement {") == 2 and terraform.count('"sts:AssumeRole",') == 1
    assert "give --role, too" in ciswatch.expect(2, "permissions", "--organization").err
