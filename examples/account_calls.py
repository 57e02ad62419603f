"""The calls that ciswatch makes of an invented account, and their answers."""

FIRST = "us-east-1"  # the partition's first region answers for the global services
NOT_OPTED_IN = """af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ca-west-1
eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1""".split()

# The buckets' settings that need not be there, and how S3 says so.
NO_SETTING = {
    "GetBucketPolicyStatus": ("NoSuchBucketPolicy", "The bucket policy does not exist"),
    "GetBucketPolicy": ("NoSuchBucketPolicy", "The bucket policy does not exist"),
    "GetPublicAccessBlock": ("NoSuchPublicAccessBlockConfiguration",
                             "The public access block configuration was not found"),
    "GetBucketOwnershipControls": ("OwnershipControlsNotFoundError",
                                   "The bucket ownership controls were not found"),
    "GetBucketLifecycleConfiguration": ("NoSuchLifecycleConfiguration",
                                        "The lifecycle configuration does not exist"),
    "GetObjectLockConfiguration": ("ObjectLockConfigurationNotFoundError",
                                   "Object Lock configuration does not exist for this bucket")}
OF_ANY_BUCKET = ("GetBucketAcl", "GetBucketPolicyStatus", "GetPublicAccessBlock",
                 "GetBucketOwnershipControls")
OF_LOG_BUCKETS = ("GetBucketLogging", "GetBucketPolicy", "GetBucketLifecycleConfiguration",
                  "GetBucketVersioning", "GetObjectLockConfiguration")


class Refused:
    """An error in place of an answer."""

    def __init__(self, code, message, status=404):
        self.error = {"code": code, "message": message, "status": status}


