"""A webhook's receiver on this machine: what came, and an answer as the test wants it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.location = ""
        self.next_answers: list[tuple[int, dict[str, str]]] = []  # before `status` holds
        self.answers_after = 0.0  # seconds
        self.got: list[tuple[str, dict[str, str], str]] = []

    @property
    def url(self) -> str:
        return f"http://hook.example:{self.server_port}/in?key=hemmelig"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append((self.path, headers, body))
        time.sleep(self.server.answers_after)
        status, extra = self.server.status, dict[str, str]()
        if self.server.next_answers:
            status, extra = self.server.next_answers.pop(0)
        self.send_response(status)
        for name, value in extra.items():
            self.send_header(name, value)
        if self.server.location:
            self.send_header("location", self.server.location)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
