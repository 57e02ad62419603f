"""`remediate bundle --format terraform`: what an HCL parser, the arguments of the AWS provider and the templates of
CloudFormation say of it."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

import cfn
import hcl
import recipes
from program import ROOT, Program, program_path

BUNDLES = ROOT / "checks/bundles"
MODULES = sorted(path.name for path in (BUNDLES / "terraform").iterdir())
PLACE = {"account_id": "111111111111", "partition": "aws", "region": "eu-west-1"}
ARGUMENTS = json.loads((ROOT / "tests/e2e/terraform_arguments.json").read_text())
VERSIONS = list(ARGUMENTS)

# What each module is compared with: parameters as CloudFormation has them.
ROLES = ("arn:aws:iam::111111111111:role/a", "arn:aws:iam::111111111111:role/b")
GIVEN = {
    "trail": [{}, {"KeyAdministrators": ROLES[0], "LogReaders": ",".join(ROLES), "TrailName": "t", "LogGroupDays": "400"}],
    "config": [{"HomeRegion": "eu-west-1"}, {"HomeRegion": "us-east-1", "BucketPrefix": "c", "RoleName": "r"}],
    "detection": [{"LogGroupName": "trail", "Events": "RootUse,VpcChanges", "RootUse": "{ $.a = 1 }", "VpcChanges": "{ $.b = 1 }"},
                  {"LogGroupName": "trail", "Events": "KMSErrorCount", "KMSErrorCount": "{ $.c = * }", "Endpoint": "a@example.com",
                   "TopicKey": "arn:aws:kms:eu-west-1:111111111111:key/1", "Protocol": "sms", "MetricNamespace": "n"}],
    "flow-logs": [{"VpcIds": "vpc-1,vpc-2"}],
    "log-bucket": [{"OrganizationId": "o-1", "ManagementAccountId": "222222222222", "TrailName": "organization", "BucketName": "logs",
                    **more} for more in ({}, {"KeyAdministrators": ROLES[0], "LogReaders": ROLES[1], "LogDays": "400",
                                              "ObjectLockMode": "COMPLIANCE", "ObjectLockDays": "90"})],
    "organization-trail": [{"TrailName": "organization", "BucketName": "logs", "KeyArn": "arn:aws:kms:eu-west-1:333333333333:alias/a"}],
    "log-bucket-scp": [{"BucketArns": "arn:aws:s3:::a,arn:aws:s3:::b", "ObjectArns": "arn:aws:s3:::a/*,arn:aws:s3:::b/*",
                        "TargetIds": "222222222222,333333333333", "BreakGlassRoleArn": role} for role in ("", ROLES[0])],
}
CASES = [pytest.param(part, given, id=f"{part}-{i}") for part in GIVEN for i, given in enumerate(GIVEN[part])]

# Of a resource: where its policies are, and whose they are. An owner of "" is the resource itself.
STACK_POLICIES = {"AWS::S3::BucketPolicy": ("Bucket", "PolicyDocument"), "AWS::KMS::Key": ("", "KeyPolicy"),
                  "AWS::IAM::Role": ("", "AssumeRolePolicyDocument"), "AWS::Organizations::Policy": ("", "Content"),
                  "AWS::SNS::TopicPolicy": ("Topics", "PolicyDocument")}
MODULE_POLICIES = {"aws_s3_bucket_policy": ("bucket", "policy"), "aws_kms_key": ("", "policy"),
                   "aws_iam_role": ("", "assume_role_policy"), "aws_iam_role_policy": ("role", "policy"),
                   "aws_organizations_policy": ("", "content"), "aws_sns_topic_policy": ("arn", "policy")}


def part_of(name):
    return yaml.safe_load((BUNDLES / f"{name}.yaml").read_text())


def is_list(parameter):
    return parameter["Type"] == "CommaDelimitedList"


def stack(part, given, place=PLACE):
    return cfn.Template((BUNDLES / f"cloudformation/{part}.yaml").read_text(), place, given)


def module(part, given, place=PLACE):
    parameters = stack(part, given, place).parameters
    return hcl.Module(BUNDLES / "terraform" / part, {"place": place, **{
        hcl.snake(name): (value.split(",") if value else []) if is_list(parameters[name]) else value
        for name, value in given.items()}})


def normal(value):
    """One text and a list of this text are the same, and the order of a list says nothing."""
    if isinstance(value, dict):
        return {name: normal(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        items = sorted((normal(one) for one in value), key=json.dumps)
        return items[0] if len(items) == 1 else items
    return value


def owner(text):
    """<bucket.arn> and <bucket.id> are both the bucket's."""
    return re.sub(r"^<(.*)\.\w+>$", r"\1", text)