class Calls:
    """The half of an `Account` (account.py) that tells what it holds."""

    def call(self, region, service, operation, params, answer):
        line = {"account": self.id, "region": region, "service": service, "operation": operation,
                "params": params}
        if isinstance(answer, Refused):
            return line | {"error": answer.error}
        return line | {"response": answer}

    def calls(self):
        for part in (self._account_calls, self._trail_calls, self._config_calls, self._bucket_calls,
                     self._key_calls, self._network_calls, self._detection_calls, self._role_calls,
                     self._calls_of_organization, self._stack_calls, self._hub_calls,
                     self.fronts.calls):
            yield from part()

    def _account_calls(self):
        caller = {"UserId": "AROAEXAMPLEAUDITOR001:nightly", "Account": self.id,
                  "Arn": f"arn:aws:sts::{self.id}:assumed-role/auditor/nightly"}
        yield self.call(FIRST, "sts", "GetCallerIdentity", {}, caller)
        status = dict.fromkeys(self.regions, "opt-in-not-required")
        status |= dict.fromkeys(NOT_OPTED_IN, "not-opted-in")
        regions = [{"OptInStatus": status[name], "RegionName": name,
                    "Endpoint": f"ec2.{name}.amazonaws.com"} for name in sorted(status)]
        yield self.call(FIRST, "ec2", "DescribeRegions", {"AllRegions": True}, {"Regions": regions})

    def _trail_calls(self):
        for region in self.regions:
            shown = [described for described, _, _ in self.trails
                     if described["IsMultiRegionTrail"] or described["HomeRegion"] == region]
            yield self.call(region, "cloudtrail", "DescribeTrails", {}, {"trailList": shown})
        for described, status, selectors in self.trails:
            home, arn = described["HomeRegion"], described["TrailARN"]
            yield self.call(home, "cloudtrail", "GetTrailStatus", {"Name": arn}, status)
            yield self.call(home, "cloudtrail", "GetEventSelectors", {"TrailName": arn}, selectors)

    def _config_calls(self):
        lists = (("DescribeConfigurationRecorders", "ConfigurationRecorders"),
                 ("DescribeConfigurationRecorderStatus", "ConfigurationRecordersStatus"),
                 ("DescribeDeliveryChannels", "DeliveryChannels"),
                 ("DescribeDeliveryChannelStatus", "DeliveryChannelsStatus"))
        for region in self.regions:
            made = self.recorders.get(region)
            for place, (operation, member) in enumerate(lists):
                yield self.call(region, "config", operation, {},
                                {member: [made[place]] if made else []})

    def _bucket_calls(self):
        listed = [{"Name": name, "CreationDate": self.buckets[name]} for name in sorted(self.buckets)]
        yield self.call(FIRST, "s3", "ListBuckets", {}, {"Buckets": listed, "Owner": self.owner})
        yield self.call(FIRST, "s3control", "GetPublicAccessBlock", {"AccountId": self.id},
                        Refused(*NO_SETTING["GetPublicAccessBlock"]))
        for name, (region, settings) in self.log_buckets.items():
            yield from self._settings(name, region, settings,
                                      ("HeadBucket", *OF_ANY_BUCKET, *OF_LOG_BUCKETS))
        for name, (region, settings) in self.access_log_buckets.items():
            yield from self._settings(name, region, settings, OF_ANY_BUCKET)

    def _settings(self, name, region, settings, operations):
        for operation in operations:
            answer = settings[operation] if operation in settings else Refused(*NO_SETTING[operation])
            yield self.call(region, "s3", operation, {"Bucket": name}, answer)

    def _key_calls(self):
        for region in self.regions:
            here = [key for key in self.keys if key[0] == region]
            listed = [{"KeyId": key["KeyId"], "KeyArn": key["Arn"]} for _, key, _, _ in here]
            yield self.call(region, "kms", "ListKeys", {}, {"Keys": listed, "Truncated": False})
            yield self.call(region, "kms", "ListAliases", {},
                            {"Aliases": self.aliases.get(region, []), "Truncated": False})
            for _, metadata, rotates, document in here:
                asked = {"KeyId": metadata["KeyId"]}
                yield self.call(region, "kms", "DescribeKey", asked, {"KeyMetadata": metadata})
                if rotates is not None:
                    yield self.call(region, "kms", "GetKeyRotationStatus", asked,
                                    self._rotation(metadata, rotates))
                if metadata["KeyManager"] == "CUSTOMER":
                    yield self.call(region, "kms", "GetKeyPolicy", asked | {"PolicyName": "default"},
                                    {"Policy": document, "PolicyName": "default"})

    @staticmethod
    def _rotation(metadata, rotates):
        answer = {"KeyRotationEnabled": rotates, "KeyId": metadata["Arn"]}
        if rotates:
            answer |= {"RotationPeriodInDays": 365, "NextRotationDate": "2027-04-11T08:00:00Z"}
        return answer

    def _network_calls(self):
        for region in self.regions:
            for operation, member, items in (
                    ("DescribeVpcs", "Vpcs", self.vpcs),
                    ("DescribeFlowLogs", "FlowLogs", self.flow_logs),
                    ("DescribeNetworkInterfaces", "NetworkInterfaces", self.interfaces)):
                yield self.call(region, "ec2", operation, {}, {member: items.get(region, [])})
            yield self.call(region, "ec2", "DescribeSubnets", {},
                            {"Subnets": self._subnets(region)})

    def _detection_calls(self):
        for region in self.regions:
            filters = self.filters.get(region, [])
            groups = [group | {"metricFilterCount": sum(
                f["logGroupName"] == group["logGroupName"] for f in filters)}
                for group in self.log_groups.get(region, [])]
            topics = self.topics.get(region, {})
            yield self.call(region, "logs", "DescribeLogGroups", {}, {"logGroups": groups})
            yield self.call(region, "logs", "DescribeMetricFilters", {}, {"metricFilters": filters})
            yield self.call(region, "cloudwatch", "DescribeAlarms", {},
                            {"MetricAlarms": self.alarms.get(region, [])})
            yield self.call(region, "sns", "ListTopics", {},
                            {"Topics": [{"TopicArn": arn} for arn in topics]})
            for arn, (attributes, subscriptions) in topics.items():
                yield self.call(region, "sns", "ListSubscriptionsByTopic", {"TopicArn": arn},
                                {"Subscriptions": subscriptions})
                yield self.call(region, "sns", "GetTopicAttributes", {"TopicArn": arn},
                                {"Attributes": attributes})

    def _role_calls(self):
        named = {described.get("CloudWatchLogsRoleArn") for described, _, _ in self.trails}
        named |= {log.get("DeliverLogsPermissionArn") for logs in self.flow_logs.values()
                  for log in logs}
        for arn in sorted(filter(None, named)):
            if f"::{self.id}:" in arn:
                yield from self._one_role(arn)

    def _one_role(self, arn):
        name = arn.rpartition("/")[2]
        if arn not in self.roles:
            gone = Refused("NoSuchEntity", f"The role with name {name} cannot be found.")
            for operation in ("GetRole", "ListRolePolicies", "ListAttachedRolePolicies"):
                yield self.call(FIRST, "iam", operation, {"RoleName": name}, gone)
            return
        role, inline = self.roles[arn]
        yield self.call(FIRST, "iam", "GetRole", {"RoleName": name}, {"Role": role})
        yield self.call(FIRST, "iam", "ListRolePolicies", {"RoleName": name},
                        {"PolicyNames": list(inline), "IsTruncated": False})
        for policy_name, document in inline.items():
            asked = {"RoleName": name, "PolicyName": policy_name}
            yield self.call(FIRST, "iam", "GetRolePolicy", asked, asked | {"PolicyDocument": document})
        yield self.call(FIRST, "iam", "ListAttachedRolePolicies", {"RoleName": name},
                        {"AttachedPolicies": [], "IsTruncated": False})

    def _calls_of_organization(self):
        answer = Refused("AWSOrganizationsNotInUseException",
                         "Your account is not a member of an organization.", 400)
        if self.organization:
            answer = {"Organization": self.organization}
        yield self.call(FIRST, "organizations", "DescribeOrganization", {}, answer)
        for operation, params, told in self.organization_calls:
            yield self.call(FIRST, "organizations", operation, params, told)

    def _stack_calls(self):
        owned = [(region, name) for name, (region, settings) in self.log_buckets.items()
                 if not isinstance(settings["HeadBucket"], Refused)]
        owned += [(region, key["KeyId"]) for region, key, _, _ in self.keys
                  if key["KeyManager"] == "CUSTOMER"]
        asked = set()
        for region, name in owned:
            resources, template = self.stacks.get((region, name), (None, None))
            answer = Refused("ValidationError", f"Stack for {name} does not exist", 400)
            if resources:
                answer = {"StackResources": resources}
            yield self.call(region, "cloudformation", "DescribeStackResources",
                            {"PhysicalResourceId": name}, answer)
            stack = resources and (region, resources[0]["StackName"])
            if stack and stack not in asked:
                asked.add(stack)
                yield self.call(region, "cloudformation", "GetTemplate", {"StackName": stack[1]},
                                {"TemplateBody": template, "StagesAvailable": ["Original", "Processed"]})

    def _hub_calls(self):
        off = Refused("InvalidAccessException",
                      f"Account {self.id} is not subscribed to AWS Security Hub", 401)
        for region in self.regions:
            on = {"HubArn": self.arn("securityhub", region, "hub/default"),
                  "SubscribedAt": "2026-11-20T06:00:00.000Z", "AutoEnableControls": True}
            yield self.call(region, "securityhub", "DescribeHub", {}, on if region in self.hubs else off)
