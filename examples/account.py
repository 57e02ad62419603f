"""An invented AWS account, as the calls that ciswatch makes of it and their answers.

An Account holds what the APIs tell, in the APIs' own words, service by service; `calls()`
(account_calls.py) gives every call that a scan with all checks makes. Ids are made up from names: the same
ones every time.
"""

import hashlib
import json
import uuid

import web_fronts
from account_calls import OF_ANY_BUCKET, OF_LOG_BUCKETS, Calls, Refused

ENABLED = """us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2
ap-northeast-3 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3
eu-north-1 sa-east-1""".split()

EVERYTHING_BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True,
                      "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
DEFAULT_SELECTOR = {"ReadWriteType": "All", "IncludeManagementEvents": True,
                    "DataResources": [], "ExcludeManagementEventSources": []}


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


class Account(Calls):
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
