"""No server is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.processes import ROOT, wait_until


def test_nothing_outlives_a_test_run_that_is_killed() -> None:
    program = (
        "from tests.support.redis import Redis\n"
        "redis = Redis(); redis.start()\n"
        "print(redis._process.pid, redis._folder, flush=True)\n"
        "input()"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    pid, folder = run.stdout.readline().split()
    assert Path(folder).is_dir()
    os.kill(int(pid), 0)

    run.send_signal(signal.SIGKILL)
    run.communicate()

    wait_until(lambda: not Path(f"/proc/{pid}").exists(), what="Redis to be gone", timeout=10)
    wait_until(lambda: not Path(folder).exists(), what="its folder to be gone", timeout=10)
