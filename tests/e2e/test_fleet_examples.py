"""The files of examples/fleet: their form, their fields, and their commands, which are run. What of them
can be run whole is: see test_slurm.py."""

import configparser
import json
import shlex
import subprocess

import botocore.session
import botocore.validate
import kubernetes_validate
import pytest
import yaml

import fleet_server
import loopback
from program import ROOT
from recipes import cfn_errors

FOLDER = ROOT / "examples/fleet"

def documents():
    return list(yaml.safe_load_all((FOLDER / "kubernetes/fleet.yaml").read_text()))


def job_of(name):
    (found,) = [d for d in documents() if d["kind"] == "CronJob" and d["metadata"]["name"] == name]
    return found["spec"]["jobTemplate"]["spec"]


# From when on CronJob has timeZone, and the newest that the validator has.
@pytest.mark.parametrize("version", ["1.27", kubernetes_validate.latest_version()])
def test_the_kubernetes_file_fits_the_schemas_of_kubernetes(version):
    for document in documents():
        kubernetes_validate.validate(document, version, strict=True)


@pytest.mark.parametrize("spoiled", [{"completionMod": "Indexed"}, {"completions": "eight"}])
def test_a_kubernetes_file_that_fits_no_schema_is_seen(spoiled):
    document = documents()[-1]
    document["spec"]["jobTemplate"]["spec"] |= spoiled
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, "1.27", strict=True)


