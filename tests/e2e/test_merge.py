"""Several machines, each with a part of the accounts: merged, what they collected is judged as if one
had read it all."""

import hashlib
import itertools
import json
import resource
import shutil
import sqlite3

import pytest

from program import Program, ROOT

EXAMPLES = sorted((ROOT / "examples").glob("seed-*/recording.jsonl"))
SHARDS = 4
FORMATS = {"text": "txt", "json": "json", "jsonl": "jsonl", "html": "html", "junit": "xml"}
# With one that asks other accounts, too.
CHOSEN = ["--pack", "cis-aws-1.2.0:2", "--check", "organization-trail"]


def accounts_in(snapshot):
    with sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True) as database:
        return [row[0] for row in database.execute("select account_id from aws_account order by 1")]


def recording_of_many(path, count):
    """The example accounts, one after the other, under ids of their own."""
    accounts = [str(100_000_000_000 + 7_654_321_098 * n) for n in range(count)]
    with path.open("w", encoding="utf-8") as out:
        for account, example in zip(accounts, itertools.cycle(EXAMPLES)):
            lines = example.read_text().splitlines()
            own = json.loads(lines[0])["account"]
            out.writelines(line.replace(own, account) + "\n" for line in lines)
    return path


def shard_of(account, count):
    """As docs/fleet.md says."""
    return int(hashlib.sha256(account.encode()).hexdigest()[:16], 16) % count + 1


def reports(program, snapshot, name):
    """Every format, as bytes."""
    files = {form: program.folder / f"{name}.{end}" for form, end in FORMATS.items()}
    flags = [flag for form, file in files.items() for flag in ("--report", f"{form}={file}")]
    result = program.run("scan", "--snapshot", snapshot, *CHOSEN, *flags)
    assert result.code in (0, 1, 3), result
    return {form: file.read_bytes() for form, file in files.items()}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    """A program with a recording of many accounts, `whole`, and `shards` of it."""
    program = Program(tmp_path_factory.mktemp("fleet"))
    program.recording = recording_of_many(program.folder / "r.jsonl", 10)
    program.whole = program.import_(program.recording, to="whole.db")
    program.accounts = accounts_in(program.whole)
    program.shards = []
    for number in range(1, SHARDS + 1):
        file = program.folder / f"{number}.db"
        program.expect(0, "import", program.recording, "-o", file, "--shard", f"{number}/{SHARDS}")
        program.shards.append(file)
    return program


def test_merged_shards_are_judged_as_a_snapshot_of_all(fleet):
    result = fleet.expect(0, "merge", *fleet.shards, "-o", "merged.db")
    assert f"{len(fleet.accounts)} accounts of 4 snapshots" in result.err
    assert reports(fleet, "merged.db", "merged") == reports(fleet, fleet.whole, "whole")
    fleet.expect(0, "merge", *reversed(fleet.shards), "-o", "again.db")
    assert (fleet.folder / "again.db").read_bytes() == (fleet.folder / "merged.db").read_bytes()


def test_a_merged_snapshot_is_the_previous_one_of_a_next(fleet):
    fleet.expect(0, "merge", *fleet.shards, "-o", "night.db")
    fleet.run("scan", "--snapshot", "night.db", *CHOSEN, "--previous", fleet.whole,
              "--report", "json=first.json")
    fleet.run("scan", "--snapshot", fleet.whole, *CHOSEN, "--previous", "night.db",
              "--report", "json=second.json")
    first = (fleet.folder / "first.json").read_bytes()
    assert first == (fleet.folder / "second.json").read_bytes() != b""
    assert first == reports(fleet, fleet.whole, "whole")["json"]


def test_an_account_is_in_the_shard_that_the_document_tells(fleet):
    for number, file in enumerate(fleet.shards, start=1):
        assert accounts_in(file) == [a for a in fleet.accounts if shard_of(a, SHARDS) == number]


