"""stdout is for results, stderr for people; a bar and colours only where somebody looks."""

import json
import os
import pty
import re
import select
import subprocess
import time

ESCAPE = "\x1b"


def run_on_terminal(program, *args, env=None, streams=("stdout", "stderr"), limit=60):
    """Runs with a pseudo terminal as the named streams; returns (exit code, what the terminal got)."""
    master, slave = pty.openpty()
    process = program.start(*args, env={"TERM": "xterm-256color", **(env or {})},
                            **dict.fromkeys(streams, slave))
    os.close(slave)
    seen, deadline = b"", time.monotonic() + limit
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.1)
        if ready:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        elif process.poll() is not None:
            break
    os.close(master)
    other = [p.read() for p in (process.stdout, process.stderr) if p]
    return process.wait(5), seen.decode("utf-8"), b"".join(other).decode("utf-8")


def test_json_on_stdout_is_nothing_but_json(ciswatch, empty_account):
    result = ciswatch.run("scan", "--endpoint-url", empty_account(delay=0.3).url, "--report",
                          "json")
    assert result.code == 1, result
    assert json.loads(result.out)["schema_version"] == 1
    assert result.err


def test_a_report_to_a_file_leaves_stdout_empty(ciswatch, example):
    result = ciswatch.run("scan", "--snapshot", example("seed-001").snapshot, "--report",
                          "json=r.json")
    assert result.out == ""
    json.loads((ciswatch.folder / "r.json").read_text())


def test_the_text_report_is_on_stdout_by_default_and_names_all_nine(ciswatch, example):
    result = ciswatch.run("scan", "--snapshot", example("seed-001").snapshot)
    assert all(re.search(rf"\b2\.{n}\b", result.out) for n in range(1, 10))
    assert ESCAPE not in result.out and ESCAPE not in result.err


def test_what_is_judged_by_default_is_logging_and_monitoring(ciswatch, example):
    ran = subprocess.run([ciswatch.path, "scan", "--snapshot", example("seed-001").snapshot],
                         cwd=ciswatch.folder, env=ciswatch.env, capture_output=True, text=True,
                         timeout=60, check=False)
    numbers = [*(f"2.{n}" for n in range(1, 10)), *(f"3.{n}" for n in range(1, 15))]
    assert all(re.search(rf"^  {re.escape(number)} ", ran.stdout, re.M) for number in numbers)


def test_progress_off_a_terminal_is_whole_lines_without_control_characters(ciswatch, empty_account):
    result = ciswatch.run("collect", "-o", "s.db", "--endpoint-url", empty_account(delay=0.3).url)
    assert result.code == 0 and result.out == ""
    assert result.err.endswith("\n") and "\r" not in result.err and ESCAPE not in result.err


def test_progress_on_a_terminal_is_a_bar_that_goes_away(ciswatch, empty_account):
    server = empty_account(delay=0.3)
    code, seen, out = run_on_terminal(ciswatch, "collect", "-o", "s.db", "--endpoint-url",
                                      server.url, streams=("stderr",))
    assert code == 0 and out == ""
    assert "\r" in seen and re.search(r"\d+/\d+", seen)
    assert seen.rpartition(f"\r{ESCAPE}[K")[2].count("[") == 0, "the bar is still there"


def test_a_dumb_terminal_gets_no_bar(ciswatch, empty_account):
    server = empty_account(delay=0.3)
    _, seen, _ = run_on_terminal(ciswatch, "collect", "-o", "s.db", "--endpoint-url", server.url,
                                 env={"TERM": "dumb"}, streams=("stderr",))
    assert ESCAPE not in seen


def test_colours_on_a_terminal_and_only_there(ciswatch, example):
    args = ["scan", "--snapshot", example("seed-001").snapshot]
    assert f"{ESCAPE}[" in run_on_terminal(ciswatch, *args, streams=("stdout",))[1]
    assert ESCAPE not in ciswatch.run(*args).out


def test_no_color_takes_the_colours_away(ciswatch, example):
    args = ["scan", "--snapshot", example("seed-001").snapshot]
    _, seen, _ = run_on_terminal(ciswatch, *args, env={"NO_COLOR": "1"}, streams=("stdout",))
    assert "2.1" in seen and ESCAPE not in seen


def test_an_empty_no_color_means_nothing(ciswatch, example):
    args = ["scan", "--snapshot", example("seed-001").snapshot]
    _, seen, _ = run_on_terminal(ciswatch, *args, env={"NO_COLOR": ""}, streams=("stdout",))
    assert ESCAPE in seen


def test_japanese_verdicts_of_the_seed(ciswatch, example):
    out = ciswatch.run("scan", "--snapshot", example("seed-001").snapshot, "--lang", "ja").out
    assert all(word in out for word in ("正常", "注意", "重要"))
    fixed = ciswatch.run("scan", "--snapshot", example("seed-001-fixed").snapshot, "--lang", "ja").out
    assert "正常" in fixed


def test_lines_off_a_terminal_are_not_cut_to_a_width(ciswatch, example):
    wide = ciswatch.run("scan", "--snapshot", example("seed-001").snapshot)
    narrow = ciswatch.run("scan", "--snapshot", example("seed-001").snapshot, env={"COLUMNS": "20"})
    assert wide.out == narrow.out
