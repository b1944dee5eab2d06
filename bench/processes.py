"""Servers and generators as processes, each pinned to its own core."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SERVER_CORE = 0
LOAD_CORE = 1
ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pinned(core: int) -> Any:
    """Runs in the child before exec; on one core only this still works, and both share it."""
    available = sorted(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {available[core % len(available)]})


@dataclass
class Server:
    """A server process on the server's core, up when its port answers."""

    command: Sequence[str]
    port: int
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    cwd: Path = ROOT
    ready_within: float = 60.0
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        out = self.log.open("wb") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            list(self.command),
            cwd=self.cwd,
            env={**os.environ, **self.env},
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=pinned(SERVER_CORE),
            start_new_session=True,
        )
        self._wait_for_port()
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def _wait_for_port(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + self.ready_within
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(
                    f"{self.command[0]} ended with {self.process.returncode}{self._last_words()}"
                )
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=0.5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"nothing listens on port {self.port}{self._last_words()}")

    def _last_words(self) -> str:
        return f":\n{self.log.read_text(errors='replace')[-2000:]}" if self.log else ""


def generate(module: str, /, *, seconds_at_most: float = 600, **options: Any) -> dict[str, Any]:
    """Runs a load generator on its core and returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.load.{module}", json.dumps(options)],
        cwd=ROOT,
        capture_output=True,
        preexec_fn=pinned(LOAD_CORE),
        timeout=seconds_at_most,
    )
    if done.returncode != 0:
        raise RuntimeError(f"load {module} failed:\n{done.stderr.decode(errors='replace')[-3000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
