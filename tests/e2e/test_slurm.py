"""The array job of examples/fleet/slurm, on a Slurm that runs here: a task is killed and put back, and
what the merged shards are found to hold is what one run finds."""

import os
import pathlib
import signal

import pytest

import slurm
from program import Program, ROOT
from test_merge import accounts_in, recording_of_many, reports, shard_of

SCRIPTS = ROOT / "examples/fleet/slurm"
SHARDS = 4
KILLED = 2


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "slurm"
    folder.mkdir()
    with slurm.one_machine(folder) as cluster:
        yield cluster


def reading(task, program):
    """The process of the program that an array task runs, or None."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (process / "exe").resolve() != program.resolve():
                continue
            environment = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # another user's, or gone
        if f"SLURM_ARRAY_TASK_ID={task}".encode() in environment:
            return int(process.name)
    return None


def test_a_killed_task_is_put_back_and_the_whole_is_judged_as_one_run(tmp_path, cluster):
    program = Program(tmp_path)
    recording = recording_of_many(tmp_path / "r.jsonl", 24)
    whole = program.import_(recording, to="whole.db")
    assert {shard_of(account, SHARDS) for account in accounts_in(whole)} == {1, 2, 3, 4}
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/ciswatch").symlink_to(program.path)
    env = {"PATH": f"{tmp_path}/bin:{slurm.PATH}", "CISWATCH_SHARDS": str(SHARDS),
           "CISWATCH_FOLDER": str(tmp_path)}

    array = cluster.submit(f"--array=1-{SHARDS}", SCRIPTS / "collect.sbatch", "import", recording,
                           cwd=tmp_path, env=env)
    judge = cluster.submit(f"--dependency=afterok:{array}", SCRIPTS / "judge.sbatch", array,
                           cwd=tmp_path, env=env)
    victim = slurm.until("task 2 was never seen\n" + cluster.logs(), 20,
                         lambda: reading(KILLED, program.path))
    os.kill(victim, signal.SIGKILL)
    tasks = cluster.finished(array, 50)
    log = (tmp_path / f"ciswatch-{array}-{KILLED}.log").read_text()
    assert set(tasks.values()) == {"COMPLETED"} and len(tasks) == SHARDS, (tasks, log, cluster.logs())
    assert f"shard {KILLED} of {SHARDS}, start 1" in log and "Killed" in log
    assert f"shard {KILLED} of {SHARDS}, start 2" in log
    cluster.finished(judge, 30)

    folder = tmp_path / array
    assert (folder / "fleet.html").exists() and (folder / "fleet.json").exists(), \
        (tmp_path / f"ciswatch-{judge}.log").read_text()
    assert accounts_in(folder / "fleet.db") == accounts_in(whole)
    assert reports(program, folder / "fleet.db", "fleet") == reports(program, whole, "whole")
