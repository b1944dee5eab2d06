"""A real Redis server that keeps nothing on disk, as the product demands of it."""

import shutil
import socket
from contextlib import suppress

from tests.support.processes import Process, free_port, temporary_folder, wait_until


class Redis:
    """`start`, `kill9`, `stop` and `start` again on the same port, empty."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = temporary_folder("redis")
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        if not program:
            raise RuntimeError("no redis-server on this machine; `make test` installs it")
        self._process = Process(
            [
                *(program, "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(self._folder)),
            ],
            folder=self._folder,
        )
        wait_until(self._answers, what="Redis")

    def stop(self) -> None:
        if self._process:
            self._process.stop()

    def kill9(self) -> None:
        if self._process:
            self._process.kill9()

    def empty(self) -> None:
        self._ask("FLUSHALL")

    def _answers(self) -> bool:
        assert self._process is not None
        if not self._process.running:
            raise RuntimeError(f"Redis did not start:\n{self._process.log}")
        with suppress(OSError):
            return self._ask("PING") == "+PONG"
        return False

    def _ask(self, command: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(1000).decode().strip()
