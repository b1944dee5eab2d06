"""What is special about the plan's records: kept ones, lists, circles, what is worked out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import clock, ids
from app.models.actions import Action
from app.models.deliverables import Deliverable
from app.operations import actions, deliverables, people
from tests.support.product import Product


class Plan:
    """A kickoff of its own, at the API."""

    def __init__(self, product: Product, **values: Any) -> None:
        self.api: TestClient = product.api()
        made = self.api.post("/api/v1/kickoffs", json={"title": "Plan", **values})
        self.kickoff_id = str(made.json()["id"])
        self.path = f"/api/v1/kickoffs/{self.kickoff_id}"

    def make(self, collection: str, **values: Any) -> dict[str, Any]:
        answer = self.api.post(f"{self.path}/{collection}", json=values)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def get(self, collection: str, record: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"{self.path}/{collection}/{record['id']}").json()
        return found

    def patch(self, collection: str, record: dict[str, Any], **values: Any) -> Any:
        where = f"{self.path}/{collection}/{record['id']}"
        return self.api.patch(where, json=values, headers={"if-match": "*"})


@pytest.fixture
def plan(either_product: Product) -> Plan:
    return Plan(either_product)


def faults(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [fault["pointer"] for fault in answer.json()["errors"]]


# ---- Lists


def test_a_list_holds_records_of_this_kickoff_each_once(product: Product, plan: Plan) -> None:
    kari, ola = plan.make("people", name="Kari"), plan.make("people", name="Ola")
    foreign = Plan(product).make("people", name="Hemmelig")
    made = plan.make("deliverables", title="A", supporter_ids=[ola["id"], kari["id"], ola["id"]])
    assert made["supporter_ids"] == [ola["id"], kari["id"]]
    for wrong in ([foreign["id"]], [kari["id"], ids.new_id()]):
        assert faults(plan.patch("deliverables", made, supporter_ids=wrong)) == ["/supporter_ids"]
    assert faults(plan.patch("deliverables", made, supporter_ids=["x"])) == ["/supporter_ids/0"]
    team = plan.make("teams", name="Et team")
    assert faults(plan.patch("deliverables", made, supporter_ids=[team["id"]]))


def test_who_is_removed_leaves_the_lists(plan: Plan) -> None:
    kari, ola = plan.make("people", name="Kari"), plan.make("people", name="Ola")
    made = plan.make(
        "deliverables", title="A", owner_id=kari["id"], supporter_ids=[kari["id"], ola["id"]]
    )
    other = plan.make("deliverables", title="B", supporter_ids=[ola["id"]])
    where = f"{plan.path}/people/{kari['id']}"
    assert plan.api.delete(where, headers={"if-match": "*"}).status_code == 204
    left = plan.get("deliverables", made)
    assert (left["owner_id"], left["supporter_ids"], left["version"]) == (None, [ola["id"]], 2)
    assert plan.get("deliverables", other)["version"] == 1


# ---- Circles


def test_actions_do_not_wait_for_one_another_in_a_circle(plan: Plan) -> None:
    a = plan.make("actions", title="A")
    b = plan.make("actions", title="B", depends_on_ids=[a["id"]])
    c = plan.make("actions", title="C", depends_on_ids=[b["id"], a["id"]])
    for wrong in (a, b, c):
        answer = plan.patch("actions", a, depends_on_ids=[wrong["id"]])
        assert faults(answer) == ["/depends_on_ids"]
        assert "«A»" in answer.json()["errors"][0]["detail"]
    assert plan.patch("actions", b, depends_on_ids=[]).status_code == 200
    assert plan.patch("actions", a, depends_on_ids=[b["id"]]).status_code == 200


def test_no_goal_is_part_of_its_own_part(plan: Plan) -> None:
    vision = plan.make("goals", title="Visjon", level="vision")
    goal = plan.make("goals", title="Mål", parent_id=vision["id"])
    part = plan.make("goals", title="Delmål", level="sub_goal", parent_id=goal["id"])
    for wrong in (vision, goal, part):
        assert faults(plan.patch("goals", vision, parent_id=wrong["id"])) == ["/parent_id"]
    assert plan.patch("goals", part, parent_id=vision["id"]).status_code == 200


# ---- Kept


@pytest.mark.parametrize("collection", ["decisions", "assumptions"])
def test_what_is_kept_is_superseded_and_never_removed(plan: Plan, collection: str) -> None:
    made = plan.make(collection, title="Vi starter i mars")
    where = f"{plan.path}/{collection}/{made['id']}"
    assert plan.api.delete(where, headers={"if-match": "*"}).status_code == 405
    body = {"title": "Vi starter i april"}
    assert plan.api.post(f"{where}/supersede", json=body).status_code == 428
    stale = plan.api.post(f"{where}/supersede", json=body, headers={"if-match": '"7"'})
    assert stale.status_code == 412
    wrong = plan.api.post(f"{where}/supersede", json={"title": " "}, headers={"if-match": "*"})
    assert faults(wrong) == ["/title"]
    answer = plan.api.post(f"{where}/supersede", json=body, headers={"if-match": '"1"'})
    assert answer.status_code == 201
    new = plan.api.get(answer.headers["location"]).json()
    assert (new["title"], new["superseded_by_id"]) == ("Vi starter i april", None)
    old = plan.get(collection, made)
    assert (old["title"], old["superseded_by_id"]) == ("Vi starter i mars", new["id"])
    # What is history is not written again.
    assert plan.patch(collection, made, title="X").status_code == 409
    again = plan.api.post(f"{where}/supersede", json=body, headers={"if-match": "*"})
    assert again.status_code == 409
    assert len(plan.api.get(f"{plan.path}/{collection}").json()["items"]) == 2


def test_a_decision_fell_today_where_the_kickoff_is_unless_it_says_another_day(
    product: Product,
) -> None:
    far = Plan(product, time_zone="Pacific/Kiritimati")  # fourteen hours ahead
    there = (clock.now() + timedelta(hours=14)).date().isoformat()
    assert far.make("decisions", title="A")["decided_on"] == there
    assert far.make("assumptions", title="A")["noted_on"] == there
    assert far.make("decisions", title="B", decided_on="2026-02-03")["decided_on"] == "2026-02-03"


# ---- Worked out


def test_an_actions_status_and_window_are_worked_out(product: Product) -> None:
    today = clock.today()
    plan = Plan(product, day=(today - timedelta(days=40)).isoformat(), time_zone="UTC")

    def due(days: int) -> str:
        return (today + timedelta(days=days)).isoformat()

    late = plan.make("actions", title="A", due=due(-2), status="green")
    assert (late["status"], late["shown_status"]) == ("green", "red")
    assert (late["status_reasons"], late["shown_window"]) == (["overdue"], "60")
    silent = plan.make("actions", title="B", due=due(2))
    assert (silent["shown_status"], silent["status_reasons"]) == ("yellow", ["due_soon"])
    assert silent["status_at"] is None
    given = plan.make("actions", title="C", due=due(2), status="green", window="90")
    assert (given["shown_status"], given["shown_window"]) == ("green", "90")
    assert plan.patch("actions", late, state="closed").json()["shown_status"] == "done"
    refused = plan.api.post(f"{plan.path}/actions", json={"title": "D", "shown_status": "green"})
    assert faults(refused) == ["/shown_status"]


def test_an_unchanged_action_is_still_answered_as_it_stands_today(plan: Plan) -> None:
    made = plan.make("actions", title="A")
    where = f"{plan.path}/actions/{made['id']}"
    assert plan.api.get(where, headers={"if-none-match": '"1"'}).status_code == 200


def test_a_status_is_fresh_from_when_it_was_named(product: Product) -> None:
    plan = Plan(product)
    made = plan.make("actions", title="A", status="green")
    with product.database.unit_of_work() as session:
        action = session.get_one(Action, made["id"])
        action.status_at = clock.now() - timedelta(days=9)
    before = plan.get("actions", made)["status_at"]
    assert plan.patch("actions", made, title="B").json()["status_at"] == before
    assert plan.patch("actions", made, status="green").json()["status_at"] > before
    assert plan.patch("actions", made, status=None).json()["status_at"] is None


# ---- What the room makes


def test_an_entry_becomes_one_action_however_often_it_is_sent(either_product: Product) -> None:
    plan = Plan(either_product)
    room = plan.api.get(f"{plan.path}/rooms").json()["items"][0]
    activity = plan.make("activities", kind="open_text", title="Hindringer", room_id=room["id"])
    entry = ids.random_id()

    def make(title: str, day: date | None = None) -> Action:
        with either_product.database.unit_of_work() as session:
            owner = people.person_named(session, plan.kickoff_id, " Øyvind  SÆTHER ")
            return actions.create_action(
                session,
                plan.kickoff_id,
                title=title,
                owner_id=owner.id,
                due=day,
                source="obstacle",
                source_activity_id=activity["id"],
                source_entry_id=entry,
            )

    first, again = make("Finn ut"), make("Finn ut")
    later = make("Finn ut nå", date(2026, 4, 1))
    assert first.id == again.id == later.id
    assert (again.version, later.version) == (1, 2)
    (stored,) = plan.api.get(f"{plan.path}/actions").json()["items"]
    assert (stored["title"], stored["due"], stored["source"]) == (
        "Finn ut nå",
        "2026-04-01",
        "obstacle",
    )
    (person,) = plan.api.get(f"{plan.path}/people").json()["items"]
    assert (person["name"], stored["owner_id"]) == ("Øyvind SÆTHER", person["id"])


def test_a_name_finds_who_is_there_and_never_a_namesake_by_id(product: Product) -> None:
    plan = Plan(product)

    def named(name: str) -> str:
        with product.database.unit_of_work() as session:
            return people.person_named(session, plan.kickoff_id, name).id

    kari = named("Kari")
    assert named("KARI") == kari
    assert plan.patch("people", {"id": kari}, name="Karianne Nordmann").status_code == 200
    assert named("Kari") != kari


def test_a_first_name_alone_is_enough_where_one_only_has_it(product: Product) -> None:
    plan = Plan(product)

    def named(name: str) -> str:
        with product.database.unit_of_work() as session:
            return people.person_named(session, plan.kickoff_id, name).id

    amir = named("Amir Haddad")
    assert named("amir") == amir
    per = named("Per Åge Nygård")
    assert {named("Per"), named("Per Åge")} == {per}
    assert named("Ami") not in (amir, per)
    other = named("Amir Khan")
    assert named("Amir") not in (amir, other)


def test_of_many_at_once_one_makes_the_action(either_product: Product) -> None:
    """Seen red without the unique pair."""
    plan = Plan(either_product)
    activity = plan.make("activities", kind="open_text", title="Hindringer")
    entry = ids.random_id()

    def make(number: int) -> str:
        with either_product.database.unit_of_work() as session:
            return actions.create_action(
                session,
                plan.kickoff_id,
                title=f"Finn ut {number % 2}",
                source_activity_id=activity["id"],
                source_entry_id=entry,
            ).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert len(plan.api.get(f"{plan.path}/actions").json()["items"]) == 1


def test_of_many_at_once_one_adds_the_person(either_product: Product) -> None:
    """Seen red without the id that follows from the name."""
    plan = Plan(either_product)

    def name(_: int) -> str:
        with either_product.database.unit_of_work() as session:
            return people.person_named(session, plan.kickoff_id, "Kari").id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(name, range(8)))) == 1


def test_two_who_close_a_circle_at_once_do_not_both_succeed(either_product: Product) -> None:
    """Seen red without the kickoff's lock."""
    plan = Plan(either_product)
    for _ in range(5):
        # b needs a, d needs c: d before a and b before c would be a circle of four.
        a, c = plan.make("actions", title="A"), plan.make("actions", title="C")
        b = plan.make("actions", title="B", depends_on_ids=[a["id"]])
        d = plan.make("actions", title="D", depends_on_ids=[c["id"]])

        def close(pair: tuple[dict[str, Any], dict[str, Any]]) -> int:
            first, then = pair
            return int(plan.patch("actions", first, depends_on_ids=[then["id"]]).status_code)

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(close, [(a, d), (c, b)])) == [200, 422]


