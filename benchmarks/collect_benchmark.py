"""A collection of many accounts beside the least time in which it can be done. Started by
benchmarks/run_collect, which makes what this needs."""

import argparse
import contextlib
import dataclasses
import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import collect_results  # noqa: E402
import collect_server  # noqa: E402
import commands  # noqa: E402
from fleet_commands import Place, say  # noqa: E402
from measure import CALM_SHARE, Costs, Meter  # noqa: E402

STANDARD = 1_000
ROUNDS = 2
LATENCY, IN_FLIGHT = 0.1, 512  # seconds; ciswatch's own number where hosts are many
LIMIT_SECONDS = 600
REPLAYED_ACCOUNTS, REPLAY_TIMES, REPLAY_AT_ONCE = 6, 12, 64
BYTES_PER_ACCOUNT = 2_000_000  # of a snapshot and its part, with room to spare
ROUND_TRIP = 0.2  # seconds, as `ciswatch plan` counts


@dataclasses.dataclass
class Measured:
    """Collections of one number of accounts."""

    accounts: int
    costs: Costs = dataclasses.field(default_factory=Costs)
    counts: list = dataclasses.field(default_factory=list)  # of each run, as the server tells them
    reads: int = 0  # rows of the ledger

    @property
    def calls(self):
        """Requests of the run with most."""
        return max(sum(counts["requests"].values()) for counts in self.counts)

    def most(self, what):
        return max(counts[what] for counts in self.counts)


@dataclasses.dataclass
class Results:
    program: pathlib.Path
    latency: float
    in_flight: int
    chain: int  # calls that follow from each other
    rate: float  # requests a second that the server alone answers
    fleets: list


class Server:
    def __init__(self, accounts, latency, quotas):
        self.process = subprocess.Popen(
            [sys.executable, collect_server.__file__, str(accounts), str(latency), quotas],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def counts(self):
        """What was asked since the last time."""
        with urllib.request.urlopen(f"{self.url}/counts", timeout=60) as answer:
            return json.load(answer)


@contextlib.contextmanager
def serving(*how):
    server = Server(*how)
    try:
        yield server
    finally:
        server.process.stdin.close()
        server.process.wait()


class Benchmark:
    def __init__(self, program, folder, latency=LATENCY, replayed=REPLAYED_ACCOUNTS):
        self.program, self.folder, self.latency = program, folder, latency
        self.replayed = replayed  # accounts
        self.env = {**commands.environment(folder),
                    "AWS_ACCESS_KEY_ID": f"AKIALAB{collect_server.OWN}"}

    def collect(self, url, accounts):
        file = self.folder / f"{accounts}.csv"
        file.write_text("id\n" + "".join(f"{id}\n" for id in collect_server.ids(accounts)))
        return [self.program, "collect", "--accounts", file, "--role", "audit", "--endpoint-url", url,
                "--max-in-flight", IN_FLIGHT, "-o", self.folder / "snapshot.db"]

    def chain(self):
        """Two calls come before those that `plan` tells of: whose credentials these are, and the role."""
        told = subprocess.run([self.program, "plan", "--format", "json", "--max-in-flight", "20000"],
                              env=self.env, capture_output=True, text=True, check=True).stdout
        return round(json.loads(told)["seconds"] / ROUND_TRIP) + 2

    def rate_of_server(self):
        """Requests a second of ciswatch's own requests, sent again by curl; none waits for its answer."""
        with serving(self.replayed, 0, "none") as server:
            captured = commands.capture(
                server.url, lambda url: self.collect(url, self.replayed), self.env)
            captured.exchanges *= REPLAY_TIMES
            file = self.folder / "replay.curl"
            commands.write_replay(captured, server.url, file)
            meter = Meter(server.process.pid, self.folder, self.env)
            runs = [meter.run(commands.replay(file, REPLAY_AT_ONCE), LIMIT_SECONDS) for _ in range(3)]
        return len(captured.exchanges) / min(run.wall for run in runs)

    def measure(self, sizes, rounds=ROUNDS):
        results = Results(self.program, self.latency, IN_FLIGHT, self.chain(), self.rate_of_server(),
                          [Measured(accounts) for accounts in sizes])
        say(f"== the server alone: {results.rate:,.0f} requests a second")
        with serving(max(sizes), self.latency, "quotas") as server:
            meter = Meter(server.process.pid, self.folder, self.env)
            meter.once(self.collect(server.url, min(sizes)), LIMIT_SECONDS, {})  # is not counted
            for _ in range(rounds):
                for measured in results.fleets:
                    self._run(meter, server, measured)
        return results

    def _run(self, meter, server, measured):
        """Once more where others disturbed it."""
        for tries in (1, 2):
            meter.wait_for_calm()
            server.counts()
            cost = meter.once(self.collect(server.url, measured.accounts), LIMIT_SECONDS, {})
            if cost.others <= CALM_SHARE or Meter.patience <= 0:
                break
        cost.tries = tries
        measured.costs.add(cost)
        measured.counts.append(server.counts())
        measured.reads = self._reads(measured.accounts)
        say(f"   {measured.accounts} accounts: {cost.wall:.2f} s, {cost.cpu:.2f} CPU s, "
            f"{cost.rss / 10**6:.0f} MB, others {cost.others:.0%}")

    def _reads(self, accounts):
        """How many there were. Everything must have been read."""
        with contextlib.closing(sqlite3.connect(self.folder / "snapshot.db")) as database:
            told = dict(database.execute("select outcome, count(*) from api_call group by 1"))
            read = database.execute("select count(distinct account_id) from api_call").fetchone()[0]
        if read != accounts or not set(told) <= {"ok", "absent"}:
            raise SystemExit(f"{read} of {accounts} accounts, and their calls ended as {told}")
        return sum(told.values())


def main():
    parser = argparse.ArgumentParser(description="see the head of benchmarks/run_collect")
    parser.add_argument("--accounts", type=int, default=STANDARD)
    parser.add_argument("--hurry", action="store_true")
    parser.add_argument("--program", type=pathlib.Path, default=commands.CISWATCH)
    flags = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is in memory is removed
    if flags.hurry:
        Meter.patience = 0
    sizes = [max(1, flags.accounts // 10), max(1, 3 * flags.accounts // 10), flags.accounts]
    place = Place(ROOT / "build/bench", flags.accounts * BYTES_PER_ACCOUNT)
    try:
        page = collect_results.page(Benchmark(flags.program, place.folder).measure(sizes))
    finally:
        place.remove()
    print(page)
    if flags.accounts == STANDARD and not flags.hurry:
        (ROOT / "benchmarks/collect_results.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
