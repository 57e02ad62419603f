"""The commands that are compared. Each is given an emulator's URL and a folder to write to."""

import pathlib
import subprocess

import loopback
from accounts import DEFAULT_REGIONS

ROOT = pathlib.Path(__file__).resolve().parents[1]
CISWATCH = ROOT / "build/release/ciswatch"
PROWLER = ROOT / "build/bench/prowler/bin/prowler"

PACK = "cis-aws-1.2.0:2"  # the nine requirements that the others judge, too
# CIS 1.4's 3.1 to 3.9 are 1.2.0's 2.1 to 2.9; these are Prowler's checks for them.
PROWLER_CHECKS = (
    "cloudtrail_multi_region_enabled", "cloudtrail_log_file_validation_enabled",
    "cloudtrail_logs_s3_bucket_is_not_publicly_accessible",
    "cloudtrail_cloudwatch_logging_enabled", "config_recorder_all_regions_enabled",
    "cloudtrail_logs_s3_bucket_access_logging_enabled", "cloudtrail_kms_encryption_enabled",
    "kms_cmk_rotation_enabled", "vpc_flow_logs_enabled")


def environment(folder):
    """Nothing of the user's: no configuration, no proxy. What is not loopback cannot be reached."""
    nowhere = "http://127.0.0.1:9"
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": "AKIDBENCHMARK", "AWS_SECRET_ACCESS_KEY": "secret-of-the-benchmark",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "NO_PROXY": "127.0.0.1"}


def _live(url):
    return ["--endpoint-url", url, *(f"--region={region}" for region in DEFAULT_REGIONS)]


def _reports(folder):
    return ["--report", f"json={folder}/report.json", "--report", f"html={folder}/report.html",
            "--report", f"junit={folder}/report.xml", "--report", "text=/dev/null",
            "--fail-on", "none"]


def scan(url, folder):
    return [CISWATCH, "scan", "--pack", PACK, *_live(url), *_reports(folder)]


def collect(url, folder):
    return [CISWATCH, "collect", "--pack", PACK, *_live(url), "-o", folder / "snapshot.db"]


def judge(folder):
    """The same without the network: the snapshot that `collect` left, judged and reported."""
    return [CISWATCH, "scan", "--pack", PACK, "--snapshot", folder / "snapshot.db", *_reports(folder)]


def prowler(folder):
    """Takes its endpoint from AWS_ENDPOINT_URL."""
    # Without --scan-unused-services Prowler leaves out every VPC that nothing runs in.
    return [PROWLER.parent / "python", PROWLER, "aws", "--check", *PROWLER_CHECKS,
            "--region", *DEFAULT_REGIONS, "--scan-unused-services", "--ignore-exit-code-3",
            "--output-formats", "json-ocsf", "html", "--output-directory", folder / "prowler",
            "--no-banner"]


# --- the replay

class Captured:
    """ciswatch's own requests, as they arrived, with the status that each was answered with."""

    def __init__(self):
        self.exchanges = []
        self.connections = 0

    def requests(self):
        return [request for request, _ in self.exchanges]

    def statuses(self):
        return sorted(status for _, status in self.exchanges)


def capture(url, command_of, env):
    """Runs the command (which `command_of` makes of a URL) through a counting relay."""
    captured, relay = Captured(), loopback.relay(url)

    def answer(request):
        made = relay(request)
        captured.exchanges.append((request, made.status))
        return made

    with loopback.serving(answer) as proxy:
        done = subprocess.run(list(map(str, command_of(proxy.url))), env=env, timeout=600,
                              capture_output=True, text=True)
        captured.connections = proxy.connections
    if done.returncode != 0:
        raise SystemExit(f"{command_of('URL')[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return captured


def _quoted(text):
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f'"{text}"'


def write_replay(captured, url, path, tell=""):
    """A curl configuration that sends the same requests: methods, paths, headers and bodies."""
    blocks = []
    for request in captured.requests():
        lines = [f"url = {_quoted(url + request.target)}", "output = /dev/null", "globoff",
                 "path-as-is", "silent"]
        lines.append("head" if request.method == "HEAD" else f"request = {request.method}")
        for name, value in request.headers.items():
            if name not in ("host", "content-length", "accept"):
                lines.append(f"header = {_quoted(f'{name}: {value}')}")
        lines.append('header = "accept:"')
        if request.body:
            lines.append(f"data-binary = {_quoted(request.body.decode())}")
        if tell:
            lines.append(f"write-out = {_quoted(tell)}")
        blocks.append("\n".join(lines))
    path.write_text("\nnext\n".join(blocks) + "\n", encoding="utf-8")


def replay(path, at_once):
    return ["/usr/bin/curl", "--disable", "--parallel", "--parallel-immediate", "--parallel-max",
            str(at_once), "--config", path]


def check_replay(captured, url, folder, env):
    """Runs it once and compares the answers' statuses. Returns the connections that it opened."""
    path = folder / "checked.curl"
    write_replay(captured, url, path, tell="%{http_code} %{num_connects}\n")
    done = subprocess.run(list(map(str, replay(path, 16))), env=env, timeout=600, check=True,
                          capture_output=True, text=True)
    told = [line.split() for line in done.stdout.splitlines()]
    statuses = sorted(int(status) for status, _ in told)
    if statuses != captured.statuses():
        raise SystemExit("the replay is answered differently from ciswatch: it is no floor")
    return sum(int(opened) for _, opened in told)
