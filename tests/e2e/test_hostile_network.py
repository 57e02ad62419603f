"""Servers that are away, refuse, lie or never end: a clear error, bounded time and memory, never a
crash, never a `pass`."""

import re
import time

import pytest

import loopback
import servers
from program import memory_limit


def test_a_closed_port_is_told_at_once(ciswatch):
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url",
                             f"http://127.0.0.1:{servers.free_port()}", timeout=60)
    assert "cannot reach" in result.err and "127.0.0.1" in result.err
    assert result.seconds < 30
    assert list(ciswatch.folder.glob("s.db*")) == []


def test_a_host_name_that_does_not_exist_is_told(ciswatch):
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", "http://x.invalid:1")
    assert "x.invalid" in result.err


def test_an_earlier_snapshot_survives_a_failed_collection(ciswatch):
    earlier = ciswatch.folder / "s.db"
    earlier.write_bytes(b"an earlier snapshot")
    ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url",
                    f"http://127.0.0.1:{servers.free_port()}", timeout=60)
    assert earlier.read_bytes() == b"an earlier snapshot"


@pytest.mark.parametrize("code, status", [("ExpiredToken", 403), ("InvalidClientTokenId", 403),
                                          ("SignatureDoesNotMatch", 403)])
def test_refused_credentials_are_told_once_without_retries(ciswatch, empty_account, code, status):
    server = empty_account({"GetCallerIdentity":
                            lambda r: loopback.error(r, code, "refused", status)})
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", server.url)
    assert code in result.err and "--profile" in result.err
    assert len(server.requests) == 1
    assert "secret-of" not in result.err and "AKIDENDTOEND" not in result.err


@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "InvalidSignatureException",
                                  "SignatureDoesNotMatch"])
@pytest.mark.parametrize("minutes", [20, -20])
def test_a_clock_20_minutes_off_is_told_with_how_far(ciswatch, empty_account, code, minutes):
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 60 * minutes))
    refusal = "Signature expired: 20261122T020000Z is now earlier than 20261122T021500Z"
    server = empty_account({"GetCallerIdentity": lambda r: loopback.error(
        r, code, refusal, 403, {"Date": date})})
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", server.url)
    told = re.search(r"clock is (\d+) s (ahead of|behind) that of AWS: set the clock", result.err)
    assert told, result.err
    assert 1140 <= int(told[1]) <= 1260
    assert told[2] == ("behind" if minutes > 0 else "ahead of")


def test_what_is_not_read_by_the_deadline_is_unknown_with_the_reason(ciswatch, empty_account):
    server = empty_account(delay=0.4)
    result = ciswatch.expect(0, "collect", "-o", "s.db", "--endpoint-url", server.url, "--deadline",
                             "0.02")  # minutes: enough for who and where
    assert result.seconds < 10 and "not_tried" in result.err
    result = ciswatch.expect(3, "scan", "--snapshot", "s.db", "--report", "json")
    verdicts = result.json().verdicts()
    assert "pass" not in verdicts.values()
    assert "not read within the 0.02 minutes of --deadline" in result.out


def test_where_not_even_the_account_is_known_by_the_deadline_nothing_is_kept(ciswatch, empty_account):
    server = empty_account(delay=5)
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--endpoint-url", server.url, "--deadline",
                             "0.01")
    assert "not read within" in result.err
    assert list(ciswatch.folder.glob("s.db*")) == []


HOSTILE_BODIES = {
    "nothing": b"",
    "html": b"<html><body>503 from a middlebox</body></html>",
    "truncated json": b'{"trailList":[{"TrailARN":',
    "wrong types": b'{"trailList":{"a":1},"Keys":7,"ConfigurationRecorders":"x"}',
    "items of wrong types": b'{"trailList":[1,null,"x",[]],"Keys":[false],'
                            b'"ConfigurationRecorders":[[]],"ConfigurationRecordersStatus":[3],'
                            b'"DeliveryChannels":[{}]}',
    "deep": b"[" * 100_000,
    "not utf-8": b'{"trailList":[{"TrailARN":"\xff\xfe"}]}',
    "entity bomb": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
                   b"<x>&b;</x>",
    "nul bytes": b"\0" * 4096,
    "binary": bytes(range(256)) * 16,
}


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_a_body_that_is_no_answer_is_unknown(ciswatch, empty_account, name):
    """Every call but the two that tell who and where answers rubbish with status 200."""

    def rubbish(request, _):
        if request.operation in ("GetCallerIdentity", "DescribeRegions"):
            return None
        return loopback.Answer(200, HOSTILE_BODIES[name])

    server = empty_account({}, rubbish)
    report = ciswatch.report(ciswatch.collect(server.url, timeout=90))
    assert "pass" not in report.verdicts().values()
    assert report.verdicts()["2.9"] == "unknown"


def test_an_answer_that_never_ends_is_cut(ciswatch, empty_account):
    """70 MB of spaces: more than one answer may hold, and less than the program may keep."""
    huge = loopback.Answer(200, b'{"trailList":[' + b" " * (70 << 20) + b"]}")
    server = empty_account({"DescribeTrails": huge})
    limit = 400 << 20
    snapshot = ciswatch.folder / "snapshot.db"
    result = ciswatch.run("collect", "-o", snapshot, "--endpoint-url", server.url, "--region",
                          "us-east-1", timeout=120, preexec_fn=memory_limit(limit))
    assert result.code == 0, result
    assert "pass" not in ciswatch.report(snapshot).verdicts().values()


def test_a_hostile_region_name_is_not_called(ciswatch, empty_account):
    names = ("us-east-1", "evil.example/", "../../etc", "x" * 3000, "a b\r\nX-Evil: 1")
    answer = loopback.regions_answer([n.replace("\r\n", "&#13;&#10;") for n in names])
    server = empty_account({"DescribeRegions": answer})
    report = ciswatch.report(ciswatch.collect(server.url, timeout=60))
    assert "pass" not in report.verdicts().values()
    assert not any("x-evil" in r.headers for r in server.requests)
