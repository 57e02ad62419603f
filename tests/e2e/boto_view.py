"""What boto3 reads from a server, table by table: the other half of the differential test. Knows
which call fills which table from `ciswatch schema`, and how to make it from botocore alone."""

import calendar
import datetime
import json
import re

import botocore.exceptions
import botocore.session

# Operations that answer with a list, and its member.
ITEMS = {"DescribeRegions": "Regions", "DescribeTrails": "trailList", "ListBuckets": "Buckets",
         "DescribeConfigurationRecorders": "ConfigurationRecorders",
         "DescribeConfigurationRecorderStatus": "ConfigurationRecordersStatus",
         "DescribeDeliveryChannels": "DeliveryChannels",
         "DescribeDeliveryChannelStatus": "DeliveryChannelsStatus", "ListKeys": "Keys",
         "ListAliases": "Aliases", "DescribeVpcs": "Vpcs", "DescribeFlowLogs": "FlowLogs",
         "DescribeNetworkInterfaces": "NetworkInterfaces", "DescribeSubnets": "Subnets",
         "DescribeLogGroups": "logGroups",
         "DescribeMetricFilters": "metricFilters", "DescribeAlarms": "MetricAlarms",
         "ListTopics": "Topics", "ListSubscriptionsByTopic": "Subscriptions",
         "ListRolePolicies": "PolicyNames", "ListAttachedRolePolicies": "AttachedPolicies",
         "ListRoots": "Roots", "ListOrganizationalUnitsForParent": "OrganizationalUnits",
         "ListAccountsForParent": "Accounts", "ListPolicies": "Policies",
         "ListTargetsForPolicy": "Targets",
         "ListAWSServiceAccessForOrganization": "EnabledServicePrincipals",
         "ListDelegatedAdministrators": "DelegatedAdministrators",
         "DescribeStackResources": "StackResources", "ListDistributions": "DistributionList/Items",
         "DescribeLoadBalancers": "LoadBalancers", "DescribeListeners": "Listeners",
         "GetRestApis": "items", "apigateway GetStages": "item", "GetApis": "Items",
         "apigatewayv2 GetStages": "Items", "DescribeDeliverySources": "deliverySources",
         "DescribeDeliveries": "deliveries"}
# Also asked about the bucket that gets a log bucket's access logs.
OF_ACCESS_LOGS = {"GetBucketAcl", "GetBucketPolicyStatus", "GetPublicAccessBlock",
                  "GetBucketOwnershipControls"}
FIRST = "us-east-1"  # answers for the services that are global
ONE_PER_ACCOUNT = {"GetCallerIdentity": {}, "DescribeRegions": {"AllRegions": True}, "ListBuckets": {},
                   "DescribeOrganization": {}, "ListDistributions": {}}
NOT_THERE = {"404", "NoSuchBucketPolicy", "NoSuchPublicAccessBlockConfiguration",
             "OwnershipControlsNotFoundError", "NoSuchLifecycleConfiguration",
             "ObjectLockConfigurationNotFoundError", "NoSuchEntity", "InvalidAccessException",
             "AWSOrganizationsNotInUseException"}
_MODELS = botocore.session.get_session()


class Column:
    def __init__(self, line):
        self.name, self.type, self.source, note = (
            part.strip() for part in line.strip("| \n").split(" | ", 3))
        self.is_item = self.source == "the item"
        self.pointer = self.source.strip("`").split("/") if self.source[0] == "`" else None
        self.omitted = self._note(note, "where the API leaves it out")
        self.absent = self._note(note, "where it is not there")

    @staticmethod
    def _note(note, words):
        found = re.search(r"; `([^`]*)` " + words, note)
        return found and found[1]


class Table:
    def __init__(self, name, body):
        self.name = name
        self.service, self.operation = re.search(r"From `(\S+) (\S+)`", body).groups()
        lines = [line for line in body.splitlines() if line.startswith("| ")][1:]
        self.columns = [Column(line) for line in lines]
        self.shape = _MODELS.get_service_model(self.service).operation_model(
            self.operation).output_shape
        self.items = ITEMS.get(f"{self.service} {self.operation}", ITEMS.get(self.operation))
        self.item_shape = self.shape
        if self.items:
            for name in self.items.split("/"):
                self.item_shape = self.item_shape.members[name]
            self.item_shape = self.item_shape.member

    def items_of(self, answer):
        """Where CloudFront has none, it leaves the list out."""
        return _member(answer, self.items.split("/")) or []


def tables_of(schema_page):
    parts = re.split(r"^## (aws_\w+)$", schema_page, flags=re.M)
    return [Table(name, body.partition("\n## ")[0]) for name, body in zip(parts[1::2], parts[2::2])]


