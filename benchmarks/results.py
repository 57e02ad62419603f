"""The page that says what was measured, and whether the aims were met."""

import datetime
import os
import platform
import re
import subprocess

from commands import CISWATCH, PROWLER, PROWLER_CHECKS
from measure import CALM_SHARE

REPLAY_AIM = {"moto": 1.15, "ministack": 1.5}
CPU_AIM, RSS_AIM = 0.25, 32 << 20
PROWLER_WALL_AIM, PROWLER_CPU_AIM = 25, 100

HEAD = """# Benchmark

Written by `benchmarks/run`. One account of 17 regions, 40 customer keys, 54 buckets and 29 VPCs, and one ten times as large (400 keys,
504 buckets, 137 VPCs), on two emulators of AWS on the same machine. All three read the same emulator:

* **ciswatch**: `scan` of the 17 regions: collect, judge, write JSON, HTML, JUnit and text.
* **replay**: curl sends ciswatch's own requests again, all known beforehand, keeps nothing and judges nothing. As fast as this
  emulator answers these requests at all: the floor. `--parallel-max` is the best of 4, 8, 16, 32 and 64.
* **Prowler**: its checks for the same nine requirements in the same regions, JSON and HTML. With `--scan-unused-services`, since it
  leaves out every VPC that nothing runs in otherwise.

Wall time, CPU time (user + system) and peak memory are the kernel's, of the whole process from start to end; median (least) of
{rounds} runs, taken in turn: ciswatch, replay, ciswatch, replay, … Compare ratios: seconds are this machine's.

{machine}
"""

AIMS_HEAD = """## Aims

Times as fast, or as little CPU time, as Prowler: limited by the emulator where the replay alone takes longer than the aim allows.
"""

COLLECTED = "ciswatch, only collect"
JUDGED = "ciswatch, only judge and report"


def _output(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60,
                          check=True).stdout


def _package(folder, name):
    listed = _output(folder / "pip", "list", "--format", "freeze", "--disable-pip-version-check")
    found = re.search(rf"^{name}==(\S+)$", listed, re.MULTILINE | re.IGNORECASE)
    return f"{name} {found.group(1)}" if found else f"{name} not installed"


def _machine(measured):
    with open("/proc/cpuinfo", encoding="utf-8") as cpus:
        model = re.search(r"^model name\s*: (.*)$", cpus.read(), re.MULTILINE)
    with open("/proc/meminfo", encoding="ascii") as memory:
        total = int(re.search(r"MemTotal:\s*(\d+)", memory.read()).group(1)) / 2**20
    commit = _output("git", "-C", CISWATCH.parent, "describe", "--always", "--dirty").strip()
    emulators = PROWLER.parents[2] / "emulators/bin"
    others = max(run.others for one in measured for costs in one.costs.values()
                 for run in costs.runs)
    return "\n".join((
        f"Measured {datetime.date.today()} on {os.cpu_count()} cores"
        f"{f' ({model.group(1)})' if model else ''}, {total:.0f} GB, Linux {platform.release()}, Python "
        f"{platform.python_version()}. ciswatch {_output(CISWATCH, '--version').split()[-1]} ({commit}, "
        f"release build), {_package(emulators, 'moto')}, {_package(emulators, 'ministack')}, "
        f"{_package(PROWLER.parent, 'prowler')}, curl {_output('curl', '--version').split()[1]}.",
        f"Other processes used at most {others:.0%} of the machine during a counted run (a run with "
        f"more than {CALM_SHARE:.0%} is repeated, while patience lasts)."))


def _seconds(costs, what):
    return f"{costs.median(what):.3f} ({costs.least(what):.3f})"


def _row(name, costs, requests):
    memory = f"{costs.most('rss') / 2**20:.0f}"
    return (f"| {name} | {len(costs.runs)} | {_seconds(costs, 'wall')} | {_seconds(costs, 'cpu')} "
            f"| {memory} | {requests} |")


def _table(one):
    asked = sum(one.requests.values())
    counts = {"ciswatch": asked, "replay": asked, COLLECTED: asked, JUDGED: 0,
              "Prowler": one.prowler_requests or "not counted"}
    lines = [f"### {one.server}, account ×{one.scale}", "",
             "| | runs | wall s | CPU s | MB | requests |", "|---|---|---|---|---|---|"]
    lines += [_row(name, costs, counts[name]) for name, costs in one.costs.items()]
    lines += ["", f"Connections opened: ciswatch {one.connections}, replay {one.replay_connections} "
              f"(at most 16 at once); the counted replays have {one.replay_at_once} at once. Verdicts: "
              + ", ".join(f"{number} {verdict}" for number, verdict in one.verdicts.items()) + ".", ""]
    return lines


