"""The stacks of a bundle, deployed on an emulator, collected and judged again."""

import re
import shlex

import accounts
import loopback
import recipes
import servers
import stacks
from cfnlint.decode.decode import decode_str
from mending import of_regions, with_delivery
from program import ROOT
from stacks import Stack, bundle, flags, part, places, unsound

REGIONS = ("--region", "us-east-1", "--region", "eu-west-1")


def test_flow_logs_are_made_for_each_vpc_that_has_none(ciswatch):
    checks = flags([*part("flow-logs")["checks"], "vpc-flow-log-role"])
    with servers.moto_server() as server:
        cloud = accounts.Cloud(server.url)
        made = [cloud.client("ec2", "us-east-1").create_vpc(CidrBlock=f"10.{i}.0.0/16")["Vpc"]["VpcId"] for i in range(2)]
        folder = bundle(ciswatch, ciswatch.collect(server.url, *REGIONS, *checks), *checks)
        found = places(folder, "flow-logs")
        assert [region for _, region in found] == ["eu-west-1", "us-east-1"]
        vpcs = found[(cloud.account, "us-east-1")]["VpcIds"].split(",")
        assert len(vpcs) == 3 and vpcs == sorted(vpcs) and set(made) < set(vpcs)
        for (_, region), parameters in found.items():
            Stack(cloud, region, (folder / "flow-logs.yaml").read_text(), parameters)
            group, = cloud.client("logs", region).describe_log_groups()["logGroups"]
            assert group["retentionInDays"] == 365
        report = ciswatch.report(ciswatch.collect(server.url, *REGIONS, *checks, to="after.db"), *checks)
    assert not unsound(report, REGIONS)
    assert [f["check"] for f in report.findings if f["region"] in REGIONS].count("vpc-flow-log-role") == 4


# Those of section 3 are in the account without anything.
LATER = [check for check in part("detection")["checks"] if check.startswith("kms-") or check in (
    "alarm-event-selector-changes", "alarm-organizations-changes", "alarm-secret-pending-deletion-use",
    "alarm-security-group-rule-changes")]


def test_somebody_is_told_of_each_event_that_nobody_was_told_of(ciswatch):
    checks = flags(LATER)
    with servers.moto_server() as server:
        cloud = accounts.Cloud(server.url)
        accounts.make_bucket(cloud, "trail-logs", "eu-west-1")
        logs, trails = cloud.client("logs", "eu-west-1"), cloud.client("cloudtrail", "eu-west-1")
        logs.create_log_group(logGroupName="CloudTrail/logs")
        group, = logs.describe_log_groups()["logGroups"]
        trails.create_trail(Name="all", S3BucketName="trail-logs", IsMultiRegionTrail=True,
                            CloudWatchLogsLogGroupArn=group["arn"], CloudWatchLogsRoleArn="arn:aws:iam::123456789012:role/deliver")
        trails.start_logging(Name="all")
        folder = bundle(ciswatch, ciswatch.collect(server.url, *REGIONS, *checks), *checks,
                        "--set", "detection.endpoint=security@example.com")
        (place, parameters), = places(folder, "detection").items()
        assert place == (cloud.account, "eu-west-1") and parameters["LogGroupName"] == "CloudTrail/logs"
        assert set(parameters["Events"].split(",")) == {
            "DeletedSecretUse", "EventSelectorChanges", "KMSErrorCount", "OrganizationsChanges", "SecurityGroupRuleChanges"}
        Stack(cloud, "eu-west-1", (folder / "detection.yaml").read_text(), parameters)
        after = ciswatch.collect(server.url, *REGIONS, *checks, to="after.db")
        assert not unsound(ciswatch.report(after, *checks), REGIONS)
        # Whoever is missing is the plan's: nothing is made a second time.
        sns = cloud.client("sns", "eu-west-1")
        told, = sns.list_subscriptions()["Subscriptions"]
        sns.unsubscribe(SubscriptionArn=told["SubscriptionArn"])
        one = ("--check", LATER[0])
        none = bundle(ciswatch, ciswatch.collect(server.url, *REGIONS, *one, to="unheard.db"), *one, to="none")
        assert [path.name for path in none.iterdir()] == ["README.md"]


