#!/usr/bin/env python3
"""Vetoes changes outside of the hours that are meant for them, and those of accounts to keep off.

A hook of before_apply: whatever is wrong, this script included, ends with another exit code than 0,
and then the change is not made."""

import argparse
import datetime
import json
import sys

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def days(text):
    first, _, last = text.partition("-")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def hours(text):
    first, last = text.split("-")
    return range(int(first), int(last))


def objection(change, now, allowed):
    """Why the change must not be made at this time (UTC), or None."""
    if change["account_id"] in allowed.keep_off:
        return f"account {change['account_id']} is changed by hand"
    if now.weekday() not in allowed.days:
        return f"no changes on a {DAYS[now.weekday()]}"
    if now.hour not in allowed.hours:
        return f"no changes at {now:%H:%M} UTC"
    return None


def options(argv):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=days, default=days("mon-sun"), help="such as mon-thu")
    parser.add_argument("--hours", type=hours, default=hours("0-24"), help="such as 8-16, in UTC")
    parser.add_argument("--keep-off", action="append", default=[], metavar="ACCOUNT")
    return parser.parse_args(argv)


def main(argv, document, now):
    why = objection(json.load(document)["change"], now, options(argv))
    if why:
        print(why)
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin, datetime.datetime.now(datetime.timezone.utc)))
