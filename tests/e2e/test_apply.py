"""A plan is shown, approved, applied, seen to have helped and undone, on an emulator that nobody here
wrote. What the rules of applying are, tests/remediate says; here the program itself."""

import contextlib
import hashlib
import json
import os
import random
import signal
import sqlite3
import time

import pytest

import accounts
import loopback
import servers
from test_kills import preload

REGION = ["--region", "us-east-1"]
CHECK = "cloudtrail-log-file-validation"


@pytest.fixture(scope="module")
def moto():
    with servers.moto_server() as server:
        yield server


@pytest.fixture
def cloud(moto):
    """An account with two trails whose log files nobody can prove, and one that is in order."""
    moto.reset()
    made = accounts.Cloud(moto.url)
    accounts.make_bucket(made, "trail-logs", "us-east-1")
    trails = made.client("cloudtrail", "us-east-1")
    for name in ("first", "second", "good"):
        trails.create_trail(Name=name, S3BucketName="trail-logs", IsMultiRegionTrail=True,
                            EnableLogFileValidation=name == "good")
        trails.start_logging(Name=name)
    return made


def trails_of(cloud):
    """name → all that AWS shows of the trail."""
    found = cloud.client("cloudtrail", "us-east-1").describe_trails()["trailList"]
    return {trail["Name"]: trail for trail in found}


def planned(program, server, *args):
    """The plan of a fresh snapshot, and its hash."""
    program.collect(server.url, "--check", CHECK, *REGION)
    program.expect(0, "remediate", "plan", "--snapshot", "snapshot.db", "--check", CHECK, "-o",
                   "plan.json", *args)
    return json.loads((program.folder / "plan.json").read_text())["hash"]


def edited(program, change, rehash=True):
    """The plan as somebody else would have it."""
    plan = json.loads((program.folder / "plan.json").read_text())
    change(plan)
    if rehash:
        plan.pop("hash")
        plan["hash"] = hashlib.sha256(json.dumps(plan, separators=(",", ":"),
                                                 ensure_ascii=False).encode()).hexdigest()
    (program.folder / "plan.json").write_text(json.dumps(plan, ensure_ascii=False))
    return plan["hash"]


def apply(program, server, approve, *args, code=0, **how):
    result = program.expect(code, "remediate", "apply", "plan.json", "--approve", approve, "--format", "json",
                            "--endpoint-url", server.url, *REGION, *args, **how)
    return json.loads(result.out) if result.out else result


def outcomes(result):
    return [change["outcome"] for change in result["changes"]]


def kinds(program, name="plan.json.journal"):
    with contextlib.closing(sqlite3.connect(program.folder / name)) as database:
        return [kind for kind, in database.execute("select kind from event order by number")]


class Writes:
    """Counts the calls that change something, on their way to the emulator."""

    def __init__(self, upstream):
        self.relay, self.made, self.on_write = loopback.relay(upstream), [], None

    def __call__(self, request):
        answer = self.relay(request)
        if request.operation == "UpdateTrail":
            self.made.append(request.body)
            if self.on_write:
                return self.on_write(answer)
        return answer


@pytest.fixture
def counted(moto):
    writes = Writes(moto.url)
    with loopback.serving(writes) as server:
        server.writes = writes
        yield server


def test_the_loop_is_closed(ciswatch, moto, cloud):
    before = trails_of(cloud)
    approve = planned(ciswatch, moto)
    shown = ciswatch.expect(0, "remediate", "apply", "plan.json")
    assert "LogFileValidationEnabled: false → true" in shown.out and approve in shown.err
    assert trails_of(cloud) == before
    result = apply(ciswatch, moto, approve)
    assert outcomes(result) == ["done", "done"]
    assert [finding["outcome"] for finding in result["findings"]] == ["fixed", "fixed"]
    expected = {name: {**trail, "LogFileValidationEnabled": True} for name, trail in before.items()}
    assert trails_of(cloud) == expected
    undone = ciswatch.expect(0, "remediate", "undo", "plan.json.journal", "--endpoint-url", moto.url)
    assert "2 done" in undone.out
    assert trails_of(cloud) == before


