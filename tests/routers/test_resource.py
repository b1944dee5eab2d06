"""What every collection of the plan promises to programs."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.access import Scope
from app.operations.entities import PLAN
from app.routers.schemas import public_schema
from tests.support.product import Product

HOSTILE: list[Any] = [
    "\ud800",
    "a\x00b",
    "\x00",
    2**31,
    2**63,
    2**70,
    -(2**63),
    1e999,
    -1.5,
    True,
    None,
    [],
    {},
    [[]],
    {"a": "b"},
    "x" * 100_000,
    "\u202eabc",
    "\u0344" * 180,  # grows when it is normalised
    "'; DROP TABLE kickoff; --",
    "../../etc/passwd",
]
# Each collection: what its schema is called, and the least that makes a record of it.
COLLECTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "teams": ("TeamCreate", {"name": "A"}),
    "people": ("PersonCreate", {"name": "A"}),
    "groups": ("WorkingGroupCreate", {"name": "A"}),
    "agenda-blocks": ("AgendaBlockCreate", {"title": "A"}),
    "goals": ("GoalCreate", {"title": "A"}),
    "kpis": ("KpiCreate", {"title": "A"}),
    "risks": ("RiskCreate", {"title": "A"}),
    "deliverables": ("DeliverableCreate", {"title": "A"}),
    "actions": ("ActionCreate", {"title": "A"}),
    "decisions": ("DecisionCreate", {"title": "A"}),
    "assumptions": ("AssumptionCreate", {"title": "A"}),
    "strategic-moves": ("StrategicMoveCreate", {"title": "A"}),
    "focus-areas": ("FocusAreaCreate", {"title": "A"}),
    "initiatives": ("InitiativeCreate", {"title": "A"}),
    "milestones": ("MilestoneCreate", {"title": "A"}),
    "pilots": ("PilotCreate", {"title": "A"}),
    "learnings": ("LearningCreate", {"title": "A"}),
    "segments": ("SegmentCreate", {"name": "A"}),
    "stakeholders": ("StakeholderCreate", {"name": "A"}),
    "narratives": ("NarrativeCreate", {"title": "A"}),
    "supporting-points": ("SupportingPointCreate", {"title": "A"}),
    "themes": ("ThemeCreate", {"title": "A"}),
    "messages": ("MessageCreate", {"title": "A"}),
    "faq": ("FaqCreate", {"question": "A"}),
    "glossary": ("TermCreate", {"term": "A"}),
    "channels": ("ChannelCreate", {"name": "A"}),
    "communication-steps": ("CommunicationStepCreate", {"title": "A"}),
    "sponsors": ("SponsorCreate", {"name": "A"}),
    "ambassadors": ("AmbassadorCreate", {"name": "A"}),
    "dry-runs": ("DryRunCreate", {"title": "A"}),
    "cases": ("CaseCreate", {"title": "A"}),
    "objectives": ("ObjectiveCreate", {"title": "A"}),
    "meeting-series": ("MeetingSeriesCreate", {"title": "A"}),
    "meetings": ("MeetingCreate", {"title": "A"}),
    "blockers": ("BlockerCreate", {"title": "A"}),
    "retrospectives": ("RetrospectiveCreate", {"title": "A"}),
    "responsibilities": ("ResponsibilityCreate", {"part": "goals"}),
    "pulses": ("PulseCreate", {"title": "A"}),
    "activities": ("ActivityCreate", {"kind": "scale", "title": "A"}),
    "rooms": ("RoomFields", {"name": "A"}),
}
# What is there or not at a link.
PUBLISHED = ("/answers", "/handouts", "/link")
# Those that are nothing without another record: their fields, and the collection of that record.
NEEDING: dict[str, dict[str, Any]] = {
    "cause-effect-links": {"cause_goal_id": "goals", "effect_kpi_id": "kpis"},
    "readings": {"value": 1.5, "kpi_id": "kpis"},
    "theme-pages": {"title": "A", "theme_id": "themes"},
    "consequences": {"role": "A", "message_id": "messages"},
    "appearances": {"title": "A", "sponsor_id": "sponsors"},
    "retro-notes": {"text": "A", "retrospective_id": "retrospectives"},
    "causes": {"text": "A", "retro_note_id": "retro-notes"},
    "case-effects": {"observed": "A", "case_id": "cases"},
    "raci": {"deliverable_id": "deliverables", "person_id": "people"},
    "key-results": {"title": "A", "objective_id": "objectives"},
    "check-ins": {"value": 1.5, "key_result_id": "key-results"},
    "pulse-questions": {"text": "A", "pulse_id": "pulses"},
    "pulse-measures": {"title": "A", "pulse_id": "pulses"},
}


@pytest.fixture
def api(product: Product) -> TestClient:
    return product.api()


def path(product: Product, collection: str) -> str:
    return f"/api/v1/kickoffs/{product.kickoff.id}/{collection}"


def raw(value: Any) -> str:
    return json.dumps(value)  # as Python writes it: NaN, Infinity and lone surrogates pass


def test_a_record_comes_back_as_it_was_made(product: Product, api: TestClient) -> None:
    made = api.post(path(product, "teams"), json={"name": "  Salg  og\tkundesenter "})
    assert made.status_code == 201
    assert made.json()["name"] == "Salg og kundesenter"
    assert made.headers["etag"] == '"1"'
    found = api.get(made.headers["location"])
    assert found.json() == made.json()
    assert found.headers["etag"] == '"1"'
    unchanged = api.get(made.headers["location"], headers={"if-none-match": '"1"'})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_a_write_without_its_premise_is_428_and_with_a_stale_one_412(
    product: Product, api: TestClient
) -> None:
    where = api.post(path(product, "teams"), json={"name": "Drift"}).headers["location"]
    assert api.patch(where, json={"purpose": "x"}).status_code == 428
    assert api.delete(where).status_code == 428
    first = api.patch(where, json={"purpose": "Først"}, headers={"if-match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    late = api.patch(where, json={"purpose": "Sist"}, headers={"if-match": '"1"'})
    assert late.status_code == 412
    assert late.headers["content-type"] == "application/problem+json"
    assert (late.json()["current"]["purpose"], late.json()["current"]["version"]) == ("Først", 2)
    assert api.delete(where, headers={"if-match": '"1"'}).status_code == 412
    assert api.delete(where, headers={"if-match": '"2"'}).status_code == 204
    assert api.get(where).status_code == 404


def test_of_many_writers_at_once_nobody_overwrites_another(either_product: Product) -> None:
    api = either_product.api()
    where = api.post(path(either_product, "teams"), json={"name": "Felles"}).headers["location"]

    def write(number: int) -> int:
        version = api.get(where).headers["etag"]
        sent = {"purpose": f"fra {number}"}
        return api.patch(where, json=sent, headers={"if-match": version}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(write, range(24)))
    assert set(answers) <= {200, 412}
    assert api.get(where).json()["version"] == 1 + answers.count(200)


def test_a_patch_leaves_out_what_it_leaves_out(product: Product, api: TestClient) -> None:
    sent = {"title": "Åpning", "kind": "opening", "minutes": 20, "fixed_start": "09:00"}
    where = api.post(path(product, "agenda-blocks"), json=sent).headers["location"]
    answer = api.patch(where, json={"fixed_start": None}, headers={"if-match": '"1"'}).json()
    assert (answer["fixed_start"], answer["minutes"], answer["kind"]) == (None, 20, "opening")


@pytest.mark.parametrize(
    "sent, pointer",
    [
        ({"title": "   "}, "/title"),
        ({"title": None}, "/title"),
        ({"minutes": 0}, "/minutes"),
        ({"minutes": None}, "/minutes"),
        ({"kind": "lunch"}, "/kind"),
        ({"fixed_start": "25:00"}, "/fixed_start"),
        ({"surprise": 1}, "/surprise"),
        ({"phases": [{"name": "", "minutes": 4}]}, "/phases"),
        ({"phases": [{"name": "x", "minutes": 0}]}, "/phases/0/minutes"),
        ({"after_id": "nobody"}, "/after_id"),
    ],
)
def test_a_fault_is_named_where_it_is(
    product: Product, api: TestClient, sent: dict[str, Any], pointer: str
) -> None:
    where = api.post(path(product, "agenda-blocks"), json={"title": "Bolk"}).headers["location"]
    answer = api.patch(where, json=sent, headers={"if-match": '"1"'})
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert api.get(where).json()["version"] == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"on_map": 1},
        {"on_map": "true"},
        {"target": "12"},
        {"target": True},
        {"target_date": 0},
        {"target_date": "0"},
        {"target_date": "2026-12-31T00:00:00"},
    ],
)
def test_a_field_takes_the_type_that_is_described_and_no_other(
    product: Product, api: TestClient, sent: dict[str, Any]
) -> None:
    """Seen red without `as_json`: of a figure a date in 1970 was made."""
    refused = api.post(path(product, "kpis"), json={"title": "Tall", **sent})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [f"/{next(iter(sent))}"]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_hostile_values_are_refused_or_stored_and_never_a_fault_of_ours(
    either_product: Product, collection: str
) -> None:
    """RELIABILITY M10. Seen red without the cleaning of text, and without bounds on numbers."""
    api, answers = either_product.api(), set()
    schema, good = COLLECTIONS[collection]
    where = path(either_product, collection)
    made = api.post(where, json=good)
    shape = either_product.application.openapi()["components"]["schemas"]
    names = [name for name in shape[schema]["properties"] if name != "after_id"]
    for name in names:
        for value in HOSTILE:
            body = raw({**good, name: value}).encode()
            headers = {"content-type": "application/json"}
            answers.add(api.post(where, content=body, headers=headers).status_code)
            if value not in HOSTILE[:6]:
                continue
            headers["if-match"] = "*"
            changed = api.patch(
                made.headers["location"], content=raw({name: value}).encode(), headers=headers
            )
            answers.add(changed.status_code)
    assert answers <= {200, 201, 409, 413, 422}


@pytest.mark.parametrize("query", ["limit=0", "limit=-1", "limit=101", f"limit={2**63}", "limit=x"])
def test_a_list_has_bounds(product: Product, api: TestClient, query: str) -> None:
    assert api.get(f"{path(product, 'teams')}?{query}").status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_one_and_for_three(product: Product, count: int) -> None:
    api = product.api()
    kickoff = api.post("/api/v1/kickoffs", json={"title": f"Med {count}"}).json()["id"]
    for number in range(count):
        api.post(f"/api/v1/kickoffs/{kickoff}/people", json={"name": f"Person {number}"})
    with product.counting() as sent:
        found = api.get(f"/api/v1/kickoffs/{kickoff}/people").json()["items"]
    assert [person["name"] for person in found] == [f"Person {n}" for n in range(count)]
    assert len(sent) == 3  # the token, the kickoff, the people


def test_pages_follow_one_another_without_gap_or_repetition(product: Product) -> None:
    api = product.api()
    kickoff = api.post("/api/v1/kickoffs", json={"title": "Sider"}).json()["id"]
    where = f"/api/v1/kickoffs/{kickoff}/teams"
    for number in range(7):
        api.post(where, json={"name": f"Team {number}"})
    found, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        answer = api.get(where, params=query).json()
        found.append([team["name"] for team in answer["items"]])
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert [len(one) for one in found] == [3, 3, 1]
    assert [name for page in found for name in page] == [f"Team {n}" for n in range(7)]


def test_a_bent_or_borrowed_cursor_is_refused(product: Product) -> None:
    api = product.api()
    kickoff = api.post("/api/v1/kickoffs", json={"title": "Pekere"}).json()["id"]
    where = f"/api/v1/kickoffs/{kickoff}/teams"
    for number in range(3):
        api.post(where, json={"name": f"Team {number}"})
    cursor = api.get(where, params={"limit": 1}).json()["next_cursor"]
    assert api.get(where, params={"cursor": cursor}).status_code == 200
    for wrong in (cursor[:-1], cursor[1:], cursor.swapcase(), "x", "", "\x00", cursor * 5):
        assert api.get(where, params={"cursor": wrong}).status_code == 422
    assert api.get(path(product, "teams"), params={"cursor": cursor}).status_code == 422


def test_the_same_key_makes_one_record(either_product: Product) -> None:
    api, where = either_product.api(), path(either_product, "people")
    before = len(api.get(where, params={"limit": 100}).json()["items"])

    def post(_: int) -> tuple[int, str, str]:
        headers = {"idempotency-key": "only-one-kari"}
        answer = api.post(where, json={"name": "Kari"}, headers=headers)
        return answer.status_code, answer.headers.get("location", ""), answer.text

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(post, range(8)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert len(api.get(where, params={"limit": 100}).json()["items"]) == before + 1


def test_the_same_key_with_other_content_is_refused(product: Product, api: TestClient) -> None:
    where, headers = path(product, "people"), {"idempotency-key": "two-unlike"}
    assert api.post(where, json={"name": "Kari"}, headers=headers).status_code == 201
    reused = api.post(where, json={"name": "Ola"}, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (409, "id_reused")
    another = product.api().post(where, json={"name": "Ola"}, headers=headers)
    assert another.status_code == 201  # keys are each token's own


def test_a_key_whose_request_was_refused_can_be_used(product: Product, api: TestClient) -> None:
    where, headers = path(product, "people"), {"idempotency-key": "second-try"}
    assert api.post(where, json={"name": " "}, headers=headers).status_code == 422
    assert api.post(where, json={"name": "Kari"}, headers=headers).status_code == 201


def test_blocks_stand_where_they_are_put(either_product: Product) -> None:
    api = either_product.api()
    kickoff = api.post("/api/v1/kickoffs", json={"title": "Rekkefølge"}).json()["id"]
    where = f"/api/v1/kickoffs/{kickoff}/agenda-blocks"

    def titles() -> list[str]:
        return [one["title"] for one in api.get(where).json()["items"]]

    def make(title: str, **more: Any) -> dict[str, Any]:
        made: dict[str, Any] = api.post(where, json={"title": title, **more}).json()
        return made

    a, b = make("A"), make("B")
    make("Først", after_id="")
    make("Etter A", after_id=a["id"])
    assert titles() == ["Først", "A", "Etter A", "B"]
    moved = api.patch(f"{where}/{b['id']}", json={"after_id": ""}, headers={"if-match": '"1"'})
    assert moved.status_code == 200
    assert titles() == ["B", "Først", "A", "Etter A"]


def test_what_is_answered_is_what_is_described(product: Product, api: TestClient) -> None:
    def made_of(collection: str) -> dict[str, Any]:
        if collection in COLLECTIONS:
            body = COLLECTIONS[collection][1]
        else:
            body = {
                name: made_of(value)["id"] if value in (*COLLECTIONS, *NEEDING) else value
                for name, value in NEEDING[collection].items()
            }
        made: dict[str, Any] = api.post(path(product, collection), json=body).json()
        return made

    for entity in PLAN:
        made = made_of(entity.name)
        described = public_schema(entity, kickoff_id=(str, ...))
        assert set(made) == set(described.model_fields)
        described.model_validate(made)


def test_every_operation_is_described_with_a_name_and_its_refusals(product: Product) -> None:
    document = product.application.openapi()
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        if path.startswith("/api/v1/kickoffs")
        for method, operation in methods.items()
    ]
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(names) == len(set(names))
    for method, where, operation in operations:
        assert "401" in operation["responses"], (method, where)
        # A publication is there or not: nothing in it could be lost by somebody's later word.
        if method in ("patch", "delete", "put") and not where.endswith(PUBLISHED):
            assert {"412", "428"} <= set(operation["responses"]), (method, where)
        assert "HTTPValidationError" not in str(operation), (method, where)


def test_a_read_token_writes_nothing(product: Product) -> None:
    read = product.api(Scope.READ)
    assert read.get(path(product, "teams")).status_code == 200
    assert read.post(path(product, "teams"), json={"name": "A"}).status_code == 403
    assert read.post("/api/v1/kickoffs", json={"title": "A"}).status_code == 403
