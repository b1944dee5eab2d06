"""The product as a person starts it: the `kickoff` command, in a process group of its own."""

import json
import os
import signal
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.support.forked import fits
from tests.support.processes import Process, free_port, wait_until

COMMAND = str(Path(sys.executable).with_name("kickoff"))


@dataclass(frozen=True)
class Facts:
    """What `kickoff demo --json` says in its first line."""

    base_url: str
    sign_in_url: str
    console_url: str
    projector_url: str
    join_url: str
    join_code: str
    api_token: str
    kickoff_id: str


class Server:
    """`kickoff demo` or `kickoff serve`; can be killed and started again on the same port and data.

    `folder` is its working folder (its SQLite file is there unless `environment` names another
    database), so that it reads no `.env` of this machine. `lived`: the demo with its kickoffs on
    day 37 and 90, which cost a second. `forked`: it begins where the command has imported all that
    the product is (nursery), unless its environment has a word in that.
    """

    def __init__(
        self,
        folder: Path,
        *,
        command: str = "demo",
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        port: int | None = None,
        lived: bool = False,
        forked: bool = True,
    ) -> None:
        self.port = port or free_port()
        self._folder = folder
        self._arguments = [command, "--host", "127.0.0.1", "--port", str(self.port), *arguments]
        if command == "demo":
            self._arguments[1:1] = ["--json", *([] if lived else ["--no-lived"])]
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("KICKOFF_")
            },
            "KICKOFF_DATABASE_URL": f"sqlite:///{folder / 'kickoff.db'}",
            "KICKOFF_SECRET_KEY": "the tests' own key, of no worth at all",
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        }
        self._forked = forked and "--workers" not in arguments and fits(self.environment)
        self._process: Process | None = None
        self._facts: Facts | None = None
        self._said = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def facts(self) -> Facts:
        """Links, code and token of the demo, as of its last start."""
        assert self._facts is not None, "only a started `kickoff demo --json` tells facts"
        return self._facts

    @property
    def log(self) -> str:
        """All that it has said since it was first started."""
        return self._process.log if self._process else ""

    @property
    def pid(self) -> int:
        return self._running.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    def start(self, *, timeout: float = 120.0) -> Self:
        """Returns when /readyz answers 200."""
        self._said = len(self._process.stdout) if self._process else 0
        self._process = Process(
            [COMMAND, *self._arguments],
            folder=self._folder,
            environment=self.environment,
            forked=self._forked,
        )
        try:
            if "--json" in self._arguments:
                wait_until(self._has_told, what="the demo's first line", timeout=timeout)
            wait_until(self._is_ready, what="/readyz", timeout=timeout)
        except BaseException as error:
            self.kill9()
            error.add_note(f"kickoff {' '.join(self._arguments)} said:\n{self.log[-8000:]}")
            raise
        return self

    def kill9(self) -> None:
        """kill -9 to the whole group."""
        self._running.kill9()

    def terminate(self, *, timeout: float = 15.0) -> int:
        """SIGTERM, as an operator stops it. The exit code."""
        return self._running.stop(signal.SIGTERM, timeout=timeout)

    def restart(self, *, timeout: float = 120.0) -> Self:
        """Stops it where it still runs, and starts it on the same port and data."""
        if self.running:
            self.terminate()
        return self.start(timeout=timeout)

    @property
    def _running(self) -> Process:
        assert self._process is not None, "not started yet"
        return self._process

    def _has_told(self) -> bool:
        self._demand_running()
        line, newline, _ = self._running.stdout[self._said :].partition("\n")
        if newline:
            told = json.loads(line)
            self._facts = Facts(**{name: told[name] for name in Facts.__dataclass_fields__})
        return bool(newline)

    def _is_ready(self) -> bool:
        self._demand_running()
        with (
            suppress(OSError),
            urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def _demand_running(self) -> None:
        if not self._running.running:
            raise RuntimeError("it ended before it was ready")
