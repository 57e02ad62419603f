"""Planning and applying beside the least that it takes. Started by benchmarks/run_remediate."""

import argparse
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import commands  # noqa: E402
import remediate_results  # noqa: E402
import servers  # noqa: E402
from accounts import DEFAULT_REGIONS  # noqa: E402
from fleet_commands import PACK, say  # noqa: E402
from measure import Costs, Meter  # noqa: E402

ACCOUNTS, CHANGES, LATE, AT_ONCE, ROUNDS = 300, 200, 0.1, 16, 3
LIMIT_SECONDS = 600


@contextlib.contextmanager
def late(upstream):
    process = subprocess.Popen(
        [sys.executable, pathlib.Path(__file__).with_name("late_proxy.py"), upstream, str(LATE)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait()


@dataclasses.dataclass
class Results:
    program: pathlib.Path
    accounts: int
    changes: int
    late: float = LATE
    at_once: int = AT_ONCE
    regions: int = len(DEFAULT_REGIONS)
    scan: Costs = dataclasses.field(default_factory=Costs)
    plan: Costs = dataclasses.field(default_factory=Costs)
    findings: int = 0
    planned: int = 0  # changes
    bare_in_turn: float = 0  # seconds, as those that follow
    bare_at_once: float = 0
    applied: float = 0
    whole: float = 0
    rss: int = 0


def planning(folder, results):
    """The plan for a fleet, beside judging it."""
    fleet = folder / "fleet.db"
    subprocess.run([results.program.parent / "ciswatch_fleet", "--accounts", str(results.accounts), "-o",
                    fleet], check=True, capture_output=True)
    meter = Meter(None, folder, commands.environment(folder))
    for _ in range(ROUNDS):
        results.scan.add(meter.run([results.program, "scan", "--snapshot", fleet, "--pack", PACK, "--report",
                                    "json=/dev/null", "--fail-on", "none", "--allow-unknown"], LIMIT_SECONDS))
        results.plan.add(meter.run([results.program, "remediate", "plan", "--snapshot", fleet, "--pack", PACK,
                                    "-o", folder / "fleet.json"], LIMIT_SECONDS))
    made = json.loads((folder / "fleet.json").read_text())
    results.findings, results.planned = len(made["findings"]), len(made["changes"])
    say(f"== {results.findings} findings, {results.planned} changes")


def client(url, service, region):
    return boto3.client(service, region_name=region, endpoint_url=url, aws_access_key_id="a",
                        aws_secret_access_key="b",
                        config=botocore.config.Config(max_pool_connections=AT_ONCE))


def make_keys(url, count):
    regions = DEFAULT_REGIONS[:count]
    for i in range(count):
        client(url, "kms", regions[i % len(regions)]).create_key(
            Description=f"key {i}", KeyUsage="ENCRYPT_DECRYPT", MultiRegion=False)


def bare(url, changes, at_once):
    """The same calls by botocore, and nothing else. Seconds."""
    clients = {c["region"]: client(url, "kms", c["region"]) for c in changes}
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda c: clients[c["region"]].enable_key_rotation(**c["params"]), changes))
    return time.monotonic() - began


def apply(command, folder, results):
    """Fills in how long it takes until all is done, and until it is known whether that helped."""
    began = time.monotonic()
    with subprocess.Popen(list(map(str, command)), env=commands.environment(folder), cwd=folder, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        said = []
        for line in process.stderr:
            said.append(line)
            if "; journal " in line:
                results.applied = time.monotonic() - began
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    results.whole, results.rss = time.monotonic() - began, usage.ru_maxrss * 1024
    if process.returncode != 0 or not results.applied:
        raise SystemExit(f"apply ended with {process.returncode}:\n{''.join(said)[-2000:]}")


def applying(folder, results):
    with servers.moto_server() as moto, late(moto.url) as url:
        make_keys(moto.url, results.changes)
        live = ["--endpoint-url", url, *(f"--region={region}" for region in DEFAULT_REGIONS)]
        meter = Meter(None, folder, commands.environment(folder))
        check = ["--check", "kms-key-rotation"]
        meter.once([results.program, "collect", *check, "-o", folder / "s.db", *live], LIMIT_SECONDS, {})
        meter.once([results.program, "remediate", "plan", "--snapshot", folder / "s.db", *check, "-o",
                    folder / "plan.json"], LIMIT_SECONDS, {})
        plan = json.loads((folder / "plan.json").read_text())
        changes = plan["changes"]
        assert len(changes) == results.changes, len(changes)
        meter.wait_for_calm()
        apply([results.program, "remediate", "apply", folder / "plan.json", "--approve", plan["hash"],
               "--max-changes", results.changes, *live], folder, results)
        results.bare_in_turn = bare(url, changes, 1)
        results.bare_at_once = bare(url, changes, AT_ONCE)


def main():
    parser = argparse.ArgumentParser(description="see the head of benchmarks/run_remediate")
    parser.add_argument("--hurry", action="store_true")
    parser.add_argument("--program", type=pathlib.Path, default=commands.CISWATCH)
    flags = parser.parse_args()
    share = 10 if flags.hurry else 1
    if flags.hurry:
        Meter.patience = 0
    results = Results(flags.program, ACCOUNTS // share, CHANGES // share)
    with tempfile.TemporaryDirectory(dir=ROOT / "build/bench") as name:
        planning(pathlib.Path(name), results)
        applying(pathlib.Path(name), results)
    page = remediate_results.page(results)
    print(page)
    if not flags.hurry:
        (ROOT / "benchmarks/remediate_results.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
