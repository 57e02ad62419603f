"""Snapshots and recordings that are damaged, foreign or made to hurt: a clear error with the place,
never a crash, never a `pass`."""

import json
import sqlite3

import pytest

from program import NUMBERS

# --- snapshots


def scan_refuses(program, path, *words):
    result = program.expect(2, "scan", "--snapshot", path)
    assert str(path).rpartition("/")[2] in result.err
    assert any(word in result.err for word in words), result.err
    return result


def test_a_foreign_sqlite_file_is_refused(ciswatch):
    path = ciswatch.folder / "other.db"
    with sqlite3.connect(path) as database:
        database.execute("create table bookmarks (url)")
    database.close()
    before = path.read_bytes()
    scan_refuses(ciswatch, path, "not a ciswatch snapshot", "no ciswatch snapshot")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(ciswatch):
    for name, content in (("empty.db", b""), ("text.db", b"hello\n" * 1000),
                          ("zeros.db", b"\0" * 8192)):
        (ciswatch.folder / name).write_bytes(content)
        scan_refuses(ciswatch, ciswatch.folder / name, "snapshot")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_snapshot_cut_short_is_refused(ciswatch, example, share):
    whole = example("seed-001").snapshot.read_bytes()
    path = ciswatch.folder / "cut.db"
    path.write_bytes(whole[:int(len(whole) * share)])
    scan_refuses(ciswatch, path, "cut short", "damaged", "malformed", "not a")


