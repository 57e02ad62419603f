"""How often AWS lets each account ask each API of each region: what the local AWS throttles by. Numbers
are those that AWS publishes; where it publishes none, none binds here."""

import collections
import time

# (service, operation; "*": each other one of the service) → (requests a second, at once).
PUBLISHED = {
    ("sts", "*"): (600, 600), ("ec2", "*"): (20, 100), ("cloudtrail", "*"): (10, 10),
    ("kms", "*"): (500, 500), ("kms", "GetKeyRotationStatus"): (1000, 1000),
    ("kms", "GetKeyPolicy"): (1000, 1000), ("kms", "DescribeKey"): (2000, 2000),
    ("logs", "DescribeLogGroups"): (10, 10), ("logs", "DescribeMetricFilters"): (5, 5),
    ("cloudwatch", "DescribeAlarms"): (9, 9), ("sns", "ListTopics"): (30, 30),
    ("sns", "ListSubscriptionsByTopic"): (30, 30), ("organizations", "DescribeOrganization"): (1, 2),
    ("securityhub", "*"): (10, 30), ("elbv2", "*"): (10, 40), ("apigateway", "*"): (10, 40),
    ("apigatewayv2", "*"): (10, 40)}
# One bucket for all the operations that have no row of their own.
TOGETHER = {"sts", "cloudtrail", "securityhub", "elbv2", "apigateway", "apigatewayv2"}


class Quotas:
    """Token buckets, full at first. Used by one thread."""

    def __init__(self, table=None):
        self.table = table or PUBLISHED
        self.refused = collections.Counter()  # (service, operation) → requests beyond
        self._buckets = {}  # place → [tokens, when, requests, its limit]

    def take(self, call):
        """False: one request too many."""
        row = (call.service, call.operation)
        row = row if row in self.table else (call.service, "*")
        if row not in self.table:
            return True
        rate, most = self.table[row]
        together = row[1] == "*" and call.service in TOGETHER
        place = call.account, call.region, call.service, "" if together else call.operation
        now = time.monotonic()
        bucket = self._buckets.setdefault(place, [most, now, 0, (rate, most)])
        bucket[0], bucket[1] = min(most, bucket[0] + (now - bucket[1]) * rate), now
        bucket[2] += 1
        if bucket[0] < 1:
            self.refused[call.service, call.operation] += 1
            return False
        bucket[0] -= 1
        return True

    def least_seconds(self):
        """Before which what was asked could not have been answered."""
        return max((max(0, asked - most) / rate
                    for _, _, asked, (rate, most) in self._buckets.values()), default=0)
