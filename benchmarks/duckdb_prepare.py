"""What DuckDB needs before it can be measured: the snapshot's tables in a database file of its own, and
a script in its dialect: duckdb_prepare.py SNAPSHOT SQL.json DATABASE SCRIPT.json

Prints how long the loading took and which checks DuckDB cannot run, or not in LIMIT_SECONDS each, as
JSON."""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import threading
import time

import duckdb
import duckdb_dialect as dialect

LIMIT_SECONDS = 60  # of one check, on all cores

# STRICT tables know these.
TYPES = {"TEXT": "varchar", "INTEGER": "bigint", "INT": "bigint", "REAL": "double"}


def tables_of(snapshot):
    """name → its columns as [(name, type)]"""
    with sqlite3.connect(f"file:{snapshot}?mode=ro&immutable=1", uri=True) as connection:
        names = [name for (name,) in connection.execute(
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'")]
        return {name: [(row[1], TYPES[row[2].upper()])
                       for row in connection.execute(f"pragma table_info({name})")]
                for name in names}


def load(snapshot, database):
    """By way of CSV, of which DuckDB reads gigabytes in seconds; NULL is empty, '' is quoted."""
    csv = pathlib.Path(f"{database}.csv")
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema stored")
        for name, columns in tables_of(snapshot).items():
            with open(csv, "wb") as out:
                subprocess.run(["sqlite3", "-readonly", "-csv", snapshot, f"select * from {name}"],
                               stdout=out, check=True)
            declared = ", ".join(f'"{column}" {kind}' for column, kind in columns)
            connection.execute(f"create table stored.{name} ({declared})")
            connection.execute(f"copy stored.{name} from '{csv}' (format csv, header false, "
                               "nullstr '', allow_quoted_nulls false, delimiter ',', quote '\"', "
                               "escape '\"', auto_detect false, "
                               "max_line_size 20000000)")
        connection.execute("analyze")
    csv.unlink()


def script_of(sql, tables):
    """(statements that come first, {check: query}, {check: why it cannot be run}); written for DuckDB."""
    integers = {column for columns in tables.values() for column, kind in columns if kind == "bigint"}
    first = [dialect.MACROS, "create temp view snapshot as from stored.snapshot"]
    for view in (*sql["whole"], *sql["org"], *sql["shared"]):
        try:
            first.append(dialect.transpile(view.strip().rstrip(";"), integers=integers))
        except Exception:  # the checks that read it cannot be planned, and are named
            pass
    checks, refused = {}, {}
    for check in sql["checks"]:
        try:
            checks[check["id"]] = dialect.transpile(check["sql"], check["settings"], integers)
        except Exception as error:  # whatever it is, the page names it
            refused[check["id"]] = f"{error}"[:300]
    return first, checks, refused


def in_order(connection, statements):
    """The statements in an order in which DuckDB can run them, which wants a view's tables to be there
    first. Left out is what it cannot run at all: views of checks that are not measured call
    functions of the engine."""
    made, left = [], list(statements)
    while left:
        again = []
        for statement in left:
            try:
                connection.execute(statement)
                made.append(statement)
            except duckdb.Error:
                again.append(statement)
        if len(again) == len(left):
            break
        left = again
    return made


def try_out(database, first, checks):
    """The statements that come first, as DuckDB can run them, and the checks that it does not plan or
    does not end in time, with why."""
    refused = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        first = in_order(connection, first)
        for check, query in checks.items():
            limit = threading.Timer(LIMIT_SECONDS, connection.interrupt)
            limit.start()
            try:
                connection.execute(f"copy ({query}) to '/dev/null' (format json)")
            except duckdb.InterruptException:
                refused[check] = f"it was stopped after {LIMIT_SECONDS} s on all cores"
            except duckdb.Error as error:
                refused[check] = f"{error}"[:300]
            finally:
                limit.cancel()
    return first, refused


def main(snapshot, sql, database, script):
    started = time.monotonic()
    pathlib.Path(database).unlink(missing_ok=True)
    load(snapshot, database)
    seconds = time.monotonic() - started
    first, checks, refused = script_of(json.loads(pathlib.Path(sql).read_text(encoding="utf-8")),
                                       tables_of(snapshot))
    first, failed = try_out(database, first, checks)
    refused.update(failed)
    for check in refused:
        checks.pop(check, None)
    pathlib.Path(script).write_text(json.dumps({"first": first, "checks": checks}), encoding="utf-8")
    print(json.dumps({"seconds": seconds, "bytes": os.path.getsize(database), "refused": refused}))


if __name__ == "__main__":
    main(*sys.argv[1:])
