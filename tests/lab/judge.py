"""What must hold between a run that was disturbed and the one that was not: no verdict is better, and
each fault that was final is in the ledger."""

import collections
import dataclasses
import sqlite3
import types

import faults
import wire

GOOD = {"pass", "not_applicable"}
# Parameters that do not tell what is asked about.
SIZES = {"AllRegions", "Filter", "Limit", "MaxBuckets", "MaxItems", "MaxRecords", "MaxResults", "limit"}


def ledger(snapshot):
    with sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True) as database:
        rows = database.execute("select account_id, region, service, operation, coalesce(target, ''), "
                                "outcome, code, message from api_call")
        names = ("account", "region", "service", "operation", "target", "outcome", "code", "message")
        return [types.SimpleNamespace(**dict(zip(names, row))) for row in rows]


def told_as(call):
    """A role that was not taken on is told as who could not be asked with it."""
    if call.operation != "AssumeRole":
        return call
    return dataclasses.replace(call, account=wire.role_account(call), operation="GetCallerIdentity",
                               params=())


def _by_operation(rows):
    """That `is_of` is asked about few rows only."""
    found = collections.defaultdict(list)
    for row in rows:
        found[row.account, row.service, row.operation].append(row)
    return found


def is_of(call, row):
    """Whether the row of the ledger tells how this call ended."""
    if (call.account, call.service, call.operation) != (row.account, row.service, row.operation):
        return False
    values = [value for name, value in call.about if name not in SIZES]
    if "Bucket" not in dict(call.about) and call.region != row.region:
        return False  # a bucket's calls end in its own region
    return not values or all(
        any(part == value or part.endswith(f"/{value}") for value in values)
        for part in row.target.split(" ") if part)


def place(row):
    region = "" if row.service == "s3" else row.region
    return row.account, region, row.service, row.operation, row.target


def unreported(last_faults, rows):
    """The final faults that the ledger does not tell of, or calls something else."""
    rows = _by_operation(rows)
    for asked, kind in last_faults.items():
        call = told_as(asked)
        told = {row.outcome for row in rows[call.account, call.service, call.operation]
                if is_of(call, row)}
        if not told or not told <= faults.outcomes(kind, call):
            yield f"{kind}: {call} is {told or 'not there'}"


def unexplained(last_faults, rows, undisturbed):
    """The rows that differ from the undisturbed run's although nothing happened to their call."""
    before = {place(row): row.outcome for row in undisturbed}
    calls = _by_operation(map(told_as, last_faults))
    for row in rows:
        expected = before.get(place(row), "not_tried")
        if row.outcome in (expected, "not_tried"):
            continue
        if not any(is_of(call, row) for call in calls[row.account, row.service, row.operation]):
            yield f"{row} was {expected}"


def _key(finding):
    return tuple(finding[name] for name in ("check", "account_id", "region", "resource"))


def better(undisturbed, disturbed):
    """The verdicts of the disturbed run that are better than they should be: good ones that the other run
    does not have, and faults of the account of which nothing is said any more."""
    good = {_key(f) for f in undisturbed.findings if f["verdict"] in GOOD}
    worse = {_key(f)[:2] for f in disturbed.findings if f["verdict"] not in GOOD}
    for finding in disturbed.findings:
        if finding["verdict"] in GOOD and _key(finding) not in good:
            yield f"{finding['verdict']} of {_key(finding)}: {finding['detail']}"
    for finding in undisturbed.findings:
        if finding["verdict"] not in GOOD and _key(finding)[:2] not in worse:
            yield f"nothing is said of {_key(finding)}, which was {finding['verdict']}"
