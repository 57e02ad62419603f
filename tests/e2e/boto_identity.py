"""botocore's own choice of credentials or of an endpoint, row by row: JSON lines in, JSON lines out.

A process of its own, because botocore reads HOME when it is imported."""

import json
import os
import sys

import botocore.session


def endpoint(client):
    """As it is resolved for each call."""
    operation = client.meta.service_model.operation_model(client.meta.service_model.operation_names[0])
    return client._ruleset_resolver.construct_endpoint(operation, {}, {}).url


def chosen(row):
    os.environ.clear()
    os.environ.update(row["env"])
    try:
        session = botocore.session.Session(profile=row["profile"] or None)
        if "service" in row:
            return {"url": endpoint(session.create_client(row["service"]))}
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
