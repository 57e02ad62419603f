"""How often AWS lets each account ask each API of each region: what the local AWS throttles by. Numbers
are those that AWS publishes; where it publishes none, none binds here."""

import collections
import time

# (service, operation; "*": each other one of the service) → (requests a second, at once).
PUBLISHED = {
    ("cloudtrail", "*"): (10, 10), ("logs", "DescribeMetricFilters"): (5, 5),
    ("cloudwatch", "DescribeAlarms"): (9, 9), ("ec2", "*"): (20, 100), ("kms", "ListKeys"): (500, 500),
    ("kms", "ListAliases"): (500, 500), ("kms", "GetKeyRotationStatus"): (1000, 1000),
    ("kms", "GetKeyPolicy"): (1000, 1000), ("kms", "DescribeKey"): (2000, 2000)}


class Quotas:
    """Token buckets, full at first. Used by one thread."""

    def __init__(self, table=None):
        self.table = table or PUBLISHED
        self.refused = collections.Counter()  # (service, operation) → requests beyond
        self._buckets = {}

    def take(self, call):
        """False: one request too many."""
        limit = self.table.get((call.service, call.operation)) or self.table.get((call.service, "*"))
        if limit is None:
            return True
        rate, most = limit
        place, now = (call.account, call.region, call.service, call.operation), time.monotonic()
        tokens, since = self._buckets.get(place, (most, now))
        tokens = min(most, tokens + (now - since) * rate)
        if tokens < 1:
            self.refused[call.service, call.operation] += 1
        self._buckets[place] = (tokens - 1 if tokens >= 1 else tokens, now)
        return tokens >= 1
