"""What authors of checks and owners of roles are given: new, explain, sql, permissions."""

import json

import pytest
import yaml

from program import ROOT

DENIED = {"code": "AccessDeniedException", "message": "not authorized to perform: kms:DescribeKey",
          "status": 400}


def test_a_new_check_passes_lint_and_its_tests_and_judges_a_snapshot(ciswatch, example):
    ciswatch.expect(0, "checks", "new", "mine", "--table", "aws_vpc")
    ciswatch.expect(0, "checks", "lint", "mine.yaml")
    assert "3 passed, 0 failed" in ciswatch.expect(0, "checks", "test", "mine.yaml").out
    report = ciswatch.report(example("seed-001").snapshot, "--check", "mine.yaml")
    assert {f["verdict"] for f in report.findings} == {"pass", "warn"}


def test_a_new_check_never_overwrites_and_names_what_is_wrong(ciswatch):
    ciswatch.expect(0, "checks", "new", "mine")
    before = (ciswatch.folder / "mine.yaml").read_bytes()
    assert "is there already" in ciswatch.expect(2, "checks", "new", "mine").err
    assert (ciswatch.folder / "mine.yaml").read_bytes() == before
    assert "did you mean 'aws_vpc'" in ciswatch.expect(2, "checks", "new", "x", "--table", "aws_vpcs").err
    assert "is no id" in ciswatch.expect(2, "checks", "new", "Not-An-Id").err


def test_explain_shows_sql_views_calls_tests_and_each_finding_with_its_calls(ciswatch, example):
    out = ciswatch.expect(0, "checks", "explain", "cloudtrail-multi-region", "--snapshot",
                          example("seed-001").snapshot).out
    for words in ("from aws_cloudtrail", "aws_cloudtrail_trail_events", "views.sql:",
                  "cloudtrail:GetEventSelectors", "  passed  ", "1 findings",
                  "ok        cloudtrail:GetTrailStatus"):
        assert words in out, words
    assert "FAILED" not in out


def test_explain_names_a_call_that_was_not_answered(ciswatch, example):
    lines = []
    for line in example("seed-001").recording.read_text().splitlines():
        call = json.loads(line)
        if call["operation"] == "DescribeVpcs" and call["region"] == "eu-west-1":
            call.pop("response")
            call["error"] = {"code": "UnauthorizedOperation", "message": "no", "status": 403}
        lines.append(json.dumps(call))
    (ciswatch.folder / "r.jsonl").write_text("\n".join(lines))
    snapshot = ciswatch.import_("r.jsonl")
    out = ciswatch.expect(0, "checks", "explain", "vpc-flow-logs", "--snapshot", snapshot).out
    assert "denied    ec2:DescribeVpcs in eu-west-1" in out and "UnauthorizedOperation: no" in out


def test_sql_answers_as_a_table_and_as_json_lines(ciswatch, example):
    snapshot = example("seed-001").snapshot
    sql = "select region, count(*) as vpcs from aws_vpc group by region order by 1 limit 2"
    table = ciswatch.expect(0, "sql", snapshot, sql).out.splitlines()
    assert table[0].split() == ["region", "vpcs"] and table[2].split() == ["ap-northeast-1", "2"]
    rows = [json.loads(line) for line in
            ciswatch.expect(0, "sql", snapshot, sql, "--format", "json").out.splitlines()]
    assert rows[0] == {"region": "ap-northeast-1", "vpcs": 2}


def test_sql_knows_the_views_and_functions_of_checks(ciswatch, example):
    snapshot = example("seed-001").snapshot
    out = ciswatch.expect(0, "sql", snapshot, "select any_ok(arn is not null) as any, "
                          "pattern_matches('{ $.a = 1 }', '{\"a\":1}') as yes "
                          "from aws_cloudtrail_trail_home", "--format", "json").out
    assert json.loads(out) == {"any": 1, "yes": 1}


def test_sql_reads_statements_from_stdin_and_says_where_one_is_wrong(ciswatch, example):
    script = ciswatch.folder / "script.sql"
    script.write_text(".tables\nselect 1\n  as one;\nselect nope from aws_vpc;\n.schema aws_vpc\n"
                      "select 2 as two\n")
    with script.open() as stdin:
        result = ciswatch.expect(2, "sql", example("seed-001").snapshot, "--format", "json",
                                 stdin=stdin)
    assert "aws_cloudtrail_trail_home\n" in result.out and '{"one":1}' in result.out
    assert '{"two":2}' in result.out and "Id of the VPC" in result.out
    assert "1:8: no such column: nope" in result.err