def test_the_parts_of_the_kubernetes_file_name_each_other():
    claims = [d["metadata"]["name"] for d in documents() if d["kind"] == "PersistentVolumeClaim"]
    collect = job_of("ciswatch-collect")
    assert collect["completionMode"] == "Indexed"
    assert f"--shard auto/{collect['completions']}" in str(collect["template"])
    for job in (collect, job_of("ciswatch-judge")):
        pod = job["template"]["spec"]
        volumes = {v["name"]: v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"]}
        assert set(volumes.values()) <= set(claims)
        for container in pod["containers"] + pod.get("initContainers", []):
            assert {m["name"] for m in container["volumeMounts"]} == set(volumes)


def batch_model(operation):
    return botocore.session.get_session().get_service_model("batch").operation_model(operation)


def faults_of(params, operation):
    report = botocore.validate.ParamValidator().validate(params, batch_model(operation).input_shape)
    # Botocore lets members pass that it does not know.
    return report.generate_report(), unknown_members(params, batch_model(operation).input_shape)


def unknown_members(value, shape):
    if shape.type_name == "structure":
        return [n for n in value if n not in shape.members] + [
            fault for name, member in shape.members.items() if name in value
            for fault in unknown_members(value[name], member)]
    if shape.type_name == "list":
        return [fault for item in value for fault in unknown_members(item, shape.member)]
    return []


@pytest.mark.parametrize("name", ["collect", "judge"])
def test_aws_batch_knows_the_fields(name):
    definition = json.loads((FOLDER / f"aws-batch/{name}.json").read_text())
    assert faults_of(definition, "RegisterJobDefinition") == ("", [])


def machine_errors(machine):
    """What cfn-lint, which has the schema of the states language, says of it."""
    return cfn_errors(json.dumps({"Resources": {"Night": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": "arn:aws:iam::123456789012:role/night", "Definition": machine}}}}))


def test_the_state_machine_fits_the_schema_of_the_states_language():
    machine = json.loads((FOLDER / "aws-batch/night.asl.json").read_text())
    assert machine_errors(machine) == []
    machine["States"]["Collect"]["Retri"] = machine["States"]["Collect"].pop("Retry", [])
    assert machine_errors(machine) != []


def test_the_state_machine_submits_the_jobs_one_after_the_other():
    machine = json.loads((FOLDER / "aws-batch/night.asl.json").read_text())
    names = [json.loads((FOLDER / f"aws-batch/{n}.json").read_text())["jobDefinitionName"]
             for n in ("collect", "judge")]
    state, submitted = machine["StartAt"], []
    while state:
        step = machine["States"].pop(state)
        assert (step["Type"], step["Resource"]) == ("Task", "arn:aws:states:::batch:submitJob.sync")
        params = {name[0].lower() + name[1:]: value for name, value in step["Parameters"].items()}
        params["parameters"] = {name.removesuffix(".$"): value
                                for name, value in params["parameters"].items()}
        if "arrayProperties" in params:
            params["arrayProperties"] = {"size": params["arrayProperties"].pop("Size")}
        assert faults_of(params, "SubmitJob") == ("", [])
        submitted.append(params["jobDefinition"])
        assert ("Next" in step) != step.get("End", False)
        state = step.get("Next")
    assert submitted == names and machine["States"] == {}


@pytest.mark.parametrize("script", ["collect.sbatch", "judge.sbatch"])
def test_a_script_is_sound(script):
    subprocess.run(["shellcheck", "--shell=bash", FOLDER / "slurm" / script], check=True)


def test_systemd_takes_the_units():
    units = [FOLDER / "systemd" / name for name in ("ciswatch.service", "ciswatch.timer")]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True,
                          text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- the commands, run


class Machine:
    """Runs a command of the files as their machine would, /snapshots being a folder of the test's."""

    def __init__(self, program, url):
        self.program = program
        self.snapshots = program.folder / "snapshots"
        self.snapshots.mkdir()
        (program.folder / "bin").mkdir()
        (program.folder / "bin/ciswatch").symlink_to(program.path)
        self.env = {**program.env, "PATH": f"{program.folder}/bin:/usr/bin:/bin",
                    "AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1"}

    def run(self, words, code=0, cwd=None, **env):
        words = [word.replace("/snapshots", str(self.snapshots)) for word in words]
        done = subprocess.run(words, env={**self.env, **env}, cwd=cwd or self.program.folder,
                              capture_output=True, text=True, timeout=100)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stderr

    def reports(self, where):
        """The accounts that the JSON report names, beside the HTML one."""
        (report,) = self.snapshots.glob(f"{where}/fleet.json")
        assert report.with_suffix(".html").stat().st_size > 1000
        return json.loads(report.read_text())["snapshot"]["accounts"]


@pytest.fixture
def machine(ciswatch):
    with loopback.serving(fleet_server.fleet()) as server:
        yield Machine(ciswatch, server.url)


def words_of(container):
    return [*container["command"], *container.get("args", [])]


def test_the_commands_of_kubernetes_read_merge_and_judge(machine):
    collect = job_of("ciswatch-collect")
    (container,) = collect["template"]["spec"]["containers"]
    judge = job_of("ciswatch-judge")["template"]["spec"]
    (merging,), (judging,) = judge["initContainers"], judge["containers"]
    for index in range(collect["completions"]):
        if index == 5:
            assert "are missing" in machine.run(words_of(merging), code=2)
        machine.run(words_of(container), JOB_COMPLETION_INDEX=str(index))
    machine.run(words_of(merging))
    machine.run(words_of(judging))
    assert machine.reports("*") == 3


def test_the_commands_of_aws_batch_read_merge_and_judge(machine):
    night = json.loads((FOLDER / "aws-batch/night.asl.json").read_text())
    size = night["States"]["Collect"]["Parameters"]["ArrayProperties"]["Size"]

    def words(name):
        definition = json.loads((FOLDER / f"aws-batch/{name}.json").read_text())
        assert set(definition["parameters"]) == {"night"}
        return [w.replace("Ref::night", "run-1") for w in definition["containerProperties"]["command"]]
    for index in range(size):
        machine.run(words("collect"), AWS_BATCH_JOB_ARRAY_INDEX=str(index),
                    AWS_BATCH_JOB_ARRAY_SIZE=str(size))
    machine.run(words("judge"))
    assert machine.reports("run-1") == 3


def test_the_command_of_systemd_reads_and_judges(machine):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(FOLDER / "systemd/ciswatch.service")
    command = unit["Service"]["ExecStart"].replace("$$", "$").replace("%%", "%")
    machine.run(shlex.split(command), cwd=machine.snapshots)
    assert len(list(machine.snapshots.glob("20*.db"))) == 1
    assert json.loads((machine.snapshots / "latest.json").read_text())["snapshot"]["accounts"] == 3


def test_every_command_of_the_table_is_of_a_file_that_is_there():
    text = (FOLDER / "README.md").read_text()
    for name in ("fleet.yaml", "collect.json", "judge.json", "night.asl.json", "collect.sbatch",
                 "judge.sbatch", "ciswatch.timer"):
        assert name in text and list(FOLDER.glob(f"*/{name}")), name
