"""The commands that are compared at fleet scale, and what they need. Each writes into one folder."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
CHECKS = ROOT / "checks"
PACK = "cis-aws-1.2.0:2"
REPORTS = {"text": "txt", "json": "json", "jsonl": "jsonl", "html": "html", "junit": "xml"}
SQLITE = "/usr/bin/sqlite3"
SHARDS = 8
NEXT_NIGHT = 0.01  # the share of the accounts that has changed


def say(text):
    print(text, file=sys.stderr, flush=True)


class Programs:
    """The programs of one build, and the interpreter that has DuckDB; None: without DuckDB."""

    def __init__(self, folder, python=None):
        folder = pathlib.Path(folder).resolve()
        self.ciswatch = folder / "ciswatch"
        self.generator = folder / "ciswatch_fleet"
        self.sql = folder / "ciswatch_sql"
        self.functions = folder / "ciswatch_functions.so"
        self.profiled = folder / "ciswatch_profiled"
        self.python = python

    def knows(self, flag):
        """Whether `scan` has the flag."""
        told = subprocess.run([self.ciswatch, "scan", "--help"], capture_output=True, text=True,
                              check=True).stdout
        return flag in told.split()


class Place:
    """Where the measured commands write: into memory where there is room, since nobody's disk is to be
    measured (ciswatch syncs its reports, the others do not)."""

    MEMORY = pathlib.Path("/dev/shm")

    def __init__(self, folder, bytes_needed):
        self.in_memory = (self.MEMORY.is_dir()
                          and shutil.disk_usage(self.MEMORY).free > bytes_needed)
        self._made = pathlib.Path(tempfile.mkdtemp(
            prefix="ciswatch-bench-", dir=self.MEMORY if self.in_memory else folder))
        # By another name, since ciswatch writes in place what is in /dev.
        self._link = pathlib.Path(tempfile.mkdtemp(prefix="out-", dir=folder))
        self.folder = self._link / "out"
        self.folder.symlink_to(self._made)

    def clear(self):
        for path in self._made.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def remove(self):
        shutil.rmtree(self._made)
        shutil.rmtree(self._link)


def environment(folder):
    """Nothing of the user's. What spills, spills where the reports go."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "TMPDIR": str(folder),
            "SQLITE_TMPDIR": str(folder)}


def _run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


class Fleet:
    """A snapshot of so many accounts, made once for each version of the generator, and the SQL that
    judges it."""

    def __init__(self, programs, folder, accounts, changed=None):
        self.programs, self.accounts = programs, accounts
        made_by = hashlib.sha256(programs.generator.read_bytes()).hexdigest()[:8]
        night = "" if changed is None else "-next"
        self.snapshot = folder / f"fleet-{accounts}{night}.{made_by}.db"
        if not self.snapshot.exists():
            say(f"== making the fleet of {accounts} accounts{night}")
            for old in folder.glob(f"fleet-{accounts}{night}.*"):
                old.unlink()
            flags = [] if changed is None else ["--changed", changed]
            _run(programs.generator, "--accounts", accounts, *flags, "-o", self.snapshot)
        told = _run(programs.sql, self.snapshot, CHECKS, "--pack", PACK)
        # The engine gives org.<table> the name of the view behind it.
        self.sql = json.loads(re.sub(r"\borg\.(?=aws_|api_call\b)", "org_", told))
        self.checks = [check["id"] for check in self.sql["checks"]]
        self.duckdb = None
        self.shards = []

    def cut(self):
        """The same accounts as the machines of a fleet leave them: a snapshot for each shard."""
        count = SHARDS if self.accounts >= 100 else 2  # so that each has accounts
        self.shards = [self.snapshot.with_suffix(f".{number}.db") for number in range(1, count + 1)]
        for number, shard in enumerate(self.shards, 1):
            if not shard.exists():
                say(f"== making shard {number} of {count}")
                _run(self.programs.generator, "--accounts", self.accounts, "--shard",
                     f"{number}/{count}", "-o", shard)

    @property
    def refused(self):
        """check → why DuckDB does not run it."""
        return {} if self.duckdb is None else self.duckdb["refused"]

    @property
    def bytes(self):
        return os.path.getsize(self.snapshot)

    def prepare_duckdb(self):
        """Loads it into a DuckDB file; what that took is in `duckdb`."""
        say("== loading it into DuckDB")
        sql = self.snapshot.with_suffix(".sql.json")
        sql.write_text(json.dumps(self.sql), encoding="utf-8")
        self.duckdb = json.loads(_run(
            self.programs.python, ROOT / "benchmarks/duckdb_prepare.py", self.snapshot, sql,
            self.snapshot.with_suffix(".duckdb"), self.snapshot.with_suffix(".duckdb.json")))

    # --- commands

    def scan(self, out, jobs, reports=("jsonl",), program=None, previous=None, checks=None):
        """`checks`: the ids of some, instead of the pack."""
        chosen = ["--pack", PACK] if checks is None else [f"--check={check}" for check in checks]
        flags = [f"--report={name}={out}/report.{REPORTS[name]}" for name in reports]
        if not reports:
            flags = ["--report=text=/dev/null"]
        if previous is not None:
            flags += ["--previous", previous.snapshot]
        return [program or self.programs.ciswatch, "scan", "--snapshot", self.snapshot, *chosen,
                "--jobs", jobs, "--fail-on", "none", *flags]

    def merge(self, out, jobs):
        return [self.programs.ciswatch, "merge", *self.shards, "-o", out / "merged.db", "--jobs", jobs]

    def sqlite(self, out, views):
        """The same queries one after the other. `views`: "whole", or "answered" (stored rows alone)."""
        sql = self.sql
        first = [f".bail on\n.load {self.programs.functions.with_suffix('')}", *sql[views],
                 *sql["org"], *(f"{view};" for view in sql["shared"]), ".mode json"]
        for check in sql["checks"]:
            for name, value in check["settings"].items():
                value = f"'{value}'" if isinstance(value, str) else value
                first.append(f".once /dev/null\nselect use_setting('{name}', {value});")
            first.append(f".output {out}/{check['id']}.json\n{check['sql'].strip()};")
        script = self.snapshot.with_suffix(f".{views}.sql")
        script.write_text("\n".join(first) + "\n", encoding="utf-8")
        return [SQLITE, "-batch", "-readonly", self.snapshot, f".read {script}"]

    def duck(self, out, threads):
        return [self.programs.python, ROOT / "benchmarks/duckdb_run.py",
                self.snapshot.with_suffix(".duckdb"), self.snapshot.with_suffix(".duckdb.json"), out,
                threads]
