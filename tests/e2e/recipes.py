"""What the AWS CLI, cfn-lint and an HCL parser make of the forms in which a finding says how to mend it."""

import os
import pathlib
import subprocess


import hcl2
import yaml
from awscli import clidriver
from awscli.botocore.validate import ParamValidator
from awscli.customizations.s3.subcommands import MbCommand
from cfnlint.api import lint
from cfnlint.core import get_rules

# bash reads each text with an `aws` that only tells its words; there is no other program.
SHELL = """
aws() { printf '%s\\0' "$@" >&3; printf '\\1\\0' >&3; echo made; }
PATH=
"""


def commands(text, folder):
    """The words of each `aws` that bash would run."""
    words = pathlib.Path(folder) / "words"
    done = subprocess.run(["/bin/bash", "--norc", "-euo", "pipefail", "-c", f"exec 3>{words}\n{SHELL}{text}\n"],
                          cwd=folder, env={}, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0 and not done.stderr, f"{done.stderr}\n{text}"
    found = [part.split("\0")[:-1] for part in words.read_text().split("\1\0")[:-1]]
    assert set(path.name for path in pathlib.Path(folder).iterdir()) <= {"words", "policy.json"}
    return found


class Cli:
    """The AWS CLI up to the call: its parser of arguments, its shorthand, its models of the services."""

    def __init__(self, monkeypatch, folder):
        monkeypatch.chdir(folder)
        for name, value in (("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_CONFIG_FILE", os.devnull),
                            ("AWS_SHARED_CREDENTIALS_FILE", os.devnull)):
            monkeypatch.setenv(name, value)
        for name in ("policy.json", "template.yaml", "token.bin", "material.bin"):
            (pathlib.Path(folder) / name).write_text("{}")
        monkeypatch.setattr(clidriver.CLIOperationCaller, "invoke", self._keep)
        monkeypatch.setattr(MbCommand, "_run_main", lambda _self, parsed, _globals: self._keep(
            "s3", "CreateBucket", {"Bucket": parsed.path.removeprefix("s3://")}, _globals))
        self.driver = clidriver.create_clidriver()
        self.calls = []

    def _keep(self, service, operation, params, _globals):
        self.calls.append((service, operation, params))
        return 0

    def parse(self, argv):
        """(service, operation, parameters), as they would be sent."""
        self.calls.clear()
        assert self.driver.main(list(argv)) == 0, argv
        (service, operation, params), = self.calls
        shape = self.driver.session.get_service_model(service).operation_model(operation).input_shape
        wrong = ParamValidator().validate(params, shape)
        assert not wrong.has_errors(), f"{argv}: {wrong.generate_report()}"
        return service, operation, params


RULES = get_rules([], [], ["E"])


def cfn_errors(text):
    return [str(match) for match in lint(text, RULES, ["us-east-1"]) if match.rule.id.startswith("E")]


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_multi_constructor("!", lambda loader, tag, node: {tag: loader.construct_scalar(node)})


def cloudformation(text):
    return yaml.load(text, _Loader)


def terraform(text):
    return hcl2.loads(text + "\n")