def test_applied_again_nothing_is_called(ciswatch, counted, cloud):
    approve = planned(ciswatch, counted)
    apply(ciswatch, counted, approve)
    assert len(counted.writes.made) == 2
    result = apply(ciswatch, counted, approve)
    assert outcomes(result) == ["done", "done"] and len(counted.writes.made) == 2
    assert [finding["outcome"] for finding in result["findings"]] == ["fixed", "fixed"]


def test_what_has_changed_since_is_left_alone(ciswatch, moto, cloud):
    approve = planned(ciswatch, moto)
    cloud.client("cloudtrail", "us-east-1").update_trail(Name="first", EnableLogFileValidation=True)
    cloud.client("cloudtrail", "us-east-1").delete_trail(Name="second")
    result = apply(ciswatch, moto, approve, code=1)
    assert sorted(outcomes(result)) == ["already", "skipped"]
    why, = [change["why"] for change in result["changes"] if change["why"]]
    assert "changed since the plan" in why and "is not there" in why
    assert "second" not in trails_of(cloud)


def test_what_is_not_to_be_done_is_refused_before_any_call(ciswatch, counted, cloud):
    (ciswatch.folder / "others.csv").write_text("id\n222222222222\n")
    approve = planned(ciswatch, counted)
    for given, args, told in (
            ("0" * 64, [], "not the hash"),
            (approve[:63], [], "64 digits"),
            (approve, ["--max-changes", "1"], "more than the 1 of --max-changes"),
            (approve, ["--max-age", "0"], "--max-age"),
            (approve, ["--journal", "snapshot.db"], "no journal"),
            (approve, ["--journal", "no/such/folder"], "cannot write"),
            (approve, ["--set", "no-such.setting=1"], "no-such"),
            (approve, ["--role", "writer", "--accounts", "others.csv"], "not among the accounts")):
        result = apply(ciswatch, counted, given, *args, code=2)
        assert told in result.err and not counted.writes.made, result


def test_an_edited_plan_is_refused(ciswatch, counted, cloud):
    approve = planned(ciswatch, counted)
    other = edited(ciswatch, lambda plan: plan["changes"].pop(), rehash=False)
    assert "edit" in apply(ciswatch, counted, other, code=2).err
    changed = edited(ciswatch, lambda plan: plan["changes"][0].update(title="harmless"))
    assert "not the hash" in apply(ciswatch, counted, approve, code=2).err
    assert changed != approve and not counted.writes.made


def test_another_accounts_credentials_change_nothing(ciswatch, counted, cloud):
    planned(ciswatch, counted)
    other = edited(ciswatch, lambda plan: [change.update(account_id="222222222222")
                                           for change in plan["changes"]])
    assert "222222222222 has no role" in apply(ciswatch, counted, other, code=2).err
    assert not counted.writes.made


