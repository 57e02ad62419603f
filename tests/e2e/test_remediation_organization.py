"""An organization of three accounts is mended by one plan and put back: its trail is the management account's,
the bucket of its logs the log archive's, and each account has faults of its own. On an emulator that nobody
here wrote; what it does not know of organizations a proxy answers as AWS does."""

import json
import re

import pytest

import accounts
import loopback
import servers
from mending import disagreements, of_regions, state_of, trails_of, with_delivery
from program import NUMBERS

REGIONS = ("us-east-1", "eu-west-1")
MANAGEMENT = "123456789012"  # moto's own account
TRAIL, BUCKET = "organization", "organization-logs"
CHOSEN = ("--pack", "cis-aws-1.2.0:2", "--check", "cloudtrail-bucket-tls")
AS_AUDITOR = ("--organization", "--role", "audit")
AS_WRITER = ("--organization", "--role", "writer")
# The trail's faults show in every account that it records.
FIRST = {"2.1": "pass", "2.2": "warn", "2.3": "critical", "2.4": "critical", "2.5": "critical",
         "2.6": "critical", "2.7": "warn", "2.8": "warn", "2.9": "warn"}


def bucket_policy(organization_id):
    """That CloudTrail may write, for the management account and for the organization: seed 003's."""
    trail = f"arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:trail/{TRAIL}"
    service, bucket = {"Service": "cloudtrail.amazonaws.com"}, f"arn:aws:s3:::{BUCKET}"
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "Look", "Effect": "Allow", "Principal": service, "Action": "s3:GetBucketAcl", "Resource": bucket,
         "Condition": {"StringEquals": {"aws:SourceArn": trail}}},
        *({"Sid": f"Write{number}", "Effect": "Allow", "Principal": service, "Action": "s3:PutObject",
           "Resource": f"{bucket}/AWSLogs/{owner}/*", "Condition": {"StringEquals": {
               "aws:SourceArn": trail, "s3:x-amz-acl": "bucket-owner-full-control"}}}
          for number, owner in enumerate((MANAGEMENT, organization_id)))]})


class Organization:
    """The management account with the trail, the log archive with its bucket, a member that does its work."""

    def __init__(self, url):
        self.url = url
        self.management = accounts.Cloud(url)
        client = self.management.client("organizations")
        organization = client.create_organization(FeatureSet="ALL")["Organization"]
        client.enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
        self.archive, self.member = (self._account(client, name) for name in ("log-archive", "workload"))
        self.clouds = {MANAGEMENT: self.management} | {
            id: self._cloud(id) for id in (self.archive, self.member)}
        self._make_bucket(organization["Id"])
        trails = self.management.client("cloudtrail")
        trails.create_trail(Name=TRAIL, S3BucketName=BUCKET, IsMultiRegionTrail=True, IsOrganizationTrail=True,
                            IncludeGlobalServiceEvents=True)
        trails.start_logging(Name=TRAIL)
        for cloud in self.clouds.values():
            accounts.make_key(cloud, "eu-west-1", rotates=False, Description="application data")
        # One region of an account is recorded already.
        accounts.make_bucket(self.management, "config-of-old", "us-east-1")
        accounts.switch_on_config(self.management, "us-east-1", "config-of-old")

    @staticmethod
    def _account(client, name):
        made = client.create_account(Email=f"{name}@example.com", AccountName=name)
        return made["CreateAccountStatus"]["AccountId"]

    def _cloud(self, id):
        made = self.management.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{id}:role/owner", RoleSessionName="owner")["Credentials"]
        return accounts.Cloud(self.url, made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])

    def _make_bucket(self, organization_id):
        """Public by its ACL, read without TLS, and nobody sees who reads it."""
        cloud = self.clouds[self.archive]
        accounts.make_bucket(cloud, BUCKET, "us-east-1")
        s3 = cloud.client("s3")
        s3.put_bucket_acl(Bucket=BUCKET, ACL="public-read")
        s3.put_bucket_policy(Bucket=BUCKET, Policy=bucket_policy(organization_id))

    def state(self):
        return {(id, name): value for id, cloud in self.clouds.items()
                for name, value in state_of(cloud, REGIONS).items()}


