"""A Slurm of one machine, from Debian's packages: its daemons on loopback, in a folder of their own."""

import contextlib
import getpass
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import time

DAEMONS = ("munged", "slurmctld", "slurmd")
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

CONFIG = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
# A task that is put back waits until its first start's credential has run out.
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ReturnToService=2
KillWait=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, seconds, ask):
    """What `ask` answers, as soon as that is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s: {what}")


class Slurm:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.env = {"PATH": PATH, "SLURM_CONF": str(self.folder / "slurm.conf"), "LANG": "C.UTF-8",
                    "HOME": str(self.folder)}

    def run(self, *args, **more):
        done = subprocess.run([str(arg) for arg in args], env={**self.env, **more.pop("env", {})},
                              capture_output=True, text=True, timeout=30, **more)
        assert done.returncode == 0, (args, done.stdout, done.stderr)
        return done.stdout.strip()

    def submit(self, *args, **more):
        return self.run("sbatch", "--parsable", *args, **more)

    def states(self, job):
        """{task: state} of a job that has not been forgotten; an array's by the task's number."""
        rows = self.run("squeue", "--all", "--states=all", "--array", "--noheader", f"--jobs={job}",
                        "--format=%K %T")
        return dict(row.split() for row in rows.splitlines())

    def finished(self, job, seconds):
        """The states when none waits or runs."""
        moving = {"PENDING", "RUNNING", "COMPLETING", "REQUEUED", "CONFIGURING"}

        def ask():
            states = self.states(job)
            return states if states and not moving & set(states.values()) else None
        return until(f"job {job} has not ended", seconds, ask)

    def logs(self):
        return "\n".join(f"--- {log}\n{log.read_text()[-3000:]}"
                         for log in sorted(self.folder.glob("*.log")))


def configure(folder):
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o400)
    for name in ("state", "spool"):
        (folder / name).mkdir()
    (folder / "slurm.conf").write_text(CONFIG.format(
        host=socket.gethostname().split(".")[0], controller=free_port(), node=free_port(),
        user=getpass.getuser(), folder=folder, cpus=os.cpu_count()))


def commands(folder):
    return (["munged", "--foreground", "--force", f"--socket={folder}/munge.socket",
             f"--key-file={folder}/munge.key", f"--pid-file={folder}/munged.pid",
             f"--seed-file={folder}/munged.seed", f"--log-file={folder}/munged.log"],
            ["slurmctld", "-D", "-c"],
            ["slurmd", "-D", "-c"])


@contextlib.contextmanager
def one_machine(folder):
    for name in DAEMONS:
        assert shutil.which(name, path=PATH), f"{name} is not installed: scripts/packages-test.txt"
    folder = pathlib.Path(folder)
    folder.chmod(0o755)
    configure(folder)
    slurm = Slurm(folder)
    started = []
    try:
        with open(folder / "daemons.log", "wb") as log:
            for command in commands(folder):
                started.append(subprocess.Popen(command, env=slurm.env, cwd=folder, stdout=log,
                                                stderr=log, stdin=subprocess.DEVNULL,
                                                start_new_session=True))
                if command[0] == "munged":
                    until("munged does not listen", 10, (folder / "munge.socket").exists)
        until("no node is idle:\n" + slurm.logs(), 30, lambda: subprocess.run(
            ["sinfo", "--noheader", "--format=%T"], env=slurm.env, capture_output=True,
            text=True, timeout=30).stdout.strip() == "idle")
        yield slurm
    finally:
        for daemon in reversed(started):
            daemon.terminate()
        for daemon in reversed(started):
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
