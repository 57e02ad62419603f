"""The policy that `ciswatch permissions` prints, held against emulators that enforce IAM: a role with
exactly that reads everything, and what one without one of its actions lacks is named."""

import json
import re
import sqlite3
import types

import pytest

import accounts
import servers
from conftest import every_table_check
from program import Program, ROOT

REGIONS = ["--region", "us-east-1", "--region", accounts.HOME]
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}

# --- what the emulators do otherwise than AWS: asserted to be exactly this

# Actions that are asked for under other names than IAM's.
OTHER_NAMES = {
    "moto": {"s3:ListBucket": ["s3:HeadBucket"],
             "s3:GetAccountPublicAccessBlock": ["s3:GetPublicAccessBlock"],
             "cloudwatch:DescribeAlarms": ["monitoring:DescribeAlarms"]},
    "ministack": {}}

_NO_SIGNATURE = "no signature is accepted, botocore's neither"
_LISTS = "s3:ListBucket is asked for"
_NOT_KNOWN = "the API is not there"
# Actions without which all is answered as with them, or nothing either way.
NOT_ENFORCED = {
    "moto": {"apigateway:GET": _NO_SIGNATURE, "cloudfront:ListDistributions": _NO_SIGNATURE,
             "cloudfront:GetDistributionConfig": "there is no list to ask from",
             "securityhub:DescribeHub": _NO_SIGNATURE, "s3:GetBucketObjectLockConfiguration": _LISTS,
             "s3:GetBucketOwnershipControls": _LISTS, "s3:GetBucketPublicAccessBlock": _LISTS,
             "cloudformation:GetTemplate": "no stack has made a trail's bucket"},
    "ministack": {"s3:GetAccountPublicAccessBlock": _NOT_KNOWN, "securityhub:DescribeHub": _NOT_KNOWN,
                  "cloudformation:GetTemplate": "no stack has made a trail's bucket"}}

# Calls that are not answered although the role may make them.
NOT_ANSWERED = {
    "moto": {("apigateway", "GetRestApis"): _NO_SIGNATURE, ("apigatewayv2", "GetApis"): _NO_SIGNATURE,
             ("cloudfront", "ListDistributions"): _NO_SIGNATURE,
             ("securityhub", "DescribeHub"): _NO_SIGNATURE,
             ("config", "DescribeDeliveryChannelStatus"): _NOT_KNOWN,
             ("cloudformation", "DescribeStackResources"): "no stack is another error than AWS's",
             ("s3", "GetBucketVersioning"): "the root element has another name than AWS's"},
    "ministack": {("s3control", "GetPublicAccessBlock"): _NOT_KNOWN,
                  ("s3", "GetBucketPolicyStatus"): "the answer is a list of objects",
                  ("securityhub", "DescribeHub"): _NOT_KNOWN,
                  ("cloudformation", "DescribeStackResources"): _NOT_KNOWN,
                  ("organizations", "ListDelegatedAdministrators"): _NOT_KNOWN,
                  ("organizations", "ListAWSServiceAccessForOrganization"): _NOT_KNOWN}}


def tables_by_action(folder):
    """action → the tables whose calls need it, as the program tells them."""
    schema = Program(folder).expect(0, "schema").out
    found = {}
    for section in schema.split("\n## ")[1:]:
        for action in re.findall(r"IAM action `([^`]+)`", section):
            found.setdefault(action, []).append(section.split("\n")[0])
    return found


def check_of(folder, tables):
    """A check that knows of each row that it was read, and of a call without an answer that it was not."""
    rows = " union all ".join(f"select account_id, region, doc from {table}" for table in tables)
    file = folder / "tables.yaml"
    file.write_text(f"id: tables\ntitle: Reads tables\nlevel: warn\nscope: region\n"
                    f"why: They are read.\nsql: |\n  select account_id, region, region as resource, "
                    f"all_ok(nullif(doc is not null, 0)) as ok, '' as detail from ({rows}) group by 1, 2\n"
                    "remediation: {text: none}\ntests: []\n")
    return file