def test_a_deliverable_is_confirmed_and_a_slip_taken_back(product: Product) -> None:
    plan = Plan(product)
    made = plan.make("deliverables", title="A")
    for confirmed in (True, False):
        with product.database.unit_of_work() as session:
            deliverable = session.get_one(Deliverable, made["id"])
            deliverables.confirm(session, deliverable, confirmed=confirmed)
        found = plan.get("deliverables", made)
        assert found["prioritised"] is True
        assert (found["confirmed_at"] is not None) is confirmed


# ---- Copies


def test_a_copy_has_the_plan_and_not_what_was_done(product: Product) -> None:
    plan = Plan(product)
    kari, ola = plan.make("people", name="Kari"), plan.make("people", name="Ola")
    # The part is made first: order of making says nothing.
    part = plan.make("goals", title="Delmål", level="sub_goal", owner_id=kari["id"])
    goal = plan.make("goals", title="Mål")
    plan.patch("goals", part, parent_id=goal["id"])
    kpi = plan.make("kpis", title="KPI", goal_id=part["id"], baseline=3.5, target_date="2026-06-01")
    plan.make("risks", title="Risiko", state="closed", due="2026-03-01")
    plan.make(
        "deliverables",
        title="Leveranse",
        kpi_id=kpi["id"],
        owner_id=kari["id"],
        supporter_ids=[ola["id"]],
        prioritised=True,
    )
    plan.make("actions", title="Tiltak")
    plan.make("decisions", title="Beslutning")
    plan.make("assumptions", title="Antakelse")
    for with_people in (True, False):
        body = {"title": "Kopi", "with_people": with_people}
        copied = plan.api.post(f"{plan.path}/copies", json=body)
        assert copied.status_code == 201, copied.text
        copy = f"/api/v1/kickoffs/{copied.json()['id']}"

        def all_of(collection: str, where: str = copy) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = plan.api.get(f"{where}/{collection}").json()["items"]
            return found

        goals = {one["title"]: one for one in all_of("goals")}
        assert [one["title"] for one in all_of("goals")] == ["Delmål", "Mål"]
        assert goals["Delmål"]["parent_id"] == goals["Mål"]["id"] != goal["id"]
        (copied_kpi,) = all_of("kpis")
        assert copied_kpi["goal_id"] == goals["Delmål"]["id"]
        assert (copied_kpi["baseline"], copied_kpi["target_date"]) == (3.5, None)
        (risk,) = all_of("risks")
        assert (risk["state"], risk["due"]) == ("open", None)
        (deliverable,) = all_of("deliverables")
        assert deliverable["kpi_id"] == copied_kpi["id"]
        assert (deliverable["prioritised"], deliverable["confirmed_at"]) == (True, None)
        names = {one["id"]: one["name"] for one in all_of("people")}
        supporters = [names[one] for one in deliverable["supporter_ids"]]
        assert supporters == (["Ola"] if with_people else [])
        assert names.get(deliverable["owner_id"]) == ("Kari" if with_people else None)
        for collection in ("actions", "decisions", "assumptions"):
            assert all_of(collection) == []