class Aws:
    """The emulator, and what it does not know: a member is shown the organization's trail, but cannot change
    it; a bucket is its account's alone; a log group gets its events after some minutes."""

    def __init__(self, moto):
        self.organization = Organization(moto.url)
        self.relay = loopback.relay(moto.url)
        self.roles = {}  # access key → (account, role)
        self.writes = []  # (account, role, operation)

    def asker(self, request):
        return self.roles.get(request.key_id, (MANAGEMENT, ""))

    def __call__(self, request):
        account, role = self.asker(request)
        if request.method in ("PUT", "DELETE") or request.operation.startswith(
                ("Create", "Put", "Update", "Delete", "Enable", "Disable", "Start", "Stop")):
            self.writes.append((account, role, request.operation))
        if request.bucket == BUCKET and account != self.organization.archive:
            return loopback.error(request, "AccessDenied", "Access Denied", 403)
        if request.service == "cloudtrail" and request.operation.startswith(("Describe", "Get")):
            self._ask_as_management(request)
        answer = self.relay(request)
        if request.operation == "AssumeRole":
            self._remember(request, answer)
        if request.operation == "DescribeRegions":
            return of_regions(answer, REGIONS)
        if request.operation == "GetTrailStatus" and trails_of(self.organization.management, "us-east-1")[0].get(
                "CloudWatchLogsLogGroupArn"):
            return with_delivery(answer)
        return answer

    @staticmethod
    def _ask_as_management(request):
        request.headers["authorization"] = request.headers["authorization"].replace(
            f"Credential={request.key_id}/", f"Credential={accounts.KEY_ID}/")

    def _remember(self, request, answer):
        key = re.search(rb"<AccessKeyId>(.+?)</AccessKeyId>", answer.body)[1].decode()
        arn = request.form["RoleArn"]
        self.roles[key] = (arn.split(":")[4], arn.rpartition("/")[2])


@pytest.fixture(scope="module")
def server():
    with servers.moto_server() as moto:
        aws = Aws(moto)
        with loopback.serving(aws) as proxy:
            proxy.aws = aws
            yield proxy


def report(program, server, name):
    return program.report(program.collect(server.url, *CHOSEN, *AS_AUDITOR, to=name), *CHOSEN)


def verdicts(report):
    """By account, of each requirement."""
    made = {}
    for row in report.document["requirements"]:
        made.setdefault(row["account_id"], {})[row["number"]] = row["verdict"]
    return made


def plan_of(program, snapshot, *chosen):
    program.expect(0, "remediate", "plan", "--snapshot", snapshot, *chosen, "-o", "plan.json")
    return json.loads((program.folder / "plan.json").read_text())


def apply(program, server, plan, *args):
    return program.run("remediate", "apply", "plan.json", "--approve", plan["hash"], "--max-changes", "200",
                       "--format", "json", "--endpoint-url", server.url, *args)


def owners_of(plan):
    """Which accounts' calls change what: the trail, the bucket of its logs, all else."""
    owners = {"trail": set(), "bucket": set(), "other": set()}
    for change in plan["changes"]:
        of_trail = change["service"] == "cloudtrail"
        of_bucket = change["params"].get("Bucket", "").startswith(BUCKET)
        owners["trail" if of_trail else "bucket" if of_bucket else "other"].add(change["account_id"])
    return owners


