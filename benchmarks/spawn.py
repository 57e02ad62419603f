"""Runs one command and writes what it cost as JSON: spawn.py RESULT SECONDS LOG COMMAND...

A process of its own, with nothing imported, since Linux counts the memory that a process had before
it became the command as the command's: the peak told here is never below this interpreter's 10 MB."""

import json
import os
import signal
import sys
import time


def main(result, limit, log, *command):
    actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
               (os.POSIX_SPAWN_DUP2, 1, 2)]
    started = time.monotonic()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.alarm(int(limit))
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    with open(result, "w", encoding="utf-8") as out:
        json.dump({"wall": wall, "user": usage.ru_utime, "sys": usage.ru_stime,
                   "rss": usage.ru_maxrss * 1024, "code": os.waitstatus_to_exitcode(status)}, out)


main(*sys.argv[1:])
