"""What a template of CloudFormation makes of its parameters, as far as the shipped templates need it. What only AWS knows of a resource
is a text that names it as in hcl.py: "<bucket.arn>" for !GetAtt Bucket.Arn."""

import re

from cfnlint.decode.decode import decode_str

import stacks
from hcl import snake

NOTHING = object()


class Template:
    def __init__(self, text, place, given):
        self.parameters = decode_str(text)[0]["Parameters"]
        self.template = stacks.expanded(text, given)
        self.values = {"AWS::AccountId": place["account_id"], "AWS::Partition": place["partition"],
                       "AWS::Region": place["region"], "AWS::NoValue": NOTHING}
        for name, parameter in self.parameters.items():
            value = given.get(name, parameter.get("Default"))
            self.values[name] = (value.split(",") if value else []) if parameter["Type"] == "CommaDelimitedList" else value

    def resources(self):
        """(logical id, type, resource) of each that its condition lets be made."""
        for name, resource in self.template["Resources"].items():
            if "Condition" not in resource or self.condition(resource["Condition"]):
                yield name, resource["Type"], {**resource, "Properties": self.value(resource.get("Properties", {}))}

    def condition(self, name):
        return self.value(self.template["Conditions"][name])

    def value(self, tree):
        if isinstance(tree, dict):
            if len(tree) == 1 and (function := FUNCTIONS.get(next(iter(tree)))):
                return function(self, next(iter(tree.values())))
            members = {name: self.value(value) for name, value in tree.items()}
            return {name: value for name, value in members.items() if value is not NOTHING}
        if isinstance(tree, list):
            return [one for one in map(self.value, tree) if one is not NOTHING]
        return tree

    def ref(self, name):
        if name in self.values:
            return self.values[name]
        is_arn = self.template["Resources"][name]["Type"] == "AWS::SNS::Topic"
        return f"<{snake(name)}.{'arn' if is_arn else 'id'}>"

    def attribute(self, path):
        name, member = path if isinstance(path, list) else path.split(".", 1)
        end = ":*" if self.template["Resources"][name]["Type"] == "AWS::Logs::LogGroup" else ""
        return f"<{snake(name)}.{snake(member)}>{end}"

    def sub(self, text):
        return re.sub(r"\$\{([^}]+)\}", lambda m: self.attribute(m[1]) if "." in m[1] else str(self.ref(m[1])), text)

    def chosen(self, branches):
        name, then, otherwise = branches
        return self.value(then if self.condition(name) else otherwise)

    def joined(self, arguments):
        between, items = self.value(arguments)
        return between.join(items)


FUNCTIONS = {"Ref": Template.ref, "Fn::GetAtt": Template.attribute, "Fn::Sub": Template.sub, "Fn::If": Template.chosen,
             "Fn::Join": Template.joined, "Condition": Template.condition,
             "Fn::Equals": lambda t, pair: len({str(t.value(one)) for one in pair}) == 1,
             "Fn::Not": lambda t, one: not t.value(one)[0],
             "Fn::And": lambda t, all_: all(t.value(all_)), "Fn::Or": lambda t, any_: any(t.value(any_)),
             "Fn::Select": lambda t, arguments: (lambda i, items: items[int(i)])(*t.value(arguments)),
             "Fn::Split": lambda t, arguments: (lambda between, text: text.split(between))(*t.value(arguments))}
