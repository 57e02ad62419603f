"""An account whose detection of uses of KMS keys that are gone has a broken link: planned for, mended, judged
again and undone, on an emulator that nobody here wrote. checks/fixes/alarm-on-events.yaml has every link."""

import json

import pytest

import accounts
import servers

REGION = ["--region", "us-east-1"]
CHECKS = [f"kms-key-use-detection-{link}" for link in ("action", "alarm", "blind", "filter", "missing-data")]
CHOSEN = [flag for check in CHECKS for flag in ("--check", check)]
WIDE = '{ $.eventSource = kms.amazonaws.com && ($.errorMessage = "*" || $.errorCode = "*") }'
NEVER = '{ $.eventSource = kms.amazonaws.com && $.errorCode = "A" && $.errorCode = "B" }'
TOLD = "alarm-on-events.endpoint=security@example.com"


@pytest.fixture(scope="module")
def moto():
    with servers.moto_server() as server:
        yield server


def make(server, pattern=WIDE, **alarm):
    server.reset()
    cloud = accounts.Cloud(server.url)
    accounts.make_bucket(cloud, "trail-logs", "us-east-1")
    logs, sns = cloud.client("logs"), cloud.client("sns")
    logs.create_log_group(logGroupName="CloudTrail/logs")
    group, = logs.describe_log_groups()["logGroups"]
    trails = cloud.client("cloudtrail")
    trails.create_trail(Name="management-events", S3BucketName="trail-logs", IsMultiRegionTrail=True,
                        CloudWatchLogsLogGroupArn=group["arn"],
                        CloudWatchLogsRoleArn=f"arn:aws:iam::{cloud.account}:role/deliver")
    trails.start_logging(Name="management-events")
    topic = sns.create_topic(Name="kms-errors")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    logs.put_metric_filter(
        logGroupName="CloudTrail/logs", filterName="kms", filterPattern=pattern, metricTransformations=[
            {"metricName": "KMSErrorCount", "metricNamespace": "CloudTrailLogMetrics", "metricValue": "1"}])
    cloud.client("cloudwatch").put_metric_alarm(**{
        "AlarmName": "KMS errors", "MetricName": "KMSErrorCount", "Namespace": "CloudTrailLogMetrics",
        "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1, "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
        "AlarmActions": [topic]} | alarm)
    return cloud


def state(cloud):
    """All that the detection is made of, without the times at which it was made."""
    sns = cloud.client("sns")
    topics = [topic["TopicArn"] for topic in sns.list_topics()["Topics"]]
    heard = {topic: sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] for topic in topics}
    filters = cloud.client("logs").describe_metric_filters()["metricFilters"]
    alarms = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    for alarm in alarms:
        del alarm["AlarmConfigurationUpdatedTimestamp"]
    return heard, filters, alarms


def verdicts(program, server, to):
    program.collect(server.url, *CHOSEN, *REGION, to=to)
    report = program.run("scan", "--snapshot", to, *CHOSEN, "--report", "json").json()
    return {finding["check"]: finding["verdict"] for finding in report.findings}


@pytest.mark.parametrize("broken, steps", [
    ({"pattern": NEVER}, ["topic", "invite", "filter", "alarm"]),
    ({"ActionsEnabled": False}, ["enable"])
], ids=["the filter", "the action"])
def test_the_detection_is_mended_and_taken_back(ciswatch, moto, broken, steps):
    cloud = make(moto, **broken)
    before, first = state(cloud), verdicts(ciswatch, moto, "snapshot.db")
    assert set(first.values()) & {"warn", "critical"}
    ciswatch.expect(0, "remediate", "plan", "--snapshot", "snapshot.db", *CHOSEN, "--set", TOLD, "-o", "plan.json")
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    assert [change["step"] for change in plan["changes"]] == steps and not plan["unplanned"]
    applied = ciswatch.expect(0, "remediate", "apply", "plan.json", "--approve", plan["hash"], "--format",
                              "json", "--endpoint-url", moto.url, *REGION)
    assert {finding["outcome"] for finding in json.loads(applied.out)["findings"]} == {"fixed"}
    assert set(verdicts(ciswatch, moto, "after.db").values()) == {"pass"}
    # What was there is as it was, but for actions that were off.
    for old, new in zip(before[1:], state(cloud)[1:]):
        assert all(each in new for each in old) or steps == ["enable"]
    ciswatch.expect(0, "remediate", "undo", "plan.json.journal", "--endpoint-url", moto.url)
    assert state(cloud) == before and verdicts(ciswatch, moto, "undone.db") == first
