"""Runs `ciswatch` as a user does: its own folder, a bare environment, nothing but argv."""

import json
import os
import pathlib
import resource
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECTION = "cis-aws-1.2.0:2"
NUMBERS = [f"2.{n}" for n in range(1, 10)]
CHECKS = dict(zip(NUMBERS, (
    "cloudtrail-multi-region", "cloudtrail-log-file-validation", "cloudtrail-bucket-not-public",
    "cloudtrail-cloudwatch-logs", "config-all-regions", "cloudtrail-bucket-access-logging",
    "cloudtrail-kms-encryption", "kms-key-rotation", "vpc-flow-logs")))
CRASH_SIGNS = ("AddressSanitizer", "runtime error:", "ThreadSanitizer", "terminate called",
               "core dumped", "Assertion")


def memory_limit(size):
    """For preexec_fn: no more address space than this. None under a sanitizer, which needs it all."""
    if any(name in os.environ.get("CISWATCH", "") for name in ("asan", "tsan")):
        return None
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))


def program_path():
    path = pathlib.Path(os.environ.get("CISWATCH", ROOT / "build/release/ciswatch")).resolve()
    assert path.is_file(), f"{path} is not there: build it, or set CISWATCH to the program"
    return path


class Result:
    def __init__(self, code, out, err, seconds):
        self.code, self.out, self.err, self.seconds = code, out, err, seconds

    def json(self):
        return Report(json.loads(self.out))

    def __repr__(self):
        return f"exit {self.code} after {self.seconds:.1f} s\nstdout: {self.out[:3000]}\n" \
               f"stderr: {self.err[:3000]}"


class Report:
    """The JSON report, with the questions that tests ask of it."""

    def __init__(self, document):
        self.document = document
        self.findings = document["findings"]

    def verdicts(self):
        """number → verdict, for a report of one account."""
        rows = self.document["requirements"]
        made = {r["number"]: r["verdict"] for r in rows}
        assert len(made) == len(rows), "more than one account: use rows"
        return made

    def of(self, number):
        return [f for f in self.findings if f["check"] == CHECKS[number]]

    def counts(self, number):
        """(passed, failed) objects of a requirement, the rest left out."""
        made = [f["verdict"] for f in self.of(number)]
        return made.count("pass"), made.count("warn") + made.count("critical")

    def judgements(self):
        """All that is judged, without what differs between two runs by nature."""
        return sorted((f["check"], f["account_id"], f["region"], f["resource"], f["verdict"],
                       f["level"]) for f in self.findings)


def section_by_default(args):
    """Most accounts of the tests are made for section 2 alone: it is judged where nothing is chosen."""
    args = [str(arg) for arg in args]
    chosen = any(arg.split("=")[0] in ("--pack", "--check") for arg in args)
    if chosen or args[:1] not in (["scan"], ["collect"]):
        return args
    return [args[0], "--pack", SECTION, *args[1:]]


class Program:
    """`folder` is where it runs and its HOME; nothing outside is written."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.path = program_path()
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8",
                    "AWS_ACCESS_KEY_ID": "AKIDENDTOEND",
                    "AWS_SECRET_ACCESS_KEY": "secret-of-the-end-to-end-tests",
                    "AWS_EC2_METADATA_DISABLED": "true"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def environment(self, changes):
        env = {**self.env, **(changes or {})}
        return {name: value for name, value in env.items() if value is not None}

    def start(self, *args, env=None, **popen):
        return subprocess.Popen([self.path, *section_by_default(args)], cwd=self.folder,
                                env=self.environment(env),
                                stdin=popen.pop("stdin", subprocess.DEVNULL),
                                stdout=popen.pop("stdout", subprocess.PIPE),
                                stderr=popen.pop("stderr", subprocess.PIPE),
                                start_new_session=True, **popen)

    def finish(self, process, started, timeout):
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            raise AssertionError(f"still running after {timeout} s\nstderr: {err[-2000:]}") from None
        result = Result(process.returncode, (out or b"").decode("utf-8"),
                        (err or b"").decode("utf-8"), time.monotonic() - started)
        assert result.code >= 0, f"killed by signal {-result.code}: {result}"
        assert not any(sign in result.err for sign in CRASH_SIGNS), result
        return result

    def run(self, *args, env=None, timeout=60, **popen):
        started = time.monotonic()
        return self.finish(self.start(*args, env=env, **popen), started, timeout)

    def expect(self, code, *args, **how):
        result = self.run(*args, **how)
        assert result.code == code, f"expected exit {code} of {' '.join(map(str, args))}: {result}"
        return result

    def collect(self, url, *args, to="snapshot.db", **how):
        self.expect(0, "collect", "-o", to, "--endpoint-url", url, *args, **how)
        return self.folder / to

    def import_(self, *files, to="snapshot.db", **how):
        self.expect(0, "import", *files, "-o", to, **how)
        return self.folder / to

    def report(self, snapshot, *args, **how):
        """The JSON report of a snapshot, whatever the gate says."""
        result = self.run("scan", "--snapshot", snapshot, "--report", "json", *args, **how)
        assert result.code in (0, 1, 3), result
        return result.json()
