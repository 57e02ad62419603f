import contextlib
import json
import pathlib
import re
import types

import pytest

import accounts
import loopback
import servers
from program import Program, ROOT

EXAMPLES = ROOT / "examples"



@pytest.fixture
def ciswatch(tmp_path):
    return Program(tmp_path)


@pytest.fixture
def empty_account():
    """Loopback server of a scripted account with nothing in it; a factory that takes answers and
    fault rules."""
    with contextlib.ExitStack() as stack:
        def start(answers=None, *rules, tls=None, delay=0):
            made = loopback.faulty(loopback.scripted(answers), *rules)
            made = loopback.slower(made, delay) if delay else made
            return stack.enter_context(loopback.serving(made, tls))
        yield start


class Live:
    """One account on one emulator, collected once while every request was counted."""

    def __init__(self, server, cloud, folder, *flags):
        self.server, self.cloud, self.folder = server, cloud, pathlib.Path(folder)
        self.program = Program(folder)
        self.recording = self.folder / "recording.jsonl"
        with loopback.serving(loopback.relay(server.url)) as counter:
            self.snapshot = self.program.collect(counter.url, "--record", self.recording, *flags)
            self.requests = list(counter.requests)
            self.connections = counter.connections
        self.report = self.program.report(self.snapshot)


def _live(start, seed, tmp_path_factory, *flags):
    with start() as server:
        cloud = seed(server.url)
        folder = tmp_path_factory.mktemp(f"{start.__name__}-{seed.__name__}")
        yield Live(server, cloud, folder, *flags)


def every_table_check(folder):
    """A check that reads every table, so that every table is collected."""
    names = re.findall(r"^## (aws_\w+)$", Program(folder).expect(0, "schema").out, flags=re.M)
    sql = " union all ".join(
        f"select account_id, region, '' as resource, 0 as ok, '' as detail from {name}"
        for name in names)
    file = pathlib.Path(folder) / "every-table.yaml"
    file.write_text(f"id: every-table\ntitle: Reads every table\nlevel: warn\nscope: region\n"
                    f"why: It is read.\nsql: |\n  {sql}\nremediation: {{text: none}}\ntests: []\n")
    return file


@pytest.fixture(scope="session")
def moto_watched(tmp_path_factory):
    check = every_table_check(tmp_path_factory.mktemp("check"))
    yield from _live(servers.moto_server, accounts.watched_and_organized, tmp_path_factory,
                     "--check", check)


@pytest.fixture(scope="session")
def ministack_watched(tmp_path_factory):
    check = every_table_check(tmp_path_factory.mktemp("check"))
    yield from _live(servers.ministack_server, accounts.watched, tmp_path_factory, "--check", check)


@pytest.fixture(scope="session")
def moto_001(tmp_path_factory):
    yield from _live(servers.moto_server, accounts.seed_001, tmp_path_factory)


@pytest.fixture(scope="session")
def moto_fixed(tmp_path_factory):
    yield from _live(servers.moto_server, accounts.seed_001_fixed, tmp_path_factory)


@pytest.fixture(scope="session")
def ministack_001(tmp_path_factory):
    yield from _live(servers.ministack_server, accounts.seed_001, tmp_path_factory)


@pytest.fixture(scope="session")
def ministack_fixed(tmp_path_factory):
    yield from _live(servers.ministack_server, accounts.seed_001_fixed, tmp_path_factory)


def _benchmark(url):
    # Without AWS's own keys, which moto calls the customer's.
    return accounts.benchmark_account(url, aws_managed_keys=False)


@pytest.fixture(scope="session")
def moto_benchmark(tmp_path_factory):
    regions = [flag for name in accounts.DEFAULT_REGIONS for flag in ("--region", name)]
    yield from _live(servers.moto_server, _benchmark, tmp_path_factory, *regions)


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """name → snapshot, report and recording of a shipped example account, imported once."""
    made = {}

    def get(name):
        if name not in made:
            program = Program(tmp_path_factory.mktemp(name))
            recording = EXAMPLES / name / "recording.jsonl"
            snapshot = program.import_(recording)
            made[name] = types.SimpleNamespace(recording=recording, snapshot=snapshot,
                                               report=program.report(snapshot), program=program)
        return made[name]

    return get


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The account with faults, its trail and bucket named by an enemy: a program with `.snapshot`."""
    program = Program(tmp_path_factory.mktemp("hostile"))
    text = (EXAMPLES / "seed-001/recording.jsonl").read_text()
    for name, enemy in (("default-trail", accounts.HOSTILE_TRAIL),
                        ("example-cloudtrail-logs", accounts.HOSTILE_BUCKET)):
        text = text.replace(name, json.dumps(enemy)[1:-1])
    (program.folder / "r.jsonl").write_text(text)
    program.snapshot = program.import_("r.jsonl")
    return program
