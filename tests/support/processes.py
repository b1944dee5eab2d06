"""Processes of the tests: each in a group of its own, none outliving the test run."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.support.forked import Forked

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A TCP port that nobody listens on.

    Below the range that outgoing connections take theirs from: a server that is killed finds its
    port free again when it comes back, however many sockets a test has open.
    """
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port


def temporary_folder(prefix: str) -> Path:
    """A folder that is gone after the test run."""
    folder = tempfile.mkdtemp(prefix=f"kickoff-{prefix}-")
    _tell_guard(f"folder {folder}")
    return Path(folder)


def at_most(seconds: float) -> float:
    """That long on a machine of our own; where others keep it busy, as much longer as that makes
    everything."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1) / 2
    return seconds * max(1.0, load, 1 / (1 - _share_of_waiting()))


def _share_of_waiting() -> float:
    """Of the time in which somebody waited for a processor, as Linux tells it (PSI): a load average
    hears of a rush only when it is over."""
    with suppress(OSError):
        some = Path("/proc/pressure/cpu").read_text().splitlines()[0]
        shares = dict(each.split("=") for each in some.split()[1:])
        return min(0.9, max(float(shares["avg10"]), float(shares["avg60"])) / 100)
    return 0.0


def wait_until(ready: Callable[[], bool], *, what: str, timeout: float = 30.0) -> None:
    """Asks `ready` every 50 ms; TimeoutError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout:g} s for {what}")
        time.sleep(0.05)


class Process:
    """A program in its own process group, its output in files."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        forked: bool = False,
    ) -> None:
        """`forked`: the command is `kickoff`, and may begin where it has imported itself."""
        self._process: subprocess.Popen[bytes] | Forked
        self._out, self._log = folder / "stdout.txt", folder / "stderr.txt"
        with self._out.open("ab") as out, self._log.open("ab") as log:
            if forked:
                self._process = Forked(
                    command,
                    folder=folder,
                    environment=environment or {},
                    files=(out.fileno(), log.fileno()),
                    on_nursery=_guard_group,
                )
            else:
                self._process = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=environment,
                    user=user,
                    extra_groups=[] if user else None,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=log,
                    start_new_session=True,
                )
        _guard_group(self.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def stdout(self) -> str:
        return self._out.read_text(errors="replace")

    @property
    def log(self) -> str:
        """All that it has said, for a person to read."""
        return self.stdout + self._log.read_text(errors="replace")

    def signal_group(self, sent: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, sent)

    def kill9(self) -> None:
        """The power goes: the whole group at once, nothing may be tidied up."""
        self.signal_group(signal.SIGKILL)
        self.wait()

    def stop(self, sent: signal.Signals = signal.SIGTERM, *, timeout: float = 10.0) -> int:
        """Asks the leader to stop; after `timeout` seconds kills the group. The exit code."""
        if self.running:
            self._process.send_signal(sent)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        # Also whatever the leader left behind.
        self.signal_group(signal.SIGKILL)
        return self.wait()

    def wait(self) -> int:
        code = self._process.wait()
        _tell_guard(f"ended {self.pid}")
        return code


def _guard_group(pid: int) -> None:
    _tell_guard(f"group {pid}")


def _tell_guard(line: str) -> None:
    pipe = _guard().stdin
    assert pipe is not None
    pipe.write(line + "\n")
    pipe.flush()


@cache
def _guard() -> subprocess.Popen[str]:
    # Out of our process group, so that Ctrl-C does not reach it.
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("guard.py"))],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