def test_an_organization_is_mended_whole_and_put_back(ciswatch, server):
    organization, writes = server.aws.organization, server.aws.writes
    before, first = organization.state(), report(ciswatch, server, "before.db")
    assert verdicts(first) == dict.fromkeys(organization.clouds, FIRST)
    plan = plan_of(ciswatch, "before.db", *CHOSEN)
    assert plan["unplanned"] == [] and organization.state() == before and not writes
    assert owners_of(plan) == {"trail": {MANAGEMENT}, "bucket": {organization.archive},
                               "other": set(organization.clouds)}

    applied = apply(ciswatch, server, plan, *AS_WRITER, "--reader-role", "audit")
    result = json.loads(applied.out)
    assert {each["outcome"] for each in result["changes"]} == {"done"}, applied
    assert {each["outcome"] for each in result["findings"]} == {"fixed"}, applied
    mended = report(ciswatch, server, "after.db")
    assert verdicts(mended) == dict.fromkeys(organization.clouds, dict.fromkeys(NUMBERS, "pass"))
    # That events arrive is known when some have: simulate does not foretell it.
    trail = f"arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:trail/{TRAIL}"
    assert disagreements(ciswatch, "before.db", (first, mended), *CHOSEN) == {
        ("cloudtrail-cloudwatch-logs", id, "us-east-1", trail): ("unknown", "pass") for id in organization.clouds}

    undone = json.loads(ciswatch.run("remediate", "undo", "plan.json.journal", "--format", "json", *AS_WRITER,
                                     "--endpoint-url", server.url).out)
    assert {each["id"]: each["outcome"] for each in undone["undone"]} == {
        c["id"]: "done" if c["undo"] else "stays" for c in plan["changes"]}, undone
    # The management account's own credentials take no role on in it.
    assert {(account, role) for account, role, _ in writes} == {
        (MANAGEMENT, ""), (organization.archive, "writer"), (organization.member, "writer")}
    after = organization.state()
    assert {name: value for name, value in after.items() if name in before} == before
    # What holds logs by then stays, as the plan has said, and a role that others may use.
    key = organization.management.client("kms").describe_key(
        KeyId=f"alias/cloudtrail-us-east-1-{TRAIL}")["KeyMetadata"]["KeyId"]
    assert after.keys() - before.keys() == {
        (MANAGEMENT, f"us-east-1 key {key}"),
        (MANAGEMENT, f"us-east-1 log group aws-cloudtrail-logs-{MANAGEMENT}-{TRAIL}"),
        (organization.archive, f"bucket {BUCKET}-access-logs"),
        *((id, f"bucket config-{id}") for id in organization.clouds),
        *((id, "role AWSServiceRoleForconfig") for id in organization.clouds)}
    assert verdicts(report(ciswatch, server, "again.db")) == verdicts(first)


def test_what_the_owner_of_a_trail_changes_is_seen_in_every_account(ciswatch, server):
    chosen = ("--check", "cloudtrail-log-file-validation")
    ciswatch.collect(server.url, *chosen, *AS_AUDITOR)
    plan = plan_of(ciswatch, "snapshot.db", *chosen)
    change, = plan["changes"]
    assert change["account_id"] == MANAGEMENT and len(change["findings"]) == 3
    result = json.loads(apply(ciswatch, server, plan, "--role", "audit").out)
    assert [each["outcome"] for each in result["findings"]] == ["fixed"] * 3, result
    ciswatch.expect(0, "remediate", "undo", "plan.json.journal", "--endpoint-url", server.url)


def test_an_account_that_is_not_read_again_is_not_said_to_be_mended(ciswatch, server):
    chosen = ("--check", "cloudtrail-log-file-validation")
    ciswatch.collect(server.url, *chosen, *AS_AUDITOR)
    plan = plan_of(ciswatch, "snapshot.db", *chosen)
    result = json.loads(apply(ciswatch, server, plan).out)
    assert sorted(each["outcome"] for each in result["findings"]) == ["fixed", "unknown", "unknown"]
    assert {each["why"] for each in result["findings"] if each["why"]} == {"the account was not collected again"}
    ciswatch.expect(0, "remediate", "undo", "plan.json.journal", "--endpoint-url", server.url)
