"""microburst, a proxy that fails on purpose in AWS's words, in front of emulators. Its rules are made from
a seed; its audit log tells which of them fired."""

import contextlib
import json
import random
import types
import urllib.request

import pytest

import accounts
import judge
import servers
from program import Program

SEEDS = range(6)
REGIONS = ["--region", "us-east-1", "--region", accounts.HOME]
# Those whose calls it can name: S3 Control is S3's to it, by path.
SERVICES = {"cloudtrail", "config", "kms", "ec2", "s3"}

# What is done, and how the ledger calls a call to which it is always done.
EFFECTS = {
    "denied": ({"error": {"code": "AccessDeniedException", "status": 400}}, "denied"),
    "throttled": ({"error": {"code": "ThrottlingException", "status": 400}}, "throttled"),
    "slow down": ({"error": {"code": "SlowDown", "status": 503}}, "throttled"),
    "failed": ({"error": {"code": "InternalFailure", "status": 500}}, "failed"),
    "reset": ({"reset": True}, "failed"),
    "short": ({"response": {"truncate_frac": 0.5}}, "failed"),
    "cut": ({"response": {"abort_frac": 0.5}}, "failed"),
    "corrupt": ({"response": {"corrupt_bytes": 64}}, "failed"),
    "slow": ({"latency": {"min": 20, "max": 300}}, "")}
OF_HEAD = {"failed", "reset", "slow"}  # what can be told without a body


class Microburst(servers.Server):
    def ask(self, method, path, document=None):
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"{self.url}/_microburst/{path}", body, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def start_over(self, rules):
        """The rules with their ids; the audit log is empty again."""
        self.ask("DELETE", "fired")
        ids = [made["id"] for made in self.ask("POST", "rules", rules)]
        return dict(zip(ids, rules))

    def fired(self):
        return self.ask("GET", "fired?limit=100000")


@contextlib.contextmanager
def microburst(upstream):
    port = servers.free_port()
    server = servers._start(Microburst, [servers.BIN / "microburst", "--upstream", upstream, "--host",
                                         "127.0.0.1", "--port", str(port), "--no-resign"], port, {})
    try:
        yield server
    finally:
        server.stop()


class Disturbed:
    """An account behind the proxy, and how it is in peace."""

    def __init__(self, proxy, folder):
        self.proxy, self.folder = proxy, folder
        proxy.start_over([])
        self.peace = self.collect("peace")

    def collect(self, name):
        (self.folder / name).mkdir()
        program = Program(self.folder / name)
        snapshot = program.collect(self.proxy.url, *REGIONS, env={"AWS_MAX_ATTEMPTS": "3"})
        return types.SimpleNamespace(ledger=judge.ledger(snapshot), report=program.report(snapshot))

    def rules(self, seed):
        """Some operations of the account, each with an effect: always, or twice at most."""
        dice = random.Random(seed)
        known = sorted({(row.service, row.operation) for row in self.peace.ledger
                        if row.service in SERVICES})
        for service, operation in dice.sample(known, 6):
            name = dice.choice(sorted(OF_HEAD if operation == "HeadBucket" else EFFECTS))
            rule = {"service": service, "operation": operation, **EFFECTS[name][0]}
            if service != "s3" and dice.random() < 0.5:
                rule["region"] = dice.choice(REGIONS[1::2])
            if dice.random() < 0.5:
                rule["times"] = 2
            yield name, rule


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    with servers.moto_server() as server:
        accounts.seed_001_fixed(accounts.in_regions(accounts.Cloud(server.url), REGIONS[1::2]))
        with microburst(server.url) as proxy:
            yield Disturbed(proxy, tmp_path_factory.mktemp("moto"))


@pytest.fixture(scope="module")
def ministack(tmp_path_factory):
    with servers.ministack_server() as server:
        accounts.seed_001_fixed(accounts.in_regions(accounts.Cloud(server.url), REGIONS[1::2]))
        with microburst(server.url) as proxy:
            yield Disturbed(proxy, tmp_path_factory.mktemp("ministack"))


def is_hit(row, rule):
    return (row.service, row.operation) == (rule["service"], rule["operation"]) \
        and rule.get("region", row.region) == row.region


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("emulator", ["moto", "ministack"])
def test_what_fired_for_good_is_in_the_ledger_and_nothing_is_better(request, emulator, seed, injected):
    disturbed = request.getfixturevalue(emulator)
    named = list(disturbed.rules(seed))
    rules = disturbed.proxy.start_over([rule for _, rule in named])
    after = disturbed.collect(str(seed))
    fired = disturbed.proxy.fired()
    injected.append(len(fired))
    final = [(name, rule) for (name, rule), each in zip(named, rules)
             if "times" not in rule and name != "slow"
             and any(event["rule_id"] == each for event in fired)]
    for name, rule in final:
        hit = {row.outcome for row in after.ledger if is_hit(row, rule)} - {"not_tried"}
        assert hit == {EFFECTS[name][1]}, rule
    before = {judge.place(row): row.outcome for row in disturbed.peace.ledger}
    for row in after.ledger:
        if row.outcome != "not_tried" and not any(is_hit(row, rule) for _, rule in final):
            assert row.outcome == before[judge.place(row)], row
    assert list(judge.better(disturbed.peace.report, after.report)) == []
    if not final:
        assert after.report.judgements() == disturbed.peace.report.judgements()