def test_an_array_task_takes_its_shard_from_the_environment_when_asked(fleet):
    for env, flag in (({"JOB_COMPLETION_INDEX": "2"}, "auto/4"),
                      ({"AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "4"}, "auto"),
                      ({"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "4",
                        "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_MAX": "4"}, "auto")):
        result = fleet.expect(0, "import", fleet.recording, "-o", "auto.db", "--shard", flag, env=env)
        assert "shard 3/4" in result.err
        assert (fleet.folder / "auto.db").read_bytes() == fleet.shards[2].read_bytes()
        fleet.expect(0, "import", fleet.recording, "-o", "all.db", env=env)
        assert accounts_in(fleet.folder / "all.db") == fleet.accounts
    result = fleet.expect(2, "import", fleet.recording, "-o", "no.db", "--shard", "auto/4")
    assert "none of JOB_COMPLETION_INDEX" in result.err
    assert not (fleet.folder / "no.db").exists()


def test_a_missing_or_doubled_shard_is_refused(fleet):
    some = [fleet.shards[0], fleet.shards[3]]
    result = fleet.expect(2, "merge", *some, "-o", "some.db")
    assert "shards 2 and 3 of 4 are missing" in result.err and "--allow-missing" in result.err
    shutil.copy(fleet.shards[0], fleet.folder / "copy.db")
    result = fleet.expect(2, "merge", *fleet.shards, "copy.db", "-o", "some.db")
    assert "both shard 1 of 4" in result.err
    result = fleet.expect(2, "merge", fleet.whole, fleet.shards[1], "-o", "some.db")
    assert "is in both" in result.err
    assert not (fleet.folder / "some.db").exists()
    assert not (fleet.folder / "some.db.part").exists()


def test_a_scan_says_which_shards_it_does_not_know(fleet):
    result = fleet.expect(0, "merge", *fleet.shards[1:], "-o", "most.db", "--allow-missing", "--force")
    assert "shard 1 of 4 is missing" in result.err
    result = fleet.run("scan", "--snapshot", "most.db", *CHOSEN, "--report", "json=/dev/null")
    assert "shard 1 of 4 is not in the snapshot" in result.err
    assert result.code != 0
    # What is missing may still come.
    fleet.expect(0, "merge", "most.db", fleet.shards[0], "-o", "late.db")
    assert reports(fleet, "late.db", "late") == reports(fleet, fleet.whole, "whole")


def test_what_stands_at_the_target_stays_unless_told(fleet):
    target = fleet.folder / "target.db"
    target.write_bytes(b"something else")
    result = fleet.expect(2, "merge", *fleet.shards, "-o", target)
    assert "is there already" in result.err and "--force" in result.err
    result = fleet.expect(2, "merge", *fleet.shards[1:], "-o", target, "--force")
    assert target.read_bytes() == b"something else"
    fleet.expect(0, "merge", *fleet.shards, "-o", target, "--force")
    before = [shard.read_bytes() for shard in fleet.shards]
    result = fleet.expect(2, "merge", *fleet.shards, "-o", fleet.shards[2], "--force")
    assert "is read" in result.err
    assert before == [shard.read_bytes() for shard in fleet.shards]


@pytest.mark.parametrize("size", [0, 8 << 10, 900 << 10])
def test_a_full_disk_is_told_and_nothing_is_lost(fleet, size):
    target = fleet.folder / "full.db"
    target.write_bytes(b"an earlier snapshot")
    result = fleet.expect(2, "merge", *fleet.shards, "-o", target, "--force",
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert "full.db" in result.err
    assert target.read_bytes() == b"an earlier snapshot"
    assert not (fleet.folder / "full.db.part").exists()


def test_a_shard_without_accounts_is_a_shard(ciswatch, example):
    account = json.loads(example("seed-001").recording.read_text().splitlines()[0])["account"]
    own = shard_of(account, 2)
    for number in (1, 2):
        result = ciswatch.expect(0, "import", example("seed-001").recording, "-o", f"{number}.db",
                                 "--shard", f"{number}/2")
        assert ("1 account," if number == own else "0 accounts,") in result.err
    ciswatch.expect(0, "merge", "1.db", "2.db", "-o", "all.db")
    assert reports(ciswatch, "all.db", "all") == reports(ciswatch, example("seed-001").snapshot, "one")
    # By itself it says nothing, least of all that all is well.
    result = ciswatch.run("scan", "--snapshot", f"{3 - own}.db", "--report", "json")
    assert result.code == 2 and "names no account" in result.err


def test_a_live_account_is_read_by_its_shard_alone(ciswatch, empty_account):
    server = empty_account()
    read = {}
    for number in (1, 2, 3):
        snapshot = ciswatch.collect(server.url, "--shard", f"{number}/3", to=f"{number}.db")
        read[number] = accounts_in(snapshot)
    whole = ciswatch.collect(server.url, to="whole.db")
    (account,) = accounts_in(whole)
    assert read == {n: [account] if n == shard_of(account, 3) else [] for n in (1, 2, 3)}
    ciswatch.expect(0, "merge", "1.db", "2.db", "3.db", "-o", "all.db")
    judged = [ciswatch.report(snapshot).judgements() for snapshot in ("all.db", whole)]
    assert judged[0] == judged[1] != []


@pytest.mark.parametrize("wrong", ["0/4", "5/4", "4", "x", "1/4/4", "auto/0", "1/99999"])
def test_a_wrong_shard_is_told(ciswatch, example, wrong):
    result = ciswatch.expect(2, "import", example("seed-001").recording, "-o", "s.db",
                             "--shard", wrong)
    assert f"--shard {wrong}" in result.err and "1/8" in result.err
