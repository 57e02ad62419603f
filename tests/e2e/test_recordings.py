"""Recordings: what `collect --record` writes, and that `import` of it says what the live run said."""

import functools
import json
import re

import botocore.session
import pytest

from program import CHECKS, NUMBERS

_MODEL_OF = functools.cache(botocore.session.get_session().get_service_model)
LIVE = ["moto_001", "moto_fixed", "ministack_001", "ministack_fixed"]


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def write_lines(path, lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def unknown_members(value, shape, where):
    """Where `value` has members that the API model does not, or another kind of value."""
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no structure"]
        found = [f"{where}.{name}" for name in value if name not in shape.members]
        return found + [problem for name, member in shape.members.items() if name in value
                        for problem in unknown_members(value[name], member, f"{where}.{name}")]
    if kind == "list":
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        return [p for item in value for p in unknown_members(item, shape.member, f"{where}[]")]
    wanted = {"string": str, "boolean": bool, "integer": int, "long": int,
              "timestamp": (str, int, float)}.get(kind, object)
    return [] if isinstance(value, wanted) else [f"{where}: {value!r} is no {kind}"]


# Members that moto and ministack send and AWS's API does not have; a live answer is kept as it came.
EMULATORS_OWN = {"DescribeTrails.trailList[].RecursiveLogging",
                 "DescribeKey.KeyMetadata.CurrentKeyMaterialId",
                 "DescribeConfigurationRecorders.ConfigurationRecorders[].status"}


@pytest.mark.parametrize("account", LIVE)
def test_a_recorded_line_is_a_call_of_the_api_model(account, request):
    problems = set()
    for line in lines_of(request.getfixturevalue(account).recording):
        assert set(line) - {"response", "error"} == {"account", "region", "service", "operation",
                                                     "params", "time"}
        assert ("response" in line) != ("error" in line)
        model = _MODEL_OF(line["service"]).operation_model(line["operation"])
        if model.input_shape:
            problems |= set(unknown_members(line["params"], model.input_shape, "params"))
        if "response" in line:
            problems |= set(unknown_members(line["response"], model.output_shape, model.name))
        else:
            assert set(line["error"]) == {"code", "message", "status"}
    assert problems <= EMULATORS_OWN


@pytest.mark.parametrize("account", LIVE)
def test_import_of_a_recording_gives_the_findings_of_the_live_run(account, request, ciswatch):
    live = request.getfixturevalue(account)
    imported = ciswatch.report(ciswatch.import_(live.recording)).document
    expected = json.loads(json.dumps(live.report.document))
    assert imported["snapshot"].pop("id")
    assert expected["snapshot"].pop("id")
    # An import has every table, the live run those that its checks read.
    not_asked = imported["coverage"].pop("not_tried")
    assert imported["coverage"].pop("calls") == expected["coverage"].pop("calls") + not_asked
    assert imported == expected


@pytest.mark.parametrize("account", ["moto_001", "ministack_fixed"])
def test_a_recording_holds_no_secret(account, request):
    live = request.getfixturevalue(account)
    for path in (live.recording, live.snapshot):
        for secret in (b"secret-of-the-end-to-end-tests", b"AWS4-HMAC-SHA256", b"AKIDENDTOEND"):
            assert secret not in path.read_bytes(), path


def test_lines_may_come_in_any_order(ciswatch, example):
    lines = lines_of(example("seed-001").recording)
    write_lines(ciswatch.folder / "reversed.jsonl", reversed(lines))
    report = ciswatch.report(ciswatch.import_("reversed.jsonl"))
    assert report.document == example("seed-001").report.document


def test_a_recording_may_be_split_over_files(ciswatch, example):
    lines = lines_of(example("seed-001").recording)
    write_lines(ciswatch.folder / "a.jsonl", lines[::2])
    write_lines(ciswatch.folder / "b.jsonl", lines[1::2])
    report = ciswatch.report(ciswatch.import_("a.jsonl", "b.jsonl"))
    assert report.document == example("seed-001").report.document


def test_calls_that_no_table_needs_are_ignored(ciswatch, example):
    recording = example("seed-001").recording
    extra = {"account": "111111111111", "region": "us-east-1", "service": "iam",
             "operation": "GetRole", "params": {"RoleName": "r"}, "response": {"Role": {}},
             "time": "2026-11-22T02:00:00Z"}
    write_lines(ciswatch.folder / "more.jsonl", [extra, *lines_of(recording)])
    report = ciswatch.report(ciswatch.import_("more.jsonl"))
    assert report.judgements() == example("seed-001").report.judgements()


def test_two_accounts_in_one_file_are_judged_apart(ciswatch, example):
    other = of_account(lines_of(example("seed-001-fixed").recording), "222222222222")
    write_lines(ciswatch.folder / "two.jsonl", lines_of(example("seed-001").recording) + other)
    rows = ciswatch.report(ciswatch.import_("two.jsonl")).document["requirements"]
    first = {r["number"]: r["verdict"] for r in rows if r["account_id"] == "111111111111"}
    second = {r["number"]: r["verdict"] for r in rows if r["account_id"] == "222222222222"}
    assert first == example("seed-001").report.verdicts()
    assert second == example("seed-001-fixed").report.verdicts()


def test_a_recorded_list_that_says_there_is_more_is_no_whole_list(ciswatch, example):
    lines = lines_of(example("seed-001-fixed").recording)
    first = next(line for line in lines if line["operation"] == "ListKeys")
    first["response"]["Truncated"] = True
    for marker in (None, "next"):
        if marker:
            first["response"]["NextMarker"] = marker
        write_lines(ciswatch.folder / "more.jsonl", lines)
        assert ciswatch.report(ciswatch.import_("more.jsonl")).verdicts()["2.8"] == "unknown"


def without(lines, number):
    return lines[:number] + lines[number + 1:]


def denied_at(lines, number):
    line = {k: v for k, v in lines[number].items() if k != "response"}
    code = {"ec2": "UnauthorizedOperation", "s3": "AccessDenied", "s3control": "AccessDenied",
            "sts": "AccessDenied"}.get(line["service"], "AccessDeniedException")
    line["error"] = {"code": code, "message": "not authorized", "status": 403}
    return lines[:number] + [line] + lines[number + 1:]


def of_account(lines, account, whole=None):
    """The same of another account; the names of buckets are AWS-wide, so that it has others than
    those that the `whole` recording lists."""
    owned = {bucket["Name"] for line in whole or lines if line["operation"] == "ListBuckets"
             for bucket in line["response"]["Buckets"]}
    named = re.compile("|".join(sorted(map(re.escape, owned), key=len, reverse=True)) or "(?!)")
    return [json.loads(named.sub(lambda name: f"{name[0]}-{account}", json.dumps(line))
                       .replace("111111111111", account)) for line in lines]


def verdicts_of_variants(program, lines, break_line):
    """The verdicts with each line broken in turn, and last those of the whole: every variant is an
    account of its own, so that one import and one scan serve them all."""
    with open(program.folder / "variants.jsonl", "w") as file:
        for number in range(len(lines) + 1):
            variant = break_line(lines, number) if number < len(lines) else lines
            # Which buckets there are is known from the whole.
            file.writelines(json.dumps(line) + "\n" for line in
                            of_account(variant, f"{number + 1:012}", lines))
    report = program.report(program.import_("variants.jsonl"))
    verdicts = [{} for _ in range(len(lines) + 1)]
    for row in report.document["requirements"]:
        verdicts[int(row["account_id"]) - 1][row["number"]] = row["verdict"]
    return verdicts


# Which requirement loses its proof when this call goes unanswered on the mended account, where all
# pass. A bucket passes only when all that decides who may reach it was read.
NEEDED_BY = {
    "DescribeRegions": {"2.5", "2.8", "2.9"}, "DescribeTrails": {"2.2", "2.3", "2.4", "2.6", "2.7"},
    "GetTrailStatus": {"2.1", "2.4"}, "HeadBucket": {"2.3", "2.6"}, "GetBucketAcl": {"2.3"},
    "GetBucketPolicyStatus": {"2.3"}, "GetPublicAccessBlock": {"2.3"},
    "GetBucketOwnershipControls": {"2.3"}, "ListBuckets": {"2.3", "2.6"},
    "GetBucketLogging": {"2.6"}, "DescribeConfigurationRecorders": {"2.5"},
    "DescribeConfigurationRecorderStatus": {"2.5"}, "DescribeDeliveryChannels": {"2.5"},
    "ListKeys": {"2.8"}, "DescribeKey": {"2.8"}, "GetKeyRotationStatus": {"2.8"},
    "DescribeVpcs": {"2.9"}, "DescribeFlowLogs": {"2.9"}}
# IAM's name of the permission, where it is not the operation's.
ACTIONS = {"HeadBucket": "s3:ListBucket", "ListBuckets": "s3:ListAllMyBuckets",
           "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock"}


@pytest.mark.parametrize("break_line", [denied_at, without])
def test_each_missing_answer_costs_the_proof_that_needs_it(break_line, ciswatch, example):
    """Every line of the mended account, one after the other, is refused or left out: what needs it is
    unknown, never `pass` and never a fault; all else stays as it was."""
    lines = lines_of(example("seed-001-fixed").recording)
    *broken, whole = verdicts_of_variants(ciswatch, lines, break_line)
    assert set(whole.values()) == {"pass"}
    wrong = []
    for number, (line, verdicts) in enumerate(zip(lines, broken, strict=True), start=1):
        told = f"{number}: {line['service']} {line['operation']} {line['region']}"
        changed = {n for n in NUMBERS if verdicts[n] != "pass"}
        if {verdicts[n] for n in changed} - {"unknown"}:
            wrong.append(f"{told}: {verdicts}")
        missing = NEEDED_BY.get(line["operation"], set()) - changed
        if missing and not concerns_no_check(line, lines):
            wrong.append(f"{told}: still pass: {sorted(missing)}")
    assert not wrong, "\n".join(wrong)


def concerns_no_check(line, lines):
    """A call on the bucket that only Config delivers to proves nothing about the trail's."""
    if line["service"] == "s3" and "Bucket" in line["params"]:
        trails = {trail["S3BucketName"] for other in lines if other["operation"] == "DescribeTrails"
                  for trail in other["response"]["trailList"]}
        return line["params"]["Bucket"] not in trails
    return False


@pytest.mark.parametrize("break_line", [denied_at, without])
def test_no_missing_answer_makes_a_fault_disappear(break_line, ciswatch, example):
    """On the account with faults: no line that is refused or left out turns a requirement to pass."""
    lines = lines_of(example("seed-001").recording)
    *broken, whole = verdicts_of_variants(ciswatch, lines, break_line)
    assert whole == example("seed-001").report.verdicts()
    better = [f"{number}: {line['operation']}: {n}"
              for number, (line, verdicts) in enumerate(zip(lines, broken, strict=True), start=1)
              for n in NUMBERS if verdicts[n] == "pass" and whole[n] != "pass"]
    assert not better, "\n".join(better)


@pytest.mark.parametrize("operation", sorted(NEEDED_BY))
def test_a_permission_that_is_missing_everywhere_is_named(operation, ciswatch, example):
    """All calls of one operation refused: the requirements that need it are unknown, and each such
    finding names the IAM action to grant."""
    lines = lines_of(example("seed-001-fixed").recording)
    for number, line in enumerate(lines):
        if line["operation"] == operation:
            lines = denied_at(lines, number)
    service = next(line["service"] for line in lines if line["operation"] == operation)
    action = ACTIONS.get(operation, f"{service}:{operation}")
    write_lines(ciswatch.folder / "denied.jsonl", lines)
    report = ciswatch.report(ciswatch.import_("denied.jsonl"))
    verdicts = report.verdicts()
    assert {n for n in NEEDED_BY[operation] if verdicts[n] != "unknown"} == set(), verdicts
    for number in NEEDED_BY[operation]:
        unknown = [f for f in report.findings
                   if f["check"] == CHECKS[number] and f["verdict"] == "unknown"]
        assert unknown
        assert any(action in f["detail"] for f in unknown), unknown[0]["detail"]