def test_an_edited_or_damaged_journal_is_refused(ciswatch, moto, cloud):
    approve = planned(ciswatch, moto)
    apply(ciswatch, moto, approve)
    journal = ciswatch.folder / "plan.json.journal"
    with contextlib.closing(sqlite3.connect(journal)) as database:
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("update event set payload = '{}'")
    whole = journal.read_bytes()
    for bytes_ in (whole.replace(b'"done"', b'"Done"').replace(b"intent", b"IntEnt"), whole[:len(whole) // 2],
                   b"", b"no journal " * 1000):
        journal.write_bytes(bytes_)
        if bytes_:
            assert "journal" in apply(ciswatch, moto, approve, code=2).err
        ciswatch.expect(2, "remediate", "undo", journal, "--endpoint-url", moto.url)


def test_a_program_is_killed_at_each_write_of_its_journal(ciswatch, counted, cloud):
    """The program itself; seeded points (tests/kill tries all). Run again it ends alike, each call made once."""
    dice = random.Random("apply")
    before, tried = trails_of(cloud), []
    approve = planned(ciswatch, counted)
    environment = lambda place: {"LD_PRELOAD": preload(ciswatch),
                                 "DISK_FAULT": f"kill {place} {ciswatch.folder / 'j'}"}
    (ciswatch.folder / "j").mkdir()
    for place in sorted(dice.sample(range(4, 40), 3)):
        for file in (ciswatch.folder / "j").iterdir():
            file.unlink()
        for name in ("first", "second"):
            cloud.client("cloudtrail", "us-east-1").update_trail(Name=name, EnableLogFileValidation=False)
        counted.writes.made.clear()
        process = ciswatch.start("remediate", "apply", "plan.json", "--approve", approve, "--journal", "j/j",
                                 "--endpoint-url", counted.url, *REGION, env=environment(place))
        err = process.communicate(timeout=30)[1].decode()
        assert process.returncode in (-signal.SIGKILL, 0), err
        if process.returncode == 0:
            break
        tried.append(place)
        result = apply(ciswatch, counted, approve, "--journal", "j/j")
        assert set(outcomes(result)) <= {"done", "already"}, result
        assert len(counted.writes.made) == 2
        assert {name: trail["LogFileValidationEnabled"] for name, trail in trails_of(cloud).items()} == {
            "first": True, "second": True, "good": True}
    ciswatch.expect(0, "remediate", "undo", "j/j", "--endpoint-url", counted.url)
    assert trails_of(cloud) == before and tried


def test_a_signal_ends_it_between_changes_and_it_goes_on(ciswatch, counted, cloud):
    approve = planned(ciswatch, counted)
    process = None

    def stop(answer):
        if process is not None and len(counted.writes.made) == 1:
            os.kill(process.pid, signal.SIGTERM)
        return answer

    counted.writes.on_write = stop
    process = ciswatch.start("remediate", "apply", "plan.json", "--approve", approve, "--endpoint-url",
                             counted.url, *REGION)
    err = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 143 and "goes on" in err
    made = len(counted.writes.made)
    assert 1 <= made <= 2 and kinds(ciswatch).count("done") == made
    counted.writes.on_write = None
    assert set(outcomes(apply(ciswatch, counted, approve))) == {"done"}
    assert len(counted.writes.made) == 2


def test_a_lost_answer_is_looked_after(ciswatch, counted, cloud):
    approve = planned(ciswatch, counted)
    counted.writes.on_write = lambda answer: loopback.Answer(answer.status, answer.body, cut_after=3)
    result = apply(ciswatch, counted, approve, code=0)
    assert outcomes(result) == ["done", "done"] and len(counted.writes.made) >= 2


def allowed(cloud, name, *actions):
    """Keys of a user who may do this alone."""
    iam = cloud.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(accounts.allow(list(actions))))
    return iam.create_access_key(UserName=name)["AccessKey"]


READ = ["sts:GetCallerIdentity", "ec2:DescribeRegions", "cloudtrail:DescribeTrails"]


@pytest.fixture
def profiles(ciswatch, moto, cloud):
    """A reader and two writers, one of whom may not write; from then on the emulator asks who it is."""
    names = {"reader": READ, "writer": [*READ, "cloudtrail:UpdateTrail"], "weak": READ,
             "blind": ["sts:GetCallerIdentity", "cloudtrail:UpdateTrail"]}
    text = ""
    for name, actions in names.items():
        key = allowed(cloud, name, *actions)
        text += (f"[{name}]\naws_access_key_id = {key['AccessKeyId']}\n"
                 f"aws_secret_access_key = {key['SecretAccessKey']}\nregion = us-east-1\n")
    approve = planned(ciswatch, moto)
    folder = ciswatch.folder / "home/.aws"
    folder.mkdir()
    (folder / "credentials").write_text(text)
    moto.require_auth()
    yield approve
    moto.forget_auth()


NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


def test_a_writer_without_the_permission_is_told_and_nothing_is_half_done(ciswatch, moto, cloud, profiles):
    result = apply(ciswatch, moto, profiles, "--profile", "weak", code=2, env=NO_KEYS)
    assert outcomes(result).count("failed") >= 1 and set(outcomes(result)) <= {"failed", "open"}
    assert "cloudtrail:UpdateTrail" in result["changes"][0]["why"] or "AccessDenied" in str(result["changes"])
    assert "done" not in kinds(ciswatch)
    again = apply(ciswatch, moto, profiles, "--profile", "writer", env=NO_KEYS)
    assert outcomes(again) == ["done", "done"]


def test_what_the_writer_cannot_read_it_does_not_change(ciswatch, moto, cloud, profiles):
    result = apply(ciswatch, moto, profiles, "--profile", "blind", "--reader-profile", "reader", code=1,
                   env=NO_KEYS)
    assert outcomes(result) == ["skipped", "skipped"]
    assert "could not be read" in result["changes"][0]["why"]
    assert [finding["outcome"] for finding in result["findings"]] == ["not_fixed", "not_fixed"]
    with contextlib.closing(sqlite3.connect(ciswatch.folder / "plan.json.journal")) as database:
        caller, = database.execute("select payload ->> 'caller' from event where kind = 'run'").fetchone()
    assert caller.endswith(":user/blind")