def stack_policies(template):
    found = []
    for name, kind, resource in template.resources():
        properties = resource["Properties"]
        if kind in STACK_POLICIES:
            of, member = STACK_POLICIES[kind]
            whose = properties[of] if of else hcl.snake(name)
            for one in whose if isinstance(whose, list) else [whose]:
                found.append((owner(one), properties[member]))
        found += [(hcl.snake(name), policy["PolicyDocument"]) for policy in properties.get("Policies", [])]
        found += [(hcl.snake(name), arn) for arn in properties.get("ManagedPolicyArns", [])]
    return sorted((whose, json.dumps(normal(policy), sort_keys=True)) for whose, policy in found)


def module_policies(made):
    found = []
    for kind, name, values in made.resources():
        if kind in MODULE_POLICIES:
            of, member = MODULE_POLICIES[kind]
            found.append((owner(values[of]) if of else name, json.loads(values[member])))
        if kind == "aws_iam_role_policy_attachment":
            found.append((owner(values["role"]), values["policy_arn"]))
    return sorted((whose, json.dumps(normal(policy), sort_keys=True)) for whose, policy in found)


def test_every_part_that_is_a_template_is_a_module_and_compared_here():
    assert MODULES == sorted(GIVEN) == sorted(path.stem for path in (BUNDLES / "cloudformation").iterdir())


@pytest.mark.parametrize("part, given", CASES)
def test_a_modules_policies_are_the_templates(part, given):
    expected = stack_policies(stack(part, given))
    assert module_policies(module(part, given)) == expected
    assert expected or part == "config"


@pytest.mark.parametrize("part, given", CASES)
def test_what_a_stack_keeps_terraform_does_not_destroy(part, given):
    made = list(module(part, given).resources())
    kept = {name for _, name, values in made if values.get("lifecycle") == [{"prevent_destroy": True}]}
    assert kept == {hcl.snake(name) for name, _, resource in stack(part, given).resources()
                    if resource.get("DeletionPolicy") == "Retain"}


@pytest.mark.parametrize("part, given", CASES)
def test_what_both_call_by_one_name_is_the_same(part, given):
    """EnableKeyRotation of Key and enable_key_rotation of aws_kms_key.key, say."""
    made = {}
    for _, name, values in module(part, given).resources():
        made.setdefault(name, {}).update(leaves(values))
    compared = 0
    for name, _, resource in stack(part, given).resources():
        for member, value in leaves(resource["Properties"]).items():
            if hcl.snake(member) in made.get(hcl.snake(name), {}):
                assert str(made[hcl.snake(name)][hcl.snake(member)]) == str(value), (name, member)
                compared += 1
    assert compared > 1


def leaves(value, name=""):
    """Member → text, number or truth, at any depth; those of policies are others' business."""
    if isinstance(value, dict):
        found = {}
        for member, one in value.items():
            found |= {} if "olic" in member or member == "Content" else leaves(one, member)
        return found
    if isinstance(value, list):
        return {key: leaf for one in value for key, leaf in leaves(one, name).items() if isinstance(one, dict)}
    return {name: value}


def test_the_log_bucket_deletes_logs_only_when_it_is_asked_to():
    for given, expected in zip(GIVEN["log-bucket"], ([], [("logs", 400, 400)])):
        rules, = [values["rule"] for kind, _, values in module("log-bucket", given).resources()
                  if kind == "aws_s3_bucket_lifecycle_configuration"]
        assert rules[0]["id"] == "uploads" and "expiration" not in rules[0]
        assert [(rule["id"], rule["expiration"][0]["days"], rule["noncurrent_version_expiration"][0]["noncurrent_days"])
                for rule in rules[1:]] == expected