def _aim(what, value, aim, text, at_least=False):
    """One line: the value, the aim, met or missed and by how much."""
    met = value >= aim if at_least else value <= aim
    off = max(aim / value, value / aim) if value and aim else 0
    how = "met" if met else f"**missed**, {off:.2f}×"
    return f"| {what} | {text.format(aim)} | {text.format(value)} | {how} |"


def _ratios(one):
    ciswatch, replay = one.costs["ciswatch"], one.costs["replay"]
    return (ciswatch.median("wall") / replay.median("wall"),
            ciswatch.least("wall") / replay.least("wall"))


def _aims(one):
    ciswatch = one.costs["ciswatch"]
    of_medians, _ = _ratios(one)
    rows = [_aim("requests, of the minimum", sum(one.requests.values()),
                 sum(one.minimum.values()), "{}"),
            _aim("wall, of the replay's", of_medians, REPLAY_AIM[one.server], "{:.2f}×"),
            _aim("CPU", ciswatch.median("cpu"), CPU_AIM, "{:.3f} s"),
            _aim("memory", ciswatch.most("rss") / 2**20, RSS_AIM / 2**20, "{:.1f} MB")]
    if "Prowler" in one.costs:
        prowler = one.costs["Prowler"]
        rows.append(_aim("wall, less than Prowler's",
                         prowler.median("wall") / ciswatch.median("wall"), PROWLER_WALL_AIM,
                         "{:.0f}×", at_least=True))
        rows.append(_aim("CPU, less than Prowler's",
                         prowler.median("cpu") / ciswatch.median("cpu"), PROWLER_CPU_AIM,
                         "{:.0f}×", at_least=True))
    return [f"### {one.server}, account ×{one.scale}", "", "| | aim | reached | |", "|---|---|---|---|",
            *rows, "", *_bounds(one), ""]


def _bounds(one):
    """What the time is spent on, in figures."""
    ciswatch, replay = one.costs["ciswatch"], one.costs["replay"]
    collected, judged = one.costs[COLLECTED], one.costs[JUDGED]
    _, of_least = _ratios(one)
    lines = [f"The least of ciswatch is {of_least:.2f}× the least of the replay. Of ciswatch's "
             f"{ciswatch.median('wall'):.3f} s, {replay.median('wall'):.3f} s are the emulator's (the "
             f"replay), {judged.median('wall'):.3f} s are judging and reporting, which begin when the "
             f"last answer is there; collecting alone takes {collected.median('wall'):.3f} s and "
             f"{collected.median('cpu'):.3f} CPU s."]
    if "Prowler" in one.costs:
        possible = one.costs["Prowler"].median("wall") / replay.median("wall")
        lines.append(f"A client that costs nothing at all would be {possible:.0f}× as fast as Prowler "
                     "on this emulator.")
    missing = one.minimum - one.requests
    more = one.requests - one.minimum
    if more or missing:
        lines.append(f"Requests beyond the minimum: {dict(more) or 'none'}; fewer than it: "
                     f"{dict(missing) or 'none'}.")
    return lines


def page(measured):
    rounds = len(measured[0].costs["ciswatch"].runs)
    lines = [HEAD.format(rounds=rounds, machine=_machine(measured)),
             AIMS_HEAD, *(line for one in measured for line in _aims(one)),
             "## Figures", "", *(line for one in measured for line in _table(one)),
             "## What is compared", "",
             "Prowler's checks: " + ", ".join(f"`{name}`" for name in PROWLER_CHECKS) + ".", "",
             "The minimum of requests is counted from the account by boto3: `GetCallerIdentity`, "
             "`DescribeRegions`, `ListBuckets` and the account's `GetPublicAccessBlock`; per region seven "
             "lists (trails, recorders, their status, delivery channels, keys, VPCs, flow logs); per trail "
             "its status and selectors; per key `DescribeKey`, and `GetKeyRotationStatus` of those that may "
             "rotate; six calls for each bucket that a trail logs to."]
    return "\n".join(lines) + "\n"
