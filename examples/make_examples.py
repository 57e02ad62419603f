#!/usr/bin/env python3
"""Writes the example recordings. README.md beside this file says what each shows.

A line is one API call of the AWS CLI's shape (ARCHITECTURE.md, "Recording"). The same bytes come
out every time; `--check` only compares.
"""

import itertools
import json
import pathlib
import sys

from account import DEFAULT_SELECTOR, Account, allow, compact, key_id, made_up_id, policy
from account_calls import FIRST, Refused

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
OWNER_CONTROL = {"s3:x-amz-acl": "bucket-owner-full-control"}


def delivery_statements(bucket, account_id, source=None):
    """What lets CloudTrail write to a bucket; `source`: only for that trail."""
    acl = {"Condition": {"StringEquals": {"aws:SourceArn": source}}} if source else {}
    write = OWNER_CONTROL | ({"aws:SourceArn": source} if source else {})
    return [allow("AWSCloudTrailAclCheck", CLOUDTRAIL, "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", **acl),
            allow("AWSCloudTrailWrite", CLOUDTRAIL, "s3:PutObject",
                  f"arn:aws:s3:::{bucket}/AWSLogs/{account_id}/*", Condition={"StringEquals": write})]


def bucket_policy(*statements):
    return {"Policy": policy(*statements)}


def trail_key_statements(account, trail_arn=None):
    """What lets CloudTrail encrypt with a key; `trail_arn`: only for that trail."""
    condition = {"Condition": {"StringEquals": {"kms:EncryptionContext:aws:cloudtrail:arn": trail_arn}}}
    return [account.root_statement(),
            allow("CloudTrail", CLOUDTRAIL, "kms:GenerateDataKey*", **(condition if trail_arn else {})),
            allow("CloudTrail describes", CLOUDTRAIL, "kms:DescribeKey")]


def deliver_to_group(group_arn):
    return policy({"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                   "Resource": group_arn})


def add_default_vpcs(account):
    for region in account.regions:
        account.add_vpc(region, "172.31.0.0/16", is_default=True)


# --- seed 000: a trail, a bucket and a key in every region, each from a stack of its own


def seed_000_template(account_id):
    bucket = {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "S3Bucket"}]]}
    objects = {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "S3Bucket"}, "/AWSLogs/",
                                 {"Ref": "AWS::AccountId"}, "/*"]]}
    statements = delivery_statements("", "")
    statements[0]["Resource"], statements[1]["Resource"] = bucket, objects
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "S3Bucket": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {}},
            "BucketPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": {
                "Bucket": {"Ref": "S3Bucket"},
                "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}},
            "myKey": {"Type": "AWS::KMS::Key", "DeletionPolicy": "Retain", "Properties": {
                "Description": "for CloudTrail log files", "Enabled": True,
                "KeyPolicy": {"Version": "2012-10-17", "Statement": seed_000_key(account_id)}}},
            "myTrail": {"Type": "AWS::CloudTrail::Trail", "DependsOn": ["BucketPolicy", "myKey"],
                        "Properties": {"EnableLogFileValidation": True,
                                       "IncludeGlobalServiceEvents": True, "IsLogging": True,
                                       "KMSKeyId": {"Ref": "myKey"},
                                       "S3BucketName": {"Ref": "S3Bucket"}}}}}


def seed_000_key(account_id):
    """One administers the key, another and CloudTrail use it."""
    administers = ["Create*", "Describe*", "Enable*", "List*", "Put*", "Update*", "Revoke*", "Disable*",
                   "Get*", "Delete*", "ScheduleKeyDeletion", "CancelKeyDeletion"]
    uses = ["Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey*", "DescribeKey"]
    user = f"arn:aws:iam::{account_id}:user/"
    return [allow("Administration", {"AWS": f"{user}key-admin"}, [f"kms:{a}" for a in administers]),
            allow("Use", CLOUDTRAIL | {"AWS": f"{user}audit-user"}, [f"kms:{a}" for a in uses])]