def test_what_fixes_nothing_is_undone_where_that_is_asked_for(ciswatch, moto, cloud):
    """A plan whose second change does something else than what its finding needs."""
    before = trails_of(cloud)
    planned(ciswatch, moto)

    def spoil(plan):
        change = plan["changes"][1]
        change["params"] = {"Name": change["params"]["Name"], "IncludeGlobalServiceEvents": False}
        change["undo"]["params"] = {**change["params"], "IncludeGlobalServiceEvents": True}
        for row in change["rows"]:
            row.update(before={"IncludeGlobalServiceEvents": True}, after={"IncludeGlobalServiceEvents": False})

    approve = edited(ciswatch, spoil)
    hook(ciswatch, "before_apply", "echo . >> asked")
    result = apply(ciswatch, moto, approve, "--auto-undo", "--run-hooks", code=1)
    assert (ciswatch.folder / "asked").read_text() == ".\n.\n", "no change is asked for to be taken back"
    assert outcomes(result) == ["done", "done"]
    assert sorted(finding["outcome"] for finding in result["findings"]) == ["fixed", "not_fixed"]
    assert [(undone["id"], undone["outcome"]) for undone in result["undone"]] == [("c2", "done")]
    changed = [name for name, trail in trails_of(cloud).items() if trail != before[name]]
    assert len(changed) == 1


def hook(program, event, script, **fields):
    """A program of a shell, and the configuration that names it for the event, beside others."""
    file = program.folder / event
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    config = program.folder / "ciswatch.yaml"
    hooks = json.loads(config.read_text())["hooks"] if config.exists() else []
    config.write_text(json.dumps({"hooks": hooks + [{"event": event, "run": [f"./{event}"], **fields}]}))


def test_a_veto_that_is_not_asked_for_stops_all(ciswatch, counted, cloud):
    hook(ciswatch, "before_apply", "grep -q '\"c1\"' && { echo not today; exit 1; }; exit 0")
    approve = planned(ciswatch, counted)
    assert "--run-hooks" in apply(ciswatch, counted, approve, code=2).err and not counted.writes.made
    result = apply(ciswatch, counted, approve, "--run-hooks", code=1)
    assert outcomes(result) == ["vetoed", "done"] and "not today" in result["changes"][0]["why"]
    assert len(counted.writes.made) == 1


@pytest.mark.parametrize("script, why", [
    ("sleep 60", "its time was up"), ("kill -9 $$", "ended by signal 9"),
    ("setsid sleep 3 & yes | head -c 10000000; exit 2", "exit code 2: y")])
def test_a_hook_that_goes_wrong_is_a_veto(ciswatch, counted, cloud, script, why):
    hook(ciswatch, "before_apply", script, seconds=1)
    result = apply(ciswatch, counted, planned(ciswatch, counted), "--run-hooks", code=1)
    assert outcomes(result) == ["vetoed", "vetoed"] and counted.writes.made == []
    assert all(why in change["why"] for change in result["changes"])


def test_a_plan_without_findings_is_not_without_a_veto(ciswatch, counted, cloud):
    hook(ciswatch, "before_apply", "echo no; exit 1")
    planned(ciswatch, counted)

    def strip(plan):
        plan.update(findings=[], unplanned=[])
        for change in plan["changes"]:
            change["findings"] = []

    approve = edited(ciswatch, strip)
    assert "--run-hooks" in apply(ciswatch, counted, approve, code=2).err
    assert outcomes(apply(ciswatch, counted, approve, "--run-hooks", code=1)) == ["vetoed", "vetoed"]
    assert counted.writes.made == []


def test_nothing_is_on_the_wire_while_a_hook_is_asked(ciswatch, counted, cloud):
    hook(ciswatch, "before_apply", "echo . >> asked")
    asked = []

    def slow(answer):
        time.sleep(0.5)
        asked.append((ciswatch.folder / "asked").read_text().count("."))
        return answer

    counted.writes.on_write = slow
    apply(ciswatch, counted, planned(ciswatch, counted), "--run-hooks")
    assert asked == [1, 2]


