"""An organization of three accounts, each judged by what the others tell, where they are in the snapshot.

examples/seed-003: 111… manages it and owns its trail, which has no log group, 222… keeps the logs in
a bucket of its own, 333… is a member.
"""

import json
import pathlib

from program import Program

RECORDING = pathlib.Path(__file__).parents[2] / "examples/seed-003/recording.jsonl"
MANAGEMENT, ARCHIVE, MEMBER = "111111111111", "222222222222", "333333333333"
CHECKS = ["cloudtrail-multi-region", "cloudtrail-cloudwatch-logs", "cloudtrail-bucket-not-public",
          "cloudtrail-bucket-access-logging", "organization-trail", "organization-cloudtrail-access",
          "log-bucket-dedicated-account", "log-bucket-not-in-management-account"]


def judged(folder, accounts, change=lambda line: line):
    """The findings by account and check of a snapshot of these accounts."""
    lines = (change(json.loads(line)) for line in RECORDING.read_text().splitlines())
    recording = folder / "organization.jsonl"
    recording.write_text("".join(json.dumps(line) + "\n" for line in lines
                                 if line["account"] in accounts))
    program = Program(folder)
    snapshot = program.import_(recording)
    chosen = [flag for check in CHECKS for flag in ("--check", check)]
    findings = program.report(snapshot, *chosen).findings
    return {(f["account_id"], f["check"]): (f["verdict"], f["detail"]) for f in findings}


def verdicts(found, account):
    return [found[account, check][0] for check in CHECKS]


def test_a_member_is_judged_from_the_accounts_that_own_its_trail_and_bucket(tmp_path):
    found = judged(tmp_path, {MANAGEMENT, ARCHIVE, MEMBER})
    assert verdicts(found, MEMBER) == ["pass", "critical", "pass", "critical", "pass",
                                       "not_applicable", "pass", "pass"]
    assert f"of account {ARCHIVE}" in found[MEMBER, "cloudtrail-bucket-not-public"][1]
    assert verdicts(found, MANAGEMENT) == ["pass", "critical", "pass", "critical", "pass", "pass",
                                           "pass", "pass"]
    assert verdicts(found, ARCHIVE) == verdicts(found, MEMBER)


def test_without_the_account_that_keeps_the_logs_their_bucket_is_unknown(tmp_path):
    found = judged(tmp_path, {MANAGEMENT, MEMBER})
    assert verdicts(found, MEMBER) == ["pass", "critical", "unknown", "unknown", "pass",
                                       "not_applicable", "pass", "pass"]
    assert f"owned by account {MANAGEMENT}" in found[MEMBER, "cloudtrail-bucket-not-public"][1]


def test_without_the_management_account_what_it_alone_is_shown_is_unknown(tmp_path):
    found = judged(tmp_path, {ARCHIVE, MEMBER})
    assert verdicts(found, MEMBER) == ["pass", "unknown", "pass", "critical", "pass",
                                       "not_applicable", "pass", "pass"]
    assert (f"account {MANAGEMENT}, which owns it, is not in this snapshot"
            in found[MEMBER, "cloudtrail-cloudwatch-logs"][1])


def test_a_member_that_may_not_read_the_trail_is_judged_by_its_owner(tmp_path):
    def denied(line):
        if line["account"] == MEMBER and line["operation"] == "GetTrailStatus":
            line.pop("response", None)
            line["error"] = {"code": "AccessDeniedException", "message": "denied", "status": 400}
        return line

    found = judged(tmp_path, {MANAGEMENT, ARCHIVE, MEMBER}, denied)
    assert found[MEMBER, "cloudtrail-multi-region"][0] == "pass"
    alone = judged(tmp_path, {MEMBER}, denied)
    verdict, detail = alone[MEMBER, "cloudtrail-multi-region"]
    assert verdict == "unknown"
    assert f"account {MANAGEMENT}, which owns it, is not in this snapshot" in detail


def test_a_bucket_that_two_accounts_list_is_believed_to_be_neithers(tmp_path):
    def claimed(line):
        if line["operation"] == "ListBuckets" and "response" in line:
            line["response"]["Buckets"] = [{"Name": "gov-my-cloudtrail"}]
        return line

    found = judged(tmp_path, {ARCHIVE, MEMBER}, claimed)
    for account in (ARCHIVE, MEMBER):
        assert found[account, "cloudtrail-bucket-not-public"][0] == "unknown"
        assert found[account, "cloudtrail-bucket-access-logging"][0] == "unknown"


def test_an_archive_that_is_shown_no_trail_still_tells_of_its_bucket(tmp_path):
    def without_trails(line):
        if line["account"] == ARCHIVE and line["operation"] == "DescribeTrails":
            line["response"]["trailList"] = []
        return line

    (tmp_path / "shown").mkdir()
    shown = judged(tmp_path / "shown", {MANAGEMENT, ARCHIVE, MEMBER})
    found = judged(tmp_path, {MANAGEMENT, ARCHIVE, MEMBER}, without_trails)
    for account in (MANAGEMENT, MEMBER):
        assert verdicts(found, account) == verdicts(shown, account)
        assert (found[account, "cloudtrail-bucket-not-public"]
                == shown[account, "cloudtrail-bucket-not-public"])
    assert not any(check.startswith("cloudtrail-bucket") and verdict != "not_applicable"
                   for (account, check), (verdict, _) in found.items() if account == ARCHIVE)
