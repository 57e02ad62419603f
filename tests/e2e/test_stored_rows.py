"""Differential: what ciswatch stored equals what boto3 reads from the same server, table by table,
row by row, document and columns."""

import json
import sqlite3

import pytest

import accounts
import loopback
import servers
from boto_view import BotoView, column_value, document, epoch, normal, tables_of
from program import Program

# What an emulator cannot answer: ministack has no account-wide block and no delegated
# administrators, and lists objects where the status of a policy is asked for (boto3 shows an empty
# status, ciswatch a call that failed); moto names the root of GetBucketVersioning otherwise than
# the API and fails at the status of delivery channels; neither looks stacks up by their resources.
# What one cannot the other can, but for stacks: their answers come from the recordings of examples/,
# which test_examples.py holds against the API model.
STACKS = ("aws_cloudformation_stack_resource", "aws_cloudformation_template")
UNANSWERABLE = {
    "moto": (*STACKS, "aws_s3_bucket_versioning", "aws_config_delivery_channel_status"),
    "ministack": (*STACKS, "aws_s3_account_settings", "aws_s3_bucket_policy_status",
                  "aws_organizations_service_access", "aws_organizations_delegated_administrator",
                  "aws_securityhub_hub")}
# Tables of which the account on ministack has nothing.
EMPTY = {"moto": set(), "ministack": {"aws_ec2_network_interface", "aws_cloudwatch_alarm",
                                      "aws_organizations_organizational_unit"}}
# moto says that the last delivery is always just now.
MOVING = {"latest_delivery_time": "LatestDeliveryTime", "": "LatestDeliveryAttemptTime"}
# What is not kept of an answer: what comes in a header, and most of a network interface, a subnet, a
# distribution and a listener.
NOT_KEPT = {"TransitionDefaultMinimumObjectSize"}
KEPT = {
    "aws_ec2_network_interface": {
        "AvailabilityZone", "Description", "InterfaceType", "NetworkInterfaceId", "OwnerId",
        "RequesterId", "RequesterManaged", "Status", "SubnetId", "VpcId"},
    "aws_vpc_subnet": {
        "AvailabilityZone", "CidrBlock", "OwnerId", "State", "SubnetArn", "SubnetId", "VpcId"},
    "aws_cloudfront_distribution": {
        "Id", "ARN", "ETag", "Status", "LastModifiedTime", "DomainName", "Aliases", "Comment",
        "PriceClass", "Enabled", "WebACLId", "HttpVersion", "IsIPV6Enabled", "Staging",
        "ConnectionMode", "AnycastIpListId"},
    "aws_cloudfront_distribution_config": {"DistributionConfig": {
        "CallerReference", "Aliases", "DefaultRootObject", "Comment", "Logging", "PriceClass",
        "Enabled", "WebACLId", "HttpVersion", "IsIPV6Enabled", "ContinuousDeploymentPolicyId",
        "Staging", "ConnectionMode"}},
    "aws_ec2_load_balancer_listener": {
        "ListenerArn", "LoadBalancerArn", "Port", "Protocol", "Certificates", "SslPolicy",
        "AlpnPolicy"}}


