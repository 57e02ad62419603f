"""The trail of an organization by two stacks: the bucket and the key in the account that keeps the logs, the
trail and its log group in the management account. On the emulator and the proxy of the organization's loop."""

import pytest

import loopback
import servers
from program import ROOT, Program
from stacks import Stack, bundle, flags, places
from test_remediation_organization import AS_AUDITOR, BUCKET, MANAGEMENT, REGIONS, TRAIL, Aws

# All that looks at trails, their buckets and keys; then those that the stacks answer for.
SOUND = sorted(path.stem for folder in ("cloudtrail", "s3", "kms", "organizations")
               for path in (ROOT / f"checks/{folder}").glob("*.yaml"))
OF_ALL = ("organization-trail", "cloudtrail-multi-region", "cloudtrail-log-file-validation", "cloudtrail-kms-encryption",
          "log-bucket-dedicated-account", "log-bucket-not-in-management-account")
OF_THE_TRAIL = OF_ALL + tuple(f"cloudtrail-{name}" for name in (
    "bucket-policy-acl", "bucket-policy-organization", "bucket-policy-sids", "bucket-policy-source", "bucket-policy-write",
    "cloudwatch-delivery", "cloudwatch-logs", "cloudwatch-role", "delivery", "global-events", "kms-key-condition",
    "kms-key-policy", "kms-key-region", "kms-key-rotation", "log-delivery", "log-group-retention", "stopped-trail"))
OF_THE_BUCKET = OF_ALL + tuple(f"cloudtrail-bucket-{name}" for name in (
    "access-log-target", "access-logging", "latent-public-access", "not-public", "object-lock", "public-access-block",
    "tls")) + ("cloudtrail-log-retention", "kms-key-alias", "kms-key-description", "kms-key-rotation", "kms-key-separation")


class NoTrail(Aws):
    """Without what the loop begins with."""

    def __init__(self, moto):
        super().__init__(moto)
        self.bucket = None
        self.organization.management.client("cloudtrail").delete_trail(Name=TRAIL)
        self.organization.clouds[self.organization.archive].client("s3").delete_bucket(Bucket=BUCKET)

    def __call__(self, request):
        if self.bucket and request.bucket == self.bucket and self.asker(request)[0] != self.organization.archive:
            return loopback.error(request, "AccessDenied", "Access Denied", 403)
        return super().__call__(request)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The program, its proxy and the bundle of an organization that has no trail."""
    program = Program(tmp_path_factory.mktemp("organization"))
    with servers.moto_server() as moto:
        aws = NoTrail(moto)
        with loopback.serving(aws) as proxy:
            snapshot = program.collect(proxy.url, *flags(SOUND), *AS_AUDITOR, to="before.db")
            yield program, proxy, aws, bundle(program, snapshot, *flags(SOUND))


def test_the_stacks_of_an_organizations_trail_are_sound(made):
    program, proxy, aws, folder = made
    organization = aws.organization
    (place, bucket), = places(folder, "log-bucket").items()
    assert place == (organization.archive, "us-east-1") and bucket["ManagementAccountId"] == MANAGEMENT
    (place, trail), = places(folder, "organization-trail").items()
    assert place == (MANAGEMENT, "us-east-1") and trail["BucketName"] == bucket["BucketName"]
    # It is for all accounts: none of their findings is left.
    assert "| organization-trail |" not in (folder / "README.md").read_text()
    aws.bucket = bucket["BucketName"]
    logs = organization.clouds[organization.archive]
    reader = f"arn:aws:iam::{organization.archive}:role/log-reader"
    administrator = f"arn:aws:iam::{organization.archive}:role/key-administrator"
    stack = Stack(logs, "us-east-1", (folder / "log-bucket.yaml").read_text(), bucket | {
        "LogReaders": reader, "KeyAdministrators": administrator, "ObjectLockMode": "GOVERNANCE", "LogDays": "2557"})
    alias, = [one for one in logs.client("kms").list_aliases()["Aliases"] if "alias/aws/" not in one["AliasName"]]
    assert alias["AliasArn"] == trail["KeyArn"]
    # CloudTrail keeps the key's own ARN.
    Stack(organization.management, "us-east-1", (folder / "organization-trail.yaml").read_text(),
          trail | {"KeyArn": stack.attribute("Key")})
    report = program.report(program.collect(proxy.url, *flags(SOUND), *AS_AUDITOR, to="after.db"), *flags(SOUND))
    said = {(f["account_id"], f["check"]): f["verdict"] for f in report.findings if f["region"] == "us-east-1"}
    for account, checks in ((MANAGEMENT, OF_THE_TRAIL), (organization.archive, OF_THE_BUCKET), (organization.member, OF_ALL)):
        assert {check: said.get((account, check)) for check in checks} == dict.fromkeys(checks, "pass"), account
    # Data events are not asked for, and the control policies are another part's.
    failed = {check for (_, check), verdict in said.items() if verdict in ("warn", "critical")}
    assert {check for check in failed if "scp-" not in check} == {
        "cloudtrail-s3-object-read-events", "cloudtrail-s3-object-write-events"}
    # What has a trail is not asked to have another.
    again = bundle(program, program.folder / "after.db", *flags(SOUND), to="again")
    assert not places(again, "log-bucket") and not places(again, "organization-trail")


def test_another_account_can_be_named_to_keep_the_logs(made):
    program, _, aws, _ = made
    member = aws.organization.member
    told = [part for name in ("log-bucket", "organization-trail") for part in ("--set", f"{name}.log_account={member}")]
    folder = bundle(program, program.folder / "before.db", "--check", "organization-trail", *told, to="told")
    assert list(places(folder, "log-bucket")) == [(member, "us-east-1")]
    (_, trail), = places(folder, "organization-trail").items()
    assert trail["KeyArn"] == f"arn:aws:kms:us-east-1:{member}:alias/organization-trail"
    args = ["remediate", "bundle", "--snapshot", "before.db", "--format", "cloudformation", "-o", "wrong", "--set"]
    assert "no setting 'log-bucket.account'" in program.expect(2, *args, "log-bucket.account=1").err
