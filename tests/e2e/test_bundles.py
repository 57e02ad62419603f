"""`remediate bundle`: shell scripts and stacks for what a snapshot shows, as their own tools read them."""

import json
import pathlib
import subprocess

import pytest

import accounts
import recipes
import servers
from program import ROOT

# The script's `aws` only tells its words; whatever it is asked for, it has made fl-1.
SHELL = """
aws() {
  if [ "$1" = sts ]; then echo "$ACCOUNT"; return; fi
  printf '%s\\0' "$@" >&3; printf '\\1\\0' >&3; echo fl-1 fl-1 fl-1
}
PATH=
"""


def told(script, account="111111111111"):
    """The words of each call that the script makes, and what it says on stderr."""
    subprocess.run(["sh", "-n", script], check=True, timeout=20)
    words = script.parent.parent / "words"
    done = subprocess.run(["/bin/bash", "--norc", "-c", f"exec 3>{words}\n{SHELL}\n. {script}", script],
                          env={"ACCOUNT": account}, capture_output=True, text=True, timeout=60)
    return [part.split("\0")[:-1] for part in words.read_text().split("\1\0")[:-1]], done


def bundle(program, snapshot, kind, *args):
    program.expect(0, "remediate", "bundle", "--snapshot", snapshot, "--format", kind, "-o", "bundle", *args)
    return program.folder / "bundle"


def service_name(word):
    return {"configservice": "config", "s3api": "s3"}.get(word, word)


