"""The page that says what was measured, and whether the aims were met."""

from commands import CISWATCH, PROWLER, PROWLER_CHECKS
from page import aim, ciswatch_version, disturbance, hardware, output, package, seconds

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


def _machine(measured):
    emulators = PROWLER.parents[2] / "emulators/bin"
    return "\n".join((
        f"{hardware()} {ciswatch_version(CISWATCH)}, {package(emulators, 'moto')}, "
        f"{package(emulators, 'ministack')}, {package(PROWLER.parent, 'prowler')}, "
        f"curl {output('curl', '--version').split()[1]}.",
        disturbance(costs for one in measured for costs in one.costs.values())))


def _row(name, costs, requests):
    memory = f"{costs.most('rss') / 2**20:.0f}"
    return (f"| {name} | {len(costs.runs)} | {seconds(costs, 'wall')} | {seconds(costs, 'cpu')} "
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


def _ratios(one):
    ciswatch, replay = one.costs["ciswatch"], one.costs["replay"]
    return (ciswatch.median("wall") / replay.median("wall"),
            ciswatch.least("wall") / replay.least("wall"))


def _aims(one):
    ciswatch = one.costs["ciswatch"]
    of_medians, _ = _ratios(one)
    rows = [aim("requests, of the minimum", sum(one.requests.values()),
                sum(one.minimum.values()), "{}"),
            aim("wall, of the replay's", of_medians, REPLAY_AIM[one.server], "{:.2f}×"),
            aim("CPU", ciswatch.median("cpu"), CPU_AIM, "{:.3f} s"),
            aim("memory", ciswatch.most("rss") / 2**20, RSS_AIM / 2**20, "{:.1f} MB")]
    if "Prowler" in one.costs:
        prowler = one.costs["Prowler"]
        rows.append(aim("wall, less than Prowler's",
                        prowler.median("wall") / ciswatch.median("wall"), PROWLER_WALL_AIM,
                        "{:.0f}×", at_least=True))
        rows.append(aim("CPU, less than Prowler's",
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
             "rotate; six calls for each bucket that a trail logs to. ciswatch asks four of them of the bucket "
             "that gets its access logs, too: whether that one is public is a check beside the nine."]
    return "\n".join(lines) + "\n"
