"""Planning and applying beside the least that it takes. Started by benchmarks/run_remediate."""

import argparse
import concurrent.futures
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import commands  # noqa: E402
import servers  # noqa: E402
from accounts import DEFAULT_REGIONS  # noqa: E402
from fleet_commands import PACK, say  # noqa: E402
from measure import Costs, Meter  # noqa: E402
from page import disturbance, hardware, seconds  # noqa: E402

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


def planning(folder, accounts):
    """Lines of the table: the plan for a fleet, beside judging it."""
    fleet = folder / "fleet.db"
    subprocess.run([commands.CISWATCH.parent / "ciswatch_fleet", "--accounts", str(accounts), "-o", fleet],
                   check=True, capture_output=True)
    meter = Meter(None, folder, commands.environment(folder))
    scan, plan = Costs(), Costs()
    for _ in range(ROUNDS):
        scan.add(meter.run([commands.CISWATCH, "scan", "--snapshot", fleet, "--pack", PACK, "--report",
                            "json=/dev/null", "--fail-on", "none", "--allow-unknown"], LIMIT_SECONDS))
        plan.add(meter.run([commands.CISWATCH, "remediate", "plan", "--snapshot", fleet, "--pack", PACK,
                            "-o", folder / "fleet.json"], LIMIT_SECONDS))
    made = json.loads((folder / "fleet.json").read_text())
    say(f"== {len(made['findings'])} findings, {len(made['changes'])} changes")
    yield f"| judging {accounts} accounts | | {seconds(scan, 'wall')} | {scan.most('rss') / 1e6:.0f} MB |"
    yield (f"| the plan for their {len(made['findings']):,} failing findings "
           f"({len(made['changes']):,} changes; judging is part of it) | "
           f"{plan.median('wall') / scan.median('wall'):.2f}× of judging | {seconds(plan, 'wall')} | "
           f"{plan.most('rss') / 1e6:.0f} MB |")
    yield from [disturbance([scan, plan])]


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


def span(journal):
    """Seconds from the first call to the last row read after one: without looking whether it helped."""
    with contextlib.closing(sqlite3.connect(journal)) as database:
        return database.execute("select (julianday(max(time)) - julianday(min(time))) * 86400 from event"
                                " where kind in ('intent', 'done', 'seen')").fetchone()[0]


def applying(folder, count):
    with servers.moto_server() as moto, late(moto.url) as url:
        make_keys(moto.url, count)
        live = ["--endpoint-url", url, *(f"--region={region}" for region in DEFAULT_REGIONS)]
        meter = Meter(None, folder, commands.environment(folder))
        run = lambda *what: meter.once([commands.CISWATCH, *what], LIMIT_SECONDS, {})  # noqa: E731
        run("collect", "--check", "kms-key-rotation", "-o", folder / "s.db", *live)
        run("remediate", "plan", "--snapshot", folder / "s.db", "--check", "kms-key-rotation", "-o",
            folder / "plan.json")
        plan = json.loads((folder / "plan.json").read_text())
        changes = plan["changes"]
        assert len(changes) == count, len(changes)
        costs = Costs()
        costs.add(run("remediate", "apply", folder / "plan.json", "--approve", plan["hash"],
                      "--max-changes", count, *live))
        one, many = bare(url, changes, 1), bare(url, changes, AT_ONCE)
        yield f"| {count} bare calls, one after the other | | {one:.2f} | |"
        yield f"| {count} bare calls, {AT_ONCE} at a time | | {many:.2f} | |"
        changing = span(folder / "plan.json.journal")
        yield (f"| {count} changes by `apply`: each read before and after, journalled and synced "
               f"| {changing / one:.2f}× of the former, {changing / many:.1f}× of the latter | about "
               f"{changing:.0f} | |")
        yield (f"| with collecting and judging again | | {costs.median('wall'):.2f} "
               f"| {costs.most('rss') / 1e6:.0f} MB |")


def main():
    parser = argparse.ArgumentParser(description="see the head of benchmarks/run_remediate")
    parser.add_argument("--hurry", action="store_true")
    flags = parser.parse_args()
    accounts, changes = (ACCOUNTS // 10, CHANGES // 10) if flags.hurry else (ACCOUNTS, CHANGES)
    if flags.hurry:
        Meter.patience = 0
    with tempfile.TemporaryDirectory(dir=ROOT / "build/bench") as name:
        folder = pathlib.Path(name)
        lines = list(planning(folder, accounts))
        note = lines.pop()
        lines += applying(folder, changes)
    print("\n".join([hardware(), note, "", "| | beside | wall, s: median (least) | memory |",
                     "|---|---|---|---|", *lines]))


if __name__ == "__main__":
    main()
