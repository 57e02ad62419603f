"""The stacks of a bundle, deployed on an emulator, collected and judged again."""

import accounts
import servers
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


def test_somebody_is_told_of_each_event_that_nobody_was_told_of(ciswatch):
    checks = flags(part("detection")["checks"])
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
        assert len(parameters["Events"].split(",")) == 19
        Stack(cloud, "eu-west-1", (folder / "detection.yaml").read_text(), parameters)
        after = ciswatch.collect(server.url, *REGIONS, *checks, to="after.db")
        assert not unsound(ciswatch.report(after, *checks), REGIONS)
        # Whoever is missing is the plan's: nothing is made a second time.
        sns = cloud.client("sns", "eu-west-1")
        told, = sns.list_subscriptions()["Subscriptions"]
        sns.unsubscribe(SubscriptionArn=told["SubscriptionArn"])
        ciswatch.expect(0, "remediate", "bundle", "--format", "cloudformation", "-o", "none", *checks,
                        "--snapshot", ciswatch.collect(server.url, *REGIONS, *checks, to="unheard.db"))
        assert [path.name for path in (ciswatch.folder / "none").iterdir()] == ["README.md"]
