"""The page that says what was measured at fleet scale, and whether the aims were met."""

import fleet_counts
from fleet_commands import NEXT_NIGHT, SQLITE
from page import aim, ciswatch_version, disturbance, hardware, output, package, seconds

SQLITE_AIM, SQLITE_AIM_TWO_JOBS = 1.2, 0.65
GROWTH_AIM, TWO_JOBS_AIM, RATE_AIM = 10.5, 1.8, 300_000
FINDINGS_AIM, MEMORY_AIM = 1_000_000, 200 * 10**6

STORED = "sqlite3, stored rows alone"
# Where DuckDB does not run all checks: ciswatch with those that it runs.
AS_DUCKDB = ("ciswatch, 1 job, DuckDB's checks", "ciswatch, 2 jobs, DuckDB's checks")

HEAD = """# Benchmark at fleet scale

Written by `benchmarks/run_fleet`. The nine checks of CIS 1.2.0 section 2 over a synthetic fleet of {accounts:,} accounts with 17
regions each, one SQLite file. All programs read the same rows, with SQL that the product itself tells:

* **ciswatch**: `scan --snapshot`, JSON Lines out; *every report* is text, JSON, JSON Lines, HTML and JUnit at once.
* **sqlite3**: the plain program: the same views without the bounds of a slice, the same nine queries one after the other into
  `.mode json`. It has no verdicts, no ids of findings, no requirements and no reasons of unknown ones to work out. Its views are
  compound: SQLite cannot search in them by key, copies them, and where its planner guesses wrong goes through the copy for each
  row. That is why the engine does not ask so, and why this one's time jumps with the size of the fleet.
* **sqlite3, stored rows alone**: the same, but calls that were not answered leave no row of NULLs: the views that the engine uses for
  accounts in which everything was read. It does less than is asked. On 300 accounts it was faster than the engine, on
  10,000 it is not.
* **DuckDB**: {refused}the same queries, translated from SQLite's dialect (`benchmarks/duckdb_dialect.py`), from tables that were
  loaded into a DuckDB file beforehand, `COPY … TO` JSON. The start of Python and the plans are in its time.

Wall time, CPU time (user + system) and peak memory are the kernel's, of the whole process from start to end; median (least) of
{rounds} runs (of one, where it takes more than a minute), taken in turn. Reports go to {out}. The snapshots are in the kernel's memory by then. Compare ratios: seconds
are this machine's.

{machine}
"""


def _machine(measured):
    programs = measured.programs
    versions = [f"SQLite {output(SQLITE, '--version').split()[0]}"]
    if programs.python is not None:
        versions += [package(programs.python.parent, name) for name in ("duckdb", "sqlglot")]
    return (f"{hardware()} {ciswatch_version(programs.ciswatch)}, {', '.join(versions)}.\n"
            f"{disturbance(measured.costs.values())}")


def _ratio(measured, one, other, what="wall"):
    return measured.costs[one].median(what) / measured.costs[other].median(what)


def _findings(measured):
    return fleet_counts.total(measured.found["ciswatch, 1 job"])


def _aims(measured):
    every = measured.costs["ciswatch, 2 jobs, every report"]
    one, two = "ciswatch, 1 job", "ciswatch, 2 jobs"
    growth = measured.fleet.accounts / measured.small.accounts * GROWTH_AIM / 10
    rows = [
        *(aim(f"{jobs[10:]}, of the time of {other}", _ratio(measured, jobs, other), wanted, "{:.2f}×")
          for other in ("sqlite3", STORED)
          for jobs, wanted in ((one, SQLITE_AIM), (two, SQLITE_AIM_TWO_JOBS))),
        aim(f"{measured.fleet.accounts:,} accounts, of the time of {measured.small.accounts:,}",
            _ratio(measured, one, "ciswatch, 1 job, a tenth of the accounts"), growth, "{:.1f}×"),
        aim("2 jobs, as fast as 1", _ratio(measured, one, two), TWO_JOBS_AIM, "{:.2f}×",
            at_least=True),
        aim("findings per second of a core", _rate(measured, one), RATE_AIM, "{:,.0f}", at_least=True),
        aim("findings", _findings(measured), FINDINGS_AIM, "{:,}", at_least=True),
        aim("memory, every report", every.most("rss") / 10**6, MEMORY_AIM / 10**6, "{:.0f} MB")]
    return ["## Aims", "", "| | aim | reached | |", "|---|---|---|---|", *rows, ""]


