"""What keeps decisions 0001 and 0002: who commits, and when.

Seen red: a commit 200 ms after the answer, and one whose failure is swallowed.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.support.product import Product
from tests.support.product import product as running

APP = Path(__file__).parents[2] / "app"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product")) as made:
        yield made


@pytest.fixture
def failing_commits(product: Product) -> Callable[[], AbstractContextManager[None]]:
    """`with failing_commits():` the database refuses each COMMIT."""

    def fail(_connection: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    @contextmanager
    def failing() -> Iterator[None]:
        event.listen(product.database.write_engine, "commit", fail)
        try:
            yield
        finally:
            event.remove(product.database.write_engine, "commit", fail)

    return failing


def test_only_the_database_module_commits() -> None:
    """Migrations are run before anybody is served, and are one transaction of their own."""
    committing = {
        str(path.relative_to(APP))
        for path in APP.rglob("*.py")
        if re.search(r"\.commit\(|\bCOMMIT\b\"", path.read_text())
    }
    assert committing == {"database.py", "migrate.py"}


def test_no_session_is_a_dependency() -> None:
    """Neither a route's nor a socket's: it would end after the answer, or with the socket."""
    for path in [*(APP / "routers").rglob("*.py"), APP / "live" / "socket.py"]:
        text = path.read_text()
        assert not re.search(r"Depends\([^)]*(session|unit_of_work|reading|writing)", text), path
        if path.name == "socket.py":
            assert "Session" not in text


def test_a_write_whose_commit_fails_is_not_answered_as_done(
    product: Product, failing_commits: Callable[[], AbstractContextManager[None]]
) -> None:
    api, teams = product.api(), f"/api/v1/kickoffs/{product.kickoff.id}/teams"
    with failing_commits():
        answer = api.post(teams, json={"name": "Nord"})
    assert (answer.status_code, answer.json()["code"]) == (503, "not_saved")
    product.database.dispose()  # as after a restart
    assert api.get(teams).json()["items"] == []


def test_after_a_failed_commit_the_next_ones_go_on(
    product: Product, failing_commits: Callable[[], AbstractContextManager[None]]
) -> None:
    api, teams = product.api(), f"/api/v1/kickoffs/{product.kickoff.id}/teams"
    with failing_commits():
        api.post(teams, json={"name": "Vest"})
    try:
        assert api.get(teams).status_code == 200
        assert api.post(teams, json={"name": "Vest"}).status_code == 201
    finally:
        product.database.dispose()


def test_a_write_is_committed_before_it_is_answered(product: Product) -> None:
    happened: list[str] = []

    def note(_connection: Any) -> None:
        happened.append("commit")

    inner = product.application.middleware_stack

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def noting(message: Any) -> None:
            happened.append(message["type"])
            await send(message)

        await inner(scope, receive, noting)

    api = product.api()
    event.listen(product.database.write_engine, "commit", note)
    product.application.middleware_stack = watched
    try:
        answer = api.post(f"/api/v1/kickoffs/{product.kickoff.id}/teams", json={"name": "Sør"})
    finally:
        product.application.middleware_stack = inner
        event.remove(product.database.write_engine, "commit", note)
    assert answer.status_code == 201
    assert happened[:2] == ["commit", "http.response.start"]
    assert "commit" not in happened[1:]