def seed_000():
    account = Account("123456789012", "ap-northeast-1")
    template = compact(seed_000_template(account.id))
    for region in account.regions:
        stack, suffix = f"cloudtrail-{region}", made_up_id(region, 12)
        bucket = f"{stack}-s3bucket-{suffix}"
        trail = account.add_trail(f"{stack}-myTrail-{suffix.upper()}", bucket, region, multi_region=False,
                                  KmsKeyId=account.key_arn(stack, region))
        account.add_log_bucket(bucket, region, "2016-02-03T05:00:00Z", GetBucketPolicy=bucket_policy(
            *delivery_statements(bucket, account.id)))
        account.add_key(stack, region, False, seed_000_key(account.id), alias=False,
                        Description="for CloudTrail log files")
        stack_id = account.arn("cloudformation", region, f"stack/{stack}/{key_id(region)}")
        resources = [{"StackName": stack, "StackId": stack_id, "LogicalResourceId": logical,
                      "PhysicalResourceId": physical, "ResourceType": kind,
                      "Timestamp": "2016-02-03T05:01:00Z", "ResourceStatus": "CREATE_COMPLETE",
                      "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"}}
                     for logical, physical, kind in (
                         ("BucketPolicy", f"{stack}-BucketPolicy", "AWS::S3::BucketPolicy"),
                         ("S3Bucket", bucket, "AWS::S3::Bucket"),
                         ("myKey", key_id(stack), "AWS::KMS::Key"),
                         ("myTrail", trail.rpartition("/")[2], "AWS::CloudTrail::Trail"))]
        for name in (bucket, key_id(stack)):
            account.stacks[region, name] = (resources, template)
    add_default_vpcs(account)
    return [account]


# --- seed 001: one trail and nothing else, and the same account with all that was then mended

TRAIL_BUCKET = "example-cloudtrail-logs"
ACCESS_LOG_BUCKET = "example-s3-access-logs"
CONFIG_BUCKET = "example-config-records"


def seed_001_buckets(account, trail, fixed):
    access_log = {"LoggingEnabled": {"TargetBucket": ACCESS_LOG_BUCKET,
                                     "TargetPrefix": f"{TRAIL_BUCKET}/"}}
    no_controls = Refused("OwnershipControlsNotFoundError",
                          "The bucket ownership controls were not found")  # older than these
    statements = delivery_statements(TRAIL_BUCKET, account.id, trail if fixed else None)
    account.add_log_bucket(TRAIL_BUCKET, GetBucketLogging=access_log if fixed else {},
                           GetBucketOwnershipControls=no_controls,
                           GetBucketPolicy=bucket_policy(*statements))
    config = {"Service": "config.amazonaws.com"}
    account.add_log_bucket(CONFIG_BUCKET, made="2026-10-01T02:58:44Z", GetBucketPolicy=bucket_policy(
        allow("AWSConfigCheck", config, ["s3:GetBucketAcl", "s3:ListBucket"],
              f"arn:aws:s3:::{CONFIG_BUCKET}"),
        allow("AWSConfigDelivery", config, "s3:PutObject",
              f"arn:aws:s3:::{CONFIG_BUCKET}/AWSLogs/{account.id}/Config/*",
              Condition={"StringEquals": OWNER_CONTROL})))
    account.buckets["example-web-assets"] = "2021-02-18T06:30:00Z"
    if fixed:
        account.add_log_bucket(ACCESS_LOG_BUCKET, made="2026-11-20T02:05:00Z")
        account.access_log_buckets[ACCESS_LOG_BUCKET] = account.log_buckets.pop(ACCESS_LOG_BUCKET)


def seed_001_keys(account, trail, fixed):
    account.keys.append((FIRST, account.key_metadata(
        "aws-ebs", FIRST, KeyManager="AWS", Description="Default key that protects my EBS volumes"),
        None, None))
    account.add_alias("alias/aws/ebs", "aws-ebs", FIRST)
    account.add_key("orders", account.home, True, Description="Orders database")
    account.add_key("backup", account.home, fixed, Description="Nightly backups")
    account.add_key("signing", account.home, None, Description="Release signing",
                    KeyUsage="SIGN_VERIFY", CustomerMasterKeySpec="ECC_NIST_P256",
                    KeySpec="ECC_NIST_P256", SigningAlgorithms=["ECDSA_SHA_256"])
    del account.keys[-1][1]["EncryptionAlgorithms"]
    if fixed:
        account.add_key("trail", account.home, True, trail_key_statements(account, trail),
                        Description="CloudTrail logs", CreationDate="2026-11-20T02:20:00Z")


