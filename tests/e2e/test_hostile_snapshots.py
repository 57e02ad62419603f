"""Snapshots that an enemy, a bad disk or a full one has changed: a clear error of one line and exit code
2, or reports that are well-formed. Never a crash, never a hang."""

import contextlib
import json
import os
import random
import re
import sqlite3
import subprocess
import sys

import pytest
from lxml import etree

from program import CHECKS, Report, program_path

FORMATS = ("text", "json", "jsonl", "html", "junit")
SEED = 4
# Markup, controls, directions, quotes, format signs, a lone surrogate's bytes, and more than a line.
HOSTILE = "\x1b[2J<script>alert(1)</script>&\"'`]]>\u202e\u0085\x07%s%n{{x}}\\N" + "\u65e5" * 40


def scan_all(program, path):
    """Scans into every format; the texts by format, or None for a snapshot that was refused."""
    flags = [f"--report={form}=report.{form}" for form in FORMATS]
    for form in FORMATS:
        (program.folder / f"report.{form}").unlink(missing_ok=True)
    result = program.run("scan", "--snapshot", path, *flags, timeout=120)
    assert result.code in (0, 1, 2, 3), result
    if result.code == 2:
        assert len(result.err.strip().splitlines()) == 1 and path.name in result.err, result
        return None
    return {form: (program.folder / f"report.{form}").read_bytes() for form in FORMATS}


def expect_well_formed(reports):
    for form, content in reports.items():
        text = content.decode("utf-8")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text), form
    json.loads(reports["json"])
    for line in reports["jsonl"].splitlines():
        json.loads(line)
    etree.fromstring(reports["junit"])
    assert b"<script" not in reports["html"].lower()
    page = etree.fromstring(reports["html"], etree.HTMLParser())
    assert not page.xpath("//script|//@onclick|//img")


def copy_of(source, program, name="changed.db"):
    path = program.folder / name
    path.write_bytes(source.read_bytes())
    return path


def changed(path, *statements):
    database = sqlite3.connect(path)
    database.execute("pragma writable_schema = on")
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()
    return path


def test_cut_at_any_length_it_is_refused(ciswatch, example):
    whole = example("seed-001").snapshot.read_bytes()
    dice = random.Random(SEED)
    lengths = [0, 1, 15, 16, 99, 100, 101, 511, 4095, 4096, 4097, len(whole) - 4096, len(whole) - 1]
    for length in lengths + [dice.randrange(len(whole)) for _ in range(40)]:
        path = ciswatch.folder / "cut.db"
        path.write_bytes(whole[:length])
        assert scan_all(ciswatch, path) is None, length


def test_a_single_flipped_bit_is_an_error_or_the_same_report(ciswatch, example):
    whole = example("seed-001").snapshot.read_bytes()
    unharmed = scan_all(ciswatch, example("seed-001").snapshot)
    dice = random.Random(SEED)
    bits = [dice.randrange(800) for _ in range(40)]  # the header of the file
    bits += [dice.randrange(len(whole) * 8) for _ in range(160)]
    for bit in bits:
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path = ciswatch.folder / "flipped.db"
        path.write_bytes(damaged)
        reports = scan_all(ciswatch, path)
        assert reports is None or reports == unharmed, bit


@pytest.mark.parametrize("hostile", [HOSTILE, "", "x" * 100_000, "[", "9" * 400],
                         ids=["markup", "empty", "long", "bracket", "number"])
