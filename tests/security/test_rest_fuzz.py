"""S05: nothing that is sent makes the API fail, and every answer is as it is described.

The quick version tries each field's bounds where routes have code of their own and for one entity
of each shape, and makes up a few requests for every operation; `make chaos` tries all of it in all
operations, by more examples and along the links between them, on both databases. Seen red: with a
bent cursor let through (500), with a field left out of every answer, with statuses that stood in no
description, with dates made of figures, with 405 naming one method of several, and with a page's
routes among the API's.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import schemathesis

from app.main import create_app
from app.routers.api import API
from app.settings import Settings
from tests.security.fuzzing import KICKOFF, REFERENCES, Desk, attack
from tests.support.server import Server

# Of those that are all made by one function (`resource`): ordered with every kind of field, with
# lists and parts, and one that is kept.
OF_EACH_SHAPE = {"kpis", "agenda-blocks", "decisions"}
MOST = 100  # examples an operation, at length
DERIVED = REFERENCES.keys() - OF_EACH_SHAPE


@pytest.fixture
def desk(demo_server: Server) -> Iterator[Desk]:
    with at_the_desk(demo_server) as made:
        yield made


@contextmanager
def at_the_desk(server: Server) -> Iterator[Desk]:
    bearer = {"authorization": f"Bearer {server.facts.api_token}"}
    with httpx.Client(base_url=server.base_url, headers=bearer, timeout=60) as client:
        yield Desk(client, server.facts.kickoff_id, server.facts.join_code)


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    settings = Settings(_env_file=None, database_url="sqlite://", secret_key="x" * 32)
    return create_app(settings).openapi()


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_the_description_is_openapi_as_its_standard_has_it(description: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(description).validate()
    described = str(description)
    referred = set(re.findall(r"'\$ref': '#/components/schemas/([^']+)'", described))
    assert referred == set(description["components"]["schemas"]) & referred


def test_what_a_client_generator_is_strict_about(description: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(names) == len(set(names)) > 200
    for method, path, operation in operations(description):
        where = (method, path)
        assert path.startswith(f"{API}/"), where
        assert re.fullmatch(r"[a-z][a-z0-9_]*", operation["operationId"]), where
        assert operation["tags"], where
        parameters = operation.get("parameters", [])
        in_path = [one["name"] for one in parameters if one["in"] == "path"]
        assert sorted(in_path) == sorted(re.findall(r"{(\w+)}", path)), where
        named = [(one["in"], one["name"].lower()) for one in parameters]
        assert len(named) == len(set(named)), where
        refused = {s: one for s, one in operation["responses"].items() if s >= "400"}
        assert refused, where
        for status, answer in refused.items():
            assert set(answer["content"]) == {"application/problem+json"}, (where, status)


def test_what_needs_no_token_says_so_and_all_else_needs_one(description: dict[str, Any]) -> None:
    everything = description["security"]
    assert everything == [{"bearer": []}]
    assert set(description["components"]["securitySchemes"]) == {"bearer"}
    for method, path, operation in operations(description):
        open_to_all = {} in operation.get("security", everything)
        assert open_to_all == path.startswith(f"{API}/rooms/"), (method, path)
        assert open_to_all or "401" in operation["responses"], (method, path)


def of_own_code(context: Any) -> bool:
    path = str(context.operation.path)
    return path.removeprefix(KICKOFF).strip("/").split("/")[0] not in DERIVED


@pytest.mark.timeout(600)
def test_each_operation_answers_made_up_requests_as_described(
    demo_server: Server, desk: Desk, description: dict[str, Any]
) -> None:
    found = attack(demo_server, desk, phases=["examples", "fuzzing"], most=2)
    assert not found.failures, str(found)
    every = {f"{method.upper()} {path}" for method, path, _ in operations(description)}
    assert found.answers.keys() == every
    reached = {each for each, answers in found.answers.items() if any(s < 300 for s in answers)}
    assert len(reached) > 0.6 * len(every), sorted(every - reached)


@pytest.mark.timeout(600)
def test_at_the_bounds_of_each_field_answers_are_as_described(
    demo_server: Server, desk: Desk
) -> None:
    found = attack(demo_server, desk, phases=["coverage"], only=of_own_code)
    assert not found.failures, str(found)
    assert sum(sum(answers.values()) for answers in found.answers.values()) > 1500


@pytest.mark.chaos
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_every_operation_at_length_and_along_its_links(
    request: pytest.FixtureRequest, start_server: Callable[..., Server], database: str
) -> None:
    environment = {}
    if database == "postgres":
        environment["KICKOFF_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    server = start_server(environment=environment)
    phases = ["examples", "coverage", "fuzzing", "stateful"]
    with at_the_desk(server) as desk:
        found = attack(server, desk, phases=phases, most=MOST)
    assert not found.failures, str(found)
    assert {"coverage", "fuzzing"} <= set(found.phases)
