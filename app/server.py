"""uvicorn as this product runs it: its own socket protocol, bounded, with a good-bye before it
stops."""

import gc
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from types import FrameType
from typing import Any

import uvicorn
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors import multiprocess

from app.live.protocol import LiveProtocol
from app.live.wire import OTHERS_LIMIT
from app.web.http_protocol import HttpProtocol

SWITCH_SECONDS = 0.001
KERNEL_BUFFER = 128 * 1024  # bytes of one connection that the kernel may hold back
FIGURES_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
GRACE = 5  # seconds from SIGTERM to exit, with stuck readers present


class Server(uvicorn.Server):
    """Says good-bye to every socket before uvicorn closes them: the framework's hook would be too
    late."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _settle()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        live = getattr(getattr(self.config.loaded_app, "state", None), "live", None)
        live = live or _live_of(self.config.loaded_app)
        if live is not None:
            await live.goodbye()
        await super().shutdown(sockets)


class Worker(multiprocess.Process):
    """One of several processes, with our server in it."""

    @cached_property
    def server(self) -> uvicorn.Server:
        sys.setswitchinterval(SWITCH_SECONDS)
        return Server(self.config)

    def start(self) -> None:
        """Its end of the pipe is its own: the supervisor would keep it open, and wait a minute for
        the answer of a process that died while it was asked."""
        super().start()
        self.child_conn.close()

    def join(self) -> None:
        """What it had counted stays; its open sockets and waiting bytes went with it."""
        super().join()
        mark_process_dead(self.pid)  # type: ignore[no-untyped-call]


def configured(
    app: Any, *, workers: int = 1, proxies: str = "127.0.0.1", factory: bool = False
) -> uvicorn.Config:
    """Settings that are part of the product's promises (RELIABILITY D20)."""
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        loop="uvloop",
        http=HttpProtocol,
        ws=LiveProtocol,
        ws_max_size=OTHERS_LIMIT,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=GRACE - 3,  # after the good-bye, which takes two seconds at most
        timeout_keep_alive=30,
        # A worker says nothing before it has imported the product. On a busy machine that is more
        # than uvicorn's five seconds: each would be killed before it was up, and the next one too.
        timeout_worker_healthcheck=60,
        access_log=False,
        log_config=None,
        # No line per socket: ten thousand tell nothing, and each costs as much as a handshake.
        log_level="warning",
        server_header=False,
        backlog=8192,
        proxy_headers=False,
        forwarded_allow_ips=proxies,
    )


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Every connection inherits it. What lies in the kernel cannot be replaced by something newer: a
    # phone on a bad line would read megabytes of old pictures first.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
    listener.bind((host, port))
    listener.set_inheritable(True)
    return listener


def serve(app: Any, listener: socket.socket, *, factory: bool = False, workers: int = 1) -> None:
    """Serve until SIGTERM or SIGINT; several workers are started anew if one dies."""
    # uvicorn raises the signal again when it has ended in good order: then this is what it meets.
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, _exit)
    config = configured(app, factory=factory, workers=workers)
    if workers == 1:
        Server(config).run(sockets=[listener])
    else:
        # The supervisor has no setting for it.
        multiprocess.Process = Worker  # type: ignore[misc]
        with _shared_figures():
            multiprocess.Multiprocess(config, sockets=[listener]).run()


@contextmanager
def _shared_figures() -> Iterator[None]:
    """A folder in which the workers' figures meet, so that /metrics tells those of all of them.

    Each finds it in its environment before it imports prometheus_client, which looks there once.
    New at every start: figures of an earlier one would be added.
    """
    within = os.environ.get(FIGURES_FOLDER)
    with tempfile.TemporaryDirectory(prefix="kickoff-metrics-", dir=within) as folder:
        os.environ[FIGURES_FOLDER] = folder
        yield


def _settle() -> None:
    """Once all is loaded: what is here stays, so the collector need not look at it again and again.

    A full collection walks every object of the process: 100 ms and more of it, and no vote is taken
    meanwhile.
    """
    # The ledger's thread asks for the interpreter at each of its statements; with the default 5 ms
    # it would wait longer for that than for the disk.
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()


def _exit(*_: int | FrameType | None) -> None:
    sys.exit(0)


def _live_of(app: Any) -> Any:
    """The live part of an application that uvicorn has wrapped in its own middleware."""
    inner: Any = app
    step: Callable[[Any], Any] = lambda layer: getattr(layer, "app", None)  # noqa: E731
    while inner is not None:
        if hasattr(inner, "state") and hasattr(inner.state, "live"):
            return inner.state.live
        inner = step(inner)
    return None
