"""Whose credentials a user's files and environment mean: ciswatch and botocore must agree."""

import json
import subprocess
import sys

import pytest

import identity_server
import loopback
from identity_rows import ROWS
from program import Program

HERE = __file__.rpartition("/")[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A home folder, the server, and botocore in a process that has this home."""
    folder = tmp_path_factory.mktemp("identity")
    program = Program(folder)
    program.home = folder / "home"
    worker = subprocess.Popen([sys.executable, f"{HERE}/boto_identity.py"], text=True,
                              start_new_session=True, env={"HOME": str(program.home), "PATH": "/usr/bin:/bin"},
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    with loopback.serving(identity_server.answer) as server:
        program.server, program.worker = server, worker
        yield program
    worker.stdin.close()
    worker.wait(10)


def placed(text, world):
    return text.replace("HOME/", f"{world.home}/").replace("URL/", f"{world.server.url}/")


def furnish(world, row):
    subprocess.run(["rm", "-rf", str(world.home)], check=True)
    files = {".aws/config": row.config, ".aws/credentials": row.credentials, **row.files}
    for name, text in files.items():
        path = world.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(placed(text, world))
        path.chmod(0o755)
    env = {"HOME": str(world.home), "PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": "us-east-1",
           "AWS_ENDPOINT_URL": world.server.url, "AWS_EC2_METADATA_DISABLED": "true", **row.env}
    return {name: placed(value, world) for name, value in env.items() if value is not None}


def chosen_by_botocore(world, row, env):
    world.worker.stdin.write(json.dumps({"env": env, "profile": row.profile}) + "\n")
    world.worker.stdin.flush()
    return json.loads(world.worker.stdout.readline())


def chosen_by_us(world, row, env):
    """The key and token that ask who is calling, which the server then refuses to tell."""
    world.env = env
    world.server.requests.clear()
    flags = ["--profile", row.profile] if row.profile else []
    result = world.expect(2, "collect", "-o", "s.db", *flags)
    asked = world.server.asked("GetCallerIdentity")
    result.key = asked[0].key_id if asked else None
    result.token = asked[0].headers.get("x-amz-security-token") if asked else None
    return result


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_the_same_identity_as_botocore(world, row):
    env = furnish(world, row)
    theirs = chosen_by_botocore(world, row, env)
    ours = chosen_by_us(world, row, env)
    assert "SHHH" not in ours.err + ours.out
    if row.refused_by_us:
        assert ours.key is None and "key" in theirs, (theirs, ours)
        return
    assert (ours.key, ours.token) == (theirs.get("key"), theirs.get("token")), (theirs, ours)
    assert not (world.home / "made").exists()
