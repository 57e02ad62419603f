"""Disks that are full, folders that cannot be written, readers that go away: told, and what stood
there is still there."""

import resource
import subprocess

import pytest

from program import ROOT


def test_a_full_disk_under_the_report_is_told(ciswatch, example):
    for form in ("text", "json", "html", "junit"):
        result = ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot,
                                 "--report", f"{form}=/dev/full")
        assert "/dev/full" in result.err and "No space left" in result.err


def test_a_full_disk_under_stdout_is_told(ciswatch, example):
    with open("/dev/full", "wb") as full:
        result = ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot, "--report",
                                 "json", stdout=full)
    assert result.err


def file_limit(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [0, 8 << 10, 40 << 10])
def test_a_full_disk_under_the_snapshot_is_told_and_nothing_is_lost(ciswatch, example, size):
    earlier = ciswatch.folder / "s.db"
    earlier.write_bytes(b"an earlier snapshot")
    result = ciswatch.expect(2, "import", example("seed-001").recording, "-o", "s.db",
                             preexec_fn=file_limit(size))
    assert "s.db" in result.err
    assert earlier.read_bytes() == b"an earlier snapshot"


def test_a_full_disk_under_the_recording_is_told(ciswatch, empty_account):
    result = ciswatch.expect(2, "collect", "-o", "s.db", "--record", "/dev/full", "--endpoint-url",
                             empty_account().url)
    assert "/dev/full" in result.err


def test_a_report_cut_by_a_full_disk_leaves_the_earlier_one(ciswatch, example):
    earlier = ciswatch.folder / "r.html"
    earlier.write_text("an earlier report")
    ciswatch.expect(2, "scan", "--snapshot", example("seed-001").snapshot, "--report", "html=r.html",
                    preexec_fn=file_limit(4 << 10))
    assert earlier.read_text() == "an earlier report"


@pytest.mark.parametrize("where", ["a-file", "/proc/self", "/no-such-folder"])
def test_a_folder_that_cannot_be_written_is_told(ciswatch, example, where):
    (ciswatch.folder / "a-file").write_text("not a folder")
    for args in (["scan", "--snapshot", example("seed-001").snapshot, "--report", f"json={where}/r"],
                 ["import", example("seed-001").recording, "-o", f"{where}/s.db"]):
        result = ciswatch.expect(2, *args)
        assert f"{where}/" in result.err and result.out == ""


def test_a_reader_that_goes_away_does_not_crash_it(ciswatch, example):
    process = ciswatch.start("scan", "--snapshot", example("seed-001").snapshot, "--report", "json")
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(30) in (0, 1, 2), err
    process.stderr.close()


def test_the_shell_sees_the_whole_report_through_a_pipe(ciswatch, example):
    command = f"{ciswatch.path} scan --snapshot {example('seed-001').snapshot} --report json " \
              "--pack cis-aws-1.2.0:2 | wc -c"
    count = subprocess.run(["sh", "-c", command], capture_output=True, cwd=ROOT, check=True,
                           env=ciswatch.environment({}))
    whole = ciswatch.run("scan", "--snapshot", example("seed-001").snapshot, "--report", "json")
    assert int(count.stdout) == len(whole.out.encode())