def test_hostile_text_in_every_text_column(ciswatch, example, hostile):
    """One table at a time."""
    source = example("seed-001").snapshot
    database = sqlite3.connect(source)
    tables = [name for (name,) in database.execute(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'")]
    judged = 0
    for table in tables:
        path = copy_of(source, ciswatch)
        there = sqlite3.connect(path)
        columns = [name for _, name, kind, *_ in database.execute(f"pragma table_info({table})")
                   if kind.lower() == "text"]
        for column in columns:
            there.execute(f"update or ignore {table} set {column} = ?", (hostile,))
        there.commit()
        there.close()
        reports = scan_all(ciswatch, path)
        if reports is not None:
            judged += 1
            expect_well_formed(reports)
    database.close()
    assert judged > len(tables) // 2


@pytest.mark.parametrize("value", ["x'00ff'", "2.5", "cast(x'fffe80' as text)", "char(0) || 'x'",
                                   "9223372036854775807", "null"])
def test_values_of_other_types_in_every_column(ciswatch, example, value):
    """What a STRICT table refuses, written while it is none."""
    source = example("seed-001").snapshot
    database = sqlite3.connect(source)
    schemas = dict(database.execute("select name, sql from sqlite_schema where type = 'table' and "
                                    "name not like 'sqlite%'"))
    database.close()
    for table, schema in schemas.items():
        loose = re.sub(r"\bstrict, |\bstrict$", "", schema).replace(" text", " blob")
        quoted = [text.replace("'", "''") for text in (loose, schema)]
        path = changed(copy_of(source, ciswatch),
                       f"update sqlite_schema set sql = '{quoted[0]}' where name = '{table}'")
        there = sqlite3.connect(path)
        columns = [row[1] for row in there.execute(f"pragma table_info({table})")]
        for column in columns:
            with contextlib.suppress(sqlite3.IntegrityError):  # a key that no table takes
                there.execute(f"update or ignore {table} set {column} = {value}")
        there.commit()
        there.close()
        changed(path, f"update sqlite_schema set sql = '{quoted[1]}' where name = '{table}'")
        reports = scan_all(ciswatch, path)
        if reports is not None:
            expect_well_formed(reports)


ENDLESS = "with recursive r (x) as (select 1 union all select x + 1 from r) select x as name from r"


@pytest.mark.parametrize("statements, words", [
    (["drop table aws_vpc"], "lacks its table aws_vpc"),
    (["drop table api_call"], "lacks its table api_call"),
    (["drop table snapshot"], "lacks its table snapshot"),
    (["alter table aws_vpc rename column region to gone"], "lacks the column aws_vpc.region"),
    (["alter table aws_vpc rename to v", f"create view aws_vpc as {ENDLESS}"], "view aws_vpc"),
    (["alter table api_call rename to v", f"create view api_call as {ENDLESS}"], "view api_call"),
    (["drop table snapshot_table", f"create view snapshot_table as {ENDLESS}"], "damaged"),
    (["drop table snapshot", f"create view snapshot as {ENDLESS}"], "view snapshot"),
    (["delete from snapshot"], "never finished"),
    (["pragma user_version = 1000"], "newer"),
    (["pragma application_id = 7"], "not a ciswatch snapshot"),
    (["update api_call set account_id = ''"], "no account's id"),
])
def test_a_schema_that_is_not_ours_is_refused(ciswatch, example, statements, words):
    path = changed(copy_of(example("seed-001").snapshot, ciswatch), *statements)
    result = ciswatch.expect(2, "scan", "--snapshot", path, timeout=30)
    assert words in result.err and path.name in result.err, result


@pytest.mark.parametrize("stat", ["'-5'", "'0 0 0 0'", "'9223372036854775807 1'", "'sz=x unordered'",
                                  "null", "x'00'", "hex(zeroblob(10000))"])
def test_hostile_statistics_change_no_verdict(ciswatch, example, stat):
    path = changed(copy_of(example("seed-001").snapshot, ciswatch),
                   f"update sqlite_stat1 set stat = {stat}")
    assert ciswatch.report(path).verdicts() == example("seed-001").report.verdicts()


def test_ids_of_calls_that_point_nowhere(ciswatch, example):
    """A finding rests on calls that the ledger does not have: well-formed, whatever it says."""
    tables = ("aws_vpc", "aws_kms_key", "aws_cloudtrail_trail")
    for new in ("-call_id", "0", "call_id + 1", "9223372036854775807"):
        path = changed(copy_of(example("seed-001").snapshot, ciswatch),
                       *(f"update {table} set call_id = {new}" for table in tables))
        reports = scan_all(ciswatch, path)
        assert reports is not None
        expect_well_formed(reports)


# --- too much

MANY = int(os.environ.get("CISWATCH_MANY_ROWS", "300000"))  # 10,000,000 by hand

NUMBERS = (f"with recursive n (x) as (select 1 union all select x + 1 from n where x < {MANY}) ")


def peak(program, path):
    """The report, and the most memory that its scan had, in MB."""
    measure = ("import resource, subprocess, sys\n"
               "code = subprocess.run(sys.argv[1:]).returncode\n"
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)\n"
               "sys.exit(code)")
    result = subprocess.run([sys.executable, "-c", measure, program.path, "scan", "--snapshot", path,
                             "--pack", "cis-aws-1.2.0:2", "--report", "json"], capture_output=True, cwd=program.folder, timeout=900,
                            env=program.environment({}))
    assert result.returncode in (1, 3), result.stderr
    return Report(json.loads(result.stdout)), int(result.stderr.split()[-1])


def expect_little(megabytes, what):
    print(f"{what}: {megabytes} MB")
    sanitized = any(name in str(program_path()) for name in ("asan", "tsan"))
    assert sanitized or megabytes < 200, megabytes


def judged_elsewhere(report, of, numbers):
    """The other checks say of the account what they said before."""
    before = {f["check"]: f["verdict"] for f in of.findings if f["check"] not in numbers}
    after = {f["check"]: f["verdict"] for f in report.findings if f["check"] not in numbers}
    assert before.keys() == after.keys()
    return {check for check in before if before[check] != after[check]}


def test_more_keys_than_a_check_may_return_is_unknown_with_the_reason(ciswatch, example):
    source = example("seed-001")
    path = copy_of(source.snapshot, ciswatch, "many.db")
    database = sqlite3.connect(path)
    listed = database.execute("select account_id, region, call_id from aws_kms_key_list limit 1").fetchone()
    for table, key in (("aws_kms_key_list", "id"), ("aws_kms_key", "id")):
        columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
        values = ", ".join("'k' || x" if c == key else f'"{c}"' for c in columns)
        there = f"(select * from {table} where region = '{listed[1]}' limit 1)"
        database.execute(f"insert or ignore into {table} {NUMBERS} select {values} from n, {there}")
    database.commit()
    database.close()
    report, megabytes = peak(ciswatch, path)
    of_keys = report.of("2.8")
    assert {f["verdict"] for f in of_keys} == {"unknown"} and len(of_keys) == 1, of_keys[:3]
    assert re.search(r"more than [\d,]+ rows|took longer", of_keys[0]["detail"]), of_keys[0]
    assert not judged_elsewhere(report, source.report, {CHECKS["2.8"], CHECKS["2.7"]})
    expect_little(megabytes, f"{MANY} keys")


def test_more_unanswered_calls_than_fit_is_unknown_with_the_reason(ciswatch, example):
    source = example("seed-001")
    path = copy_of(source.snapshot, ciswatch, "many.db")
    changed(path, f"insert or ignore into api_call {NUMBERS} select -x, account_id, region, service, "
                  "operation, 'vpc-' || x, 'denied', '', '', 1, '' from n, (select * from api_call where "
                  "operation = 'DescribeFlowLogs' limit 1)")
    report, megabytes = peak(ciswatch, path)
    assert {f["verdict"] for f in report.of("2.9")} == {"unknown"}
    assert re.search(r"more than [\d,]+|took longer", report.of("2.9")[0]["detail"])
    assert not judged_elsewhere(report, source.report, {CHECKS["2.9"]})
    expect_little(megabytes, f"{MANY} calls")
