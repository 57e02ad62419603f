"""Many accounts in one run: those that an organization lists, on a server that nobody here wrote."""

import pytest

import accounts
import loopback
import servers
from fleet_runs import rows, timeless
from fleet_server import closed

REGIONS = [flag for name in ("us-east-1", "eu-west-1") for flag in ("--region", name)]
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
