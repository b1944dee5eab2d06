"""The `kickoff` command started by the nursery's forking, with the methods of a Popen."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Read by the product when it starts, long after it was imported.
LATE = ("KICKOFF_", "PYTHONUNBUFFERED")


def fits(environment: Mapping[str, str]) -> bool:
    """Whether it differs from our own in nothing that is read while Python begins or the product is
    imported. Who brings a saboteur, say, begins at the beginning."""
    return _early(environment) == _early(os.environ)


def _early(environment: Mapping[str, str]) -> dict[str, str]:
    # Which test is under way stands there too, for a person to read.
    late = (*LATE, "PYTEST_CURRENT_TEST")
    return {name: value for name, value in environment.items() if not name.startswith(late)}


class Forked:
    """A `kickoff` that was forked. `poll`, `wait` and `send_signal` are as subprocess.Popen's."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        files: tuple[int, int],
        on_nursery: Callable[[int], None],
    ) -> None:
        """`files` take what it says and what it logs; `on_nursery` is told the nursery's id."""
        self._argv = list(argv)
        self._code: int | None = None
        self._heard = b""
        self._told, telling = os.pipe()
        nursery, process = _nursery()
        on_nursery(process.pid)
        wish = {"argv": self._argv, "folder": str(folder), "environment": dict(environment)}
        socket.send_fds(nursery, [json.dumps(wish).encode()], [*files, telling])
        os.close(telling)
        self.pid = int(self._line(None) or 0)
        assert self.pid, "the nursery has ended"

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        if self._code is None:
            line = self._line(timeout)
            # Without a word from its keeper: both were killed.
            self._code = int(line) if line else -signal.SIGKILL
            os.close(self._told)
        return self._code

    def send_signal(self, sent: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sent)

    def _line(self, timeout: float | None) -> bytes:
        """What the keeper says next; empty if it says nothing any more."""
        until = None if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._heard:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self._told], [], [], left)[0]:
                raise subprocess.TimeoutExpired(self._argv, timeout or 0.0)
            if not (more := os.read(self._told, 100)):
                return b""
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return line


@cache
def _nursery() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Ends when this process does: its end of the socket is then closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {n: value for n, value in os.environ.items() if not n.startswith(LATE)}
    environment["PYTHONUNBUFFERED"] = "1"
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery"],
            cwd=ROOT,
            env=environment,
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    return ours, process