def test_sql_takes_several_statements_of_a_line(ciswatch, example):
    result = ciswatch.expect(2, "sql", example("seed-001").snapshot, "--format", "json",
                             "select 1 as one; select id from aws_vpc; select 2 as two")
    assert result.out == '{"one":1}\n{"two":2}\n'
    assert "1:25: no such column: id\n" in result.err  # other tables have one


@pytest.mark.parametrize("sql", [
    "delete from aws_vpc", "attach 'x.db' as x", "pragma user_version = 7", "create table t (x)",
    "select * from main.aws_vpc", "select load_extension('x')", "vacuum into 'copy.db'"])
def test_sql_only_reads(ciswatch, example, sql):
    snapshot = example("seed-001").snapshot
    before = snapshot.read_bytes()
    ciswatch.expect(2, "sql", snapshot, sql)
    assert snapshot.read_bytes() == before


def test_sql_shows_no_control_characters_of_strangers(hostile):
    out = hostile.expect(0, "sql", hostile.snapshot, "select name from aws_cloudtrail_trail").out
    assert not [c for c in out if ord(c) < 32 and c != "\n"]


def actions(ciswatch, *args):
    policy = json.loads(ciswatch.expect(0, "permissions", *args).out)
    return set(policy["Statement"][0]["Action"])


def test_permissions_are_those_of_the_chosen_checks_and_no_more(ciswatch):
    assert actions(ciswatch, "--check", "vpc-flow-logs") == {
        "ec2:DescribeFlowLogs", "ec2:DescribeRegions", "ec2:DescribeVpcs"}


def test_permissions_are_the_same_in_every_format(ciswatch):
    wanted = actions(ciswatch)
    stack = yaml.load(ciswatch.expect(0, "permissions", "--format", "cloudformation").out
                      .replace("!Ref ", ""), yaml.SafeLoader)
    document = stack["Resources"]["CiswatchReads"]["Properties"]["PolicyDocument"]
    assert set(document["Statement"][0]["Action"]) == wanted
    terraform = ciswatch.expect(0, "permissions", "--format", "terraform").out
    assert {line.strip(' ",') for line in terraform.splitlines() if line.startswith("      ")} == wanted


def denied(ciswatch, example, operation):
    lines = []
    for line in example("seed-001").recording.read_text().splitlines():
        call = json.loads(line)
        if call["operation"] == operation:
            call.pop("response", None)
            call["error"] = DENIED
        lines.append(json.dumps(call))
    (ciswatch.folder / "r.jsonl").write_text("\n".join(lines))
    return ciswatch.import_("r.jsonl")


def test_permissions_diff_names_what_the_role_lacked(ciswatch, example):
    snapshot = denied(ciswatch, example, "DescribeKey")
    result = ciswatch.expect(1, "permissions", "--diff", snapshot, "--check", "kms-key-rotation")
    lacked = [line.split()[1] for line in result.out.splitlines() if line.startswith("  lacked")]
    assert lacked == ["kms:DescribeKey"]
    assert "not authorized to perform: kms:DescribeKey" in result.out


def test_permissions_diff_names_what_the_role_had_too_much(ciswatch, example):
    result = ciswatch.expect(0, "permissions", "--diff", example("seed-001").snapshot,
                             "--check", "vpc-flow-logs")
    much = {line.split()[2] for line in result.out.splitlines() if line.startswith("  too much")}
    assert "kms:DescribeKey" in much and "ec2:DescribeVpcs" not in much
    assert "lacked" not in result.out


def test_the_page_of_permissions_is_that_of_all_checks(ciswatch):
    shipped = {path.stem for path in (ROOT / "checks").glob("*/*.yaml")
               if path.parent.name not in ("packs", "fixes", "bundles")}
    chosen = [flag for check in sorted(shipped) for flag in ("--check", check)]
    printed = ciswatch.expect(0, "permissions", *chosen).out
    assert (ROOT / "docs/iam-policy.json").read_text() == printed