def test_what_has_become_of_a_change_is_told(ciswatch, counted, cloud):
    hook(ciswatch, "before_apply", "grep -q '\"c1\"' && { echo not today; exit 1; }; exit 0")
    hook(ciswatch, "after_apply", "cat >> told; exit 3")
    approve = planned(ciswatch, counted)
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    apply(ciswatch, counted, approve, "--run-hooks", code=1)
    told = [json.loads(line) for line in (ciswatch.folder / "told").read_text().splitlines()]
    told = {each["change"]["id"]: each for each in told}
    assert [told[change["id"]]["change"] for change in plan["changes"]] == plan["changes"]
    assert told["c1"]["outcome"] == "vetoed" and "not today" in told["c1"]["why"]
    assert told["c2"]["outcome"] == "done" and told["c2"]["why"] == ""
    assert all(each["event"] == "after_apply" and each["plan"] == {"hash": approve}
               for each in told.values())
OTHERS = ("222222222222", "333333333333")


@pytest.fixture
def three(moto, cloud):
    """By id: the caller's account, and two that a role leads into; each with a trail and networks without
    flow logs."""
    made = {cloud.account: cloud}
    for id in OTHERS:
        keys = cloud.client("sts").assume_role(RoleArn=f"arn:aws:iam::{id}:role/writer",
                                               RoleSessionName="seed")["Credentials"]
        made[id] = accounts.Cloud(moto.url, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        accounts.make_bucket(made[id], f"logs-of-{id}", "us-east-1")
        made[id].client("cloudtrail").create_trail(Name="own", S3BucketName=f"logs-of-{id}",
                                                   IsMultiRegionTrail=True)
        made[id].client("cloudtrail").start_logging(Name="own")
    return made


def everything_of(cloud):
    """What a plan of these tests may change, as boto3 shows it."""
    logs = cloud.client("logs").describe_log_groups()["logGroups"]
    roles = cloud.client("iam").list_roles()["Roles"]
    flows = cloud.client("ec2").describe_flow_logs()["FlowLogs"]
    return {"trails": trails_of(cloud), "groups": [group["logGroupName"] for group in logs],
            "roles": [role["RoleName"] for role in roles], "flows": [flow["ResourceId"] for flow in flows]}


def test_three_accounts_are_mended_and_restored(ciswatch, moto, three):
    (ciswatch.folder / "accounts.csv").write_text("id\n" + "\n".join(three) + "\n")
    live = ["--accounts", "accounts.csv", "--role", "writer", "--endpoint-url", moto.url, *REGION]
    checks = ["--check", CHECK, "--check", "vpc-flow-logs"]
    before = {id: everything_of(cloud) for id, cloud in three.items()}
    ciswatch.expect(0, "collect", "-o", "snapshot.db", *live, *checks)
    first = ciswatch.report("snapshot.db", *checks).judgements()
    ciswatch.expect(0, "remediate", "plan", "--snapshot", "snapshot.db", "-o", "plan.json", *checks)
    plan = json.loads((ciswatch.folder / "plan.json").read_text())
    assert {change["account_id"] for change in plan["changes"]} == set(three)
    result = json.loads(ciswatch.expect(
        0, "remediate", "apply", "plan.json", "--approve", plan["hash"], "--format", "json", *live).out)
    assert set(outcomes(result)) == {"done"}, result
    assert {finding["outcome"] for finding in result["findings"]} == {"fixed"}
    for id, cloud in three.items():
        now = everything_of(cloud)
        assert all(trail["LogFileValidationEnabled"] for trail in now["trails"].values())
        networks = [vpc["VpcId"] for vpc in cloud.client("ec2").describe_vpcs()["Vpcs"]]
        assert sorted(now["flows"]) == sorted(networks)
    undone = json.loads(ciswatch.expect(0, "remediate", "undo", "plan.json.journal", "--format", "json", *live).out)
    assert {change["outcome"] for change in undone["undone"]} == {"done"}
    assert {id: everything_of(cloud) for id, cloud in three.items()} == before
    ciswatch.expect(0, "collect", "-o", "again.db", *live, *checks)
    assert ciswatch.report("again.db", *checks).judgements() == first
