"""`--saboteur NAME` starts every server of these tests with one guarantee taken out (sabotage/)."""

from collections.abc import Callable, Iterator

import pytest

from tests.promises.stage import Stage, stages
from tests.support.postgres import Postgres
from tests.support.redis import Redis

SQLITE = pytest.param("sqlite", id="sqlite")
POSTGRES = pytest.param("postgres", id="postgres", marks=pytest.mark.postgres)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--saboteur", metavar="NAME", help="take one guarantee out of the servers: see sabotage/"
    )


@pytest.fixture(scope="module", params=[SQLITE, POSTGRES])
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """A running room: on SQLite in one process, and on PostgreSQL and Redis in two."""
    with stages(request, tmp_path_factory) as start:
        yield start(request.param)


@pytest.fixture
def start_stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Stage]]:
    """start_stage("sqlite" | "postgres", environment={…}): a room of this test's own."""
    with stages(request, tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def postgres_in_full(request: pytest.FixtureRequest) -> Postgres:
    return request.getfixturevalue("postgres_server")


@pytest.fixture(scope="session")
def redis_in_full(request: pytest.FixtureRequest) -> Redis:
    return request.getfixturevalue("redis_server")
