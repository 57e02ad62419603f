"""ciswatch, Prowler and a bare replay of ciswatch's own requests, side by side on emulators of AWS.
Started by benchmarks/run, which makes what this needs."""

import argparse
import collections
import dataclasses
import json
import pathlib
import shutil
import signal
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import accounts  # noqa: E402
import commands  # noqa: E402
import results  # noqa: E402
import servers  # noqa: E402
from measure import Costs, Meter  # noqa: E402

SERVERS = {"moto": servers.moto_server, "ministack": servers.ministack_server}
CASES = ("moto:1", "ministack:1", "moto:10", "ministack:10")
ROUNDS = 7  # counted runs of what takes seconds
AT_ONCE = (4, 8, 16, 32, 64)  # connections of the replay: the fastest is the floor
LIMIT_SECONDS, PROWLER_LIMIT_SECONDS = 60, 300


@dataclasses.dataclass
class Measured:
    """One account on one emulator."""

    server: str
    scale: int
    costs: dict  # name → Costs
    requests: collections.Counter  # ciswatch's, by operation
    minimum: collections.Counter
    connections: int
    replay_at_once: int
    replay_connections: int
    prowler_requests: int | None = None
    verdicts: dict | None = None


def say(text):
    print(text, file=sys.stderr, flush=True)


def minimum_requests(cloud):
    """What cannot be left out, counted from the account by boto3 and not by ciswatch: each list once
    per region, each key that may rotate, each bucket that a trail logs to. The answers give all that
    the nine requirements ask, in the fewest calls that the AWS APIs have for it."""
    least = collections.Counter({"GetCallerIdentity": 1, "DescribeRegions": 1, "ListBuckets": 1,
                                 "GetPublicAccessBlock": 1})
    buckets = set()
    for region in accounts.DEFAULT_REGIONS:
        least.update(("DescribeTrails", "DescribeConfigurationRecorders",
                      "DescribeConfigurationRecorderStatus", "DescribeDeliveryChannels",
                      "ListKeys", "DescribeVpcs", "DescribeFlowLogs"))
        kms = cloud.client("kms", region)
        for page in kms.get_paginator("list_keys").paginate():
            for key in page["Keys"]:
                least["DescribeKey"] += 1
                about = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
                least["GetKeyRotationStatus"] += may_rotate(about)
        trails = cloud.client("cloudtrail", region).describe_trails(includeShadowTrails=False)
        for trail in trails["trailList"]:
            least.update(("GetTrailStatus", "GetEventSelectors"))
            buckets.add(trail["S3BucketName"])
    for operation in ("HeadBucket", "GetBucketAcl", "GetBucketPolicyStatus", "GetPublicAccessBlock",
                      "GetBucketOwnershipControls", "GetBucketLogging"):
        least[operation] += len(buckets)
    return least


def may_rotate(key):
    return (key["KeyManager"] == "CUSTOMER" and key["KeyState"] == "Enabled"
            and key["KeySpec"] == "SYMMETRIC_DEFAULT" and key["Origin"] == "AWS_KMS")


class Case:
    """Measures one account on one emulator."""

    def __init__(self, server, scale, with_prowler):
        self.server, self.scale, self.with_prowler = server, scale, with_prowler
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ciswatch-bench-"))
        self.env = commands.environment(self.folder)

    def measure(self):
        try:
            with SERVERS[self.server]() as server:
                return self._measure(server)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _measure(self, server):
        say(f"== {self.server} x{self.scale}: making the account")
        cloud = accounts.benchmark_account(server.url, self.scale)
        meter = Meter(server.process.pid, self.folder, self.env)
        captured = commands.capture(
            server.url, lambda url: commands.scan(url, self.folder), self.env)
        requests = collections.Counter(r.operation for r in captured.requests())
        opened = commands.check_replay(captured, server.url, self.folder, self.env)
        at_once = self._fastest_replay(meter, captured, server.url)
        measured = Measured(self.server, self.scale, {}, requests,
                            minimum_requests(cloud), captured.connections, at_once, opened)
        self._rounds(meter, server, measured)
        report = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
        measured.verdicts = {r["number"]: r["verdict"] for r in report["requirements"]}
        return measured

    def _fastest_replay(self, meter, captured, url):
        self.replay = self.folder / "replay.curl"
        commands.write_replay(captured, url, self.replay)
        walls = {}
        for at_once in AT_ONCE:
            runs = [meter.run(commands.replay(self.replay, at_once), LIMIT_SECONDS) for _ in range(3)]
            walls[at_once] = min(run.wall for run in runs)
            say(f"   replay, {at_once:2} at once: {walls[at_once]:.3f} s")
        return min(walls, key=walls.get)

    def _rounds(self, meter, server, measured):
        """ciswatch, replay, ciswatch, replay, …: what drifts, drifts for both. Prowler in between."""
        compared = {"ciswatch": commands.scan(server.url, self.folder),
                    "replay": commands.replay(self.replay, measured.replay_at_once),
                    "ciswatch, only collect": commands.collect(server.url, self.folder),
                    "ciswatch, only judge and report": commands.judge(self.folder)}
        measured.costs.update({name: Costs() for name in compared})
        for command in compared.values():
            meter.run(command, LIMIT_SECONDS)  # warms caches; not counted
        prowler_runs = ({1: 3, 10: 1}[self.scale] if self.with_prowler else 0)
        for number in range(ROUNDS):
            for name, command in compared.items():
                measured.costs[name].add(meter.run(command, LIMIT_SECONDS))
            if number < prowler_runs:
                self._prowler(meter, server, measured)
        for name, costs in measured.costs.items():
            say(f"   {name}: {costs.median('wall'):.3f} s, {costs.median('cpu'):.3f} CPU s")

    def _prowler(self, meter, server, measured):
        command = commands.prowler(self.folder)
        before = count_requests(server, self.server)
        cost = meter.run(command, PROWLER_LIMIT_SECONDS, AWS_ENDPOINT_URL=server.url)
        measured.costs.setdefault("Prowler", Costs()).add(cost)
        if before is not None and cost.tries == 1:
            measured.prowler_requests = count_requests(server, self.server) - before
        say(f"   Prowler: {cost.wall:.1f} s, {cost.cpu:.1f} CPU s")


def count_requests(server, kind):
    """From the server's own log; ministack keeps none."""
    return server.log_text().count(" HTTP/1.") if kind == "moto" else None


def main():
    parser = argparse.ArgumentParser(description="see the head of benchmarks/run")
    parser.add_argument("--case", action="append", choices=CASES)
    parser.add_argument("--without-prowler", action="store_true")
    parser.add_argument("--hurry", action="store_true")
    flags = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended, too
    if flags.hurry:
        Meter.patience = 0
    measured = []
    for case in flags.case or CASES:
        server, scale = case.split(":")
        measured.append(Case(server, int(scale), not flags.without_prowler).measure())
    page = results.page(measured)
    print(page)
    if not (flags.case or flags.without_prowler or flags.hurry):
        (ROOT / "benchmarks/results.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