def _cores(measured, name):
    costs = measured.costs[name]
    return costs.median("cpu") / costs.median("wall")


def _rate(measured, name):
    """Rows for each second of CPU time."""
    return fleet_counts.total(measured.found[name]) / measured.costs[name].median("cpu")


def _bounds(measured):
    """What the time is spent on, in figures."""
    one, two = measured.costs["ciswatch, 1 job"], measured.costs["ciswatch, 2 jobs"]
    alone = measured.costs["ciswatch, 1 job, no report"]
    alone_two = measured.costs["ciswatch, 2 jobs, no report"]
    lines = [
        "## What bounds it", "",
        *(f"* Of the {word} of {other}, 1 job takes {_ratio(measured, 'ciswatch, 1 job', other, what):.2f}×, "
          f"2 jobs {_ratio(measured, 'ciswatch, 2 jobs', other, what):.2f}×."
          for other, word, what in (("sqlite3", "CPU time", "cpu"), (STORED, "CPU time", "cpu"))),
        f"* A core that does nothing but SQLite's part finds {_rate(measured, 'sqlite3'):,.0f} rows a "
        f"second, {_rate(measured, STORED):,.0f} of stored rows alone: an engine "
        "on top of it that cost nothing would find no more.",
        f"* Without a report 1 job takes {alone.median('wall'):.2f} s and {alone.median('cpu'):.2f} CPU "
        f"s: judging, the spool and the start. Writing JSON Lines is the rest, "
        f"{one.median('wall') - alone.median('wall'):.2f} s with 1 job and "
        f"{two.median('wall') - alone_two.median('wall'):.2f} s with 2.",
        f"* 2 jobs without a report are {alone.median('wall') / alone_two.median('wall'):.2f}× as fast "
        f"as 1. They keep {_cores(measured, 'ciswatch, 2 jobs, no report'):.2f} cores busy, with the "
        f"report {_cores(measured, 'ciswatch, 2 jobs'):.2f}, and take "
        f"{two.median('cpu') / one.median('cpu'):.2f}× the CPU time of 1."]
    if "DuckDB, 1 thread" in measured.costs:
        lines.append(_duckdb(measured))
    return [*lines, _incremental(measured), merges(measured), ""]


def _duckdb(measured):
    refused = len(measured.fleet.refused)
    one, two = AS_DUCKDB if refused else ("ciswatch, 1 job", "ciswatch, 2 jobs")
    without = f" (the {len(measured.fleet.checks) - refused} checks that it runs)" if refused else ""
    return (f"* Of DuckDB's time with one thread{without}, 1 job takes "
            f"{_ratio(measured, one, 'DuckDB, 1 thread'):.2f}×; with two threads, 2 jobs take "
            f"{_ratio(measured, two, 'DuckDB, 2 threads'):.2f}×. In memory, "
            f"{measured.costs[one].most('rss') / 10**6:.0f} MB beside "
            f"{measured.costs['DuckDB, 1 thread'].most('rss') / 10**6:.0f} MB.")


def _incremental(measured):
    name = "ciswatch, 1 job, the next night"
    if name not in measured.costs:
        return f"* The incremental scan is not measured: {measured.previous}."
    given = f"{name}, given the one before"
    return (f"* The next night, with {NEXT_NIGHT:.0%} of the accounts changed, given the snapshot before: "
            f"{_ratio(measured, given, name):.2f}× of the time without it, with the same bytes of "
            "report.")


def merges(measured):
    """One line."""
    one, two = "ciswatch merge, 1 job", "ciswatch merge, 2 jobs"
    costs = measured.costs
    return (f"* Merging {len(measured.fleet.shards)} shards takes {costs[one].median('wall'):.2f} s and "
            f"{costs[one].median('cpu'):.2f} CPU s with 1 job; with 2 it is "
            f"{_ratio(measured, one, two):.2f}× as fast and takes {_ratio(measured, two, one, 'cpu'):.2f}× "
            f"the CPU time ({costs[one].most('rss') / 10**6:.0f} and {costs[two].most('rss') / 10**6:.0f} "
            "MB). Both write the same bytes.")


