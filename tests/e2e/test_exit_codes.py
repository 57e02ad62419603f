"""The contract of the exit codes, one by one, from outside."""

import json

import pytest

import loopback
from program import ROOT


def scan(program, snapshot, *args, code):
    return program.expect(code, "scan", "--snapshot", snapshot, "--report", "json", *args)


def without_permission(program, example, *operations):
    """The mended account, where these operations were refused."""
    out = program.folder / "denied.jsonl"
    with open(out, "w") as file:
        for text in example("seed-001-fixed").recording.read_text().splitlines():
            line = json.loads(text)
            if line["operation"] in operations:
                del line["response"]
                line["error"] = {"code": "AccessDenied", "message": "no", "status": 403}
            file.write(json.dumps(line) + "\n")
    return program.import_(out)


def test_0_when_everything_passes(ciswatch, example):
    scan(ciswatch, example("seed-001-fixed").snapshot, code=0)


def test_1_when_a_finding_is_critical(ciswatch, example):
    result = scan(ciswatch, example("seed-001").snapshot, code=1)
    assert "--fail-on critical" in result.err


def test_0_when_only_warnings_were_found_and_the_gate_is_critical(ciswatch, example):
    scan(ciswatch, example("seed-001").snapshot, "--check", "kms-key-rotation", code=0)


def test_1_when_warnings_were_found_and_the_gate_is_warn(ciswatch, example):
    scan(ciswatch, example("seed-001").snapshot, "--check", "kms-key-rotation", "--fail-on", "warn",
         code=1)


def test_0_with_fail_on_none_whatever_was_found(ciswatch, example):
    scan(ciswatch, example("seed-001").snapshot, "--fail-on", "none", code=0)


def test_3_when_evidence_for_the_gate_is_missing(ciswatch, example):
    snapshot = without_permission(ciswatch, example, "GetBucketLogging")
    result = scan(ciswatch, snapshot, code=3)
    assert result.json().verdicts()["2.6"] == "unknown"
    assert "--allow-unknown" in result.err


def test_0_when_the_missing_evidence_is_allowed(ciswatch, example):
    scan(ciswatch, without_permission(ciswatch, example, "GetBucketLogging"), "--allow-unknown", code=0)


def test_1_when_unknown_itself_is_the_gate(ciswatch, example):
    scan(ciswatch, without_permission(ciswatch, example, "GetBucketLogging"), "--fail-on", "unknown",
         code=1)


def test_missing_evidence_below_the_gate_does_not_matter(ciswatch, example):
    """2.8 can at worst be a warning: with --fail-on critical nothing that the gate needs is missing."""
    snapshot = without_permission(ciswatch, example, "GetKeyRotationStatus")
    scan(ciswatch, snapshot, code=0)
    scan(ciswatch, snapshot, "--fail-on", "warn", code=3)


def test_3_when_less_was_read_than_asked_also_with_what_is_unknown_allowed(ciswatch, example):
    snapshot = without_permission(ciswatch, example, "GetKeyRotationStatus")
    coverage = ciswatch.report(snapshot).document["coverage"]
    share = 100 * (coverage["ok"] + coverage["absent"]) / coverage["calls"]
    for args in ([], ["--allow-unknown"], ["--fail-on", "none"]):
        result = scan(ciswatch, snapshot, "--min-coverage", share + 0.01, *args, code=3)
        assert "less than --min-coverage" in result.err
        scan(ciswatch, snapshot, "--min-coverage", share - 0.01, *args, code=0)
    assert f"of {coverage['calls']} reads were answered" in result.err
    scan(ciswatch, example("seed-001").snapshot, "--min-coverage", 100, code=1)


def test_regions_that_are_closed_on_purpose_are_no_part_of_the_coverage(ciswatch, empty_account):
    def closed(request, _):
        if request.region == "eu-west-1" and request.service != "s3":
            words = "not authorized with an explicit deny in a service control policy"
            return loopback.error(request, "AccessDenied", words, 403)
        return None

    snapshot = ciswatch.collect(empty_account({}, closed).url)
    coverage = ciswatch.report(snapshot).document["coverage"]
    assert coverage["disabled"] > 3 and "denied" not in coverage
    arguments = ["--fail-on", "none", "--min-coverage", 100]
    scan(ciswatch, snapshot, *arguments, code=3)
    scan(ciswatch, snapshot, *arguments, "--closed-region", "eu-west-1", code=0)
    assert ciswatch.run("permissions", "--diff", snapshot).out.count("lacked") == 0


def test_1_comes_before_3(ciswatch, example):
    """A critical finding and missing evidence at once."""
    text = example("seed-001").recording.read_text().splitlines()
    kept = [line for line in text if '"GetTrailStatus"' not in line]
    assert len(kept) < len(text)
    (ciswatch.folder / "part.jsonl").write_text("\n".join(kept))
    scan(ciswatch, ciswatch.import_("part.jsonl"), code=1)