@pytest.mark.parametrize("part", MODULES)
def test_a_modules_variables_are_the_templates_parameters(part):
    parameters = stack(part, GIVEN[part][0]).parameters
    variables = module(part, GIVEN[part][0]).variables
    assert {hcl.snake(name) for name in parameters} | {"place"} == set(variables)
    for name, parameter in parameters.items():
        default = variables[hcl.snake(name)].attributes.get("default")
        assert (default is None) == ("Default" not in parameter), name
        if default is not None:
            assert hcl.Evaluator({})(default) == ([] if is_list(parameter) else parameter["Default"]), name
    lists = {name for name in parameters if is_list(parameters[name])}
    asked = set(re.findall(r"\bas ([A-Z]\w+)", part_of(part)["sql"]))
    assert set(part_of(part).get("lists", [])) == lists & asked


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("part", MODULES)
def test_the_provider_knows_each_argument_of_a_module(part, version):
    resources = [block for block in hcl.blocks_of(BUNDLES / "terraform" / part) if block.kind == "resource"]
    assert resources
    for block in resources:
        refuse_unknown(block, ARGUMENTS[version][block.words[1]])


def test_the_provider_knows_each_argument_of_a_recipe():
    told = subprocess.run([program_path().parent / "tests/check_proof", "recipes"], capture_output=True, text=True,
                          timeout=300, check=True).stdout.splitlines()
    texts = {finding["remediation"].get("terraform", "") for finding in map(json.loads, told)}
    blocks = [block for text in texts for block in hcl.parsed(text) if block.kind == "resource"]
    assert len(blocks) > 100
    for block in blocks:
        refuse_unknown(block, ARGUMENTS[VERSIONS[-1]][block.words[1]])


META_ARGUMENTS = {"count", "for_each", "depends_on", "provider"}


def refuse_unknown(block, known):
    where = ".".join(block.words)
    nested = {name.rstrip("!"): inner for name, inner in known.items()}
    for name in set(block.attributes) - META_ARGUMENTS:
        assert name in nested, f"{where}: no argument {name}"
    for inner in block.blocks:
        if inner.kind == "lifecycle":
            continue
        assert nested.get(inner.made) is not None, f"{where}: no block {inner.made}"
        refuse_unknown(inner.blocks[0] if inner.kind == "dynamic" else inner, nested[inner.made])
    told = set(block.attributes) | {inner.made for inner in block.blocks}
    missing = {name[:-1] for name in known if name.endswith("!")} - told
    assert not missing, f"{where}: {missing} missing"


@pytest.mark.parametrize("part", MODULES)
def test_no_account_stands_in_a_module(part):
    for file in (BUNDLES / "terraform" / part).iterdir():
        assert file.suffix == ".tf" and recipes.terraform(file.read_text())
        assert not re.search(r"\d{12}|aws-cn|arn:aws:", file.read_text()), file


class Root:
    """A bundle's folder of one account: its calls of modules, and what these make."""

    def __init__(self, folder):
        self.folder, values = folder, json.loads((folder / "terraform.tfvars.json").read_text())
        self.root = hcl.Module(folder, values)
        assert set(values) | {"assume_role_arn"} == set(self.root.variables)
        self.regions = {each["alias"]: each["region"] for each in map(self.provider, self.root.of("provider"))}
        self.calls = {block.words[1]: self.call(block) for block in self.root.of("module")}

    def provider(self, block):
        values = block.values(hcl.Evaluator(self.root.names))
        assert values["allowed_account_ids"] == [self.folder.name] and values["assume_role"] == []
        return values

    def call(self, block):
        """(part, region, what the module is given)."""
        given = block.values(hcl.Evaluator({**self.root.names, "aws": dict(zip(self.regions, self.regions))}))
        region = self.regions[given.pop("providers")["aws"]]
        source = (self.folder / given.pop("source")).resolve()
        assert given["place"] == {"account_id": self.folder.name, "partition": "aws", "region": region}
        assert list(hcl.Module(source, given).resources())
        return source.name, region, given

    def order(self, name):
        """The modules that this one waits for."""
        block, = [one for one in self.root.of("module") if one.words[1] == name]
        waits = block.attributes.get("depends_on")
        words = waits.scan_values(lambda token: token.type == "NAME") if waits else []
        return [str(word) for word in words if word != "module"]


def bundle(program, snapshot, kind, *args):
    program.expect(0, "remediate", "--snapshot", snapshot, "--format", kind, "-o", kind, *args)
    return program.folder / kind


def roots(folder):
    return [Root(path) for path in sorted(folder.iterdir()) if path.name.isdigit()]


