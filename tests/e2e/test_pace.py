"""How fast AWS is asked: within quotas, within --max-rate, --max-in-flight and the open files."""

import json
import resource
import sqlite3
import threading
import time

import pytest

import loopback

KEYS = 150
REGIONS = tuple(f"eu-west-{n}" for n in range(1, 9))
ROTATION = ("--check", "kms-key-rotation", "--region", "us-east-1")


def key_id(request):
    return json.loads(request.body)["KeyId"]


def key(request):
    name = key_id(request)
    return json.dumps({"KeyMetadata": {
        "KeyId": name, "Arn": f"arn:aws:kms:us-east-1:111111111111:key/{name}",
        "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS", "KeyState": "Enabled", "Enabled": True, "MultiRegion": False,
        "CreationDate": 1700000000.0, "AWSAccountId": "111111111111"}})


def many_keys():
    names = [f"key-{n:03}" for n in range(KEYS)]
    return {"DescribeRegions": loopback.regions_answer(("us-east-1",)),
            "ListKeys": json.dumps({"Keys": [{"KeyId": n, "KeyArn": n} for n in names],
                                    "Truncated": False}),
            "DescribeKey": key,
            "GetKeyRotationStatus": lambda r: json.dumps(
                {"KeyRotationEnabled": int(key_id(r)[-1]) % 2 == 0})}


REFUSALS = (("ThrottlingException", "Rate exceeded", 400), ("Any", "slow down", 429))


class Bucket:
    """What AWS does beyond a quota: refuses, and says so. Keeps when it did."""

    def __init__(self, rate, operations):
        self.rate, self.tokens, self.at = rate, rate, time.monotonic()
        self.operations = operations
        self.taken, self.refused = [], []
        self.lock = threading.Lock()

    def __call__(self, request, _):
        if request.operation not in self.operations:
            return None
        with self.lock:
            now = time.monotonic()
            self.tokens = min(self.rate, self.tokens + (now - self.at) * self.rate)
            self.at = now
            if self.tokens >= 1:
                self.tokens -= 1
                self.taken.append(now)
                return None
            self.refused.append(now)
            refusal = REFUSALS[len(self.refused) % 2]
        return loopback.error(request, *refusal)


def test_the_rate_settles_below_a_quota_and_no_result_is_false(ciswatch, empty_account):
    """Eight times lower than the published quota."""
    free = ciswatch.collect(empty_account(many_keys()).url, *ROTATION, to="free.db")
    quota = Bucket(60, ("DescribeKey", "GetKeyRotationStatus"))
    server = empty_account(many_keys(), quota)
    tight = ciswatch.collect(server.url, *ROTATION, "--max-in-flight", "64", to="tight.db")
    assert len(quota.taken) == 2 * KEYS
    assert outcomes(tight) == outcomes(free)
    judged = [ciswatch.report(each, *ROTATION[:2]).judgements() for each in (free, tight)]
    assert judged[0] == judged[1] and len(judged[0]) == KEYS
    middle = (quota.taken[0] + quota.taken[-1]) / 2
    late = sum(1 for moment in quota.refused if moment > middle)
    assert late < 0.2 * sum(1 for moment in quota.taken if moment > middle)


def outcomes(snapshot):
    with sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True) as database:
        return database.execute("select operation, outcome, count(*) from api_call group by 1, 2 "
                                "order by 1, 2").fetchall()


def test_max_rate_bounds_the_whole_run(ciswatch, empty_account):
    server = empty_account({"DescribeRegions": loopback.regions_answer(REGIONS)})
    ciswatch.collect(server.url, "--max-rate", "20")
    times = [request.time for request in server.requests]
    assert len(times) > 50
    for first, moment in enumerate(times):
        within = sum(1 for other in times[first:] if other < moment + 1)
        # What is on the wire may arrive together, where the server was kept waiting.
        assert within <= 20 + 16, "requests in one second"
    assert times[-1] - times[0] > (len(times) - 3) / 20 - 0.5


def test_max_in_flight_bounds_the_connections(ciswatch, empty_account):
    server = empty_account({"DescribeRegions": loopback.regions_answer(REGIONS)}, delay=0.02)
    ciswatch.collect(server.url, "--max-in-flight", "3")
    assert len(server.requests) > 50
    assert server.connections == 3


def test_more_than_the_open_files_allow_is_told_and_works(ciswatch, empty_account):
    server = empty_account({"DescribeRegions": loopback.regions_answer(REGIONS)}, delay=0.02)
    result = ciswatch.expect(
        0, "collect", "-o", "s.db", "--endpoint-url", server.url, "--max-in-flight", "500",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100)))
    assert "--max-in-flight 500: the limit of open files (ulimit -Hn) allows 18" in result.err
    assert server.connections <= 18


def test_a_soft_limit_of_open_files_is_raised(ciswatch, empty_account):
    result = ciswatch.expect(
        0, "collect", "-o", "s.db", "--endpoint-url", empty_account().url, "--max-in-flight", "200",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 4096)))
    assert "open files" not in result.err


@pytest.mark.parametrize("flags", [("--max-in-flight", "0"), ("--max-rate", "0"),
                                   ("--max-rate", "fast")])
def test_a_pace_that_is_none_is_a_mistake_of_usage(ciswatch, flags):
    assert flags[0] in ciswatch.expect(2, "collect", "-o", "s.db", *flags).err
