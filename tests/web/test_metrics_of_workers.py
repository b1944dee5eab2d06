"""Of several processes, whichever is asked answers for all of them."""

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.postgres import Postgres
from tests.support.processes import wait_until
from tests.support.redis import Redis
from tests.support.server import Server

pytestmark = pytest.mark.postgres

HANDSHAKES = 24


def figure(text: str, name: str) -> float:
    found = re.findall(rf"^{name} (\S+)$", text, re.MULTILINE)
    assert len(found) == 1, f"{name} stands {len(found)} times"
    return float(found[0])


def scrape(server: Server) -> str:
    with urllib.request.urlopen(f"{server.base_url}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def refused_handshakes(server: Server, many: int) -> None:
    """Each is counted by whichever process took it."""
    for _ in range(many):
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{server.port}/live/ABC234", origin="http://evil.example")


def children(server: Server) -> set[int]:
    """Its workers: started by it, and listening."""
    found = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {int(pid) for pid in found if "spawn_main" in _command(pid)}


def _command(pid: str) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@pytest.fixture
def server(tmp_path: Path, postgres_server: Postgres, redis_server: Redis) -> Iterator[Server]:
    """Two workers; its temporary files are in `tmp_path`."""
    (tmp_path / "home").mkdir()
    with postgres_server.database() as url:
        made = Server(
            tmp_path / "home",
            command="serve",
            arguments=["--workers", "2"],
            environment={
                "KICKOFF_DATABASE_URL": url,
                "KICKOFF_REDIS_URL": redis_server.url,
                "TMPDIR": str(tmp_path / "tmp"),
            },
        )
        (tmp_path / "tmp").mkdir()
        yield made.start(timeout=120)
        if made.running:
            made.kill9()


def test_every_scrape_holds_the_figures_of_all_workers(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    wait_until(lambda: len(children(server)) == 2, what="two workers")
    wait_until(lambda: len(list(folder.glob("*/gauge_*.db"))) >= 4, what="their figures")
    refused_handshakes(server, HANDSHAKES)
    for _ in range(10):
        text = scrape(server)
        assert figure(text, "kickoff_sockets_refused_total") == HANDSHAKES
        # One figure, not one for each process.
        figure(text, "kickoff_loop_lag_recent_seconds")
        assert "pid=" not in text

    dead = min(children(server))
    assert list(folder.glob(f"*/gauge_live*_{dead}.db"))
    # It dies while the supervisor waits for its answer: that is when a dead one could be missed.
    os.kill(dead, signal.SIGSTOP)
    time.sleep(1.5)
    os.kill(dead, signal.SIGKILL)
    wait_until(
        lambda: len(children(server)) == 2 and dead not in children(server),
        what="a new worker in place of the dead one",
    )
    # What it had counted stays counted; what it had open does not stay open.
    assert figure(scrape(server), "kickoff_sockets_refused_total") == HANDSHAKES
    assert list(folder.glob(f"*/gauge_live*_{dead}.db")) == []

    assert server.terminate() == 0
    assert list(folder.iterdir()) == [], "the folder goes with the command"
    server.start(timeout=120)
    assert figure(scrape(server), "kickoff_sockets_refused_total") == 0
    server.terminate()
