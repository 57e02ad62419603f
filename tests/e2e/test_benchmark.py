"""The benchmarks at fleet scale still measure what they say: on a few accounts, beside sqlite3 alone, and
collected from a server that counts."""

import collections
import copy
import sys
import urllib.error
import urllib.request

import pytest

from program import ROOT, program_path

sys.path.insert(0, str(ROOT / "benchmarks"))
import collect_results  # noqa: E402
import collect_server  # noqa: E402
import fleet_counts  # noqa: E402
import fleet_results  # noqa: E402
from collect_benchmark import Benchmark as CollectBenchmark, serving  # noqa: E402
from fleet_benchmark import Benchmark  # noqa: E402
from fleet_commands import Programs  # noqa: E402
from measure import Meter  # noqa: E402


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    patience, Meter.patience = Meter.patience, 0
    try:
        with Benchmark(Programs(program_path().parent), tmp_path_factory.mktemp("fleet"),
                       5) as benchmark:
            yield benchmark.measure(rounds=1)
    finally:
        Meter.patience = patience


def test_sqlite_finds_what_ciswatch_finds(measured):
    engine, rows = measured.found["ciswatch, 1 job"], measured.found["sqlite3"]
    assert len(engine) == 9 and all(found.rows > 0 for found in rows.values())
    for check, found in rows.items():
        assert (found.verdicts, found.judged) == (engine[check].verdicts, engine[check].judged), check


def test_every_command_was_measured_and_is_on_the_page(measured):
    page = fleet_results.page(measured)
    for name, costs in measured.costs.items():
        assert costs.least("wall") > 0 and costs.most("rss") > 0
        assert f"\n| {name} | 1 | " in page
    assert measured.written["ciswatch, 2 jobs, every report"] > measured.written["ciswatch, 1 job"] > 0
    assert f"| 5 accounts | {measured.fleet.bytes:,} |" in page


@pytest.mark.parametrize("change", [
    {"pass": 1}, {"pass": -1}, {"fail": -1, "unknown": 1}, {"not_applicable": 1, "unknown": -1}])
def test_a_difference_is_found(measured, change):
    rows = measured.found["sqlite3"]
    engine = copy.deepcopy(rows)
    changed = engine["kms-key-rotation"]
    changed.verdicts = collections.Counter(changed.verdicts)
    changed.verdicts.update(change)
    assert fleet_counts.faults(rows, rows) == []
    assert len(fleet_counts.faults(engine, rows)) == 1


# --- collecting

@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    patience, Meter.patience = Meter.patience, 0
    try:
        yield CollectBenchmark(program_path(), tmp_path_factory.mktemp("collected"), latency=0.01,
                               replayed=1).measure([1, 3], rounds=1)
    finally:
        Meter.patience = patience


def test_every_read_of_every_account_was_counted_and_no_quota_passed(collected):
    one, three = collected.fleets
    assert three.reads > 500 and 2 * one.calls < three.calls
    requests = three.counts[0]["requests"]
    assert requests["sts AssumeRole"] == 3 and requests["cloudtrail DescribeTrails"] == 3 * 17
    assert three.most("refused") == 0 and three.most("most_in_flight") > 100
    # Who the caller is, and the role, are no reads; a further page, or a bucket's region, is none either.
    assert three.reads + 1 + 3 <= three.calls < three.reads + 10


def test_no_floor_is_above_what_was_measured_and_all_are_on_the_page(collected):
    for measured in collected.fleets:
        told = collect_results.floors(collected, measured)
        assert all(0 <= floor < measured.costs.least("wall") for floor in told.values())
    assert told["requests in flight"] == pytest.approx(measured.calls / 512 * 0.01)
    assert told["longest chain"] == pytest.approx(0.01 * collected.chain) and collected.chain >= 6
    page = collect_results.page(collected)
    assert f"\n| 3 | 1 | {measured.calls} | " in page and "| requests beyond a quota | 0 | 0 | met |" in page


def test_the_server_of_the_benchmark_refuses_what_is_beyond_a_quota(tmp_path):
    asked = urllib.request.Request("http://127.0.0.1", b"{}", {
        "x-amz-target": "CloudTrail_20131101.DescribeTrails", "Content-Type": "application/x-amz-json-1.1",
        "Authorization": f"AWS4-HMAC-SHA256 Credential=ASIALAB{collect_server.ids(1)[0]}/20261122/"
                         "eu-west-1/cloudtrail/aws4_request, SignedHeaders=host, Signature=0"})
    refused = 0
    with serving(1, 0, "quotas") as server:
        for _ in range(30):  # ten are allowed at once, and ten a second
            asked.full_url = server.url
            try:
                urllib.request.urlopen(asked).read()
            except urllib.error.HTTPError as error:
                refused += b"ThrottlingException" in error.read()
        told = server.counts()
    assert 0 < refused == told["refused"] <= 20
    assert told["least_seconds"] == pytest.approx(2)
