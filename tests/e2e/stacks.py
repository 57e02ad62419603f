"""Templates deployed on an emulator, as far as it makes what is in them."""

import copy
import json

from cfnlint.decode.decode import decode_str
from cfnlint.template import Template


def expanded(text, parameters):
    """The template as AWS::LanguageExtensions leaves it, by cfn-lint: the emulator has no transforms."""
    template, errors = decode_str(text)
    assert not errors, errors
    if "Transform" not in template:
        return text
    for name, value in parameters.items():
        template["Parameters"][name]["Default"] = value
    cfn = Template("template", copy.deepcopy(template))
    assert cfn.transform() == []
    made = cfn.template
    del made["Transform"]
    return json.dumps(made)


def parameters_of(file):
    return {each["ParameterKey"]: each["ParameterValue"] for each in json.loads(file.read_text())}


def deploy(cloud, region, text, parameters):
    """Logical → physical ids of the resources."""
    stacks = cloud.client("cloudformation", region)
    stacks.create_stack(StackName="made", TemplateBody=expanded(text, parameters),
                        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()])
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId")
            for each in stacks.describe_stack_resources(StackName="made")["StackResources"] if "LogicalResourceId" in each}