def test_the_lines_of_the_readme_are_taken_by_the_aws_cli(ciswatch, example, monkeypatch):
    folder = bundle(ciswatch, example("seed-001").snapshot)
    readme = (folder / "README.md").read_text()
    blocks = "".join(readme.split("```sh\n")[i].split("```")[0] for i in (1, 2))
    (tmp := ciswatch.folder / "cli").mkdir()
    cli = recipes.Cli(monkeypatch, tmp)
    monkeypatch.chdir(folder)
    given = sorted(path.name.split(".")[:3] for path in (folder / "parameters").iterdir())
    assert len(given) > 20 and {name for name, *_ in given} == {"config", "flow-logs"}
    for name, account, region in given[:1] + given[-1:]:
        lines = blocks.replace("PART", name).replace("ACCOUNT", account).replace("REGION", region)
        made = [cli.parse(shlex.split(line)[1:]) for line in lines.replace("\\\n", " ").splitlines() if " wait " not in line]
        assert [operation for _, operation, _ in made] == ["CreateStack", "CreateStackSet", "CreateStackInstances"]
        stack, _, instances = (params for *_, params in made)
        assert stack["Parameters"] == instances["ParameterOverrides"] and stack["TemplateBody"].startswith("AWSTemplate")


def as_aws(moto):
    """The emulator with two regions, and with the delivery times that it does not know."""
    relay = loopback.relay(moto.url)

    def answer(request):
        made = relay(request)
        if request.operation == "DescribeRegions":
            return of_regions(made, ("us-east-1", "eu-west-1"))
        return with_delivery(made) if request.operation == "GetTrailStatus" else made
    return answer


def test_an_account_without_anything_is_made_sound_by_stacks_alone(ciswatch):
    """Section 2 first, and then, beside the log group that the trail has by then, section 3."""
    with servers.moto_server() as server, loopback.serving(as_aws(server)) as aws:
        cloud = accounts.Cloud(server.url)
        chosen = ("--pack", "cis-aws-1.2.0")
        made = []
        for name in ("first", "second"):
            snapshot = ciswatch.collect(aws.url, *chosen, to=f"{name}.db")
            folder = bundle(ciswatch, snapshot, *chosen, "--set", "detection.endpoint=security@example.com", to=name)
            for template in sorted(folder.glob("*.yaml")):
                found = places(folder, template.stem)
                rows = [row.split("|")[1:3] for row in (folder / "README.md").read_text().split(f"## {template.name}")[1]
                        .split("\n##")[0].splitlines() if row.startswith(f"| {cloud.account}")]
                assert len(rows) == len(found)
                for account, region in rows:
                    Stack(cloud, region.strip(), template.read_text(), found[account.strip(), region.strip()],
                          template.stem)
                    made.append((template.stem, region.strip()))
        assert made == [("config", "us-east-1"), ("config", "eu-west-1"), ("flow-logs", "eu-west-1"), ("flow-logs", "us-east-1"),
                        ("trail", "us-east-1"), ("detection", "us-east-1")]
        report = ciswatch.report(ciswatch.collect(aws.url, *chosen, to="after.db"), *chosen)
    assert not [row for row in report.document["requirements"] if row["verdict"] != "pass"]
    assert len(report.document["requirements"]) == 23


def test_the_template_of_alarms_knows_each_event_that_there_is_a_pattern_for():
    """Patterns are in the view alone: a template that does not know one's name would be refused its parameters."""
    known = set(re.findall(r"^  \('[-a-z0-9]+', '(\w+)',$", (ROOT / "checks/views/event_patterns.sql").read_text(), re.M))
    template, _ = decode_str((ROOT / "checks/bundles/cloudformation/detection.yaml").read_text())
    assert len(known) == 19 and known == set(template["Parameters"]["Events"]["AllowedValues"])
    assert known <= set(template["Parameters"])
    assert known == set(re.findall(r"filter \(where name = '(\w+)'\) as \1\b", part("detection")["sql"]))


def test_names_of_strangers_stay_values(ciswatch, hostile):
    """And what cannot be the name of a thing is refused by its template."""
    folder = bundle(ciswatch, hostile.snapshot, "--pack", "cis-aws-1.2.0", "--pack", "logging-best-practice")
    files = list((folder / "parameters").iterdir())
    assert files
    for file in files:
        template, _ = decode_str((folder / f"{file.name.split('.')[0]}.yaml").read_text())
        assert set(stacks.parameters_of(file)) <= set(template["Parameters"])
    rows = [row for row in (folder / "README.md").read_text().splitlines() if row.startswith("|")]
    assert all(row.count("|") in (3, 4) and "<" not in row for row in rows)
