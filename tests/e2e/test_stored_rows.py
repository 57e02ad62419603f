"""Differential: what ciswatch stored equals what boto3 reads from the same server, table by table,
row by row, document and columns."""

import json
import sqlite3

import pytest

import accounts
import loopback
import servers
from boto_view import BotoView, column_value, epoch, normal, tables_of
from program import Program

# What an emulator cannot answer: no account-wide block at all, and a list of objects where the status
# of a policy is asked for (boto3 shows it as an empty status, ciswatch as a call that failed).
UNANSWERABLE = {"moto": (), "ministack": ("aws_s3_account_settings", "aws_s3_bucket_policy_status")}
# moto says that the last delivery is always just now.
MOVING = {"latest_delivery_time": "LatestDeliveryTime", "": "LatestDeliveryAttemptTime"}


def open_snapshot(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    return database


def stored_rows(live, table):
    """key → row, in the form that boto3's rows are brought to."""
    with open_snapshot(live.snapshot) as database:
        rows = database.execute(f"select * from {table.name}").fetchall()
    return {(r["region"], r[table.key] if table.key else None): r for r in rows}


def comparable(column, value):
    if value is None:
        return None
    if column.type == "timestamp":
        return epoch(value)
    return json.loads(value) if column.type == "json" else value


def expected_column(column, table, item, target):
    value = column_value(column, item or {}, target, item is None)
    if column.type == "json" and isinstance(value, str):
        return json.loads(value)  # a default of the schema page
    return value


def still(document):
    return {name: value for name, value in document.items() if name not in MOVING.values()}


def differences(live, table):
    stored, found, seen = stored_rows(live, table), [], set()
    for region, target, item in BotoView(live.cloud).rows(table):
        key = column_value(next(c for c in table.columns if c.name == table.key), item or {},
                           target, item is None) if table.key else None
        row = stored.get((region, key))
        if row is None:
            found.append(f"{region} {key}: not stored")
            continue
        seen.add((region, key))
        document = still(normal(json.loads(row["doc"]), table.item_shape))
        wanted = still(normal(item or {}, table.item_shape))
        if document != wanted:
            found.append(f"{region} {key}: document {document} instead of {wanted}")
        for column in table.columns:
            if column.name in MOVING:
                continue
            have = comparable(column, row[column.name])
            want = expected_column(column, table, item, target)
            if column.type == "json":
                have, want = _times_as_seconds(have), _times_as_seconds(want)
            if have != want or type(have) is not type(want):
                found.append(f"{region} {key}: {column.name} {have!r} instead of {want!r}")
    found += [f"{key}: stored, but boto3 does not see it" for key in stored if key not in seen]
    return found, len(seen)


def _times_as_seconds(value):
    if isinstance(value, dict):
        return {name: _times_as_seconds(part) for name, part in value.items()}
    return [_times_as_seconds(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return tables_of(Program(tmp_path_factory.mktemp("schema")).expect(0, "schema").out)


@pytest.mark.parametrize("account", ["moto_fixed", "ministack_fixed"])
def test_every_table_holds_what_boto3_reads(account, tables, request):
    live = request.getfixturevalue(account)
    assert len(tables) >= 17
    skipped = UNANSWERABLE[account.partition("_")[0]]
    problems, rows = {}, {}
    for table in tables:
        if table.name in skipped:
            continue
        found, rows[table.name] = differences(live, table)
        if found:
            problems[table.name] = found
    assert not problems, json.dumps({t: p[:5] for t, p in problems.items()}, indent=1)
    assert all(rows.values()), f"nothing was compared: {rows}"


def test_the_tables_of_the_nine_checks_were_all_collected(moto_fixed, tables):
    with open_snapshot(moto_fixed.snapshot) as database:
        collected = {row[0] for row in database.execute("select name from snapshot_table")}
    assert collected == {table.name for table in tables}


def test_what_the_emulator_cannot_answer_is_in_the_ledger_as_failed(ministack_fixed):
    with open_snapshot(ministack_fixed.snapshot) as database:
        outcomes = [row[0] for row in database.execute(
            "select outcome from api_call where service = 's3control' "
            "or operation = 'GetBucketPolicyStatus'")]
    assert outcomes == ["failed", "failed"]


def test_the_last_delivery_is_stored_as_a_time(moto_fixed):
    with open_snapshot(moto_fixed.snapshot) as database:
        time, collected = database.execute(
            "select latest_delivery_time, collected_at from aws_cloudtrail_trail_status, snapshot"
        ).fetchone()
    assert abs(epoch(time) - epoch(collected)) < 60


def test_every_row_names_the_call_that_said_so(moto_fixed, tables):
    with open_snapshot(moto_fixed.snapshot) as database:
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
