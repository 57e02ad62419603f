"""What a command costs: wall time, CPU time and peak memory of the whole process, with a look at
whether something else was using the machine meanwhile."""

import contextlib
import dataclasses
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time

TICK = os.sysconf("SC_CLK_TCK")
SPAWN = pathlib.Path(__file__).with_name("spawn.py")
CALM_SHARE = 0.08  # of the machine, used by others, that a figure is accepted with
PATIENCE_SECONDS = 900  # spent waiting for a calm machine, all in all


@dataclasses.dataclass
class Cost:
    wall: float
    user: float
    sys: float
    rss: int
    code: int
    others: float = 0  # share of the machine that neither the command nor its server used
    tries: int = 1

    @property
    def cpu(self):
        return self.user + self.sys


class Costs:
    """The counted runs of one command."""

    def __init__(self):
        self.runs = []

    def add(self, cost):
        self.runs.append(cost)

    def median(self, what):
        return statistics.median(getattr(run, what) for run in self.runs)

    def least(self, what):
        return min(getattr(run, what) for run in self.runs)

    def most(self, what):
        return max(getattr(run, what) for run in self.runs)


def _busy_seconds():
    """CPU time that all cores have spent on anything at all."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICK


def _process_seconds(pid):
    if pid is None:
        return 0
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICK  # user and system, with those of ended children


class Meter:
    """Measures commands against one server, which is known so that its work is not called foreign;
    None: against none."""

    patience = PATIENCE_SECONDS  # shared by all

    def __init__(self, server_pid, folder, environment):
        self._server_pid, self._folder, self._environment = server_pid, folder, environment

    def run(self, command, limit, **environment):
        """The cost of one run; again, a few times at most, while others disturb it."""
        best, tries = None, 0
        while True:
            self.wait_for_calm()
            cost = self.once(command, limit, environment)
            tries += 1
            if best is None or cost.others < best.others:
                best = cost
            if best.others <= CALM_SHARE or tries == 4 or Meter.patience <= 0:
                best.tries = tries
                return best
            Meter.patience -= cost.wall

    def once(self, command, limit, environment):
        """The cost of one run, whatever else goes on."""
        result, log = self._folder / "cost.json", self._folder / "command.log"
        busy, server, began = _busy_seconds(), _process_seconds(self._server_pid), time.monotonic()
        self._spawn([sys.executable, "-I", "-S", SPAWN, result, str(limit), log, *command], environment)
        elapsed = time.monotonic() - began
        cost = Cost(**json.loads(result.read_text(encoding="utf-8")))
        if cost.code != 0:
            tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise SystemExit(f"{command[0]} ended with {cost.code} after {cost.wall:.1f} s:\n{tail}")
        ours = cost.cpu + _process_seconds(self._server_pid) - server + 0.05  # spawn.py itself
        cost.others = max(0.0, _busy_seconds() - busy - ours) / (elapsed * os.cpu_count())
        return cost

    def _spawn(self, command, environment):
        process = subprocess.Popen(list(map(str, command)), cwd=self._folder, start_new_session=True,
                                   env={**self._environment, **environment})
        try:
            process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):  # left only if this is being stopped
                os.killpg(process.pid, signal.SIGKILL)

    def wait_for_calm(self):
        while Meter.patience > 0:
            busy = _busy_seconds()
            time.sleep(0.5)
            if (_busy_seconds() - busy) / (0.5 * os.cpu_count()) <= CALM_SHARE:
                return
            Meter.patience -= 0.5
