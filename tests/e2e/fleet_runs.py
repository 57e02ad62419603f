"""Collecting several accounts at once, and what came of it."""

import json
import re
import sqlite3


def write(program, text, name="accounts.csv"):
    (program.folder / name).write_text(text)
    return name


def accounts_file(program, *ids):
    return write(program, "id,name\n" + "".join(f"{id},name-{n}\n" for n, id in enumerate(ids)))


def rows(snapshot, sql):
    with sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True) as database:
        return [row[0] if len(row) == 1 else row for row in database.execute(sql)]


def collected(program, server, *args, code=0, to="s.db"):
    return program.expect(code, "collect", "-o", to, "--endpoint-url", server.url, *args)


def timeless(part):
    """A part of a report to the byte, but for when it was read."""
    return re.sub(r"20\d\d-\d\d-\d\dT[\d:]+Z", "TIME", json.dumps(part))


def findings_of(program, snapshot):
    return timeless(program.report(snapshot).findings)
