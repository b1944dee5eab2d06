"""Fixtures that every test may ask for. What they start is real, and started on first use."""

import gc
import os
import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page

import app  # noqa: F401 -- before its thresholds are taken back
from tests.support.browser import chromium, open_page, problems
from tests.support.network import refuse_the_network
from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.server import Server

refuse_the_network()

# A run starts some hundred processes of the product: what the first one has compiled, the others
# read, also where the machine is told to keep nothing (as images of containers often are).
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The product collects rarely (app/__init__); here what a test leaves open is found in its own time.
gc.set_threshold(700, 10, 10)

# Two busy cores say nothing about a single example's time; a red test must be red again.
hypothesis_settings.register_profile("kickoff", deadline=None, derandomize=True)
hypothesis_settings.load_profile("kickoff")


# What takes longest begins first, so that no worker is left with a long file when the others have
# come to their end. (xdist itself would begin with the files of the most tests, which are short.)
LONGEST = ("promises", "browser", "security", "rehearsal", "web", "support")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.split("/")[1], len(ranks)))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """A new, empty database: postgresql+psycopg://…"""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    server = Redis()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """An empty Redis."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`kickoff demo` on a SQLite file of this test file's own; `facts` has links and tokens."""
    server = Server(tmp_path_factory.mktemp("demo")).start()
    yield server
    if server.running:
        server.terminate()


@pytest.fixture
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers that end with the test: start_server(command="serve", environment={…})."""
    started: list[Server] = []

    def start(**options: object) -> Server:
        server = Server(tmp_path_factory.mktemp("server"), **options)  # type: ignore[arg-type]
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.kill9()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a test file.

    Not one a session: while Playwright's synchronous API is started, its event loop counts as
    running in this thread, and asyncio.run() in another test file would refuse to work. For the
    same reason a browser test that wants a WebSocket of its own uses websockets.sync.client.
    """
    with chromium() as started:
        yield started


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages: new_page(device="phone" | "laptop" | "projector", **options of new_context).

    Each has its own cookies. A page that complained (console, exception, failed request) fails the
    test at its end, unless the test has looked: problems(page).clear().
    """
    opened: list[Page] = []

    def open_one(*, device: str = "laptop", **options: object) -> Page:
        opened.append(open_page(browser, device=device, **options))
        return opened[-1]

    yield open_one
    complaints = [complaint for page in opened for complaint in problems(page)]
    for page in opened:
        page.context.close()
    assert not complaints, "\n".join(complaints)
