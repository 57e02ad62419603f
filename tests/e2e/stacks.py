"""Templates deployed on an emulator: by CloudFormation what it makes of them, the rest by boto3 from the
properties as CloudFormation would fill them in."""

import copy
import json
import re

import yaml
from cfnlint.decode.decode import decode_str
from cfnlint.template import Template

import accounts
from program import ROOT


def expanded(text, parameters):
    """The template as AWS::LanguageExtensions leaves it, by cfn-lint: the emulator has no transforms."""
    template, errors = decode_str(text)
    assert not errors, errors
    for name, value in parameters.items():
        template["Parameters"][name]["Default"] = value
    cfn = Template("template", copy.deepcopy(template))
    assert cfn.transform() == []
    cfn.template.pop("Transform", None)
    return json.loads(json.dumps(cfn.template))


def parameters_of(file):
    return {each["ParameterKey"]: each["ParameterValue"] for each in json.loads(file.read_text())}


def bundle(program, snapshot, *args, to="bundle"):
    program.expect(0, "remediate", "bundle", "--snapshot", snapshot, "--format", "cloudformation", "-o", to, *args)
    return program.folder / to


def places(folder, part):
    """(account, region) → parameters."""
    return {tuple(path.name.split(".")[1:3]): parameters_of(path)
            for path in sorted((folder / "parameters").glob(f"{part}.*.json"))}

def flags(checks):
    return [flag for check in checks for flag in ("--check", check)]


def unsound(report, regions):
    """What does not pass in these regions."""
    return [(f["check"], f["region"], f["verdict"], f["detail"]) for f in report.findings
            if f["region"] in regions and f["verdict"] != "pass"]


def part(name):
    return yaml.safe_load((ROOT / f"checks/bundles/{name}.yaml").read_text())


def lower(value):
    """Members as the JSON services of old spell them."""
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: lower(part) for name, part in value.items()}
    return [lower(part) for part in value] if isinstance(value, list) else value


class Stack:
    def __init__(self, cloud, region, text, parameters, name="made"):
        self.cloud, self.region = cloud, region
        self.template = expanded(text, parameters)
        self.ids = {}
        self.refs = {"AWS::AccountId": cloud.account, "AWS::Region": region, "AWS::StackName": name,
                     "AWS::Partition": accounts.partition_of(region)}
        for parameter, form in self.template.get("Parameters", {}).items():
            value = form["Default"]
            is_list = form["Type"] == "CommaDelimitedList"
            self.refs[parameter] = [part.strip() for part in value.split(",")] if is_list else value
        stacks = cloud.client("cloudformation", region)
        stacks.create_stack(StackName=name, TemplateBody=json.dumps(self.template))
        for each in stacks.describe_stack_resources(StackName=name)["StackResources"]:
            if each.get("PhysicalResourceId"):
                self.ids[each["LogicalResourceId"]] = each["PhysicalResourceId"]
        for resource_id, resource in self._in_order():
            finish = FINISH.get(resource["Type"])
            if finish and self.holds(resource.get("Condition")):
                finish(self, resource_id, self.value(resource.get("Properties", {})))

    def _in_order(self):
        """Buckets before what they log to would be too early."""
        last = ("AWS::CloudTrail::Trail", "AWS::Config::DeliveryChannel")
        return sorted(self.template["Resources"].items(), key=lambda item: item[1]["Type"] in last)

    def client(self, service):
        return self.cloud.client(service, self.region)

    def holds(self, condition):
        return condition is None or self.value(self.template["Conditions"][condition])

    def attribute(self, name):
        kind, made = self.template["Resources"][name]["Type"], self.ids[name]
        place = f"{self.region}:{self.cloud.account}"
        aws = f"arn:{self.refs['AWS::Partition']}"
        return {"AWS::S3::Bucket": f"{aws}:s3:::{made}", "AWS::KMS::Key": f"{aws}:kms:{place}:key/{made}",
                "AWS::IAM::Role": f"{aws}:iam::{self.cloud.account}:role/{made}",
                "AWS::Logs::LogGroup": f"{aws}:logs:{place}:log-group:{made}:*"}[kind]

    def ref(self, name):
        return self.refs[name] if name in self.refs else self.ids[name]

    def sub(self, text):
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(
            self.attribute(found[1][:-4]) if found[1].endswith(".Arn") else self.ref(found[1])), text)

    def value(self, node):
        """Without its intrinsic functions; None where AWS::NoValue stood, which lists and maps leave out."""
        if isinstance(node, list):
            return [made for made in map(self.value, node) if made is not None]
        if not isinstance(node, dict):
            return node
        (name, part), *more = node.items() or {"": None}.items()
        if more or not (name == "Ref" or name.startswith("Fn::")):
            made = {key: self.value(each) for key, each in node.items()}
            return {key: each for key, each in made.items() if each is not None}
        if name == "Fn::If":
            return self.value(part[1] if self.holds(part[0]) else part[2])
        return {"Ref": lambda: None if part == "AWS::NoValue" else self.ref(part),
                "Fn::Sub": lambda: self.sub(part),
                "Fn::GetAtt": lambda: self.attribute(part[0] if isinstance(part, list) else part.split(".")[0]),
                "Fn::Join": lambda: part[0].join(self.value(part[1])),
                "Fn::Equals": lambda: self.value(part[0]) == self.value(part[1]),
                "Fn::Not": lambda: not self.value(part[0])}[name]()