@pytest.mark.parametrize("seed", ["seed-000", "seed-001", "seed-003"])
def test_a_bundle_gives_the_modules_what_the_stacks_are_given(ciswatch, example, seed):
    args = ["--pack", "cis-aws-1.2.0", "--pack", "logging-best-practice"]
    folder = bundle(ciswatch, example(seed).snapshot, "terraform", *args)
    stacks = bundle(ciswatch, example(seed).snapshot, "cloudformation", *args) / "parameters"
    expected = {}
    for path in stacks.iterdir():
        part, account, region, _ = path.name.split(".")
        lists = part_of(part).get("lists", [])
        expected[part, account, region] = {
            hcl.snake(each["ParameterKey"]): each["ParameterValue"].split(",") if each["ParameterKey"] in lists
            else each["ParameterValue"] for each in json.loads(path.read_text())}
    made = {}
    for root in roots(folder):
        for part, region, given in root.calls.values():
            del given["place"]
            made[part, root.folder.name, region] = given
    assert made == expected and len(made) > 10
    assert {path.name for path in (folder / "modules").iterdir()} == {part for part, _, _ in made}
    readme = (folder / "README.md").read_text()
    assert all(f"| {account} | {part} | " in readme for part, account, _ in made)


def test_the_other_regions_of_config_wait_for_the_first(ciswatch, example):
    folder = bundle(ciswatch, example("seed-000").snapshot, "terraform", "--check", "config-all-regions")
    root, = roots(folder)
    first, *others = root.calls
    part, region, given = root.calls[first]
    assert (part, given["home_region"]) == ("config", region) and root.order(first) == []
    assert len(others) > 10 and all(root.order(name) == [first] for name in others)
    buckets = [name for name, (part, _, given) in root.calls.items()
               for kind, _, _ in hcl.Module(BUNDLES / "terraform" / part, given).resources() if kind == "aws_s3_bucket"]
    assert buckets == [first]


def installed(folder):
    """The program and its checks, which a test may add parts to."""
    (folder / "bin").mkdir()
    shutil.copy(program_path(), folder / "bin")
    program = Program(folder)
    program.path = folder / "bin/ciswatch"
    return program, shutil.copytree(ROOT / "checks", folder / "share/ciswatch/checks")


def test_an_account_comes_after_those_that_make_what_it_uses(example, tmp_path):
    program, checks = installed(tmp_path)
    for name, account, after in (("user", "111111111111", "after: [zz-maker]\n"), ("zz-maker", "333333333333", "")):
        (checks / f"bundles/{name}.yaml").write_text(
            f"id: {name}\ntitle: A part\nchecks: [config-all-regions]\n{after}sql: select '{account}' as account_id, 'us-east-1' as region\n")
        shutil.copytree(checks / "bundles/terraform/trail", checks / f"bundles/terraform/{name}")
    folder = bundle(program, example("seed-003").snapshot, "terraform", "--check", "config-all-regions")
    rows = [line for line in (folder / "README.md").read_text().splitlines() if re.match(r"\| \d{12}", line)]
    assert list(dict.fromkeys(row[2:14] for row in rows)) == ["333333333333", "111111111111", "222222222222"]


HOSTILE = """${file("/etc/passwd")} %{ if true }x%{ endif } $${a} "quoted" \\ 'x' \n # </script> é \u202e ${"""


def test_names_of_strangers_are_values_and_never_templates(example, tmp_path):
    """A part whose parameters are an enemy's."""
    program, checks = installed(tmp_path)
    text = HOSTILE.replace("'", "''").replace("\n", "' || char(10) || '")
    (checks / "bundles/strange.yaml").write_text(f"""id: strange
title: A part of a stranger
checks: [config-all-regions]
lists: [Names]
sql: |
  select account_id, 'us-east-1' as region, '{text}' as OneName, '{text},b' as Names from aws_account
""")
    module_folder = checks / "bundles/terraform/strange"
    module_folder.mkdir()
    (module_folder / "main.tf").write_text("""variable "place" {}
variable "one_name" {}
variable "names" {}
resource "aws_sns_topic" "topic" {
  name         = var.one_name
  display_name = var.names[1]
}
""")
    folder = bundle(program, example("seed-000").snapshot, "terraform")
    root, = roots(folder)
    _, _, given = root.calls["strange_us_east_1"]
    assert given["one_name"] == HOSTILE and given["names"] == [HOSTILE, "b"]
    for file in [*folder.rglob("*.tf"), folder / "README.md"]:
        assert "passwd" not in file.read_text() and "enemy" not in file.read_text(), file
    # All that is in a file of values is literal to Terraform, if it is JSON and no HCL.
    assert [path.name for path in folder.rglob("*") if path.is_file() and "passwd" in path.read_text()] == ["terraform.tfvars.json"]
