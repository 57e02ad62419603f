#!/usr/bin/env python3
"""Prints vectors/endpoints.json: where botocore reaches each service that is called, in each region of
each partition, with FIPS and dual-stack or without; "url" is null where it refuses.

Its own rule sets are asked, so that a new botocore shows what AWS has changed. S3 is asked for
regional endpoints and in path style, as this project asks it."""

import itertools
import json
import os

import botocore.session
from botocore.exceptions import BotoCoreError

SERVICES = ("sts sso ec2 cloudtrail config kms s3 s3control logs cloudwatch sns iam organizations "
            "cloudformation securityhub cloudfront elbv2 apigateway apigatewayv2").split()
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
NEW_REGIONS = ("eu-south-9", "cn-south-9")  # that no list has yet
ACCOUNT = "111111111111"


def regions(session):
    for partition in session.get_data("partitions")["partitions"]:
        if partition["id"] in PARTITIONS:
            yield from (name for name in partition["regions"] if "global" not in name)
    yield from NEW_REGIONS


def resolved(provider, **asked):
    """(url, region of the signature)."""
    known = provider.ruleset.parameters
    fixed = {"UseGlobalEndpoint": False, "ForcePathStyle": True, "AccountId": ACCOUNT,
             "RequiresAccountId": True}
    asked |= {name: value for name, value in fixed.items() if name in known}
    try:
        found = provider.resolve_endpoint(**asked)
    except BotoCoreError:
        return None, None
    schemes = found.properties.get("authSchemes") or [{}]
    return found.url, schemes[0].get("signingRegion", asked["Region"])


def templates(session, service):
    """(fips, dual_stack, url, signs) with "{region}" for the region → regions."""
    provider = session.create_client(service, region_name="us-east-1")._ruleset_resolver._provider
    found = {}
    for fips, dual_stack in itertools.product((False, True), repeat=2):
        for region in sorted(set(regions(session))):
            url, signs = resolved(provider, Region=region, UseFIPS=fips, UseDualStack=dual_stack)
            if url is not None:
                url, signs = (text.replace(region, "{region}") for text in (url, signs))
            found.setdefault((fips, dual_stack, url, signs), []).append(region)
    return found


def vectors():
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "none",
                   "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    session = botocore.session.Session()
    lines = [json.dumps({"service": service, "fips": fips, "dual_stack": dual_stack, "url": url,
                         "signs": signs, "regions": names})
             for service in SERVICES
             for (fips, dual_stack, url, signs), names in templates(session, service).items()]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    print(vectors(), end="")
