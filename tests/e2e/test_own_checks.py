"""Checks of a user's own, and those made to hurt: refused with file, line and column, or stopped."""

import pytest

from program import memory_limit


def own_check(program, sql, name="mine"):
    path = program.folder / f"{name}.yaml"
    path.write_text(f"id: {name}\ntitle: A check of a user\nlevel: warn\nscope: account\nwhy: w\n"
                    f"sql: |\n  {sql}\nremediation: {{text: t}}\ntests: []\n")
    return path


def judged(program, example, sql, *args, **how):
    path = own_check(program, sql)
    return program.run("scan", "--snapshot", example("seed-001").snapshot, "--check", path,
                       "--report", "json", *args, **how)


ANSWER = "select account_id, region, account_id as resource, {} as ok, 'd' as detail from aws_account"


def test_a_check_of_ones_own_is_judged(ciswatch, example):
    result = judged(ciswatch, example, ANSWER.format("0"))
    assert [f["verdict"] for f in result.json().findings] == ["warn"], result


def test_a_check_that_never_ends_is_stopped_and_unknown(ciswatch, example):
    forever = "(with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n)"
    result = judged(ciswatch, example, ANSWER.format(f"{forever} > 0"), "--check-seconds", "2")
    finding, = result.json().findings
    assert finding["verdict"] == "unknown" and "2000 ms" in finding["detail"]
    assert 2 <= result.seconds < 20


def test_a_check_that_never_ends_does_not_take_the_others_with_it(ciswatch, example):
    forever = "(with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n)"
    result = judged(ciswatch, example, ANSWER.format(f"{forever} > 0"), "--check-seconds", "2",
                    "--check", "kms-key-rotation", "--jobs", "1")
    verdicts = {(f["check"], f["verdict"]) for f in result.json().findings}
    assert ("mine", "unknown") in verdicts and ("kms-key-rotation", "warn") in verdicts


ONLY_READS, NO_SUCH = "only reads", "no such"


@pytest.mark.parametrize("sql, words", [
    ("drop table aws_vpc", ONLY_READS),
    ("insert into aws_vpc select * from aws_vpc", ONLY_READS),
    ("attach database '/etc/passwd' as p", ONLY_READS),
    ("pragma writable_schema = 1", ONLY_READS),
    ("create temp table t (x)", ONLY_READS),
    ("vacuum into 'copy.db'", ONLY_READS),
    (ANSWER.format("(select 1 from pragma_database_list)"), ONLY_READS),
    (ANSWER.format("load_extension('/tmp/x.so')"), "load_extension"),
    (ANSWER.format("readfile('/etc/passwd') is null"), NO_SUCH),
    (ANSWER.format("(select count(*) from no_such_table)"), NO_SUCH),
    (ANSWER.format("no_such_column"), NO_SUCH),
    ("select 1; select 2", "one statement only"),
    ("select account_id from aws_account", "no column 'region'"),
    ("this is not sql", "mine.yaml:7:3"),
    (ANSWER.format("random() > 0"), "random"),
    (ANSWER.format("date('now') > '2000'"), "mine.yaml:7:"),
])
def test_a_check_that_reaches_out_or_does_not_compile_is_refused(ciswatch, example, sql, words):
    snapshot = example("seed-001").snapshot
    before = snapshot.read_bytes()
    result = judged(ciswatch, example, sql)
    assert result.code == 2, result
    assert "mine.yaml:7:" in result.err and words in result.err
    assert snapshot.read_bytes() == before
    assert not (ciswatch.folder / "copy.db").exists()


def test_a_check_that_makes_huge_values_is_stopped(ciswatch, example):
    for huge in ("length(zeroblob(2000000000)) > 0", "length(printf('%.*c', 1000000000, 'x')) > 0",
                 "length(replace(hex(zeroblob(100000)), '0', hex(zeroblob(100000)))) > 0"):
        result = judged(ciswatch, example, ANSWER.format(huge), timeout=90,
                        preexec_fn=memory_limit(1 << 30))
        assert result.code in (0, 2, 3), result
        if result.code != 2:
            assert "pass" not in {f["verdict"] for f in result.json().findings}


@pytest.mark.parametrize("name, text", [
    ("aliases", "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n"
        for i in range(9))),
    ("deep", "id: " + "[" * 20_000),
    ("deep block", "".join(" " * n + "a:\n" for n in range(3000))),
    ("self", "a: &a [*a]\n"),
    ("huge", "id: x\ntitle: " + "y" * (64 << 20)),
    ("binary", "\x00\x01\x02"),
    ("two documents", "id: x\n---\nid: y\n"),
    ("empty", ""),
    ("list", "- 1\n- 2\n"),
])
def test_a_yaml_bomb_is_refused_quickly(ciswatch, example, name, text):
    (ciswatch.folder / "bomb.yaml").write_text(text)
    result = ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot, "--check",
                             "bomb.yaml", timeout=30, preexec_fn=memory_limit(1 << 30))
    assert "bomb.yaml" in result.err
    assert len(result.err) < 5000
