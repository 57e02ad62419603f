"""Runs the script that duckdb_prepare.py wrote: duckdb_run.py DATABASE SCRIPT.json FOLDER THREADS"""

import json
import pathlib
import sys

import duckdb


def main(database, script, folder, threads):
    script = json.loads(pathlib.Path(script).read_text(encoding="utf-8"))
    with duckdb.connect(database, read_only=True, config={"threads": int(threads)}) as connection:
        for statement in script["first"]:
            connection.execute(statement)
        for check, query in script["checks"].items():
            connection.execute(f"copy ({query}) to '{folder}/{check}.json' (format json)")


main(*sys.argv[1:])
