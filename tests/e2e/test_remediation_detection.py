"""Accounts whose detection of uses of KMS keys that are gone has a broken link each: planned for, mended, judged
again and undone, all in one run, on an emulator that nobody here wrote. checks/fixes/alarm-on-events.yaml has
every link; that of the trail itself is cloudtrail-multi-region's."""

import json

import pytest

import accounts
import servers
from fleet_runs import accounts_file
from mending import disagreements, judged

CHECKS = ["cloudtrail-multi-region", *(f"kms-key-use-detection-{link}" for link in (
    "action", "alarm", "blind", "filter", "missing-data"))]
CHOSEN = [flag for check in CHECKS for flag in ("--check", check)]
WIDE = '{ $.eventSource = kms.amazonaws.com && ($.errorMessage = "*" || $.errorCode = "*") }'
NEVER = '{ $.eventSource = kms.amazonaws.com && $.errorCode = "A" && $.errorCode = "B" }'
TOLD = "alarm-on-events.endpoint=security@example.com"

# Account → what is wrong there, and the steps that mend it.
BROKEN = {
    "111111111111": ({"pattern": NEVER}, ["topic", "invite", "filter", "alarm"]),
    "222222222222": ({"Threshold": 100}, ["alarm"]),
    "333333333333": ({"TreatMissingData": "missing"}, ["alarm"]),
    "444444444444": ({"ActionsEnabled": False}, ["enable"]),
    "555555555555": ({"AlarmActions": []}, ["topic", "invite", "alarm"]),
    "666666666666": ({"subscriber": None}, ["invite-beside"]),
    "777777777777": ({"leaves_out": ["kms.amazonaws.com"]}, ["selectors"])}
SILENT, UNHEARD, BLIND = "444444444444", "666666666666", "777777777777"


def cloud_of(url, account):
    """The account by a role in it."""
    made = accounts.Cloud(url).client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/owner", RoleSessionName="owner")["Credentials"]
    return accounts.Cloud(url, made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def make_trail(cloud, account, leaves_out):
    accounts.make_bucket(cloud, f"trail-logs-{account}", "us-east-1")
    cloud.client("logs").create_log_group(logGroupName="CloudTrail/logs")
    trails = cloud.client("cloudtrail")
    trails.create_trail(
        Name="management-events", S3BucketName=f"trail-logs-{account}", IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:us-east-1:{account}:log-group:CloudTrail/logs:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{account}:role/deliver")
    trails.start_logging(Name="management-events")
    if leaves_out:
        trails.put_event_selectors(TrailName="management-events", EventSelectors=[
            {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [],
             "ExcludeManagementEventSources": leaves_out}])


def make(url, account, pattern=WIDE, subscriber="ops@example.com", leaves_out=(), **alarm):
    cloud = cloud_of(url, account)
    make_trail(cloud, account, leaves_out)
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="kms-errors")["TopicArn"]
    if subscriber:
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=subscriber)
    cloud.client("logs").put_metric_filter(
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
    selectors = cloud.client("cloudtrail").get_event_selectors(TrailName="management-events")["EventSelectors"]
    return heard, filters, alarms, selectors


@pytest.fixture
def server():
    with servers.moto_server() as moto:
        moto.clouds = {account: make(moto.url, account, **broken)
                       for account, (broken, _) in BROKEN.items()}
        yield moto


class Loop:
    def __init__(self, program, server):
        self.program = program
        self.live = ("--endpoint-url", server.url, "--accounts", accounts_file(program, *BROKEN), "--role", "audit",
                     "--region", "us-east-1")

    def report(self, to):
        self.program.expect(0, "collect", "-o", to, *CHOSEN, *self.live)
        return self.program.report(to, *CHOSEN)

    def plan(self, snapshot):
        self.program.expect(0, "remediate", "plan", "--snapshot", snapshot, *CHOSEN, "--set", TOLD, "-o", "plan.json")
        return json.loads((self.program.folder / "plan.json").read_text())

    def apply(self, plan):
        return json.loads(self.program.expect(0, "remediate", "apply", "plan.json", "--approve", plan["hash"],
                                              "--format", "json", *self.live).out)


def steps_of(plan):
    steps = {}
    for change in plan["changes"]:
        steps.setdefault(change["account_id"], []).append(change["step"])
    return steps


def bad_accounts(report):
    return {key[1] for key, verdict in judged(report).items() if verdict not in ("pass", "not_applicable")}


def test_every_link_of_a_detection_is_mended_and_taken_back(ciswatch, server):
    loop, clouds = Loop(ciswatch, server), server.clouds
    before, first = {account: state(cloud) for account, cloud in clouds.items()}, loop.report("before.db")
    assert bad_accounts(first) == set(BROKEN)
    plan = loop.plan("before.db")
    assert steps_of(plan) == {account: steps for account, (_, steps) in BROKEN.items()}
    assert all(each["why"].startswith("first mend the trail") for each in plan["unplanned"])
    assert {finding["account_id"] for finding in plan["findings"]
            if finding["id"] in {each["finding"] for each in plan["unplanned"]}} == {BLIND}

    assert {finding["outcome"] for finding in loop.apply(plan)["findings"]} == {"fixed"}
    mended = loop.report("after.db")
    assert not bad_accounts(mended)
    # A subscriber has to confirm, which simulate does not foretell; here all have at once.
    assert disagreements(ciswatch, "before.db", (first, mended), *CHOSEN) == {
        ("kms-key-use-detection-action", account, "us-east-1", account): ("warn", "pass")
        for account, (_, steps) in BROKEN.items() if {"invite", "invite-beside"} & set(steps)}
    # What was there is as it was, beside what was made; but for actions that were off, and selectors.
    for account in BROKEN.keys() - {SILENT, BLIND}:
        old, new = before[account], state(clouds[account])
        assert all(each in is_now for was, is_now in zip(old[1:], new[1:]) for each in was)

    ciswatch.expect(0, "remediate", "undo", "plan.json.journal", *loop.live)
    for account in BROKEN.keys() - {UNHEARD}:
        assert state(clouds[account]) == before[account], account
    heard, *rest = state(clouds[UNHEARD])
    assert [len(subscribers) for subscribers in heard.values()] == [1] and rest == [*before[UNHEARD][1:]]
    differs = judged(first).items() ^ judged(loop.report("again.db")).items()
    assert {key for key, _ in differs} == {("kms-key-use-detection-action", UNHEARD, "us-east-1", UNHEARD)}