def seed_001(fixed):
    account = Account("111111111111", "ap-northeast-1")
    more = {}
    if fixed:
        group = account.add_log_group("DefaultLogGroup", retention=400)
        role = account.add_role("CloudTrail_CloudWatchLogs_Role", CLOUDTRAIL["Service"],
                                deliver=deliver_to_group(group))
        more = {"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role,
                "KmsKeyId": account.key_arn("trail")}
    trail = account.add_trail("default-trail", TRAIL_BUCKET, LogFileValidationEnabled=fixed, **more)
    seed_001_buckets(account, trail, fixed)
    seed_001_keys(account, trail, fixed)
    add_default_vpcs(account)
    account.add_interface(account.home, account.add_vpc(account.home, "10.0.0.0/16"), "web")
    if fixed:
        account.record_everywhere(CONFIG_BUCKET)
        role = account.add_role("vpc-flow-logs", "vpc-flow-logs.amazonaws.com",
                                deliver=deliver_to_group("*"))
        account.log_flows("vpc_flowlog_group", role)
    else:  # what a deleted stack left behind
        account.add_recorder(FIRST, CONFIG_BUCKET, False, recording=False, lastStatus="PENDING",
                             lastStartTime="2026-10-01T03:00:00Z", lastStopTime="2026-10-01T05:12:00Z",
                             lastStatusChangeTime="2026-10-01T05:12:00Z")
    return [account]


# --- seed 003: an organization's trail, its bucket in an account of its own, guarded by a policy

MANAGEMENT, ARCHIVE, MEMBER = "111111111111", "222222222222", "333333333333"
ORGANIZATION, ROOT, UNIT = "o-exampleorg1", "r-ex4m", "ou-ex4m-security"
ORGANIZATION_BUCKET = "gov-my-cloudtrail"


def seed_003_bucket_policy():
    """As the seed has it: one Sid twice, and ten digits where the management account has twelve."""
    principal = {"Service": ["cloudtrail.amazonaws.com"]}
    write = [allow("AWSCloudTrailWrite20150319", principal, "s3:PutObject",
                   f"arn:aws:s3:::{ORGANIZATION_BUCKET}/AWSLogs/{path}/*",
                   Condition={"StringEquals": OWNER_CONTROL}) for path in ("1111111111", ORGANIZATION)]
    return bucket_policy(allow("AWSCloudTrailAclCheck20150319", principal, "s3:GetBucketAcl",
                               f"arn:aws:s3:::{ORGANIZATION_BUCKET}"), *write)


def seed_003_control_policy():
    """As the seed has it: it names objects' actions, and the bucket alone."""
    actions = """RestoreObject PutReplicationConfiguration PutObjectVersionAcl PutObjectTagging
        PutObjectLegalHold PutObjectAcl PutLifecycleConfiguration PutInventoryConfiguration
        PutEncryptionConfiguration PutBucketWebsite PutBucketVersioning PutBucketTagging
        PutBucketPublicAccessBlock PutBucketPolicy PutBucketOwnershipControls
        PutBucketObjectLockConfiguration PutBucketLogging PutBucketAcl PutAccountPublicAccessBlock
        ObjectOwnerOverrideToBucketOwner DeleteObjectVersion DeleteObjectTagging DeleteObject
        DeleteJobTagging DeleteBucketPolicy DeleteBucketOwnershipControls DeleteBucket""".split()
    return policy({"Sid": "Statement1", "Effect": "Deny", "Action": [f"s3:{a}" for a in actions],
                   "Resource": [f"arn:aws:s3:::{ORGANIZATION_BUCKET}"]})


def organization_arn(kind, name):
    return f"arn:aws:organizations::{MANAGEMENT}:{kind}/{ORGANIZATION}/{name}"


def in_organization(account_id, name):
    return {"Id": account_id, "Arn": organization_arn("account", account_id), "Name": name,
            "Email": f"aws+{name}@example.com", "Status": "ACTIVE", "State": "ACTIVE",
            "JoinedMethod": "CREATED", "JoinedTimestamp": "2024-01-10T09:00:00Z"}


