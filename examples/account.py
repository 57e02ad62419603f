"""An invented AWS account, as the calls that ciswatch makes of it and their answers.

An Account holds what the APIs tell, in the APIs' own words, service by service; `calls()` gives
every call that a scan with all checks makes. Ids are made up from names: the same ones every time.
"""

import hashlib
import json
import uuid

import web_fronts

FIRST = "us-east-1"  # the partition's first region answers for the global services
ENABLED = """us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2
ap-northeast-3 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3
eu-north-1 sa-east-1""".split()
NOT_OPTED_IN = """af-south-1 ap-east-1 ap-south-2 ap-southeast-3 ap-southeast-4 ca-west-1
eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1""".split()

EVERYTHING_BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True,
                      "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
DEFAULT_SELECTOR = {"ReadWriteType": "All", "IncludeManagementEvents": True,
                    "DataResources": [], "ExcludeManagementEventSources": []}
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


def made_up_id(what, length=17):
    """A stable id that looks like AWS's."""
    return hashlib.sha256(what.encode()).hexdigest()[:length]


def key_id(name):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.example"))


def compact(document):
    return json.dumps(document, separators=(",", ":"))


def policy(*statements):
    return compact({"Version": "2012-10-17", "Statement": list(statements)})


def allow(sid, principal, action, resource="*", **more):
    return {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action,
            "Resource": resource} | more


class Refused:
    """An error in place of an answer."""

    def __init__(self, code, message, status=404):
        self.error = {"code": code, "message": message, "status": status}


