"""AWS emulators that nobody here wrote, started on free loopback ports and always ended again."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BIN = pathlib.Path(sys.executable).parent
START_LIMIT_SECONDS = 40


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port):
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A server process and its address. `reset` empties it where the server can do that."""

    def __init__(self, process, port, log):
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = log

    def reset(self):
        raise NotImplementedError

    def stop(self):
        """At once: there is no state worth a tidy end."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def log_text(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")


class Moto(Server):
    def reset(self):
        self._post("/moto-api/reset", b"")

    def require_auth(self, after_actions=0):
        """From now on (after so many more calls) signatures and policies are verified."""
        self._post("/moto-api/reset-auth", str(after_actions).encode())

    def forget_auth(self):
        self.require_auth(2**31)

    def _post(self, path, body):
        # moto reads the number raw; the form type that urllib would send makes it answer 500.
        request = urllib.request.Request(
            self.url + path, data=body, headers={"Content-Type": "application/octet-stream"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()


class Ministack(Server):
    def reset(self):
        request = urllib.request.Request(self.url + "/_ministack/reset", data=b"", method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()


def _start(kind, command, port, environment):
    log = tempfile.NamedTemporaryFile("w+", prefix="e2e-server-", suffix=".log")
    process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                               env={**os.environ, **environment}, start_new_session=True,
                               cwd=tempfile.gettempdir())
    server = kind(process, port, log)
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while not is_listening(port):
        if process.poll() is not None or time.monotonic() > deadline:
            text = server.log_text()
            server.stop()
            raise RuntimeError(f"{command[0]} does not start:\n{text[-3000:]}")
        time.sleep(0.05)
    return server


@contextlib.contextmanager
def moto_server():
    port = free_port()
    server = _start(Moto, [BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], port, {})
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def ministack_server(auth=False):
    port = free_port()
    environment = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0",
                   "SFTP_ENABLED": "0", "PERSIST_STATE": "0", "AUTH": "true" if auth else "false"}
    server = _start(Ministack, [BIN / "ministack"], port, environment)
    try:
        yield server
    finally:
        server.stop()