def with_results(value):
    """Parameters as they are when each result is fl-1."""
    if isinstance(value, dict):
        return "fl-1" if "$result" in value else {name: with_results(part) for name, part in value.items()}
    return [with_results(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("named_by", ["us", "an enemy"])
def test_the_aws_cli_takes_the_plans_calls_and_no_others(ciswatch, example, hostile, named_by, monkeypatch, tmp_path):
    snapshot = example("seed-001").snapshot if named_by == "us" else hostile.snapshot
    folder = bundle(ciswatch, snapshot, "cli")
    changes = json.loads((folder / "plan.json").read_text())["changes"]
    undone = [change for change in reversed(changes) if change["undo"]]
    made, done = told(folder / "111111111111.sh")
    assert done.returncode == 0 and not done.stderr, done
    taken_back, done = told(folder / "undo-111111111111.sh")
    assert done.returncode == 0 and not done.stderr, done
    assert len(made) == len(changes) > 1 and len(taken_back) == len(undone) > 1
    (tmp_path / "cli").mkdir()
    cli = recipes.Cli(monkeypatch, tmp_path / "cli")
    for words, call, region in ([(w, c, c["region"]) for w, c in zip(made, changes)] +
                                [(w, c["undo"], c["region"]) for w, c in zip(taken_back, undone)]):
        assert words[words.index("--region") + 1] == region
        service, operation, params = cli.parse(words)
        assert service_name(words[0]) == call["service"] and operation == call["operation"]
        assert params == with_results(call["params"])


def test_done_calls_are_not_made_again_and_only_they_are_taken_back(ciswatch, example):
    folder = bundle(ciswatch, example("seed-001").snapshot, "cli")
    assert told(folder / "undo-111111111111.sh")[0] == []
    first, _ = told(folder / "111111111111.sh")
    again, _ = told(folder / "111111111111.sh")
    back, _ = told(folder / "undo-111111111111.sh")
    assert first and back and again == []
    assert told(folder / "undo-111111111111.sh")[0] == []


def test_credentials_of_another_account_stop_the_script(ciswatch, example):
    made, done = told(bundle(ciswatch, example("seed-001").snapshot, "cli") / "111111111111.sh", "222222222222")
    assert made == [] and done.returncode == 1 and "not of 111111111111" in done.stderr


def test_the_command_can_be_left_out_and_a_folder_in_use_is_refused(ciswatch, example):
    args = ["remediate", "--snapshot", example("seed-001").snapshot, "--format", "cli", "-o", "b"]
    ciswatch.expect(0, *args)
    assert "is not empty" in ciswatch.expect(2, *args).err
    assert "belongs behind the command" in ciswatch.expect(2, "remediate", "--format", "cli", "undo", "x").err
    assert "for a bundle --snapshot" in ciswatch.expect(2, "remediate", "--format", "cli").err


def test_the_scripts_mend_an_account_and_take_it_back(ciswatch):
    with servers.moto_server() as server:
        cloud = accounts.Cloud(server.url)
        accounts.make_bucket(cloud, "trail-logs", "us-east-1")
        trails = cloud.client("cloudtrail", "us-east-1")
        trails.create_trail(Name="first", S3BucketName="trail-logs", IsMultiRegionTrail=True)
        trails.start_logging(Name="first")
        flow_logs = lambda: cloud.client("ec2", "us-east-1").describe_flow_logs()["FlowLogs"]
        args = ["--check", "cloudtrail-log-file-validation", "--check", "vpc-flow-logs"]
        snapshot = ciswatch.collect(server.url, "--region", "us-east-1", *args)
        before = trails.describe_trails()["trailList"]
        account = cloud.client("sts", "us-east-1").get_caller_identity()["Account"]
        folder = bundle(ciswatch, snapshot, "cli", *args)

        def run(name):  # by the real AWS CLI
            path = f"{pathlib.Path(servers.BIN)}:/usr/bin:/bin"
            subprocess.run([folder / name], check=True, timeout=120, cwd="/", capture_output=True,
                           env={**ciswatch.env, "PATH": path, "AWS_ENDPOINT_URL": server.url})

        run(f"{account}.sh")
        assert len(flow_logs()) == 1
        report = ciswatch.report(ciswatch.collect(server.url, "--region", "us-east-1", *args, to="after.db"), *args)
        found = [finding for finding in report.findings if finding["region"] == "us-east-1"]
        assert [finding["verdict"] for finding in found] == ["pass", "pass"], found
        run(f"undo-{account}.sh")
        assert trails.describe_trails()["trailList"] == before and flow_logs() == []


def test_cfn_lint_finds_no_error_in_a_template():
    templates = sorted((ROOT / "checks/bundles/cloudformation").glob("*.yaml"))
    assert len(templates) > 1
    for template in templates:
        assert recipes.cfn_errors(template.read_text()) == [], template


def test_only_what_failing_findings_ask_for_is_written(ciswatch, example):
    """Seed 001's trail is of all regions already; seed 000 has one in each."""
    folder = bundle(ciswatch, example("seed-001").snapshot, "cloudformation")
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "config.yaml", "flow-logs.yaml", "parameters"]
    found = [json.loads(path.read_text()) for path in (folder / "parameters").glob("config.*")]
    assert len(found) > 10
    assert all(one == [{"ParameterKey": "HomeRegion", "ParameterValue": "ap-northeast-1"}] for one in found)
    readme, left = (folder / "README.md").read_text().split("## Not in these files")
    told = readme.split("## flow-logs.yaml")[0]
    rows = [line for line in told.splitlines() if line.startswith("| 1111")]
    assert len(rows) == len(found) and rows[0] == "| 111111111111 | ap-northeast-1 |"
    assert len(found) == 16 and "| 111111111111 | config-all-regions | 2 |" in left  # two have a recorder


def test_the_trails_stack_makes_what_it_says(ciswatch, example):
    """As far as moto makes it: of a trail and of AWS Config it only says so."""
    folder = bundle(ciswatch, example("seed-000").snapshot, "cloudformation")
    place, = (folder / "parameters").glob("trail.*.json")
    region = place.name.split(".")[2]
    reader = "arn:aws:iam::123456789012:role/auditor"
    with servers.moto_server() as server:
        cloud = accounts.Cloud(server.url)
        parameters = json.loads(place.read_text()) + [{"ParameterKey": "LogReaders", "ParameterValue": reader}]
        stacks = cloud.client("cloudformation", region)
        stacks.create_stack(StackName="trail", TemplateBody=(folder / "trail.yaml").read_text(), Parameters=parameters)
        resources = stacks.describe_stack_resources(StackName="trail")["StackResources"]
        made = {each["LogicalResourceId"]: each.get("PhysicalResourceId") for each in resources if "LogicalResourceId" in each}
        keys = cloud.client("kms", region)
        assert keys.get_key_rotation_status(KeyId=made["Key"])["KeyRotationEnabled"]
        # A document where AWS has its text.
        policy = keys.get_key_policy(KeyId=made["Key"], PolicyName="default")["Policy"]
        decrypts = [one for one in policy["Statement"] if "kms:Decrypt" in one["Action"]]
        assert [one["Principal"] for one in decrypts] == [{"AWS": [reader]}]
        buckets = {each["Name"] for each in cloud.client("s3", region).list_buckets()["Buckets"]}
        assert buckets == {made["Bucket"], made["AccessLogs"]}
        group, = cloud.client("logs", region).describe_log_groups()["logGroups"]
        assert group["retentionInDays"] == 365


def test_the_control_policy_is_of_the_accounts_that_own_the_log_buckets(ciswatch, example):
    folder = bundle(ciswatch, example("seed-003").snapshot, "cloudformation", "--check", "scp-protects-log-bucket")
    told_of = json.loads((folder / "parameters/log-bucket-scp.111111111111.us-east-1.json").read_text())
    given = {each["ParameterKey"]: each["ParameterValue"] for each in told_of}
    assert given == {"BucketArns": "arn:aws:s3:::gov-my-cloudtrail", "ObjectArns": "arn:aws:s3:::gov-my-cloudtrail/*",
                     "TargetIds": "222222222222"}
