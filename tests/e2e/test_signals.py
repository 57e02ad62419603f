"""Ctrl-C and SIGTERM in the middle of a slow collection: what was read is kept, what stood there is
untouched."""

import os
import signal
import sqlite3
import time

import pytest

import loopback

SLOW = ("DescribeVpcs", "DescribeFlowLogs")


def slow_calls(request, _):
    if request.operation in SLOW:
        return loopback.Answer(200, loopback.EMPTY[request.operation], delay=30)
    return None


def wait_for(condition, what, limit=15):
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.02)


def interrupt(program, server, signal_number, *args):
    started = time.monotonic()
    process = program.start(*args, "--endpoint-url", server.url)
    try:
        wait_for(lambda: len(server.asked("DescribeVpcs")) == len(loopback.REGIONS)
                 and server.asked("ListBuckets") and server.asked("ListKeys"), "the slow part")
        time.sleep(0.3)  # answers on their way are read
        os.kill(process.pid, signal_number)
        return program.finish(process, started, 10)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("name, code", [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_stopped_collection_keeps_what_it_has(ciswatch, empty_account, name, code):
    earlier = ciswatch.folder / "s.db"
    earlier.write_bytes(b"an earlier snapshot")
    server = empty_account({}, slow_calls)
    result = interrupt(ciswatch, server, getattr(signal, name), "collect", "-o", "s.db")
    assert result.code == code, result
    assert result.seconds < 8
    assert earlier.read_bytes() == b"an earlier snapshot"
    with sqlite3.connect(ciswatch.folder / "s.db.part") as database:
        outcomes = dict(database.execute("select operation || region, outcome from api_call"))
    assert outcomes["ListKeysus-east-1"] == "ok"
    assert {outcomes[f"{operation}{region}"] for operation in SLOW
            for region in loopback.REGIONS} == {"not_tried"}
    assert "s.db.part" in result.err


def test_what_was_kept_can_be_judged_as_the_message_says(ciswatch, empty_account):
    """Nothing that was not read passes."""
    server = empty_account({}, slow_calls)
    result = interrupt(ciswatch, server, signal.SIGINT, "collect", "-o", "s.db")
    advice = [line for line in result.err.splitlines() if "ciswatch scan --snapshot" in line]
    assert advice, result.err
    report = ciswatch.report("s.db.part")
    assert report.verdicts()["2.9"] == "unknown"
    assert report.verdicts()["2.5"] == "critical"  # that had been read


def test_a_stopped_scan_tells_no_verdict(ciswatch, empty_account):
    server = empty_account({}, slow_calls)
    result = interrupt(ciswatch, server, signal.SIGINT, "scan", "--report", "json=r.json", "-o",
                       "kept.db")
    assert result.code == 130, result
    assert not (ciswatch.folder / "r.json").exists()
    assert not (ciswatch.folder / "r.json.part").exists()
    assert (ciswatch.folder / "kept.db.part").exists()


def test_a_stop_before_anything_was_answered_still_ends_at_once(ciswatch, empty_account):
    server = empty_account({"GetCallerIdentity": loopback.Answer(
        200, loopback.EMPTY["GetCallerIdentity"], delay=30)})
    started = time.monotonic()
    process = ciswatch.start("collect", "-o", "s.db", "--endpoint-url", server.url)
    try:
        wait_for(lambda: server.requests, "the first request")
        os.kill(process.pid, signal.SIGINT)
        result = ciswatch.finish(process, started, 10)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert result.code == 130, result
    assert not (ciswatch.folder / "s.db").exists()


def test_a_second_signal_ends_it_at_once(ciswatch, empty_account):
    """For whoever cannot wait for a tidy end; the default action of the signal is back."""
    server = empty_account({}, slow_calls)
    process = ciswatch.start("collect", "-o", "s.db", "--endpoint-url", server.url)
    wait_for(lambda: server.asked("DescribeVpcs"), "the slow part")
    os.kill(process.pid, signal.SIGINT)
    for _ in range(100):
        if process.poll() is not None:
            break
        os.kill(process.pid, signal.SIGINT)
        time.sleep(0.01)
    assert process.wait(5) in (130, -signal.SIGINT)
    process.communicate()