class Account:
    def __init__(self, account_id, home, regions=ENABLED):
        self.id, self.home, self.regions = account_id, home, regions
        self.owner = {"ID": hashlib.sha256(account_id.encode()).hexdigest()}
        self.trails = []        # (described, status, selectors); the last two may be Refused
        self.buckets = {}       # name → when it was made
        self.log_buckets = {}   # name → (region, operation → answer or Refused); others: not there
        self.access_log_buckets = {}  # the same for those that get the access logs
        self.recorders = {}     # region → (recorder, status, channel, channel's status)
        self.keys = []          # (region, metadata, rotates or None, policy or None)
        self.aliases = {}       # region → aliases
        self.vpcs, self.flow_logs, self.interfaces = {}, {}, {}  # region → items
        self.log_groups, self.filters, self.alarms = {}, {}, {}  # region → items
        self.topics = {}        # region → ARN → (attributes, subscriptions)
        self.roles = {}         # ARN → (role, inline policies); others: not there
        self.organization = None      # as DescribeOrganization tells it; None: in none
        self.organization_calls = []  # (operation, params, answer) of the management account
        self.stacks = {}        # (region, physical id) → (resources, template)
        self.hubs = set()       # regions with Security Hub on
        self.fronts = web_fronts.WebFronts(self)

    # --- making things

    def arn(self, service, region, resource):
        return f"arn:aws:{service}:{region}:{self.id}:{resource}"

    def key_arn(self, name, region=None):
        return self.arn("kms", region or self.home, f"key/{key_id(name)}")

    def key_metadata(self, name, region, **other):
        return {
            "AWSAccountId": self.id,
            "KeyId": key_id(name),
            "Arn": self.key_arn(name, region),
            "CreationDate": "2022-04-11T08:00:00Z",
            "Enabled": True,
            "Description": "",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "MultiRegion": False,
        } | other

    def root_statement(self):
        return allow("Enable IAM policies", {"AWS": f"arn:aws:iam::{self.id}:root"}, "kms:*")

    def add_key(self, name, region, rotates, statements=None, alias=True, **other):
        """A customer's key, by default with AWS's default policy."""
        key = policy(*(statements or [self.root_statement()]))
        self.keys.append((region, self.key_metadata(name, region, **other), rotates, key))
        if alias:
            self.add_alias(f"alias/{name}", name, region)

    def add_alias(self, alias, name, region):
        self.aliases.setdefault(region, []).append({
            "AliasName": alias, "AliasArn": self.arn("kms", region, alias),
            "TargetKeyId": key_id(name), "CreationDate": "2022-04-11T08:00:00Z",
            "LastUpdatedDate": "2022-04-11T08:00:00Z"})

    def add_trail(self, name, bucket, region=None, multi_region=True, status=None, **other):
        region = region or self.home
        arn = self.arn("cloudtrail", region, f"trail/{name}")
        described = {
            "Name": name,
            "S3BucketName": bucket,
            "IncludeGlobalServiceEvents": True,
            "IsMultiRegionTrail": multi_region,
            "HomeRegion": region,
            "TrailARN": arn,
            "LogFileValidationEnabled": True,
            "HasCustomEventSelectors": False,
            "HasInsightSelectors": False,
            "IsOrganizationTrail": False,
        } | other
        selectors = {"TrailARN": arn, "EventSelectors": [DEFAULT_SELECTOR]}
        self.trails.append((described, status or self.trail_status(described), selectors))
        return arn

    @staticmethod
    def trail_status(described):
        status = {
            "IsLogging": True,
            "LatestDeliveryTime": "2026-11-22T01:55:12Z",
            "StartLoggingTime": "2019-06-03T04:20:00Z",
            "LatestDeliveryAttemptTime": "2026-11-22T01:55:12Z",
            "LatestNotificationAttemptTime": "",
            "LatestNotificationAttemptSucceeded": "",
            "LatestDeliveryAttemptSucceeded": "2026-11-22T01:55:12Z",
            "TimeLoggingStarted": "2019-06-03T04:20:00Z",
            "TimeLoggingStopped": "",
        }
        if "CloudWatchLogsLogGroupArn" in described:
            status["LatestCloudWatchLogsDeliveryTime"] = "2026-11-22T01:56:40Z"
        if described["LogFileValidationEnabled"]:
            status["LatestDigestDeliveryTime"] = "2026-11-22T01:30:03Z"
        return status

    def add_log_bucket(self, name, region=None, made="2019-06-03T04:11:09Z", **settings):
        """A private bucket of the account that gets logs; settings by operation."""
        region = region or self.home
        owner_only = [{"Grantee": self.owner | {"Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}]
        self.buckets[name] = made
        self.log_buckets[name] = (region, {
            "HeadBucket": {"BucketArn": f"arn:aws:s3:::{name}", "BucketRegion": region,
                           "AccessPointAlias": False},
            "GetBucketAcl": {"Owner": self.owner, "Grants": owner_only},
            "GetBucketPolicyStatus": {"PolicyStatus": {"IsPublic": False}},
            "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": EVERYTHING_BLOCKED},
            "GetBucketOwnershipControls": {
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
            "GetBucketLogging": {},
            "GetBucketVersioning": {}} | settings)

    def add_foreign_bucket(self, name):
        """A bucket of another account, which does not let this one look."""
        denied = Refused("AccessDenied", "Access Denied", 403)
        answers = dict.fromkeys((*OF_ANY_BUCKET, *OF_LOG_BUCKETS), denied)
        forbidden = Refused("403", "HTTP 403 without an explanation", 403)
        self.log_buckets[name] = (self.home, answers | {"HeadBucket": forbidden})

    def add_recorder(self, region, bucket, global_types, recording=True, topic=None, **status):
        arn = self.arn("config", region,
                       f"configuration-recorder/default/{made_up_id(region, 16)}")
        recorder = {
            "arn": arn,
            "name": "default",
            "roleARN": f"arn:aws:iam::{self.id}:role/aws-service-role/config.amazonaws.com/"
                       "AWSServiceRoleForConfig",
            "recordingGroup": {
                "allSupported": True,
                "includeGlobalResourceTypes": global_types,
                "resourceTypes": [],
                "exclusionByResourceTypes": {"resourceTypes": []},
                "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
            },
            "recordingMode": {"recordingFrequency": "CONTINUOUS"},
            "recordingScope": "PAID",
        }
        told = {"arn": arn, "name": "default", "recording": recording,
                "lastStartTime": "2026-11-20T03:00:00Z", "lastStatus": "SUCCESS",
                "lastStatusChangeTime": "2026-11-22T01:40:31Z"} | status
        channel = {"name": "default", "s3BucketName": bucket}
        delivery = {"lastStatus": "SUCCESS", "lastAttemptTime": "2026-11-22T01:12:00Z",
                    "lastSuccessfulTime": "2026-11-22T01:12:00Z"}
        if not recording:
            delivery = {"lastStatus": "NOT_APPLICABLE"}
        stream = {"lastStatus": "NOT_APPLICABLE"}
        if topic:
            channel["snsTopicARN"] = self.add_topic(topic, region)
            stream = {"lastStatus": "SUCCESS", "lastStatusChangeTime": "2026-11-22T01:40:31Z"}
        self.recorders[region] = (recorder, told, channel, {
            "name": "default", "configSnapshotDeliveryInfo": delivery,
            "configHistoryDeliveryInfo": delivery, "configStreamDeliveryInfo": stream})

    def record_everywhere(self, bucket):
        """AWS Config as it should be: the IAM types in the home region."""
        for region in self.regions:
            self.add_recorder(region, bucket, region == self.home, topic="config-topic")

    def add_topic(self, name, region, *subscribers):
        """`subscribers`: (protocol, endpoint, whether it has confirmed)."""
        arn = self.arn("sns", region, name)
        confirmed = sum(yes for _, _, yes in subscribers)
        attributes = {
            "Policy": policy(allow("owner", {"AWS": f"arn:aws:iam::{self.id}:root"}, "sns:*", arn)),
            "Owner": self.id, "TopicArn": arn, "DisplayName": "", "SubscriptionsDeleted": "0",
            "SubscriptionsConfirmed": str(confirmed),
            "SubscriptionsPending": str(len(subscribers) - confirmed)}
        told = [{"SubscriptionArn": f"{arn}:{key_id(endpoint)}" if yes else "PendingConfirmation",
                 "Owner": self.id, "Protocol": protocol, "Endpoint": endpoint, "TopicArn": arn}
                for protocol, endpoint, yes in subscribers]
        self.topics.setdefault(region, {})[arn] = (attributes, told)
        return arn

    def add_log_group(self, name, region=None, retention=None, **other):
        region = region or self.home
        arn = self.arn("logs", region, f"log-group:{name}")
        group = {"logGroupName": name, "creationTime": 1763600000000, "metricFilterCount": 0,
                 "arn": f"{arn}:*", "storedBytes": 0, "logGroupClass": "STANDARD",
                 "logGroupArn": arn} | other
        if retention:
            group["retentionInDays"] = retention
        self.log_groups.setdefault(region, []).append(group)
        return group["arn"]

    def add_filter(self, group, name, pattern, metric, namespace, region=None):
        self.filters.setdefault(region or self.home, []).append({
            "filterName": name, "filterPattern": pattern, "creationTime": 1763600000000,
            "metricTransformations": [{"metricName": metric, "metricNamespace": namespace,
                                       "metricValue": "1"}],
            "logGroupName": group, "applyOnTransformedLogs": False})

    def add_alarm(self, name, metric, namespace, topic, region=None, **other):
        region = region or self.home
        self.alarms.setdefault(region, []).append({
            "AlarmName": name,
            "AlarmArn": self.arn("cloudwatch", region, f"alarm:{name}"),
            "AlarmConfigurationUpdatedTimestamp": "2026-11-20T05:00:00Z",
            "ActionsEnabled": True,
            "OKActions": [],
            "AlarmActions": [topic],
            "InsufficientDataActions": [],
            "StateValue": "OK",
            "StateReason": "No event in the last period.",
            "StateUpdatedTimestamp": "2026-11-20T05:01:00Z",
            "MetricName": metric,
            "Namespace": namespace,
            "Statistic": "Sum",
            "Dimensions": [],
            "Period": 300,
            "EvaluationPeriods": 1,
            "DatapointsToAlarm": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "StateTransitionedTimestamp": "2026-11-20T05:01:00Z"} | other)

    def add_role(self, name, service, **inline):
        """A role that a service takes on, with its inline policies."""
        arn = f"arn:aws:iam::{self.id}:role/{name}"
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        self.roles[arn] = ({"Path": "/", "RoleName": name, "RoleId": f"AROA{made_up_id(arn).upper()}",
                            "Arn": arn, "CreateDate": "2026-11-20T02:00:00Z",
                            "AssumeRolePolicyDocument": policy(trust), "MaxSessionDuration": 3600},
                           inline)
        return arn

    def add_vpc(self, region, cidr, is_default=False):
        vpc_id = "vpc-" + made_up_id(f"{region} {cidr}")
        self.vpcs.setdefault(region, []).append({
            "OwnerId": self.id,
            "InstanceTenancy": "default",
            "CidrBlockAssociationSet": [{
                "AssociationId": "vpc-cidr-assoc-" + made_up_id(f"{region} {cidr} association"),
                "CidrBlock": cidr,
                "CidrBlockState": {"State": "associated"},
            }],
            "IsDefault": is_default,
            "BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"},
            "VpcId": vpc_id,
            "State": "available",
            "CidrBlock": cidr,
            "DhcpOptionsId": "dopt-" + made_up_id(f"{region} dhcp"),
        })
        return vpc_id

    def add_interface(self, region, vpc_id, description):
        self.interfaces.setdefault(region, []).append({
            "AvailabilityZone": f"{region}a", "Description": description,
            "InterfaceType": "interface",
            "NetworkInterfaceId": "eni-" + made_up_id(f"{vpc_id} {description}"),
            "OwnerId": self.id, "RequesterManaged": False, "Status": "in-use",
            "SubnetId": "subnet-" + made_up_id(vpc_id), "VpcId": vpc_id})

    def _subnets(self, region):
        """One for each VPC."""
        return [{"AvailabilityZone": f"{region}a", "CidrBlock": vpc["CidrBlock"],
                 "OwnerId": vpc["OwnerId"], "State": "available",
                 "SubnetId": "subnet-" + made_up_id(vpc["VpcId"]), "VpcId": vpc["VpcId"]}
                for vpc in self.vpcs.get(region, [])]

    def log_flows(self, group, role_arn):
        """A flow log for every VPC."""
        for region, vpcs in self.vpcs.items():
            self.add_log_group(group, region, retention=400)
            for vpc in vpcs:
                self.flow_logs.setdefault(region, []).append({
                    "CreationTime": "2026-11-20T04:00:00.000Z",
                    "DeliverLogsPermissionArn": role_arn,
                    "DeliverLogsStatus": "SUCCESS",
                    "FlowLogId": "fl-" + made_up_id(f"{vpc['VpcId']} flow log"),
                    "FlowLogStatus": "ACTIVE",
                    "LogGroupName": group,
                    "ResourceId": vpc["VpcId"],
                    "TrafficType": "ALL",
                    "LogDestinationType": "cloud-watch-logs",
                    "LogFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} "
                                 "${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} "
                                 "${end} ${action} ${log-status}",
                    "Tags": [],
                    "MaxAggregationInterval": 600,
                })

    # --- the calls

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
