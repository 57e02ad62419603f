"""What boto3 reads from a server, table by table: the other half of the differential test. Knows
which call fills which table from `ciswatch schema`, and how to make it from botocore alone."""

import calendar
import datetime
import re

import botocore.exceptions
import botocore.session

ITEMS = {"DescribeRegions": "Regions", "DescribeTrails": "trailList", "ListBuckets": "Buckets",
         "DescribeConfigurationRecorders": "ConfigurationRecorders",
         "DescribeConfigurationRecorderStatus": "ConfigurationRecordersStatus",
         "DescribeDeliveryChannels": "DeliveryChannels", "ListKeys": "Keys",
         "DescribeVpcs": "Vpcs", "DescribeFlowLogs": "FlowLogs"}
PARAMETER = {"GetTrailStatus": "Name", "GetEventSelectors": "TrailName", "DescribeKey": "KeyId",
             "GetKeyRotationStatus": "KeyId"}
ONE_PER_ACCOUNT = {"GetCallerIdentity", "DescribeRegions", "ListBuckets"}
NOT_THERE = {"404", "NoSuchBucketPolicy", "NoSuchPublicAccessBlockConfiguration",
             "OwnershipControlsNotFoundError"}
_MODELS = botocore.session.get_session()


class Column:
    def __init__(self, line):
        self.name, self.type, self.source, note = (
            part.strip() for part in line.strip("| \n").split(" | ", 3))
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
        self.items = ITEMS.get(self.operation)
        self.item_shape = (self.shape.members[self.items].member if self.items else self.shape)

    @property
    def key(self):
        """The columns that tell rows of one region apart, as far as the test needs them."""
        names = {"aws_region": "name", "aws_cloudtrail_trail": "arn", "aws_kms_key_list": "id",
                 "aws_s3_bucket_list": "name", "aws_vpc": "vpc_id",
                 "aws_vpc_flow_log": "flow_log_id"}
        if self.name.startswith("aws_config_"):
            return "name"
        target = [c.name for c in self.columns if c.source == "the request"]
        return names.get(self.name) or (target[0] if target else None)


def tables_of(schema_page):
    parts = re.split(r"^## (aws_\w+)$", schema_page, flags=re.M)
    return [Table(name, body.partition("\n## ")[0]) for name, body in zip(parts[1::2], parts[2::2])]


def epoch(value):
    if isinstance(value, datetime.datetime):
        return calendar.timegm(value.utctimetuple())
    if isinstance(value, str):
        return epoch(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))
    return int(value // 1)


def normal(value, shape):
    """`value` with only what the API model knows, times as whole seconds."""
    if value is None or shape is None:
        return value
    if shape.type_name == "structure":
        return {name: normal(value[name], member) for name, member in shape.members.items()
                if value.get(name) is not None}
    if shape.type_name == "list":
        return [normal(item, shape.member) for item in value]
    return epoch(value) if shape.type_name == "timestamp" else value


def column_value(column, item, target, was_absent):
    """The value that the schema page promises for a column, from boto3's item."""
    if column.source == "the request":
        return target
    if column.pointer is None:  # "whether the call found it"
        return 0 if was_absent else 1
    value = item
    for name in column.pointer:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        default = column.absent if was_absent else column.omitted
        if default is None:
            return None
        return int(default) if column.type in ("boolean", "integer") else default
    if column.type == "timestamp":
        return epoch(value)
    return int(value) if column.type == "boolean" else value


class BotoView:
    def __init__(self, cloud):
        self.cloud = cloud
        self.regions = cloud.enabled_regions()

    def rows(self, table):
        """(region, target, item or None where the answer is "not there")."""
        if table.operation in ONE_PER_ACCOUNT or table.service == "s3control":
            region = "us-east-1"
            params = {"AccountId": self.cloud.account} if table.service == "s3control" else {}
            params |= {"AllRegions": True} if table.operation == "DescribeRegions" else {}
            for item in self._items(table, region, params):
                own = item["RegionName"] if table.name == "aws_region" else region
                yield own, None, item
        elif table.service == "s3":
            for bucket, region in self.log_buckets():
                yield region, bucket, self._item(table, region, {"Bucket": bucket})
        elif table.operation in PARAMETER:
            for target, region in self._targets(table):
                yield region, target, self._item(table, region, {PARAMETER[table.operation]: target})
        else:
            for region in self.regions:
                for item in self._items(table, region, {}):
                    yield region, None, item

    def log_buckets(self):
        named = {t["S3BucketName"] for r in self.regions for t in self.trails(r)}
        for region in self.regions:
            channels = self.cloud.client("config", region).describe_delivery_channels()
            named |= {c["s3BucketName"] for c in channels["DeliveryChannels"]}
        s3 = self.cloud.client("s3")
        return [(name, s3.head_bucket(Bucket=name)["BucketRegion"]) for name in sorted(named)]

    def trails(self, region):
        return self.cloud.client("cloudtrail", region).describe_trails()["trailList"]

    def _targets(self, table):
        if table.service == "cloudtrail":
            found = {t["TrailARN"]: t["HomeRegion"] for r in self.regions for t in self.trails(r)}
            return sorted(found.items())
        keys = [(k["KeyId"], r) for r in self.regions
                for p in self.cloud.client("kms", r).get_paginator("list_keys").paginate()
                for k in p["Keys"]]
        if table.operation == "DescribeKey":
            return keys
        return [(key, region) for key, region in keys if self._can_rotate(key, region)]

    def _can_rotate(self, key, region):
        data = self.cloud.client("kms", region).describe_key(KeyId=key)["KeyMetadata"]
        return [data.get(name) for name in ("KeyManager", "KeySpec", "KeyUsage", "Origin",
                                            "KeyState")] == [
            "CUSTOMER", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "AWS_KMS", "Enabled"]

    def _call(self, table, region):
        client = self.cloud.client(table.service, region)
        return client, botocore.xform_name(table.operation)

    def _items(self, table, region, params):
        client, method = self._call(table, region)
        if table.items is None:
            return [self._item(table, region, params)]
        if client.can_paginate(method):
            pages = client.get_paginator(method).paginate(**params)
            return [item for page in pages for item in page[table.items]]
        return getattr(client, method)(**params)[table.items]

    def _item(self, table, region, params):
        client, method = self._call(table, region)
        try:
            answer = getattr(client, method)(**params)
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in NOT_THERE:
                return None
            raise
        answer.pop("ResponseMetadata")
        return answer
