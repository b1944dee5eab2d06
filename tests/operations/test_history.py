"""The history: each write of a record tells who changed what, and what was removed comes back.

Seen red: without the row in `forget`'s stead a rehearsal stayed in the history; with the reference
set by the database alone, what pointed at a removed goal came back pointing nowhere.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.access import Actor
from app.errors import Conflict, Invalid, NotFound
from app.models.history import Done, RecordChange
from app.operations import history, records, restoring
from app.operations.entities import (
    DECISIONS,
    DELIVERABLES,
    GOALS,
    INITIATIVES,
    KEY_RESULTS,
    KPIS,
    OBJECTIVES,
    PEOPLE,
    RACI,
    Entity,
)
from tests.support.product import Product
from tests.support.product import product as running

KARI = Actor(id="kari", name="Kari Nordmann")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("history")) as made:
        yield made


class Plan:
    """A kickoff's plan, written by Kari."""

    def __init__(self, product: Product) -> None:
        self.database = product.database.by(KARI)
        self.kickoff_id = product.kickoff.id

    def make(self, entity: Entity, **values: Any) -> str:
        with self.database.unit_of_work() as session:
            return records.create(session, entity, self.kickoff_id, values).id

    def change(self, entity: Entity, record_id: str, **values: Any) -> None:
        with self.database.unit_of_work() as session:
            record = records.find(session, entity, self.kickoff_id, record_id, to_write=True)
            records.change(session, entity, record, values)

    def remove(self, entity: Entity, record_id: str) -> None:
        with self.database.unit_of_work() as session:
            record = records.find(session, entity, self.kickoff_id, record_id, to_write=True)
            records.remove(session, entity, record)

    def bring_back(self, change_id: str) -> None:
        with self.database.unit_of_work() as session:
            entity, removal = restoring.removal_of(session, self.kickoff_id, change_id)
            restoring.bring_back(session, entity, removal)

    def record(self, entity: Entity, record_id: str) -> Any:
        with self.database.reading() as session:
            return session.get(entity.child, record_id)

    def told(self, entity: Entity, record_id: str) -> list[RecordChange]:
        with self.database.reading() as session:
            wanted = history.of_record(self.kickoff_id, entity, record_id)
            return list(session.scalars(wanted.order_by(col(RecordChange.id))).all())

    def done(self, entity: Entity, record_id: str) -> list[tuple[str, Mapping[str, Any]]]:
        return [(row.done, row.changes) for row in self.told(entity, record_id)]


@pytest.fixture
def plan(product: Product) -> Plan:
    return Plan(product)


def test_each_write_says_who_changed_what_from_what_to_what(plan: Plan) -> None:
    goal = plan.make(GOALS, title="Svar samme dag")
    plan.change(GOALS, goal, title="Svar innen 24 timer", specific="Alle kanaler")
    plan.change(GOALS, goal, title="Svar innen 24 timer")
    rows = plan.told(GOALS, goal)
    assert [(row.done, row.version, row.record_name) for row in rows] == [
        ("created", 1, "Svar samme dag"),
        ("changed", 2, "Svar innen 24 timer"),  # the third write changed nothing
    ]
    assert {(row.author_kind, row.author_id, row.author_name) for row in rows} == {
        ("person", "kari", "Kari Nordmann")
    }
    assert rows[0].changes["title"] == [None, "Svar samme dag"]
    assert rows[1].changes == {
        "title": ["Svar samme dag", "Svar innen 24 timer"],
        "specific": ["", "Alle kanaler"],
    }


def test_what_fails_leaves_no_word_of_it(plan: Plan) -> None:
    goal = plan.make(GOALS, title="Mål")
    with pytest.raises(Invalid):
        plan.change(GOALS, goal, title="Aldri", parent_id=goal)
    with suppress(Conflict), plan.database.unit_of_work() as session:
        record = records.find(session, GOALS, plan.kickoff_id, goal)
        records.change(session, GOALS, record, {"title": "Aldri"})
        raise Conflict
    assert [done for done, _ in plan.done(GOALS, goal)] == ["created"]


def test_a_move_is_told_as_a_move(plan: Plan) -> None:
    first, second = (plan.make(GOALS, title=title) for title in "AB")
    with plan.database.unit_of_work() as session:
        record = records.find(session, GOALS, plan.kickoff_id, first)
        records.change(session, GOALS, record, {}, after_id=second)
    assert plan.done(GOALS, first)[-1][0] == Done.MOVED


def test_what_holds_in_place_of_something_is_named(plan: Plan) -> None:
    decision = plan.make(DECISIONS, title="Vi starter i mars")
    with plan.database.unit_of_work() as session:
        record = records.find(session, DECISIONS, plan.kickoff_id, decision)
        made = records.supersede(session, DECISIONS, record, {"title": "Vi starter i april"})
    assert plan.done(DECISIONS, decision)[-1] == (
        "superseded",
        {"superseded_by_id": [None, made.id]},
    )
    assert plan.done(DECISIONS, made.id)[0][0] == "created"