class Guarded:
    """The watched account on an emulator, and a user `nightly` who may take on each of its roles."""

    def __init__(self, name, server, cloud, folder):
        self.name, self.server, self.cloud = name, server, cloud
        program = Program(folder)
        self.check = every_table_check(folder)
        self.tables = tables_by_action(folder)
        printed = program.expect(0, "permissions", "--check", self.check).out
        statement, = json.loads(printed)["Statement"]
        self.printed = statement["Action"]
        iam = cloud.client("iam")
        user = iam.create_user(UserName="nightly")["User"]["Arn"]
        self.key = iam.create_access_key(UserName="nightly")["AccessKey"]
        iam.put_user_policy(UserName="nightly", PolicyName="roles",
                            PolicyDocument=json.dumps(accounts.allow("sts:AssumeRole")))
        self.trust = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}]})
        self.add_role("exact", printed)
        self.add_role("emulated", json.dumps(accounts.allow(self.needed())))
        for action in self.printed:
            self.add_role(role_without(action), json.dumps(accounts.allow(self.needed(action))))

    def needed(self, without=None):
        """All actions but one, under IAM's names and the emulator's."""
        others = OTHER_NAMES[self.name]
        own = [each for each in self.printed if each != without or each in others]
        return own + sorted({name for action, names in others.items() for name in names
                             if without is None or name not in others.get(without, ())})

    def add_role(self, name, policy):
        iam = self.cloud.client("iam")
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=self.trust)
        iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=policy)

    def scan(self, program, role, *flags):
        """The snapshot that the role makes and its report."""
        folder = program.folder / "home/.aws"
        folder.mkdir(exist_ok=True)
        (folder / "credentials").write_text(
            f"[base]\naws_access_key_id = {self.key['AccessKeyId']}\n"
            f"aws_secret_access_key = {self.key['SecretAccessKey']}\n")
        (folder / "config").write_text(
            f"[profile audit]\nrole_arn = arn:aws:iam::{self.cloud.account}:role/{role}\n"
            "source_profile = base\nregion = us-east-1\n")
        result = program.run("scan", "--profile", "audit", "--endpoint-url", self.server.url, "-o", "s.db",
                             "--report", "json", *flags, env={**NO_KEYS, "AWS_MAX_ATTEMPTS": "1"})
        assert result.code in (0, 1, 3), result
        return program.folder / "s.db", result.json()


def role_without(action):
    return "without-" + action.replace(":", "-")


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    with servers.moto_server() as server:
        cloud = accounts.watched_and_organized(
            accounts.in_regions(accounts.Cloud(server.url), REGIONS[1::2]))
        made = Guarded("moto", server, cloud, tmp_path_factory.mktemp("moto-guarded"))
        server.require_auth()
        yield made


@pytest.fixture(scope="module")
def ministack(tmp_path_factory):
    with servers.ministack_server(auth=True) as server:
        cloud = accounts.watched(
            accounts.in_regions(accounts.Cloud(server.url, "test", "test"), REGIONS[1::2]))
        yield Guarded("ministack", server, cloud, tmp_path_factory.mktemp("ministack-guarded"))


@pytest.fixture
def guarded(request):
    return request.getfixturevalue(request.param)


def calls(snapshot):
    """The ledger without the regions that were left out."""
    with sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True) as database:
        database.row_factory = lambda _, row: types.SimpleNamespace(
            service=row[0], operation=row[1], outcome=row[2], said=row[3])
        return database.execute("select service, operation, outcome, code || ': ' || message from api_call "
                                "where code <> 'RegionNotChosen'").fetchall()


def lacked(program, snapshot, check):
    """The actions that `permissions --diff` says the role lacked."""
    result = program.run("permissions", "--diff", snapshot, "--check", check)
    found = re.findall(r"^  lacked +(\S+)", result.out, flags=re.M)
    assert result.code == (1 if found else 0), result
    assert len(set(found)) == len(found)
    return set(found)


BOTH = pytest.mark.parametrize("guarded", ["moto", "ministack"], indirect=True)


@BOTH
def test_a_role_with_the_printed_policy_reads_everything(ciswatch, guarded):
    snapshot, _ = guarded.scan(ciswatch, "emulated", "--check", guarded.check, *REGIONS)
    rows = calls(snapshot)
    assert len(rows) > 100
    unread = [row for row in rows if row.outcome not in ("ok", "absent")]
    assert {(row.service, row.operation) for row in unread} == set(NOT_ANSWERED[guarded.name]), unread
    if not OTHER_NAMES[guarded.name]:
        assert guarded.needed() == guarded.printed


def printed_actions():
    """Those of all tables: what the parameters of the tests are made of."""
    return sorted(set(re.findall(r"IAM action `([^`]+)`", (ROOT / "docs/schema.md").read_text())))


@BOTH
def test_the_policy_has_the_actions_of_all_tables_and_no_more(guarded):
    assert guarded.printed == printed_actions()


@pytest.mark.parametrize("action", printed_actions())
@BOTH
def test_a_role_without_one_action_is_told_which(ciswatch, guarded, action):
    check = check_of(ciswatch.folder, guarded.tables[action])
    snapshot, report = guarded.scan(ciswatch, role_without(action), "--check", check, *REGIONS[2:])
    denied = {(row.service, row.operation) for row in calls(snapshot) if row.outcome == "denied"}
    if action in NOT_ENFORCED[guarded.name]:
        assert denied <= set(NOT_ANSWERED[guarded.name])
        return
    assert any(f["verdict"] == "unknown" and f"grant {action}" in f["detail"] for f in report.findings)
    if guarded.name == "ministack":  # once is enough: both read the ledger
        assert lacked(ciswatch, snapshot, check) == {action}