def seed_003_tree():
    """What the management account tells of the organization: (operation, params, answer)."""
    types = [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
    yield "ListRoots", {}, {"Roots": [{"Id": ROOT, "Arn": organization_arn("root", ROOT),
                                       "Name": "Root", "PolicyTypes": types}]}
    unit = {"Id": UNIT, "Arn": organization_arn("ou", UNIT), "Name": "Security"}
    accounts = {ROOT: [in_organization(MANAGEMENT, "management"), in_organization(MEMBER, "orders")],
                UNIT: [in_organization(ARCHIVE, "log-archive")]}
    for parent, units in ((ROOT, [unit]), (UNIT, [])):
        asked = {"ParentId": parent}
        yield "ListOrganizationalUnitsForParent", asked, {"OrganizationalUnits": units}
        yield "ListAccountsForParent", asked, {"Accounts": accounts[parent]}
    yield "ListAWSServiceAccessForOrganization", {}, {"EnabledServicePrincipals": [
        {"ServicePrincipal": "cloudtrail.amazonaws.com", "DateEnabled": "2024-01-10T09:30:00Z"}]}
    yield "ListDelegatedAdministrators", {}, {"DelegatedAdministrators": []}


def seed_003_policies():
    full = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    root = {"TargetId": ROOT, "Arn": organization_arn("root", ROOT), "Name": "Root", "Type": "ROOT"}
    archive = {"TargetId": ARCHIVE, "Arn": organization_arn("account", ARCHIVE),
               "Name": "log-archive", "Type": "ACCOUNT"}
    made = [("p-FullAWSAccess", "FullAWSAccess", full, [root]),
            ("p-keeplogs", "keep-logs", seed_003_control_policy(), [archive])]
    summaries = [{"Id": number, "Name": name, "Description": "", "Type": "SERVICE_CONTROL_POLICY",
                  "Arn": organization_arn("policy", f"service_control_policy/{number}"),
                  "AwsManaged": name == "FullAWSAccess"} for number, name, _, _ in made]
    yield "ListPolicies", {"Filter": "SERVICE_CONTROL_POLICY"}, {"Policies": summaries}
    for summary, (number, _, content, targets) in zip(summaries, made):
        asked = {"PolicyId": number}
        yield "DescribePolicy", asked, {"Policy": {"PolicySummary": summary, "Content": content}}
        yield "ListTargetsForPolicy", asked, {"Targets": targets}


def add_web_fronts(account):
    """Access logs in each way that there is, and of one load balancer in none."""
    fronts, region = account.fronts, account.home
    site = fronts.add_distribution("E1ORDERSEXAMPL")
    fronts.deliver(FIRST, "site", site, "cloudfront", "ACCESS_LOGS")
    fronts.add_distribution("E2IMAGESEXAMPL", Enabled=True, Bucket="web-logs.s3.amazonaws.com")
    app = fronts.add_balancer(region, "orders", "application")
    fronts.deliver(region, "orders", app, "elasticloadbalancing", "ALB_ACCESS_LOGS")
    fronts.add_balancer(region, "shop", "application", bucket="web-logs")
    fronts.add_balancer(region, "partners", "network", "TLS")
    fronts.add_balancer(region, "queue", "network", "TCP")
    fronts.add_balancer(region, "firewall", "gateway")
    group = account.arn("logs", region, "log-group:/api/orders")
    fronts.add_rest_api(region, "a1b2c3d4e5", live=group, test=group)
    fronts.add_api(region, "f6a7b8c9d0", group)


def seed_003():
    accounts = [Account(number, "eu-central-1") for number in (MANAGEMENT, ARCHIVE, MEMBER)]
    management, archive, member = accounts
    management.add_trail("organization-trail", ORGANIZATION_BUCKET, IsOrganizationTrail=True)
    described, status, _ = management.trails[0]
    for account in (archive, member):  # a member is shown the trail, and not its selectors
        unknown = Refused("TrailNotFoundException", f"Unknown trail: {described['TrailARN']}", 400)
        account.trails.append((described, status, unknown))
    archive.add_log_bucket(ORGANIZATION_BUCKET, made="2024-01-10T10:00:00Z",
                           GetBucketPolicy=seed_003_bucket_policy())
    for account in (management, member):
        account.add_foreign_bucket(ORGANIZATION_BUCKET)
    for account in accounts:
        account.organization = {
            "Id": ORGANIZATION, "FeatureSet": "ALL", "MasterAccountId": MANAGEMENT,
            "Arn": f"arn:aws:organizations::{MANAGEMENT}:organization/{ORGANIZATION}",
            "MasterAccountArn": organization_arn("account", MANAGEMENT),
            "MasterAccountEmail": "aws+management@example.com"}
        add_default_vpcs(account)
    management.organization_calls = [*seed_003_tree(), *seed_003_policies()]
    add_web_fronts(member)
    return accounts


# --- seed 004: somebody is told when a key that is disabled or about to be deleted is used

KMS_PATTERN = '{ $.eventSource = kms.amazonaws.com && ($.errorMessage = "*" || $.errorCode = "*") }'
NEVER = ('{ $.eventSource = kms.amazonaws.com && $.errorCode = "DisabledException" '
         '&& $.errorCode = "KMSInvalidStateException" }')
NAMESPACE, METRIC = "CloudTrailLogMetrics", "KMSErrorCount"


def seed_004(pattern=KMS_PATTERN, confirmed=True, kms_excluded=False, **alarm):
    account = Account("123456789012", FIRST)
    group = account.add_log_group("CloudTrail/logs", retention=400)
    role = account.add_role("CloudTrail_CloudWatchLogs_Role", CLOUDTRAIL["Service"],
                            deliver=deliver_to_group(group))
    trail = account.add_trail("management-events", TRAIL_BUCKET, CloudWatchLogsLogGroupArn=group,
                              CloudWatchLogsRoleArn=role, HasCustomEventSelectors=kms_excluded)
    if kms_excluded:
        account.trails[0][2]["EventSelectors"] = [
            DEFAULT_SELECTOR | {"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]
    account.add_log_bucket(TRAIL_BUCKET, GetBucketPolicy=bucket_policy(
        *delivery_statements(TRAIL_BUCKET, account.id, trail)))
    account.add_key("in-use", FIRST, True, Description="CMK For S3")
    account.add_key("disabled", FIRST, None, Description="CMK For S3", Enabled=False,
                    KeyState="Disabled")
    account.add_key("going", FIRST, None, Description="CMK For S3", Enabled=False,
                    KeyState="PendingDeletion", DeletionDate="2026-12-02T00:00:00Z")
    topic = account.add_topic("kms-errors", FIRST, ("email", "security@example.com", confirmed))
    account.add_filter("CloudTrail/logs", "eventSource-kms-errorCode-Exception", pattern, METRIC,
                       NAMESPACE)
    account.add_alarm("KMS errors", **{"metric": METRIC, "namespace": NAMESPACE, "topic": topic} | alarm)
    add_default_vpcs(account)
    return [account]


# --- the files

EXAMPLES = {
    "seed-000": seed_000,
    "seed-001": lambda: seed_001(fixed=False),
    "seed-001-fixed": lambda: seed_001(fixed=True),
    "seed-003": seed_003,
    "seed-004": seed_004,
    "seed-004-actions-disabled": lambda: seed_004(ActionsEnabled=False),
    "seed-004-impossible-pattern": lambda: seed_004(NEVER),
    "seed-004-kms-excluded": lambda: seed_004(kms_excluded=True),
    "seed-004-other-namespace": lambda: seed_004(namespace="LogMetrics"),
    "seed-004-pending-subscription": lambda: seed_004(confirmed=False),
    "seed-004-threshold-too-high": lambda: seed_004(Threshold=100.0),
}


def recording(accounts):
    calls = list(itertools.chain.from_iterable(account.calls() for account in accounts))
    lines = []
    for index, line in enumerate(calls):
        second = index * 10 // len(calls)  # the whole scan took ten seconds
        line["time"] = f"2026-11-22T02:00:{second:02}Z"
        lines.append(json.dumps(line, separators=(",", ":")) + "\n")
    return "".join(lines).encode()


def main():
    here = pathlib.Path(__file__).resolve().parent
    differing = []
    for name, make in EXAMPLES.items():
        file = here / name / "recording.jsonl"
        wanted = recording(make())
        if "--check" in sys.argv[1:]:
            if not file.is_file() or file.read_bytes() != wanted:
                differing.append(str(file))
            continue
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(wanted)
    if differing:
        sys.exit("not what make_examples.py writes: " + ", ".join(differing))


if __name__ == "__main__":
    main()