def lifecycle_rule(rule):
    """CloudFormation spells one member of it in another way, and takes the whole bucket where none is told."""
    made = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": ""}}
    for name in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
        if name in rule:
            made[name] = {key: int(value) for key, value in rule[name].items()}
    return made | ({"Expiration": {"Days": int(rule["ExpirationInDays"])}} if "ExpirationInDays" in rule else {})


def bucket(stack, name, properties):
    s3, made = stack.client("s3"), stack.ids[name]
    if lifecycle := properties.get("LifecycleConfiguration"):
        s3.put_bucket_lifecycle_configuration(Bucket=made, LifecycleConfiguration={"Rules": [
            lifecycle_rule(rule) for rule in lifecycle["Rules"]]})
    if versioning := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=made, VersioningConfiguration=versioning)
    if lock := properties.get("ObjectLockConfiguration"):
        keep = lock["Rule"]["DefaultRetention"]
        keep["Days"] = int(keep["Days"])
        s3.put_object_lock_configuration(Bucket=made, ObjectLockConfiguration=lock)
    if block := properties.get("PublicAccessBlockConfiguration"):
        s3.put_public_access_block(Bucket=made, PublicAccessBlockConfiguration=block)
    if log := properties.get("LoggingConfiguration"):
        s3.put_bucket_logging(Bucket=made, BucketLoggingStatus={"LoggingEnabled": {
            "TargetBucket": log["DestinationBucketName"], "TargetPrefix": log.get("LogFilePrefix", "")}})


def bucket_policy(stack, _name, properties):
    stack.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"]))


def key(stack, name, properties):
    # The emulator keeps a document where AWS has its text.
    stack.client("kms").put_key_policy(KeyId=stack.ids[name], PolicyName="default",
                                       Policy=json.dumps(properties["KeyPolicy"]))


def role(stack, name, properties):
    # So with roles.
    for policy in properties.get("Policies", []):
        stack.client("iam").put_role_policy(RoleName=stack.ids[name], PolicyName=policy["PolicyName"],
                                            PolicyDocument=json.dumps(policy["PolicyDocument"]))


def topic_policy(stack, _name, properties):
    for topic in properties["Topics"]:
        stack.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy",
                                                 AttributeValue=json.dumps(properties["PolicyDocument"]))


def metric_filter(stack, name, properties):
    stack.client("logs").put_metric_filter(filterName=f"made-{name}", **lower(properties))


def alarm(stack, name, properties):
    stack.client("cloudwatch").put_metric_alarm(AlarmName=f"made-{name}", **properties)


def recorder(stack, _name, properties):
    stack.client("config").put_configuration_recorder(ConfigurationRecorder={
        "name": "default", "roleARN": properties["RoleARN"], "recordingGroup": lower(properties["RecordingGroup"])})


def channel(stack, _name, properties):
    config = stack.client("config")
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": properties["S3BucketName"],
                                                 "snsTopicARN": properties["SnsTopicARN"]})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def trail(stack, _name, properties):
    trails = stack.client("cloudtrail")
    logs = properties.pop("IsLogging")
    names = {"TrailName": "Name", "KMSKeyId": "KmsKeyId", "EnableLogFileValidation": "EnableLogFileValidation"}
    made = trails.create_trail(**{names.get(key, key): value for key, value in properties.items()})
    if logs:
        trails.start_logging(Name=made["TrailARN"])


FINISH = {"AWS::S3::Bucket": bucket, "AWS::S3::BucketPolicy": bucket_policy, "AWS::KMS::Key": key, "AWS::IAM::Role": role,
          "AWS::SNS::TopicPolicy": topic_policy, "AWS::Logs::MetricFilter": metric_filter,
          "AWS::CloudWatch::Alarm": alarm, "AWS::CloudTrail::Trail": trail, "AWS::Config::ConfigurationRecorder": recorder,
          "AWS::Config::DeliveryChannel": channel}
