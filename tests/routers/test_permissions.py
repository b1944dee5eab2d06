"""One table says who may do what; every route asks it (S01).

Seen red with `needs` answering for everybody, and with a route that declares nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlmodel import func, select
from starlette.testclient import TestClient

from app import ids
from app.access import OF_THE_ORGANISATION, SCOPES, TABLE, Permission, Role, Scope
from app.live import tokens
from app.models.agenda import AgendaBlock
from app.models.kickoffs import Kickoff
from app.models.people import Person, Team
from app.models.rooms import Participant, Room
from app.operations import accounts
from app.routers.permissions import check_routes, declared_permission
from tests.support.product import Product

ACTORS = {
    "nobody": None,
    "attendee": TABLE[Role.ATTENDEE],
    "projector": TABLE[Role.PROJECTOR],
    "read token": SCOPES[Scope.READ],
    "write token": SCOPES[Scope.WRITE],
    "facilitate token": SCOPES[Scope.FACILITATE],
    "webhooks token": SCOPES[Scope.WEBHOOKS],
    "token of another kickoff": frozenset(),
    "token of another organisation": frozenset(),
}


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    permission: Permission

    def at(self, kickoff_id: str, record_id: str) -> str:
        return self.path.replace("{kickoff_id}", kickoff_id).replace("{record_id}", record_id)


def operations(application: FastAPI) -> Iterator[Operation]:
    """Everything of the REST API that is about a kickoff, with what its route declares."""
    for context in iter_route_contexts(application.routes):
        path = str(context.path)
        if path.startswith("/api/v1/kickoffs"):
            permission = declared_permission(context.dependant)
            assert permission is not None
            for method in sorted(context.methods or ()):
                yield Operation(method, path, permission)


@pytest.fixture(scope="module")
def clients(product: Product) -> dict[str, TestClient]:
    """One client for each of ACTORS."""
    with product.database.unit_of_work() as session:
        room = session.scalars(select(Room).where(Room.kickoff_id == product.kickoff.id)).one()
        phone = Participant(id=ids.random_id(), room_id=room.id)
        session.add(phone)
        _, link = accounts.new_projector_link(session, room.id)
    key = product.application.state.settings.signing_key
    made = product.api().post("/api/v1/kickoffs", json={"title": "Et annet"}).json()
    projector = product.new_client()
    projector.cookies.set("kickoff_projector", link)
    return {
        "nobody": product.with_bearer(None),
        "attendee": product.with_bearer(tokens.issue(key, phone.id, room.id)),
        "projector": projector,
        "read token": product.api(Scope.READ),
        "write token": product.api(Scope.WRITE),
        "facilitate token": product.api(Scope.FACILITATE),
        "webhooks token": product.api(Scope.WEBHOOKS),
        "token of another kickoff": product.api(kickoff_id=made["id"]),
        "token of another organisation": product.api(organisation_id=product.other_organisation_id),
    }


def state(product: Product) -> list[object]:
    tables = (Kickoff, Person, Team, AgendaBlock, Room)
    with product.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_every_operation_answers_each_actor_as_the_table_says(
    product: Product, clients: dict[str, TestClient]
) -> None:
    kickoff = product.kickoff.id
    block = product.api().post(
        f"/api/v1/kickoffs/{kickoff}/agenda-blocks", json={"title": "Åpning"}
    )
    before, wrong, seen = state(product), [], 0
    for operation in operations(product.application):
        for name, client in clients.items():
            answer = client.request(operation.method, operation.at(kickoff, block.json()["id"]))
            expected = expectation(name, operation)
            # The write of a cookie's bearer counts for nothing at the API.
            if name == "projector" and operation.method != "GET":
                expected = {401}
            seen += 1
            refused = answer.status_code in (401, 403, 404)
            if (expected and answer.status_code not in expected) or (
                not expected and (refused and not missing(operation, answer.status_code))
            ):
                wrong.append((name, operation.method, operation.path, answer.status_code))
    assert wrong == []
    assert seen > 200
    assert state(product) == before


def expectation(actor: str, operation: Operation) -> set[int]:
    """The statuses of the refusal, or nothing where the table allows it."""
    granted = ACTORS[actor]
    if granted is None:
        return {401}
    token = "token" in actor
    if operation.permission in OF_THE_ORGANISATION:
        if not token:
            return {403}
        if operation.permission is Permission.SIGNED_IN:
            return set()
        return set() if actor in ("write token", "token of another organisation") else {403}
    if not granted:
        return {404}
    return set() if operation.permission in granted else {403}


def missing(operation: Operation, status: int) -> bool:
    """The one record that is asked for is a block: of other collections it is not there, and a
    copy needs a second permission of the organisation."""
    of_one = "{record_id}" in operation.path
    return (status == 404 and of_one) or "copies" in operation.path


def test_a_foreign_record_is_answered_as_one_that_does_not_exist(product: Product) -> None:
    api = product.api()
    theirs = product.api(organisation_id=product.other_organisation_id)
    foreign = theirs.post(f"/api/v1/kickoffs/{product.foreign.id}/teams", json={"name": "Hemmelig"})
    assert foreign.status_code == 201
    assert theirs.get(foreign.headers["location"]).status_code == 200  # there is something to leak
    own = f"/api/v1/kickoffs/{product.kickoff.id}/teams"
    for path in (foreign.headers["location"], f"{own}/{foreign.json()['id']}"):
        nowhere = path.replace(foreign.json()["id"], ids.new_id())
        answers = [api.get(where) for where in (path, nowhere)]
        assert [answer.status_code for answer in answers] == [404, 404]
        bodies = [{**answer.json(), "request_id": ""} for answer in answers]
        assert bodies[0] == bodies[1]


def test_a_reference_into_another_kickoff_is_as_unknown_as_none(product: Product) -> None:
    theirs = product.api(organisation_id=product.other_organisation_id)
    team = theirs.post(f"/api/v1/kickoffs/{product.foreign.id}/teams", json={"name": "Deres"})
    people = f"/api/v1/kickoffs/{product.kickoff.id}/people"
    for team_id in (team.json()["id"], ids.new_id()):
        answer = product.api().post(people, json={"name": "Kari", "team_id": team_id})
        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/team_id"]


@pytest.mark.parametrize("role", ["owner", "facilitator", "contributor", "viewer"])
def test_a_member_reads_the_plan_with_the_browsers_cookie(product: Product, role: str) -> None:
    http = product.browser(role).http
    assert http.get(f"/api/v1/kickoffs/{product.kickoff.id}").status_code == 200
    assert http.get(f"/api/v1/kickoffs/{product.foreign.id}").status_code == 404


def test_somebody_of_the_organisation_without_a_role_finds_nothing(product: Product) -> None:
    http = product.browser("outsider").http
    assert http.get("/api/v1/kickoffs").json()["items"] == []
    assert http.get(f"/api/v1/kickoffs/{product.kickoff.id}").status_code == 404


def test_an_administrator_owns_every_kickoff_of_the_own_organisation_alone(
    product: Product,
) -> None:
    http = product.browser("administrator").http
    titles = [one["title"] for one in http.get("/api/v1/kickoffs").json()["items"]]
    assert "Kurs 2027" in titles
    assert "Hemmelig" not in titles
    assert http.get(f"/api/v1/kickoffs/{product.foreign.id}").status_code == 404


def test_a_cookie_alone_writes_nothing_at_the_api(product: Product) -> None:
    http = product.browser("owner").http
    path = f"/api/v1/kickoffs/{product.kickoff.id}/teams"
    assert http.post(path, json={"name": "Fra en fremmed side"}).status_code == 401


def test_a_route_without_a_permission_stops_the_start(product: Product) -> None:
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @application.get("/left-open")
    def left_open() -> None: ...

    with pytest.raises(RuntimeError, match="/left-open"):
        check_routes(application)
    check_routes(product.application)


def test_the_facilitators_notes_are_for_facilitators(product: Product) -> None:
    path = f"/api/v1/kickoffs/{product.kickoff.id}/agenda-blocks"
    sent = {"title": "Med notat", "notes": "Spør Ingrid først"}
    block = product.api().post(path, json=sent).json()
    assert block["notes"] == "Spør Ingrid først"
    mine = f"{path}/{block['id']}"
    write, facilitate = product.api(Scope.WRITE), product.api(Scope.FACILITATE)
    assert facilitate.get(mine).json()["notes"] == "Spør Ingrid først"
    assert "notes" not in write.get(mine).json()
    refused = write.patch(mine, json={"notes": "borte"}, headers={"if-match": '"1"'})
    assert refused.status_code == 403
    changed = write.patch(mine, json={"title": "Ny"}, headers={"if-match": '"1"'})
    assert changed.status_code == 200
    assert "notes" not in changed.json()
    assert facilitate.get(mine).json()["notes"] == "Spør Ingrid først"
