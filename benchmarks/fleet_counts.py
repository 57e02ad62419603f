"""What each program found, so that nobody is fast by answering something else."""

import collections
import dataclasses
import json

VERDICTS = ("pass", "fail", "unknown", "not_applicable")
SAYS = {1: "pass", 0: "fail", None: "unknown"}


@dataclasses.dataclass
class Found:
    """The rows of one check. The sums are of hashes: equal for equal rows in any order."""

    verdicts: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    judged: int = 0  # account, region, resource and verdict
    told: int = 0  # the same with the detail

    def add(self, place, verdict, detail):
        self.verdicts[verdict] += 1
        self.judged = (self.judged + hash((*place, verdict))) % 2**64
        self.told = (self.told + hash((*place, verdict, detail))) % 2**64

    @property
    def rows(self):
        return sum(self.verdicts.values())


def _verdict(row):
    """As the engine reads a row: whether the check concerns the resource comes first."""
    concerns = row.get("not_applicable", 0)
    return "not_applicable" if concerns == 1 else SAYS[None if concerns is None else row["ok"]]


def _place(row):
    """A row about no resource is about its region."""
    return row["account_id"], row["region"], row["resource"] or row["region"]


def of_rows(folder, checks):
    """check → Found, of files that sqlite3 or DuckDB wrote, one row a line."""
    found = {}
    for check in checks:
        found[check] = Found()
        path = folder / f"{check}.json"
        if not path.exists():  # sqlite3 makes no file for no row
            continue
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                text = line.strip().lstrip("[").rstrip(",]")
                if text:
                    row = json.loads(text)
                    found[check].add(_place(row), _verdict(row), row["detail"])
    return found


def of_report(path, checks):
    """check → Found, of ciswatch's JSON Lines. Ends the benchmark where a check gave up."""
    found = {check: Found() for check in checks}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            finding = json.loads(line)
            if finding["detail"].startswith("this check "):
                raise SystemExit(f"{finding['check']} of {finding['account_id']}: {finding['detail']}")
            verdict = finding["verdict"]
            found[finding["check"]].add(_place(finding), "fail" if verdict in ("warn", "critical")
                                        else verdict, finding["detail"])
    return found


def total(found, verdict=None):
    return sum(each.verdicts[verdict] if verdict else each.rows for each in found.values())


def faults(engine, rows):
    """Where the engine's findings cannot come from these rows. Its net adds findings for calls that
    were not answered and makes good ones unknown, and does nothing else."""
    told = []
    for check, mine in engine.items():
        theirs = rows[check]
        if mine.rows < theirs.rows or mine.verdicts["fail"] != theirs.verdicts["fail"]:
            told.append(f"{check}: {dict(mine.verdicts)} of the rows {dict(theirs.verdicts)}")
        for good in ("pass", "not_applicable"):
            if mine.verdicts[good] > theirs.verdicts[good]:
                told.append(f"{check}: more {good} than the rows have")
    return told
