"""Whose credentials a user's files and environment mean: ciswatch and botocore must agree."""

import json
import subprocess
import sys

import pytest

import identity_server
import loopback
from identity_rows import BASE, ENDPOINT_ROWS, ROWS, default, role
from program import ROOT, Program

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


def furnish(world, row, **defaults):
    subprocess.run(["rm", "-rf", str(world.home)], check=True)
    files = {".aws/config": row.config, ".aws/credentials": row.credentials, **row.files}
    for name, text in files.items():
        path = world.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(placed(text, world))
        path.chmod(0o755)
    env = {"HOME": str(world.home), "PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": "us-east-1",
           "AWS_ENDPOINT_URL": world.server.url, "AWS_EC2_METADATA_DISABLED": "true",
           **defaults, **row.env}
    return {name: placed(value, world) for name, value in env.items() if value is not None}


def chosen_by_botocore(world, row, env, **what):
    world.worker.stdin.write(json.dumps({"env": env, "profile": row.profile, **what}) + "\n")
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


def short_sessions(calls):
    """A rule: roles are given out, and the first session is refused as expired after so many calls."""
    state = {"given": 0, "used": 0, "refused": 0}

    def rule(request, _):
        if request.operation == "AssumeRole":
            state["given"] += 1
            key = f"ASIA{state['given']}"
            return loopback.Answer(200, identity_server.assumed("AssumeRole", key))
        if request.key_id != "ASIA1":
            return None
        state["used"] += 1
        if state["used"] <= calls:
            return None
        state["refused"] += 1
        return loopback.error(request, "ExpiredToken", "The security token has expired", 400)

    return rule, state


def test_a_session_that_ends_in_mid_run_is_renewed_and_no_secret_is_kept(ciswatch):
    rule, state = short_sessions(5)
    home = ciswatch.folder / "home/.aws"
    home.mkdir()
    home.joinpath("credentials").write_text(BASE)
    home.joinpath("config").write_text(default(role("r", "base")))
    with loopback.serving(loopback.faulty(loopback.scripted(), rule)) as server:
        result = ciswatch.expect(0, "collect", "-o", "s.db", "--record", "r.jsonl",
                                 "--endpoint-url", server.url,
                                 env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None})
    assert "100 % of" in result.err, result
    assert state["given"] == 2 and state["refused"] > 0, state
    assert {r.key_id for r in server.requests} == {"AKIDBASE", "ASIA1", "ASIA2"}
    for kept in ("s.db", "r.jsonl"):
        assert b"SHHH" not in (ciswatch.folder / kept).read_bytes()
    assert "SHHH" not in result.err + result.out


def test_a_session_that_cannot_be_renewed_leaves_the_rest_unanswered(ciswatch):
    rule, state = short_sessions(5)
    home = ciswatch.folder / "home/.aws"
    home.mkdir()
    home.joinpath("credentials").write_text(BASE)
    home.joinpath("config").write_text(default(role("r", "base")))

    def once(request, earlier):
        if request.operation == "AssumeRole" and state["given"] == 1:
            return loopback.error(request, "AccessDenied", "not any more", 403)
        return rule(request, earlier)

    with loopback.serving(loopback.faulty(loopback.scripted(), once)) as server:
        result = ciswatch.expect(0, "collect", "-o", "s.db", "--endpoint-url", server.url,
                                 env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None})
    assert "denied" in result.err, result
    answered = ciswatch.report(ciswatch.folder / "s.db")
    assert "pass" not in {f["verdict"] for f in answered.findings
                          if f["check"] == "cloudtrail-multi-region"}
    assert len(server.asked("AssumeRole")) == 2  # not once for each call


class DeafProxy(loopback.ForwardProxy):
    """Hears where a request wants to go, and hangs up."""

    def _serve(self, client):
        with client:
            self.lines.append(client.recv(65536).split(b"\r\n", 1)[0].decode())

    def first(self):
        """The URL of the first request, as far as the proxy hears it; None without one."""
        if not self.lines:
            return None
        method, target, _ = self.lines[0].split(" ")
        return f"https://{target.removesuffix(':443')}" if method == "CONNECT" else target


def without_the_usual(url):
    """https to a proxy shows the host alone; a path's last slash and http's own port say nothing."""
    if url and url.startswith("https://"):
        return "/".join(url.split("/")[:3])
    return url and url.rstrip("/").replace(":80/", "/").removesuffix(":80")


@pytest.mark.parametrize("row", ENDPOINT_ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_the_same_endpoint_as_botocore(world, row):
    env = furnish(world, row, AWS_ENDPOINT_URL=None, AWS_DEFAULT_REGION=None)
    theirs = chosen_by_botocore(world, row, env, service="sts")
    proxy = DeafProxy()
    try:
        world.env = env | {"https_proxy": proxy.url, "http_proxy": proxy.url, "AWS_MAX_ATTEMPTS": "1"}
        result = world.expect(2, "collect", "-o", "s.db")
    finally:
        proxy.stop()
    assert "SHHH" not in result.err + result.out
    ours, theirs = without_the_usual(proxy.first()), without_the_usual(theirs.get("url"))
    assert ours == theirs, result


def test_the_endpoints_of_all_services_are_those_of_this_botocore():
    """The unit tests compare them with what the program resolves."""
    folder = ROOT / "tests/aws"
    made = subprocess.run([sys.executable, folder / "make_endpoint_vectors.py"], check=True,
                          capture_output=True, text=True, timeout=60).stdout
    assert made == (folder / "vectors/endpoints.json").read_text()
