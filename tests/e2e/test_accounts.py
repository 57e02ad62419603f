"""Many accounts in one run: by a file or by the organization, a role taken on in each."""

import json
import os
import re
import signal
import sqlite3
import threading
import time

import pytest

import accounts
import identity_server
import loopback
import servers
from fleet_server import DENIED, FIRST, OWN, SECOND, account_of, closed, fleet, role_account
from program import ROOT
from test_signals import wait_for

PACKS = sorted(file.stem for file in (ROOT / "checks/packs").glob("*.yaml"))
REGIONS = [flag for name in ("us-east-1", "eu-west-1") for flag in ("--region", name)]


# --- accounts with nothing in them, on a server of our own

def write(program, text, name="accounts.csv"):
    (program.folder / name).write_text(text)
    return name


def accounts_file(program, *ids):
    return write(program, "id,name\n" + "".join(f"{id},name-{n}\n" for n, id in enumerate(ids)))


def rows(snapshot, sql):
    with sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True) as database:
        return [row[0] if len(row) == 1 else row for row in database.execute(sql)]


def collected(program, server, *args, code=0, to="s.db"):
    return program.expect(code, "collect", "-o", to, "--endpoint-url", server.url, *args)


def timeless(part):
    """A part of a report to the byte, but for when it was read."""
    return re.sub(r"20\d\d-\d\d-\d\dT[\d:]+Z", "TIME", json.dumps(part))


def findings_of(program, snapshot):
    return timeless(program.report(snapshot).findings)


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


# --- sessions that end

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


# --- an organization, on a server that nobody here wrote

MANAGEMENT = "123456789012"  # moto's own account


class Organization:
    """The management account, two units, one below the other, with an account each, one account that is
    closed; each with something in it."""

    def __init__(self, url):
        self.url = url
        own = accounts.Cloud(url)
        self.client = own.client("organizations")
        self.client.create_organization(FeatureSet="ALL")
        root = self.client.list_roots()["Roots"][0]["Id"]
        self.unit = self._unit(root, "Workloads")
        below = self._unit(self.unit, "Production")
        self.first = self._account("first", root, self.unit, stage="dev", team="a")
        self.second = self._account("second", root, below, stage="prod", team="a")
        self.gone = self._account("gone", root, below, stage="prod")
        self.client.close_account(AccountId=self.gone)
        self.all = sorted([MANAGEMENT, self.first, self.second])
        self._trail(own, "logs-of-management", multi=True)
        self._trail(self.cloud(self.first), "logs-of-first", multi=False)
        for id, rotates in ((self.first, True), (self.second, False)):
            accounts.make_key(self.cloud(id), "eu-west-1", rotates)

    def _unit(self, parent, name):
        made = self.client.create_organizational_unit(ParentId=parent, Name=name)
        return made["OrganizationalUnit"]["Id"]

    def _account(self, name, root, unit, **tags):
        made = self.client.create_account(
            Email=f"{name}@example.com", AccountName=name,
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
        id = made["CreateAccountStatus"]["AccountId"]
        self.client.move_account(AccountId=id, SourceParentId=root, DestinationParentId=unit)
        return id

    @staticmethod
    def _trail(cloud, bucket, multi):
        accounts.make_bucket(cloud, bucket, "us-east-1")
        trail = cloud.client("cloudtrail")
        trail.create_trail(Name="trail", S3BucketName=bucket, IsMultiRegionTrail=multi)
        trail.start_logging(Name="trail")

    def keys(self, id):
        """Of the role in an account."""
        made = accounts.Cloud(self.url).client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{id}:role/audit", RoleSessionName="ciswatch")["Credentials"]
        return made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"]

    def cloud(self, id):
        return accounts.Cloud(self.url, *self.keys(id))


@pytest.fixture(scope="module")
def organization():
    with servers.moto_server() as server:
        yield Organization(server.url)


CHOSEN = ["--pack", "logging-best-practice", "--pack", "cis-aws-1.2.0"]


def read_organization(program, url, *args, code=0, to="whole.db"):
    return program.expect(code, "collect", "-o", to, "--endpoint-url", url, *REGIONS, *CHOSEN,
                          "--organization", "--role", "audit", *args)


def test_an_organization_in_one_run_is_judged_as_its_accounts_one_by_one(ciswatch, organization):
    result = read_organization(ciswatch, organization.url)
    assert f"account {organization.gone} (gone) is left out: it is SUSPENDED" in result.err
    assert "3 accounts, " in result.err
    for id in organization.all:
        env = {}
        if id != MANAGEMENT:
            key, secret, token = organization.keys(id)
            env = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}
        ciswatch.collect(organization.url, *REGIONS, *CHOSEN, to=f"{id}.db", env=env)
    ciswatch.expect(0, "merge", *(f"{id}.db" for id in organization.all), "-o", "merged.db")
    whole, merged = (ciswatch.report(name, *CHOSEN).document for name in ("whole.db", "merged.db"))
    for part in ("findings", "requirements", "coverage", "summary"):
        assert timeless(whole[part]) == timeless(merged[part]), part
    assert whole["snapshot"]["collected_by"] == merged["snapshot"]["collected_by"]
    assert {f["account_id"] for f in whole["findings"]} == set(organization.all)
    assert len({f["verdict"] for f in whole["findings"]}) > 2


@pytest.mark.parametrize("args, names", [
    (["--ou", "UNIT"], ["first", "second"]),
    (["--account-tag", "team=a"], ["first", "second"]),
    (["--account-tag", "team=a", "--account-tag", "stage=prod"], ["second"]),
    (["--ou", "UNIT", "--account-tag", "stage=dev"], ["first"]),
])
def test_units_and_tags_choose_the_accounts(ciswatch, organization, args, names):
    args = [arg.replace("UNIT", organization.unit) for arg in args]
    result = read_organization(ciswatch, organization.url, "--check", "kms-key-rotation", *args)
    assert "gone) is left out" in result.err
    read = rows(ciswatch.folder / "whole.db", "select account_id from aws_account")
    assert read == sorted(getattr(organization, name) for name in names)


@pytest.mark.parametrize("args, denied, operation", [
    ([], "ListAccounts", "ListAccounts"),
    (["--ou", "UNIT"], "ListOrganizationalUnitsForParent", "ListOrganizationalUnitsForParent"),
    (["--account-tag", "a=b"], "ListTagsForResource", "ListTagsForResource"),
    (["--ou", "ou-none-12345678"], "", "List"),
])
def test_a_list_that_is_refused_ends_the_command(ciswatch, organization, args, denied, operation):
    args = [arg.replace("UNIT", organization.unit) for arg in args]
    answer = loopback.faulty(loopback.relay(organization.url), loopback.denied(denied))
    with loopback.serving(answer) as server:
        result = read_organization(ciswatch, server.url, *args, code=2)
    assert f"cannot list the accounts of the organization (organizations {operation}" in result.err
    assert not server.asked("AssumeRole")


def test_an_account_of_the_organization_that_is_closed_to_us_is_unknown_and_the_rest_is_judged(
        ciswatch, organization):
    answer = loopback.faulty(loopback.relay(organization.url), closed(organization.second))
    with loopback.serving(answer) as server:
        result = read_organization(ciswatch, server.url)
    assert f"account {organization.second} (second) was not read: AccessDenied" in result.err
    report = ciswatch.report("whole.db", *CHOSEN)
    assert {f["verdict"] for f in report.findings
            if f["account_id"] == organization.second} == {"unknown"}
    assert "pass" in {f["verdict"] for f in report.findings if f["account_id"] == organization.first}


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
