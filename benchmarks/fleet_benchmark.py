"""The engine at fleet scale: the nine checks over a synthetic fleet, beside the plain sqlite3 program
and DuckDB on the same data with the same SQL. Started by benchmarks/run_fleet, which makes what this
needs."""

import argparse
import dataclasses
import hashlib
import pathlib
import signal
import sys

import fleet_counts
import fleet_results
from fleet_commands import NEXT_NIGHT, REPORTS, ROOT, Fleet, Place, Programs, environment, say
from fleet_profile import profile
from measure import Costs, Meter

NEXT_NIGHT_ALONE = "ciswatch, 1 job, the next night"
AFTER_THE_OTHER = "ciswatch, 1 job, the next night, given the one before"
MERGES = ("ciswatch merge, 1 job", "ciswatch merge, 2 jobs")
STANDARD = 10_000
ROUNDS = 3
SLOW_SECONDS = 60  # of what takes longer the first run counts, and is the only one
LIMIT_SECONDS = 1_800
BYTES_PER_ACCOUNT = 900_000  # what all reports and the spool take, with room to spare

# Whose rows are counted and compared, and what must be the same bytes.
COUNTED = ("ciswatch, 1 job", "sqlite3", "sqlite3, stored rows alone", "DuckDB, 1 thread",
           "DuckDB, 2 threads")
SAME = (("ciswatch, 2 jobs", "ciswatch, 1 job"),
        ("ciswatch, 2 jobs, every report", "ciswatch, 1 job"),
        (AFTER_THE_OTHER, NEXT_NIGHT_ALONE), MERGES)


@dataclasses.dataclass
class Measured:
    programs: Programs
    fleet: Fleet
    small: Fleet
    in_memory: bool
    costs: dict = dataclasses.field(default_factory=dict)  # name → Costs
    found: dict = dataclasses.field(default_factory=dict)  # name → check → Found
    first: dict = dataclasses.field(default_factory=dict)  # name → seconds of the uncounted run
    written: dict = dataclasses.field(default_factory=dict)  # name → bytes
    shares: dict | None = None  # of the profile
    top: list | str = ""  # functions, or why there is no profile
    previous: str = ""  # why there is no incremental scan


