"""Somebody else's web server: pages of another origin, as an attacker would publish them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Elsewhere:
    """`publish` a page, get its address. `origin` differs from the product's by its port alone."""

    def __init__(self, port: int) -> None:
        # The same host as the product: the browser sends its cookies along, as SameSite allows.
        self.origin = f"http://127.0.0.1:{port}"
        self.pages: dict[str, str] = {}

    def publish(self, path: str, html: str) -> str:
        self.pages[path] = html
        return self.origin + path


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html = published.pages.get(self.path, "<!doctype html><title>Nothing</title>").encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(html)))
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    published = Elsewhere(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield published
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
