"""A headless Chromium, as an auditor's browser: no network, a profile of its own, always ended."""

import os
import shutil
import subprocess

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars"]


def browser():
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and shutil.which(name):
            return shutil.which(name)
    raise AssertionError("no Chromium: apt-get install chromium, or set CHROMIUM")


def run(folder, page, *flags, timeout=60):
    """Opens file://`page`; returns (stdout, stderr)."""
    profile = folder / "profile"
    done = subprocess.run(
        [browser(), *FLAGS, f"--user-data-dir={profile}", "--proxy-server=127.0.0.1:9", *flags,
         f"file://{page}"], capture_output=True, timeout=timeout, check=True, cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"})
    shutil.rmtree(profile, ignore_errors=True)
    return done.stdout.decode(), done.stderr.decode()


def dom(folder, page):
    return run(folder, page, "--dump-dom")[0]