def test_what_was_removed_comes_back_with_all_that_hung_on_it(plan: Plan) -> None:
    kari, ola = (plan.make(PEOPLE, name=name) for name in ("Kari", "Ola"))
    goal = plan.make(GOALS, title="Svar samme dag", owner_id=kari)
    kpi = plan.make(KPIS, title="Feil", goal_id=goal)
    wanted = plan.make(
        DELIVERABLES, title="Innboks", owner_id=kari, supporter_ids=[kari, ola], goal_id=goal
    )
    role = plan.make(RACI, role="A", deliverable_id=wanted, person_id=kari)
    before = plan.record(GOALS, goal)
    plan.remove(GOALS, goal)
    plan.remove(PEOPLE, kari)
    assert plan.record(RACI, role) is None
    left = plan.record(DELIVERABLES, wanted)
    assert (left.owner_id, left.supporter_ids, left.goal_id) == (None, [ola], None)

    plan.bring_back(plan.told(PEOPLE, kari)[-1].id)
    plan.bring_back(plan.told(GOALS, goal)[-1].id)

    again = plan.record(GOALS, goal)
    assert history.snapshot(GOALS, again) == history.snapshot(GOALS, before)
    assert again.owner_id == kari
    assert again.version > before.version
    assert plan.record(RACI, role) is not None
    whole = plan.record(DELIVERABLES, wanted)
    assert (whole.goal_id, whole.owner_id) == (goal, kari)
    assert sorted(whole.supporter_ids) == sorted([kari, ola])
    found = plan.record(KPIS, kpi)
    assert found.goal_id == goal
    assert [done for done, _ in plan.done(GOALS, goal)] == ["created", "removed", "restored"]


def test_what_somebody_has_said_since_stands(plan: Plan) -> None:
    kari, ola = (plan.make(PEOPLE, name=name) for name in ("Kari", "Ola"))
    wanted = plan.make(DELIVERABLES, title="Innboks", owner_id=kari)
    plan.remove(PEOPLE, kari)
    plan.change(DELIVERABLES, wanted, owner_id=ola)
    plan.bring_back(plan.told(PEOPLE, kari)[-1].id)
    found = plan.record(DELIVERABLES, wanted)
    assert found.owner_id == ola


def test_a_reference_that_leads_nowhere_by_now_is_left_out(plan: Plan) -> None:
    goal = plan.make(GOALS, title="Mål")
    kpi = plan.make(KPIS, title="Feil", goal_id=goal)
    plan.remove(KPIS, kpi)
    plan.remove(GOALS, goal)
    plan.bring_back(plan.told(KPIS, kpi)[-1].id)
    found = plan.record(KPIS, kpi)
    assert found.goal_id is None


def test_what_belongs_to_something_waits_for_it(plan: Plan) -> None:
    objective = plan.make(OBJECTIVES, title="O")
    result = plan.make(KEY_RESULTS, title="KR", objective_id=objective)
    plan.remove(KEY_RESULTS, result)
    plan.remove(OBJECTIVES, objective)
    removal = plan.told(KEY_RESULTS, result)[-1].id
    with pytest.raises(Conflict):
        plan.bring_back(removal)
    plan.bring_back(plan.told(OBJECTIVES, objective)[-1].id)
    plan.bring_back(removal)
    assert plan.record(KEY_RESULTS, result) is not None


def test_nothing_that_comes_back_closes_a_circle(plan: Plan) -> None:
    first, second = (plan.make(INITIATIVES, title=title) for title in "AB")
    plan.change(INITIATIVES, second, depends_on_ids=[first])
    plan.remove(INITIATIVES, first)
    third = plan.make(INITIATIVES, title="C", depends_on_ids=[second])
    plan.bring_back(plan.told(INITIATIVES, first)[-1].id)
    plan.change(INITIATIVES, first, depends_on_ids=[])
    found = plan.record(INITIATIVES, second)
    assert found.depends_on_ids == [first]
    assert plan.record(INITIATIVES, third)


def test_it_comes_back_once_and_only_from_a_removal(plan: Plan) -> None:
    goal = plan.make(GOALS, title="Mål")
    with pytest.raises(NotFound):
        plan.bring_back(plan.told(GOALS, goal)[0].id)
    plan.remove(GOALS, goal)
    removal = plan.told(GOALS, goal)[-1].id
    plan.bring_back(removal)
    with pytest.raises(Conflict):
        plan.bring_back(removal)


def test_what_a_rehearsal_made_is_not_even_in_the_history(plan: Plan) -> None:
    decision = plan.make(DECISIONS, title="Bare en prøve")
    assert plan.told(DECISIONS, decision)  # there is something to forget
    with plan.database.unit_of_work() as session:
        record = records.find(session, DECISIONS, plan.kickoff_id, decision)
        records.forget(session, DECISIONS, record)
    assert plan.told(DECISIONS, decision) == []


def test_a_kickoff_takes_its_history_with_it(product: Product) -> None:
    api = product.api()
    where = api.post("/api/v1/kickoffs", json={"title": "Midlertidig"}).headers["location"]
    assert api.post(f"{where}/goals", json={"title": "Mål"}).status_code == 201
    assert rows(product, where)
    assert api.delete(where, headers={"if-match": "*"}).status_code == 204
    assert rows(product, where) == []


def rows(product: Product, where: str) -> list[RecordChange]:
    kickoff_id = where.rsplit("/", 1)[-1]
    session: Session
    with product.database.reading() as session:
        wanted = select(RecordChange).where(RecordChange.kickoff_id == kickoff_id)
        return list(session.exec(wanted))
