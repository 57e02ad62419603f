"""botocore's own choice of credentials, row by row: JSON lines in, JSON lines out.

A process of its own, because botocore reads HOME when it is imported."""

import json
import os
import sys

import botocore.session


def chosen(row):
    os.environ.clear()
    os.environ.update(row["env"])
    try:
        session = botocore.session.Session(profile=row["profile"] or None)
        found = session.get_credentials()
        if found is None:
            return {"error": "nothing found"}
        keys = found.get_frozen_credentials()
        return {"key": keys.access_key, "token": keys.token, "source": found.method}
    except Exception as error:  # whatever botocore refuses with is the answer
        return {"error": f"{type(error).__name__}: {error}"}


# Who would ask for an MFA code finds nobody.
rows, sys.stdin = sys.stdin, open(os.devnull)
for line in rows:
    print(json.dumps(chosen(json.loads(line))), flush=True)
