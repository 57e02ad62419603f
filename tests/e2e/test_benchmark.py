"""The benchmark at fleet scale still measures what it says: on a few accounts, beside sqlite3 alone."""

import collections
import copy
import sys

import pytest

from program import ROOT, program_path

sys.path.insert(0, str(ROOT / "benchmarks"))
import fleet_counts  # noqa: E402
import fleet_results  # noqa: E402
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
