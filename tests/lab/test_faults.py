"""Collections from a local AWS that goes wrong in seeded ways, each compared with the collection of the
same account in peace."""

import concurrent.futures
import functools
import math
import os
import types

import pytest

import faults
import judge
import server
from conftest import ATTEMPTS, LEAST
from program import Program, ROOT
from quotas import Quotas
from recording import Recording

# More runs, judged by all packs: scripts/lab.
RUNS = int(os.environ.get("LAB_RUNS", "28"))
AT_ONCE = 6
ALL = [flag for pack in sorted((ROOT / "checks/packs").glob("*.yaml"))
       for flag in ("--pack", pack.stem)]
PACKS = ALL if "LAB_RUNS" in os.environ else ["--pack", "cis-aws-1.4.0"]
# Its faults, its strengths, and an organization's three accounts.
EXAMPLES = [("seed-000", "123456789012"), ("seed-001-fixed", None), ("seed-003", "111111111111"),
            ("seed-003", "222222222222"), ("seed-003", "333333333333")]


@functools.cache
def recorded(example):
    return Recording(ROOT / "examples" / example / "recording.jsonl")


def collected(folder, example, account, **how):
    """What a collection made and what the server did to it."""
    recording = recorded(example)
    account = account or recording.accounts[0]
    folder.mkdir()
    program = Program(folder)
    with server.serving(recording, **how) as lab:
        env = {"AWS_ACCESS_KEY_ID": f"AKIALAB{account}", "AWS_MAX_ATTEMPTS": ATTEMPTS}
        snapshot = program.collect(lab.url, *ALL, env=env, timeout=150)
    return types.SimpleNamespace(lab=lab, ledger=judge.ledger(snapshot),
                                 report=program.report(snapshot, *PACKS))


@pytest.fixture(scope="session")
def peace(tmp_path_factory):
    """example and account → its collection when nothing goes wrong."""
    folder = tmp_path_factory.mktemp("peace")
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(EXAMPLES, pool.map(
            lambda each: collected(folder / f"{each[0]}-{each[1]}", *each), EXAMPLES)))


def example_of(seed):
    """The largest account every other time."""
    return EXAMPLES[0] if seed % 2 == 0 else EXAMPLES[1 + seed // 2 % (len(EXAMPLES) - 1)]


def passes_by(seed):
    """Every fifth run has only faults that pass by, and no more at once than the budget for retries
    pays for."""
    return seed % 5 == 4


def schedule_of(seed):
    return faults.Schedule(seed, share=0.2, final=0, most=1, kinds=faults.PASSING) if passes_by(seed) \
        else faults.Schedule(seed)


@pytest.fixture(scope="session")
def runs(tmp_path_factory, peace, injected):
    """seed → (the run in peace, the disturbed run)."""
    folder = tmp_path_factory.mktemp("runs")

    def run(seed):
        example = example_of(seed)
        made = collected(folder / str(seed), *example, schedule=schedule_of(seed))
        injected.append(made.lab.injected)
        return peace[example], made

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(enumerate(pool.map(run, range(RUNS))))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: "-".join(filter(None, each)))
def test_in_peace_the_server_answers_every_call(peace, example):
    assert peace[example].lab.unknown == []
    assert peace[example].lab.injected == 0


@pytest.mark.parametrize("example", ["seed-000", "seed-001-fixed", "seed-003"])
def test_in_peace_a_collection_finds_what_an_import_finds(peace, example, tmp_path):
    """The recording of one account goes over the wire and back without a loss."""
    account = dict(EXAMPLES)[example] or recorded(example).accounts[0]
    (tmp_path / "r.jsonl").write_text("".join(
        line for line in recorded(example).text.splitlines(True) if f'"account":"{account}"' in line))
    program = Program(tmp_path)
    imported = program.report(program.import_("r.jsonl"), *PACKS)
    assert peace[example, dict(EXAMPLES)[example]].report.judgements() == imported.judgements()


@pytest.mark.parametrize("seed", range(RUNS))
def test_no_verdict_is_better_than_in_peace(runs, seed):
    before, after = runs[seed]
    assert list(judge.better(before.report, after.report)) == []


@pytest.mark.parametrize("seed", range(RUNS))
def test_each_final_fault_is_in_the_ledger_and_nothing_else_is(runs, seed):
    before, after = runs[seed]
    last = after.lab.last_faults()
    assert after.lab.unknown == []
    assert list(judge.unreported(last, after.ledger)) == []
    assert list(judge.unexplained(last, after.ledger, before.ledger)) == []


@pytest.mark.parametrize("seed", list(filter(passes_by, range(RUNS))))
def test_faults_that_pass_by_leave_the_findings_as_they_are(runs, seed):
    before, after = runs[seed]
    assert after.lab.injected > 50
    assert after.lab.last_faults() == {}
    assert after.report.judgements() == before.report.judgements()


def test_that_many_faults_were_injected(runs, injected):
    least = LEAST if RUNS >= 28 else LEAST * RUNS // 40  # scripts/lab may be started with few
    assert sum(made.lab.injected for _, made in runs.values()) >= least


def test_far_away_and_with_awss_quotas_nothing_is_refused(peace, tmp_path):
    quotas = Quotas()
    made = collected(tmp_path / "far", *EXAMPLES[0], latency=(0.02, 0.3), quotas=quotas)
    assert quotas.refused == {}
    assert made.report.judgements() == peace[EXAMPLES[0]].report.judgements()