def _figures(measured):
    lines = ["## Figures", "", "| | runs | wall s | CPU s | MB | MB written |", "|---|---|---|---|---|---|"]
    for name, costs in measured.costs.items():
        lines.append(f"| {name} | {len(costs.runs)} | {seconds(costs, 'wall')} | "
                     f"{seconds(costs, 'cpu')} | {costs.most('rss') / 10**6:.0f} | "
                     f"{measured.written[name] / 10**6:,.0f} |")
    return [*lines, ""]


def _snapshots(measured):
    lines = ["## Snapshots", "", "| | bytes | bytes per account |", "|---|---|---|"]
    for fleet in (measured.small, measured.fleet):
        lines.append(f"| {fleet.accounts:,} accounts | {fleet.bytes:,} | "
                     f"{fleet.bytes / fleet.accounts:,.0f} |")
    duckdb = measured.fleet.duckdb
    if duckdb is not None:
        lines.append(f"| the same as DuckDB's file | {duckdb['bytes']:,} | "
                     f"{duckdb['bytes'] / measured.fleet.accounts:,.0f} |")
        lines += ["", f"Loading into DuckDB took {duckdb['seconds']:.0f} s, which is not counted."]
    return [*lines, ""]


def _same(found, rows):
    """How a program's rows compare with sqlite3's."""
    if found.told == rows.told and found.rows == rows.rows:
        return "the same"
    if found.judged == rows.judged and found.rows == rows.rows:
        return "the same verdicts, other details"
    return ", ".join(f"{verdict} {found.verdicts[verdict] - rows.verdicts[verdict]:+,}"
                     for verdict in fleet_counts.VERDICTS
                     if found.verdicts[verdict] != rows.verdicts[verdict]) or "**other rows**"


def _answers(measured):
    others = [name for name in measured.found if name not in ("sqlite3", "DuckDB, 2 threads")]
    lines = ["## Answers", "", "What sqlite3 finds (rows before the engine's net), and how the others "
             "compare: by account, region, resource, verdict and detail. The engine's net adds findings "
             "for calls that were not answered, makes good ones unknown that rest on such, and "
             "changes nothing else. 1 and 2 jobs write the same bytes.", "",
             "| | " + " | ".join(v.replace("_", " ") for v in fleet_counts.VERDICTS) + " | "
             + " | ".join(name.removesuffix(", 1 job").removesuffix(", 1 thread") for name in others)
             + " |",
             "|---|" + "---|" * (len(fleet_counts.VERDICTS) + len(others))]
    refused = measured.fleet.refused
    for check, rows in measured.found["sqlite3"].items():
        compared = ["not run" if "DuckDB" in name and check in refused
                    else _same(measured.found[name][check], rows) for name in others]
        lines.append(f"| {check} | "
                     + " | ".join(f"{rows.verdicts[verdict]:,}" for verdict in fleet_counts.VERDICTS)
                     + " | " + " | ".join(compared) + " |")
    lines += [f"* DuckDB does not run {check}: {why.splitlines()[0]}" for check, why in refused.items()]
    return [*lines, ""]


def _profile(measured):
    lines = ["## Profile of one job", ""]
    if measured.shares is None:
        return [*lines, f"Left out: {measured.top}."]
    lines += ["Shares of CPU time, sampled by perf, with SQLite's archive linked in so that its "
              "functions have names.", "", "| | share |", "|---|---|"]
    lines += [f"| {what} | {share:.1f} % |" for what, share in measured.shares.items()]
    lines += ["", "The functions that took most by themselves:", "", "| function | of | share |",
              "|---|---|---|"]
    lines += [f"| `{function[:80]}` | {library.replace('_profiled', '')} | {share:.1f} % |"
              for share, library, function in measured.top]
    return lines


def page(measured):
    refused = measured.fleet.refused
    rounds = len(measured.costs["ciswatch, 1 job"].runs)
    head = HEAD.format(
        accounts=measured.fleet.accounts, rounds=rounds, machine=_machine(measured),
        refused=f"all but {len(refused)} of " if refused else "",
        out="memory, so that no disk is measured" if measured.in_memory else "the disk")
    return "\n".join([head, *_aims(measured), *_bounds(measured), *_figures(measured),
                      *_snapshots(measured), *_answers(measured), *_profile(measured)]) + "\n"