def test_flipped_bytes_in_a_snapshot_never_crash_and_never_pass_more(ciswatch, example):
    good = bytearray(example("seed-001").snapshot.read_bytes())
    before = example("seed-001").report.verdicts()
    for start in range(100, len(good), max(len(good) // 25, 1)):
        damaged = bytes(good[:start]) + bytes(b ^ 0xA5 for b in good[start:start + 64]) + \
            bytes(good[start + 64:])
        (ciswatch.folder / "damaged.db").write_bytes(damaged)
        result = ciswatch.run("scan", "--snapshot", "damaged.db", "--report", "json")
        assert result.code in (0, 1, 2, 3), result
        if result.code in (0, 3):
            verdicts = result.json().verdicts()
            better = [n for n in NUMBERS if verdicts[n] == "pass" and before[n] != "pass"]
            assert not better, (start, better)


def test_a_snapshot_of_a_newer_version_is_refused(ciswatch, example):
    path = ciswatch.folder / "newer.db"
    path.write_bytes(example("seed-001").snapshot.read_bytes())
    with sqlite3.connect(path) as database:
        version = database.execute("pragma user_version").fetchone()[0]
        database.execute(f"pragma user_version = {version + 1}")
    database.close()
    scan_refuses(ciswatch, path, "newer")


def test_a_snapshot_with_hostile_views_and_triggers_is_only_read(ciswatch, example):
    path = ciswatch.folder / "trap.db"
    path.write_bytes(example("seed-001").snapshot.read_bytes())
    with sqlite3.connect(path) as database:
        database.execute("alter table aws_vpc rename to hidden")
        database.execute("create view aws_vpc as select account_id, region, vpc_id, owner_id, "
                         "is_default, cidr_block, state, load_extension('/tmp/x.so') as doc, call_id "
                         "from hidden")
    database.close()
    result = ciswatch.run("scan", "--snapshot", path, "--report", "json")
    assert result.code in (1, 2), result
    if result.code == 1:
        assert result.json().verdicts()["2.9"] == "unknown"


# --- recordings


@pytest.mark.parametrize("line, words", [
    ("{", "not JSON"), ("[]", "object"), ("7", "object"), ("{}", "'account'"),
    ('{"account":"1","service":"s3","operation":"X","region":"r"}', "'response'"),
    ('{"account":"1","service":"s3","operation":"X","region":"r","response":{},"error":{}}',
     "'response'"),
    ('{"account":"1","service":"s3","operation":"X","region":"r","response":[]}', "object"),
    ('{"account":"1","service":"s3","operation":"X","region":"r","response":{},"time":"noon"}',
     "time"),
    ('{"account":"1","service":"s3","operation":"X","region":"r","response":{},"params":1}',
     "params"),
    ("\x00", "not JSON"), ('{"account":"1"} trailing', "not JSON"), ("[" * 5000, "not JSON"),
])
def test_a_broken_line_is_told_by_file_and_line(ciswatch, example, line, words):
    good = example("seed-001").recording.read_text().splitlines()
    (ciswatch.folder / "r.jsonl").write_text("\n".join([*good[:4], line, *good[4:]]))
    result = ciswatch.expect(2, "import", "r.jsonl", "-o", "s.db")
    assert "r.jsonl:5:" in result.err and words in result.err
    assert list(ciswatch.folder.glob("s.db*")) == []


def test_a_recording_that_is_missing_empty_or_a_folder_is_told(ciswatch):
    (ciswatch.folder / "empty.jsonl").write_text("")
    (ciswatch.folder / "folder").mkdir()
    for name in ("nowhere.jsonl", "folder", "empty.jsonl"):
        assert name in ciswatch.expect(2, "import", name, "-o", "s.db").err


def test_a_file_cut_in_the_middle_of_a_line_is_told(ciswatch, example):
    whole = example("seed-001").recording.read_bytes()
    (ciswatch.folder / "cut.jsonl").write_bytes(whole[:len(whole) // 2])
    result = ciswatch.expect(2, "import", "cut.jsonl", "-o", "s.db")
    line = whole[:len(whole) // 2].count(b"\n") + 1
    assert f"cut.jsonl:{line}:" in result.err


def deep(levels):
    value = 1
    for _ in range(levels):
        value = {"Statement": [value]}
    return value


HOSTILE_VALUES = [None, True, -1, 1e300, 2**63, "", "x" * 5_000, "\u0000\u001b[2J\u202e</script>",
                  [], {}, [[]], [None], {"": None}, deep(60)]


def replaced(value, hostile):
    """`value` with each of its leaves replaced."""
    if isinstance(value, dict):
        return {k: replaced(v, hostile) for k, v in value.items()} if value else hostile
    if isinstance(value, list):
        return [replaced(v, hostile) for v in value] if value else hostile
    return hostile


@pytest.mark.parametrize("hostile", HOSTILE_VALUES, ids=range(len(HOSTILE_VALUES)))
def test_hostile_values_in_every_answer_never_pass(ciswatch, example, hostile):
    """Every leaf of every response but those of GetCallerIdentity and DescribeRegions."""
    with open(ciswatch.folder / "hostile.jsonl", "w") as file:
        for text in example("seed-001-fixed").recording.read_text().splitlines():
            line = json.loads(text)
            if line["service"] not in ("sts", "ec2") or line["operation"] != "DescribeRegions":
                line["response" if "response" in line else "error"] = replaced(
                    line.get("response", line.get("error")), hostile)
            for member in ("response", "error"):
                if member in line and not isinstance(line[member], dict):
                    line[member] = {"Keys": line[member]}
            file.write(json.dumps(line) + "\n")
    result = ciswatch.run("import", "hostile.jsonl", "-o", "s.db")
    assert result.code in (0, 2), result
    if result.code == 0:
        for form in ("text", "html", "junit"):
            ciswatch.run("scan", "--snapshot", "s.db", "--report", form)
        verdicts = ciswatch.report("s.db").verdicts()
        assert "pass" not in verdicts.values(), verdicts


def test_an_account_without_regions_passes_nothing(ciswatch, example):
    with open(ciswatch.folder / "r.jsonl", "w") as file:
        for text in example("seed-001-fixed").recording.read_text().splitlines():
            line = json.loads(text)
            if line["operation"] == "DescribeRegions":
                line["response"] = {"Regions": []}
            file.write(json.dumps(line) + "\n")
    verdicts = ciswatch.report(ciswatch.import_("r.jsonl")).verdicts()
    assert "pass" not in verdicts.values(), verdicts