def open_snapshot(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    return database


def stored_rows(live, table):
    """The columns of the primary key but for the account, and primary key → row."""
    with open_snapshot(live.snapshot) as database:
        columns = database.execute(f"select name from pragma_table_info('{table.name}') "
                                   "where pk > 0 and name <> 'account_id' order by pk").fetchall()
        key = [column["name"] for column in columns]
        rows = database.execute(f"select * from {table.name}").fetchall()
    stored = {tuple(row[name] for name in key): row for row in rows}
    assert len(stored) == len(rows), f"{table.name}: rows of more than one account"
    return key, stored


def comparable(column, value):
    if value is None:
        return None
    if column.type == "timestamp":
        return epoch(value)
    if column.type in ("json", "document"):
        return _times_as_seconds(document(value))
    return value


def kept(value, wanted):
    """`wanted`: the members, or the members of each member; None for all."""
    if not isinstance(value, dict):
        return value
    below = wanted if isinstance(wanted, dict) else {}
    names = (value.keys() if wanted is None else set(wanted)) - NOT_KEPT - set(MOVING.values())
    return {name: kept(part, below.get(name)) for name, part in value.items() if name in names}


def differences(live, table):
    key, stored = stored_rows(live, table)
    by_name = {column.name: column for column in table.columns}
    found, seen = [], set()
    for asked, region, item in BotoView(live.cloud).rows(table):
        place = tuple(region if name == "region" else column_value(by_name[name], item, asked)
                      for name in key)
        row = stored.get(place)
        if row is None:
            found.append(f"{place}: not stored")
            continue
        seen.add(place)
        have = kept(normal(json.loads(row["doc"]), table.item_shape), KEPT.get(table.name))
        want = kept(normal({} if item is None else item, table.item_shape), KEPT.get(table.name))
        if have != want:
            found.append(f"{place}: document {have} instead of {want}")
        for column in table.columns:
            if column.name in MOVING:
                continue
            have = comparable(column, row[column.name])
            want = column_value(column, item, asked)
            if column.type in ("json", "document"):
                want = comparable(column, want)
            if have != want or type(have) is not type(want):
                found.append(f"{place}: {column.name} {have!r} instead of {want!r}")
    found += [f"{place}: stored, but boto3 does not see it" for place in stored if place not in seen]
    return found, len(seen)


def _times_as_seconds(value):
    if isinstance(value, dict):
        return {name: _times_as_seconds(part) for name, part in value.items()}
    return [_times_as_seconds(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return tables_of(Program(tmp_path_factory.mktemp("schema")).expect(0, "schema").out)


@pytest.mark.parametrize("account", ["moto_watched", "ministack_watched"])
def test_every_table_holds_what_boto3_reads(account, tables, request):
    live = request.getfixturevalue(account)
    assert len(tables) >= 53
    server = account.partition("_")[0]
    problems, rows = {}, {}
    for table in tables:
        if table.name in UNANSWERABLE[server]:
            continue
        found, rows[table.name] = differences(live, table)
        if found:
            problems[table.name] = found
    assert not problems, json.dumps({t: p[:5] for t, p in problems.items()}, indent=1)
    assert {name for name, count in rows.items() if count == 0} == EMPTY[server]


def test_every_table_was_collected(moto_watched, tables):
    with open_snapshot(moto_watched.snapshot) as database:
        collected = {row[0] for row in database.execute("select name from snapshot_table")}
    assert collected == {table.name for table in tables}


def test_what_the_emulator_cannot_answer_is_in_the_ledger_as_failed(ministack_fixed):
    with open_snapshot(ministack_fixed.snapshot) as database:
        outcomes = [row[0] for row in database.execute(
            "select outcome from api_call where service = 's3control' "
            "or operation = 'GetBucketPolicyStatus'")]
    assert len(outcomes) >= 2 and set(outcomes) == {"failed"}


def test_the_last_delivery_is_stored_as_a_time(moto_fixed):
    with open_snapshot(moto_fixed.snapshot) as database:
        time, collected = database.execute(
            "select latest_delivery_time, collected_at from aws_cloudtrail_trail_status, snapshot"
        ).fetchone()
    assert abs(epoch(time) - epoch(collected)) < 60


def test_every_row_names_the_call_that_said_so(moto_watched, tables):
    with open_snapshot(moto_watched.snapshot) as database:
        for table in tables:
            wrong = database.execute(
                f"select count(*) from {table.name} t left join api_call c using (call_id)"
                " where c.operation is not ? or c.account_id is not t.account_id"
                " or c.outcome not in ('ok', 'absent')", [table.operation]).fetchone()[0]
            assert wrong == 0, table.name


def test_the_snapshot_is_sound_and_has_its_own_application_id(moto_fixed):
    with open_snapshot(moto_fixed.snapshot) as database:
        assert database.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert database.execute("pragma application_id").fetchone()[0] == int.from_bytes(b"CISW")
        strict = dict(database.execute("select name, strict from pragma_table_list "
                                       "where schema = 'main' and name not like 'sqlite_%'"))
    assert strict and all(strict.values()), strict


def test_all_pages_are_read(ciswatch):
    """The relay makes the pages small, so that ministack hands out tokens."""

    def smaller_pages(request, _):
        if request.operation == "ListBuckets":
            request.target = request.target.replace("max-buckets=10000", "max-buckets=20")

    with servers.ministack_server() as server:
        cloud = accounts.Cloud(server.url)
        buckets = {f"paged-{n:03}" for n in range(45)}
        for name in buckets:
            accounts.make_bucket(cloud, name, "us-east-1")
        paged = loopback.faulty(loopback.relay(server.url), smaller_pages)
        with loopback.serving(paged) as counter:
            snapshot = ciswatch.collect(counter.url, "--region", "us-east-1")
            assert len(counter.asked("ListBuckets")) == 3
    with open_snapshot(snapshot) as database:
        assert {r[0] for r in database.execute("select name from aws_s3_bucket_list")} == buckets


PAGES = {"": '{"Keys":[{"KeyId":"k1","KeyArn":"a1"}],"Truncated":true,"NextMarker":"m1"}',
         "m1": '{"Keys":[{"KeyId":"k2","KeyArn":"a2"}],"Truncated":true,"NextMarker":"m2"}',
         "m2": '{"Keys":[{"KeyId":"k3","KeyArn":"a3"}],"Truncated":false}'}


def test_pages_of_a_json_service_are_read_to_the_end(ciswatch, empty_account):
    server = empty_account({"ListKeys": lambda r: PAGES[json.loads(r.body).get("Marker", "")]})
    snapshot = ciswatch.collect(server.url, "--region", "us-east-1")
    with open_snapshot(snapshot) as database:
        stored = {row[0] for row in database.execute("select id from aws_kms_key_list")}
    assert stored == {"k1", "k2", "k3"}
    assert [json.loads(r.body).get("Marker", "") for r in server.asked("ListKeys")] == [*PAGES]


def test_more_without_a_token_is_no_whole_list(ciswatch, empty_account):
    """ministack does that: Truncated, and no NextMarker."""
    server = empty_account({"ListKeys": '{"Keys":[],"Truncated":true}'})
    report = ciswatch.report(ciswatch.collect(server.url))
    assert report.verdicts()["2.8"] == "unknown"


def test_a_page_that_fails_leaves_the_list_unknown(ciswatch, empty_account):
    """Half a list is no list: a key that was not seen may be the one that does not rotate."""
    first = '{"Keys":[],"Truncated":true,"NextMarker":"next"}'

    def second_page_denied(request, _):
        if request.operation == "ListKeys" and b"next" in request.body:
            return loopback.error(request, "AccessDeniedException", "no")

    server = empty_account({"ListKeys": first}, second_page_denied)
    report = ciswatch.report(ciswatch.collect(server.url))
    assert report.verdicts()["2.8"] == "unknown"


def test_paging_that_never_ends_is_stopped(ciswatch, empty_account):
    server = empty_account({"ListKeys": '{"Keys":[],"Truncated":true,"NextMarker":"again"}'})
    report = ciswatch.report(ciswatch.collect(server.url, timeout=30))
    assert report.verdicts()["2.8"] == "unknown"
    assert len(server.asked("ListKeys")) < 20
