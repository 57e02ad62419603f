"""The page that says what was measured of collecting, and whether the aims were met."""

import pathlib
import sys

from page import aim, ciswatch_version, disturbance, hardware, package

WALL_AIM, VIOLATIONS_AIM, CPU_AIM, MEMORY_AIM = 1.3, 0, 100, 200 * 10**6
GROWTH_AIM = 2_000  # bytes per account, from the smallest fleet to the largest

HEAD = """# Benchmark of collecting

Written by `benchmarks/run_collect`. `ciswatch collect` of {accounts:,} synthetic accounts with 17 regions each, a role taken on in each,
all that the checks of the default pack read, {in_flight} requests on the wire at a time. The server is the fault lab's (tests/lab), a process of its own
on the same machine: each account answers as one of the recorded examples, with its own id and names, {latency:.0f} ms after it was asked. It keeps the
quotas that AWS publishes for each account, region and API (tests/lab/quotas.py, written down apart from ciswatch's own list), refuses what is
beyond and counts it. There are no TLS and no distance: what they cost is not measured.

No program could be faster than the largest of four **floors**: all requests, {in_flight} at a time, each taking {latency:.0f} ms; the longest chain of requests of
which each needs the answer before it ({chain}: whose credentials these are, the role, whose that is, the regions, …); what the quotas let through; and what the
server alone answers, told by curl that sends ciswatch's requests again without waiting.

Wall time, CPU time (user + system) and peak memory are the kernel's, of the whole process from start to end; median (least) of {rounds} runs. Snapshots
are written to memory. Compare ratios: seconds are this machine's.

{machine}
"""


def floors(results, measured):
    """name → seconds."""
    return {"requests in flight": measured.calls / results.in_flight * results.latency,
            "longest chain": results.chain * results.latency,
            "quotas": measured.most("least_seconds"),
            "server alone": measured.calls / results.rate}


def _ratio(results, measured, what="median"):
    return getattr(measured.costs, what)("wall") / max(floors(results, measured).values())


def growth(fleets):
    """Bytes of peak memory that an account more takes."""
    small, large = fleets[0], fleets[-1]
    return ((large.costs.least("rss") - small.costs.least("rss"))
            / max(1, large.accounts - small.accounts))


def _aims(results):
    largest = results.fleets[-1]
    cpu = largest.costs.median("cpu") / largest.calls * 1e6
    return ["## Aims", "", "| | aim | reached | |", "|---|---|---|---|",
            aim("wall, of the largest floor", _ratio(results, largest), WALL_AIM, "{:.2f}×"),
            aim("requests beyond a quota", largest.most("refused"), VIOLATIONS_AIM, "{:,}"),
            aim("CPU per call", cpu, CPU_AIM, "{:.0f} µs"),
            aim("peak memory", largest.costs.most("rss") / 10**6, MEMORY_AIM / 10**6, "{:.0f} MB"),
            aim(f"memory that an account more takes, from {results.fleets[0].accounts:,} to "
                f"{largest.accounts:,}", growth(results.fleets), GROWTH_AIM, "{:,.0f} bytes"), ""]


def _figures(results):
    lines = ["## Figures", "",
             "| accounts | runs | calls | wall s | of the floor | CPU s | µs per call | MB | "
             "beyond a quota | most in flight | server's CPU s |", "|" + "---|" * 11]
    for each in results.fleets:
        costs = each.costs
        lines.append(
            f"| {each.accounts:,} | {len(costs.runs)} | {each.calls:,} | {costs.median('wall'):.2f} "
            f"({costs.least('wall'):.2f}) | {_ratio(results, each):.2f}× "
            f"({_ratio(results, each, 'least'):.2f}×) | {costs.median('cpu'):.2f} "
            f"({costs.least('cpu'):.2f}) | {costs.median('cpu') / each.calls * 1e6:.0f} | "
            f"{costs.most('rss') / 10**6:.0f} | {each.most('refused')} | {each.most('most_in_flight')} | "
            f"{each.most('cpu'):.1f} |")
    return [*lines, ""]


def _floors(results):
    told = [floors(results, each) for each in results.fleets]
    lines = ["## Floors, in seconds", "", "| accounts | " + " | ".join(told[0]) + " |",
             "|---|" + "---|" * len(told[0])]
    for each, seconds in zip(results.fleets, told):
        most = max(seconds.values())
        lines.append(f"| {each.accounts:,} | " + " | ".join(
            f"**{value:.2f}**" if value == most else f"{value:.2f}" for value in seconds.values()) + " |")
    lines += ["", f"The server alone answers {results.rate:,.0f} requests a second on one core."]
    return lines


def page(results):
    largest = results.fleets[-1]
    machine = "\n".join((
        f"{hardware()} {ciswatch_version(results.program)}, "
        f"{package(pathlib.Path(sys.executable).parent, 'aiohttp')}.",
        disturbance(each.costs for each in results.fleets)))
    head = HEAD.format(accounts=largest.accounts, in_flight=results.in_flight,
                       latency=1000 * results.latency, chain=results.chain,
                       rounds=len(largest.costs.runs), machine=machine)
    return "\n".join([head, *_aims(results), *_figures(results), *_floors(results)]) + "\n"