def epoch(value):
    if isinstance(value, datetime.datetime):
        return calendar.timegm(value.utctimetuple())
    if isinstance(value, str):
        return epoch(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))
    return int(value // 1)


def document(value):
    """A policy or template, which boto3 and ciswatch give as text or as what the text says."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def normal(value, shape):
    """`value` with only what the API model knows, times as whole seconds."""
    if value is None or shape is None:
        return value
    if shape.name in ("policyDocumentType", "TemplateBody"):
        return document(value)
    if shape.type_name == "structure":
        return {name: normal(value[name], member) for name, member in shape.members.items()
                if value.get(name) is not None}
    if shape.type_name == "list":
        return [normal(item, shape.member) for item in value]
    return epoch(value) if shape.type_name == "timestamp" else value


class Asked:
    """What a call is about: its region and parameters, and the keys that ciswatch stores of it."""

    def __init__(self, region, params=None, key=None, second=None):
        self.region, self.params, self.key, self.second = region, params or {}, key, second


def _of_request(column, asked):
    return {"the request": asked.key, "the request's second key": asked.second,
            "the request's name": (asked.key or "").rpartition("/")[2]}.get(column.source)


def _member(item, pointer):
    for name in pointer:
        if isinstance(item, list):
            item = item[int(name)] if int(name) < len(item) else None
        else:
            item = item.get(name) if isinstance(item, dict) else None
    return item


def column_value(column, item, asked):
    """The value that the schema page promises for a column, from boto3's item; None: not there."""
    if column.source.startswith("the request"):
        return _of_request(column, asked)
    if column.is_item:
        return item
    if column.pointer is None:  # "whether the call found it"
        return int(item is not None)
    value = _member(item or {}, column.pointer)
    if value is None:
        default = column.absent if item is None else column.omitted
        if default is None:
            return None
        whole = column.type in ("boolean", "integer", "digits", "enabled")
        return int(default) if whole else default
    as_stored = {"timestamp": epoch, "boolean": int, "digits": int, "real": float,
                 "enabled": {"Enabled": 1, "Disabled": 0}.get}
    return as_stored.get(column.type, lambda same: same)(value)


def _name(arn):
    return arn.rpartition("/")[2]


class BotoView:
    def __init__(self, cloud):
        self.cloud = cloud
        self.regions = cloud.enabled_regions()

    def rows(self, table):
        """(what was asked, the row's region, item or None where the answer is "not there")."""
        for asked in self._asked(table):
            for item in self._items(table, asked):
                own = item["RegionName"] if table.name == "aws_region" else asked.region
                yield asked, own, item

    def _asked(self, table):
        if table.operation in ONE_PER_ACCOUNT:
            return [Asked(FIRST, ONE_PER_ACCOUNT[table.operation])]
        if table.service == "s3control":
            return [Asked(FIRST, {"AccountId": self.cloud.account})]
        if table.service == "s3":
            names = self.log_buckets()
            if table.operation in OF_ACCESS_LOGS:
                names += self.access_log_buckets(names)
            return [Asked(region, {"Bucket": name}, name) for name, region in names]
        by_resource = getattr(self, f"_of_{botocore.xform_name(table.operation)}", None)
        if table.operation == "GetStages":
            return self._apis(table.service)
        return by_resource() if by_resource else [Asked(region) for region in self.regions]

    def log_buckets(self):
        named = {t["S3BucketName"] for r in self.regions for t in self.trails(r)}
        for region in self.regions:
            channels = self.cloud.client("config", region).describe_delivery_channels()
            named |= {c["s3BucketName"] for c in channels["DeliveryChannels"]}
        s3 = self.cloud.client("s3")
        return [(name, s3.head_bucket(Bucket=name)["BucketRegion"]) for name in sorted(named)]

    def access_log_buckets(self, log_buckets):
        s3, made = self.cloud.client("s3"), set()
        for name, region in log_buckets:
            enabled = s3.get_bucket_logging(Bucket=name).get("LoggingEnabled")
            made |= {(enabled["TargetBucket"], region)} if enabled else set()
        return sorted(made - set(log_buckets))

    def trails(self, region):
        return self.cloud.client("cloudtrail", region).describe_trails()["trailList"]

    # --- which resources an operation is asked about

    def _trails(self, parameter):
        found = {t["TrailARN"]: t["HomeRegion"] for r in self.regions for t in self.trails(r)}
        return [Asked(region, {parameter: arn}, arn) for arn, region in sorted(found.items())]

    def _of_get_trail_status(self):
        return self._trails("Name")

    def _of_get_event_selectors(self):
        return self._trails("TrailName")

    def _keys(self, **wanted):
        for region in self.regions:
            kms = self.cloud.client("kms", region)
            for page in kms.get_paginator("list_keys").paginate():
                for key in page["Keys"]:
                    data = wanted and kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
                    if all(data.get(name) == value for name, value in wanted.items()):
                        yield Asked(region, {"KeyId": key["KeyId"]}, key["KeyId"])

    def _of_describe_key(self):
        return self._keys()

    def _of_get_key_rotation_status(self):
        return self._keys(KeyManager="CUSTOMER", KeySpec="SYMMETRIC_DEFAULT", Origin="AWS_KMS",
                          KeyUsage="ENCRYPT_DECRYPT", KeyState="Enabled")

    def _of_get_key_policy(self):
        for asked in self._keys(KeyManager="CUSTOMER"):
            asked.params["PolicyName"] = "default"
            yield asked

    def _of_list_subscriptions_by_topic(self):
        for region in self.regions:
            for topic in self.cloud.client("sns", region).list_topics()["Topics"]:
                yield Asked(region, {"TopicArn": topic["TopicArn"]}, topic["TopicArn"])

    _of_get_topic_attributes = _of_list_subscriptions_by_topic

    def _of_get_role(self):
        arns = {t.get("CloudWatchLogsRoleArn", "") for r in self.regions for t in self.trails(r)}
        for region in self.regions:
            logs = self.cloud.client("ec2", region).describe_flow_logs()["FlowLogs"]
            arns |= {log.get("DeliverLogsPermissionArn", "") for log in logs}
        return [Asked(FIRST, {"RoleName": _name(arn)}, arn) for arn in sorted(arns)
                if f"::{self.cloud.account}:" in arn]

    _of_list_role_policies = _of_list_attached_role_policies = _of_get_role

    def _existing_roles(self):
        iam = self.cloud.client("iam")
        known = {role["RoleName"] for role in iam.list_roles()["Roles"]}
        return [asked for asked in self._of_get_role() if asked.params["RoleName"] in known]

    def _of_get_role_policy(self):
        for role in self._existing_roles():
            for name in self.cloud.client("iam").list_role_policies(**role.params)["PolicyNames"]:
                yield Asked(FIRST, role.params | {"PolicyName": name}, role.key, name)

    def _of_get_policy(self):
        iam, arns = self.cloud.client("iam"), set()
        for role in self._existing_roles():
            attached = iam.list_attached_role_policies(**role.params)["AttachedPolicies"]
            boundary = iam.get_role(**role.params)["Role"].get("PermissionsBoundary", {})
            arns |= {p["PolicyArn"] for p in attached} | {boundary.get("PermissionsBoundaryArn")}
        return [Asked(FIRST, {"PolicyArn": arn}, arn) for arn in sorted(arns - {None})]

    def _of_get_policy_version(self):
        for asked in self._of_get_policy():
            version = self.cloud.client("iam").get_policy(**asked.params)["Policy"]["DefaultVersionId"]
            yield Asked(FIRST, asked.params | {"VersionId": version}, asked.key, version)

    def _of_list_roots(self, **params):
        organization = self.cloud.client("organizations").describe_organization()["Organization"]
        assert organization["MasterAccountId"] == self.cloud.account
        return [Asked(FIRST, params, organization["Id"])]

    _of_list_aws_service_access_for_organization = _of_list_delegated_administrators = _of_list_roots

    def _of_list_policies(self):
        return self._of_list_roots(Filter="SERVICE_CONTROL_POLICY")

    def _of_list_accounts_for_parent(self):
        organizations = self.cloud.client("organizations")
        below = [root["Id"] for root in organizations.list_roots()["Roots"]]
        while below:
            parent = below.pop()
            yield Asked(FIRST, {"ParentId": parent}, parent)
            units = organizations.list_organizational_units_for_parent(ParentId=parent)
            below += [unit["Id"] for unit in units["OrganizationalUnits"]]

    _of_list_organizational_units_for_parent = _of_list_accounts_for_parent

    def _of_list_targets_for_policy(self):
        policies = self.cloud.client("organizations").list_policies(Filter="SERVICE_CONTROL_POLICY")
        return [Asked(FIRST, {"PolicyId": p["Id"]}, p["Id"]) for p in policies["Policies"]]

    _of_describe_policy = _of_list_targets_for_policy

    def _of_get_distribution_config(self):
        listed = self.cloud.client("cloudfront").list_distributions()["DistributionList"]
        return [Asked(FIRST, {"Id": one["Id"]}, one["Id"]) for one in listed.get("Items", [])]

    def _balancers(self, *kinds):
        for region in self.regions:
            for one in self.cloud.client("elbv2", region).describe_load_balancers()["LoadBalancers"]:
                arn = one["LoadBalancerArn"]
                if one["Type"] in kinds:
                    yield Asked(region, {"LoadBalancerArn": arn}, arn)

    def _of_describe_load_balancer_attributes(self):
        return self._balancers("application", "network", "gateway")

    def _of_describe_listeners(self):
        return self._balancers("network")

    def _apis(self, service):
        for region in self.regions:
            client = self.cloud.client(service, region)
            if service == "apigateway":
                for one in client.get_rest_apis()["items"]:
                    yield Asked(region, {"restApiId": one["id"]}, one["id"])
            else:
                for one in client.get_apis()["Items"]:
                    yield Asked(region, {"ApiId": one["ApiId"]}, one["ApiId"])

    # --- the calls

    def _items(self, table, asked):
        client = self.cloud.client(table.service, asked.region)
        method = botocore.xform_name(table.operation)
        try:
            if table.items and client.can_paginate(method):
                pages = client.get_paginator(method).paginate(**asked.params)
                return [item for page in pages for item in table.items_of(page)]
            answer = getattr(client, method)(**asked.params)
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in NOT_THERE:
                return [] if table.items else [None]
            raise
        answer.pop("ResponseMetadata")
        return table.items_of(answer) if table.items else [answer]
