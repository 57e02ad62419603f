"""The array job of examples/fleet/slurm, on a Slurm that runs here: a task is killed and put back, asks
nothing again that was answered, and what the merged shards are found to hold is what one run finds."""

import os
import pathlib
import signal
import time

import pytest

import loopback
import slurm
from fleet_runs import accounts_file, findings_of
from fleet_server import account_of, fleet
from program import Program, ROOT
from test_merge import accounts_in, shard_of

SCRIPTS = ROOT / "examples/fleet/slurm"
SHARDS = 4
KILLED = 2
NOTHING_WATCHES = {
    "DescribeMetricFilters": '{"metricFilters":[]}',
    "DescribeAlarms": "<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms/></DescribeAlarmsResult>"
                      "</DescribeAlarmsResponse>",
    "ListTopics": "<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>"}


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


class Fleet:
    """Accounts of four shards, two at least in that of the task that is killed, of which one does not
    answer a call as long as it is `stuck`."""

    def __init__(self):
        ids = [f"{n:012}" for n in range(100, 116)]
        self.ids = ids
        self.killed = [id for id in ids if shard_of(id, SHARDS) == KILLED]
        assert len(self.killed) > 1 and {shard_of(id, SHARDS) for id in ids} == {1, 2, 3, 4}
        self.stuck = True
        self.answer = fleet(NOTHING_WATCHES, self._rule)

    def _rule(self, request, _):
        if self.stuck and request.operation == "DescribeVpcs" and account_of(request) == self.killed[-1]:
            return loopback.Answer(200, loopback.EMPTY["DescribeVpcs"], delay=60)
        return None

    def asked_by_the_killed(self, server):
        """What each request of that shard's accounts was about."""
        return [(account_of(r), r.region, r.operation, r.path, r.body) for r in list(server.requests)
                if account_of(r) in self.killed]


def test_a_killed_task_goes_on_with_what_it_has_read_and_the_whole_is_judged_as_one_run(
        tmp_path, cluster):
    program, accounts = Program(tmp_path), Fleet()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/ciswatch").symlink_to(program.path)
    with loopback.serving(accounts.answer) as server:
        asked = ["collect", "--accounts", tmp_path / accounts_file(program, *accounts.ids), "--role", "audit",
                 "--endpoint-url", server.url]
        env = {**program.env, "PATH": f"{tmp_path}/bin:{slurm.PATH}", "CISWATCH_SHARDS": str(SHARDS),
               "CISWATCH_FOLDER": str(tmp_path)}
        array = cluster.submit(f"--array=1-{SHARDS}", SCRIPTS / "collect.sbatch", *asked, "--resume",
                               cwd=tmp_path, env=env)
        judge = cluster.submit(f"--dependency=afterok:{array}", SCRIPTS / "judge.sbatch", array,
                               cwd=tmp_path, env=env)
        victim = slurm.until("task 2 was never seen\n" + cluster.logs(), 20,
                             lambda: reading(KILLED, program.path))
        slurm.until("nothing is stuck", 30, lambda: any(
            account_of(r) == accounts.killed[-1] for r in server.asked("DescribeVpcs")))
        # What is answered is kept within a second.
        slurm.until("the task asks on", 40, lambda: server.requests[-1].time < time.monotonic() - 2.5)
        os.kill(victim, signal.SIGKILL)
        before = accounts.asked_by_the_killed(server)
        accounts.stuck = False
        tasks = cluster.finished(array, 50)
        log = (tmp_path / f"ciswatch-{array}-{KILLED}.log").read_text()
        assert set(tasks.values()) == {"COMPLETED"} and len(tasks) == SHARDS, (tasks, log, cluster.logs())
        after = accounts.asked_by_the_killed(server)[len(before):]
        cluster.finished(judge, 30)
        program.expect(0, *asked, "-o", "whole.db")

    assert f"shard {KILLED} of {SHARDS}, start 1" in log and "Killed" in log
    assert f"shard {KILLED} of {SHARDS}, start 2" in log and "going on: " in log
    # Who it is is asked anew. Of all else, what did not answer alone.
    again = [call for call in after if call in before and call[2] != "GetCallerIdentity"]
    assert again and {call[:1] + call[2:3] for call in again} == {(accounts.killed[-1], "DescribeVpcs")}
    folder = tmp_path / array
    assert (folder / "fleet.html").exists() and (folder / "fleet.json").exists(), \
        (tmp_path / f"ciswatch-{judge}.log").read_text()
    assert accounts_in(folder / "fleet.db") == accounts_in(tmp_path / "whole.db") == accounts.ids
    assert findings_of(program, folder / "fleet.db") == findings_of(program, "whole.db")