@pytest.mark.parametrize("args", [["collect"], ["remediate"], ["remediate", "apply", "--pack", "x"]])
def test_2_suggests_no_flag_in_its_own_place(ciswatch, args):
    assert "did you mean" not in ciswatch.expect(2, *args).err


@pytest.mark.parametrize("args, words", [
    ([], "subcommand"),
    (["scn"], "scn"),
    (["scan", "--snapshott", "x"], "did you mean '--snapshot'"),
    (["scan", "--fail-on", "everything"], "everything"),
    (["scan", "--jobs", "0"], "--jobs"),
    (["scan", "--report", "jsn"], "did you mean 'json'"),
    (["scan", "--report", "json="], "path is missing"),
    (["scan", "--report", "json", "--report", "html"], "only one report can go to stdout"),
    (["scan", "--check", "kms-key-rotatoin"], "did you mean 'kms-key-rotation'"),
    (["scan", "--pack", "cis-aws-1.2"], "did you mean 'cis-aws-1.2.0'"),
    (["scan", "--min-coverage", "101"], "--min-coverage"),
    (["scan", "--deadline", "0"], "--deadline"),
    (["scan", "--snapshot", "x", "--deadline", "5"], "--deadline"),
    (["scan", "--set", "nonsense"], "CHECK.NAME=VALUE"),
    (["scan", "--set", "kms-key-rotation.scop=all"], "scop"),
    (["scan", "--set", "kms-key-rotation.scope=none"], "none"),
    (["scan", "--snapshot", "x", "--region", "eu-west-1"], "--snapshot"),
    (["scan", "--lang", "fr"], "fr"),
    (["collect"], "--output"),
    (["remediate", "apply", "--journl", "x"], "did you mean '--journal'?\n  (ciswatch remediate apply --help"),
    (["import", "-o", "x"], "recordings"),
    (["checks", "show", "no-such-check"], "no-such-check"),
    (["collect", "-o", "x", "--endpoint-url", "ftp://127.0.0.1/"], "--endpoint-url"),
])
def test_2_for_wrong_usage_says_what_is_wrong(ciswatch, args, words):
    result = ciswatch.expect(2, *args)
    assert words in result.err
    assert result.out == ""


def test_2_for_a_snapshot_that_is_not_there(ciswatch):
    assert "nowhere.db" in ciswatch.expect(2, "scan", "--snapshot", "nowhere.db").err


def test_2_without_credentials_names_the_places_looked_at(ciswatch):
    none = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    result = ciswatch.expect(2, "collect", "-o", "s.db", env=none)
    assert "AWS_ACCESS_KEY_ID" in result.err and "credentials" in result.err
    assert not (ciswatch.folder / "s.db").exists()


def test_2_for_a_bad_check_file_with_its_place(ciswatch, example):
    (ciswatch.folder / "mine.yaml").write_text("id: mine\ntitle: t\nlevl: warn\n")
    result = ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot, "--check",
                             "mine.yaml")
    assert "mine.yaml:3:1" in result.err and "did you mean 'level'" in result.err


def test_2_for_a_report_path_that_cannot_be_written(ciswatch, example):
    result = ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot,
                             "--report", "json=no/such/folder/r.json")
    assert "no/such/folder/r.json" in result.err


def test_2_comes_before_1_and_no_report_stands_half_written(ciswatch, example):
    """The account has critical findings, yet a report that could not be written is the worse news."""
    ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot, "--report", "json=ok.json",
                    "--report", "junit=/dev/full")
    assert not list(ciswatch.folder.glob("*.part"))


def test_2_for_refused_credentials_leaves_no_snapshot(ciswatch, empty_account):
    def refused(request, _):
        return loopback.error(request, "InvalidClientTokenId", "The security token is invalid", 403)

    server = empty_account({}, refused)
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", server.url)
    assert "InvalidClientTokenId" in result.err
    assert list(ciswatch.folder.glob("s.db*")) == []


def test_checks_lint_and_test_have_their_own_codes(ciswatch):
    shipped = ROOT / "checks/kms/kms-key-rotation.yaml"
    ciswatch.expect(0, "checks", "lint", shipped)
    ciswatch.expect(0, "checks", "test", shipped)
    check = shipped.read_text()
    assert "verdict: warn" in check
    (ciswatch.folder / "kms-key-rotation.yaml").write_text(
        check.replace("verdict: warn", "verdict: pass"))
    ciswatch.expect(1, "checks", "test", "kms-key-rotation.yaml")
    (ciswatch.folder / "broken.yaml").write_text("id: [")
    ciswatch.expect(2, "checks", "lint", "broken.yaml")


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["scan", "--help"],
                                  ["checks", "list"], ["schema"]])
def test_0_for_what_only_informs(ciswatch, args):
    result = ciswatch.expect(0, *args)
    assert result.out and not result.err