def _digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Benchmark:
    def __init__(self, programs, folder, accounts):
        self.programs, self.folder = programs, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.fleet = Fleet(programs, folder, accounts)
        self.fleet.cut()
        self.small = Fleet(programs, folder, max(1, accounts // 10))
        if programs.python is not None:
            self.fleet.prepare_duckdb()
        self.place = Place(folder, accounts * BYTES_PER_ACCOUNT)
        self.out = self.place.folder
        self.meter = Meter(None, self.place.folder, environment(self.place.folder))

    def commands(self):
        """name → command, in the order in which they take turns."""
        fleet, out = self.fleet, self.out
        made = {"ciswatch, 1 job": fleet.scan(out, 1), "sqlite3": fleet.sqlite(out, "whole"),
                "ciswatch, 2 jobs": fleet.scan(out, 2),
                "sqlite3, stored rows alone": fleet.sqlite(out, "answered")}
        if fleet.duckdb is not None:
            made["DuckDB, 1 thread"] = fleet.duck(out, 1)
            made["DuckDB, 2 threads"] = fleet.duck(out, 2)
        if fleet.refused:
            some = [check for check in fleet.checks if check not in fleet.refused]
            for jobs, name in enumerate(fleet_results.AS_DUCKDB, 1):
                made[name] = fleet.scan(out, jobs, checks=some)
        made["ciswatch, 1 job, a tenth of the accounts"] = self.small.scan(out, 1)
        made["ciswatch, 1 job, no report"] = fleet.scan(out, 1, ())
        made["ciswatch, 2 jobs, no report"] = fleet.scan(out, 2, ())
        made["ciswatch, 2 jobs, every report"] = fleet.scan(out, 2, REPORTS)
        return made | self.merges()

    def merges(self):
        return {name: self.fleet.merge(self.out, jobs) for jobs, name in enumerate(MERGES, 1)}

    def measure(self, rounds=ROUNDS):
        measured = Measured(self.programs, self.fleet, self.small, self.place.in_memory)
        commands = self.commands()
        self._incremental(measured, commands)
        self.check(measured, commands)
        told = fleet_counts.faults(measured.found["ciswatch, 1 job"], measured.found["sqlite3"])
        if told:
            raise SystemExit("ciswatch and sqlite3 differ:\n" + "\n".join(told))
        self._rounds(measured, commands, rounds)
        self._profile(measured)
        return measured

    def measure_merge(self, rounds=ROUNDS):
        measured = Measured(self.programs, self.fleet, self.small, self.place.in_memory)
        self.check(measured, self.merges())
        self._rounds(measured, self.merges(), rounds)
        return measured

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.place.remove()

    def _incremental(self, measured, commands):
        if not self.programs.knows("--previous"):
            measured.previous = "this build's `scan` has no `--previous`"
            return
        night = Fleet(self.programs, self.folder, self.fleet.accounts, NEXT_NIGHT)
        # The night before keeps what it found.
        self.meter.once(self.fleet.scan(self.out, 2, (), previous=self.fleet), LIMIT_SECONDS, {})
        commands[NEXT_NIGHT_ALONE] = night.scan(self.out, 1)
        commands[AFTER_THE_OTHER] = night.scan(self.out, 1, previous=self.fleet)

    def check(self, measured, commands):
        """Runs each once, which also warms what the kernel keeps of the files, and looks at the
        answers."""
        digests = {}
        for name, command in commands.items():
            say(f"== once: {name}")
            cost = self.meter.once(command, LIMIT_SECONDS, {})
            measured.first[name] = cost.wall
            if cost.wall > SLOW_SECONDS:
                measured.costs.setdefault(name, Costs()).add(cost)
            reports = [path for path in self.out.iterdir()
                       if path.name not in ("cost.json", "command.log")]
            measured.written[name] = sum(path.stat().st_size for path in reports)
            digests[name] = [_digest(path) for path in reports if path.suffix in (".jsonl", ".db")]
            if name in COUNTED:
                self._count(measured, name)
            self.place.clear()
        for one, other in SAME:
            if digests.get(one) != digests.get(other):
                raise SystemExit(f"{one} does not write what {other} writes")

    def _count(self, measured, name):
        report = self.out / "report.jsonl"
        measured.found[name] = (fleet_counts.of_report(report, self.fleet.checks) if report.exists()
                                else fleet_counts.of_rows(self.out, self.fleet.checks))

    def _rounds(self, measured, commands, rounds):
        for number in range(rounds):
            for name, command in commands.items():
                if measured.first[name] > SLOW_SECONDS:
                    continue
                cost = self.meter.run(command, LIMIT_SECONDS)
                self.place.clear()
                measured.costs.setdefault(name, Costs()).add(cost)
                say(f"   {number + 1} of {rounds}, {name}: {cost.wall:.2f} s, {cost.cpu:.2f} CPU s, "
                    f"{cost.rss / 10**6:.0f} MB, others {cost.others:.0%}")

    def _profile(self, measured):
        if not self.programs.profiled.exists():
            measured.top = "ciswatch_profiled is not built (it needs SQLite's archive, libsqlite3.a)"
            return
        say("== profile")
        measured.shares, measured.top = profile(
            self.fleet.scan(self.out, 1, program=self.programs.profiled),
            self.folder / "perf.data", environment(self.out))


def main():
    parser = argparse.ArgumentParser(description="see the head of benchmarks/run_fleet")
    parser.add_argument("--accounts", type=int, default=STANDARD)
    parser.add_argument("--hurry", action="store_true")
    parser.add_argument("--without-duckdb", action="store_true")
    parser.add_argument("--merge", action="store_true")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build/release")
    flags = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is in memory is removed
    if flags.hurry:
        Meter.patience = 0
    folder = ROOT / "build/bench"
    programs = Programs(flags.programs,
                        None if flags.without_duckdb or flags.merge else folder / "fleet/bin/python")
    with Benchmark(programs, folder / "fleets", flags.accounts) as benchmark:
        if flags.merge:
            print(fleet_results.merges(benchmark.measure_merge()))
            return
        page = fleet_results.page(benchmark.measure())
    print(page)
    if flags.accounts == STANDARD and not (flags.hurry or flags.without_duckdb):
        (ROOT / "benchmarks/fleet_results.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
