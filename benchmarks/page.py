"""What the pages of results have in common: the machine, and the lines of their tables."""

import datetime
import os
import platform
import re
import subprocess

from measure import CALM_SHARE


def output(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60,
                          check=True).stdout


def package(folder, name):
    """A package of the virtual environment whose programs are in the folder, and its version."""
    listed = output(folder / "pip", "list", "--format", "freeze", "--disable-pip-version-check")
    found = re.search(rf"^{name}==(\S+)$", listed, re.MULTILINE | re.IGNORECASE)
    return f"{name} {found.group(1)}" if found else f"{name} not installed"


def hardware():
    with open("/proc/cpuinfo", encoding="utf-8") as cpus:
        model = re.search(r"^model name\s*: (.*)$", cpus.read(), re.MULTILINE)
    with open("/proc/meminfo", encoding="ascii") as memory:
        total = int(re.search(r"MemTotal:\s*(\d+)", memory.read()).group(1)) / 2**20
    return (f"Measured {datetime.date.today()} on {os.cpu_count()} cores"
            f"{f' ({model.group(1)})' if model else ''}, {total:.0f} GB, Linux {platform.release()}, "
            f"Python {platform.python_version()}.")


def ciswatch_version(program):
    commit = output("git", "-C", program.parent, "describe", "--always", "--dirty").strip()
    return f"ciswatch {output(program, '--version').split()[-1]} ({commit}, release build)"


def disturbance(all_costs):
    others = max(run.others for costs in all_costs for run in costs.runs)
    return (f"Other processes used at most {others:.0%} of the machine during a counted run (a run with "
            f"more than {CALM_SHARE:.0%} is repeated, while patience lasts).")


def seconds(costs, what):
    return f"{costs.median(what):.3f} ({costs.least(what):.3f})"


def aim(what, value, wanted, text, at_least=False):
    """One line: the value, the aim, met or missed and by how much."""
    met = value >= wanted if at_least else value <= wanted
    off = max(wanted / value, value / wanted) if value and wanted else 0
    how = "met" if met else f"**missed**, {off:.2f}×"
    return f"| {what} | {text.format(wanted)} | {text.format(value)} | {how} |"
