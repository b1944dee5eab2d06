"""Writers of one kickoff lock in one order (docs/decisions/0009): the activities, the kickoff's
rooms, then what they write. So none waits in a ring, and nobody's word is lost to another's.

Seen red: rooms locked where they are told, at the end; answers written without their activity's
lock (a ring with live answering, and lost where the ids were changed meanwhile).
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app import ids
from app.access import Actor, Role
from app.database import Database
from app.live import prepared, scrubbing
from app.live.admission import _write as correct_name
from app.live.commands import execute
from app.live.keys import freeze
from app.models.activities import Activity, Entry
from app.models.agenda import AgendaBlock
from app.models.answers import PublishedAnswers, PublishedHandouts
from app.models.fields import meta_of
from app.models.people import Person
from app.models.rooms import Room
from app.models.slides import SlideDeck
from app.operations import (
    answers,
    groups,
    kickoffs,
    people_import,
    publications,
    records,
    slides,
)
from app.operations.entities import (
    AGENDA_BLOCKS,
    DELIVERABLES,
    GOALS,
    PEOPLE,
    PLAN,
    REFERRED,
    Entity,
)
from app.operations.rooms import new_room
from app.operations.slides_coming_in import Incoming
from app.outputs.pdf_pages import DrawnPage
from tests.live.conftest import Desk, _desk
from tests.live.test_endings import TABLE
from tests.support.postgres import Postgres
from tests.support.seeded import empty_postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
def desk(postgres_server: Postgres, tmp_path: Any) -> Iterator[Desk]:
    with empty_postgres(postgres_server) as url:
        yield from _desk(tmp_path, url)


def push(desk: Desk, name: str, room_id: str = "", **data: Any) -> dict[str, Any]:
    """A command whose sender looked at the room just now."""
    room_id = room_id or desk.room_id
    facilitator = Actor(id="f", name="F", roles={desk.kickoff_id: Role.FACILITATOR})
    with desk.database.reading() as session:
        rev = session.get_one(Room, room_id).control
    return execute(
        desk.database, desk.vault, TABLE, room_id=room_id, actor=facilitator, name=name,
        command_id=ids.secret(), rev=rev, data=data,
    )  # fmt: skip


def together(*works: Callable[[], Any]) -> list[str]:
    """What goes wrong where these run at the same moment."""
    wrong: list[str] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            work()
        except Exception as error:
            wrong.append(repr(error)[:200])

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def asked(desk: Desk, text: str = "Q1", mode: str = "named") -> tuple[str, str]:
    activity = desk.activity("questions", mode=mode)
    assert desk.count(desk.vote(activity, text=text)) == [None]
    return activity, entry_of(desk, activity)


def entry_of(desk: Desk, activity: str) -> str:
    with desk.database.reading() as session:
        return session.exec(select(Entry.id).where(Entry.activity_id == activity)).one()


def made(desk: Desk, entity: Entity, **values: Any) -> str:
    with desk.database.unit_of_work() as session:
        return records.create(session, entity, desk.kickoff_id, values).id


# -- nobody waits in a ring -----------------------------------------------------------------------


def test_two_rooms_of_a_kickoff_write_notes_at_the_same_moment(desk: Desk) -> None:
    with desk.database.unit_of_work() as session:
        other = new_room(session, desk.kickoff_id).id

    def notes_in(room_id: str) -> Callable[[], None]:
        def write() -> None:
            for number in range(15):
                push(desk, "note.decide", room_id, text=f"x{number}")

        return write

    assert together(notes_in(desk.room_id), notes_in(other)) == []


def test_a_planner_and_the_stage_change_one_deliverable_at_the_same_moment(desk: Desk) -> None:
    closing = desk.activity("closing", mode="named")
    one = made(desk, DELIVERABLES, title="Portalen")
    begun = threading.Event()

    def plan() -> None:
        with desk.database.unit_of_work() as session:
            row = records.find(session, DELIVERABLES, desk.kickoff_id, one, to_write=True)
            begun.set()
            time.sleep(0.2)
            records.change(session, DELIVERABLES, row, {"title": "Kundeportalen"})

    def stage() -> None:
        begun.wait()
        push(desk, "closing.confirm", activity=closing, deliverable=one, owner_name="Kari")

    assert together(plan, stage) == []


def test_an_answer_is_written_while_the_room_answers_too(desk: Desk) -> None:
    activity, entry = asked(desk)
    begun = threading.Event()

    def write() -> None:
        with desk.database.unit_of_work() as session:
            row = answers.question_entry(session, desk.kickoff_id, activity, entry)
            begun.set()
            time.sleep(0.2)
            said = {"state": "answered", "answer": "x"}
            answers.write_answer(session, desk.kickoff_id, row, said)

    def live() -> None:
        begun.wait()
        push(desk, "questions.answered", activity=activity, entry=entry, by="Kari")

    assert together(write, live) == []


def test_an_answer_that_is_being_written_is_there_after_the_scrubbing(desk: Desk) -> None:
    activity, entry = asked(desk, mode="anonymous")
    desk.close(activity)
    begun = threading.Event()

    def write() -> None:
        with desk.database.unit_of_work() as session:
            row = answers.question_entry(session, desk.kickoff_id, activity, entry)
            said = {"state": "answered", "answer": "Ja"}
            answers.write_answer(session, desk.kickoff_id, row, said)
            begun.set()
            time.sleep(0.2)

    def scrub() -> None:
        begun.wait()
        assert scrubbing.scrub(desk.database, desk.vault, activity, 2)

    assert together(write, scrub) == []
    with desk.database.reading() as session:
        kept = session.get_one(Entry, (activity, entry_of(desk, activity)))
    assert (kept.data or {}).get("answer") == "Ja"


# -- everybody locks in the same order ------------------------------------------------------------

TAKES_A_LOCK = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE)\b|\bFOR (NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)\b"
)
ROOMS = re.compile(r"^\s*(SELECT\b.*\bFROM room\b|UPDATE room\b)", re.DOTALL)
ACTIVITY = "pg_advisory_xact_lock"


@contextmanager
def locking(database: Database) -> Iterator[list[str]]:
    """The statements that lock something, in their order."""
    found: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if TAKES_A_LOCK.search(statement) or ACTIVITY in statement:
            found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def in_order(statements: list[str]) -> bool:
    """Activities, rooms, the rest: none of them comes after one that follows it."""
    ranks = [0 if ACTIVITY in each else 1 if ROOMS.search(each) else 2 for each in statements]
    # The rooms are told at the end, when they are locked already.
    return (
        ranks[:1] in ([0], [1])
        and 1 in ranks
        and 0 not in ranks[ranks.index(1) :]
        and (2 not in ranks or ranks.index(1) < ranks.index(2))
    )


# What a record is called by, before and after, where that is no text.
CALLED: dict[str, tuple[Any, Any]] = {
    "readings": (1, 2),
    "check-ins": (1, 1),
    "raci": ("R", "A"),
    "responsibilities": ("goals", "kpis"),
}


def needed(desk: Desk, entity: Entity) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if entity.name == "agenda-blocks":
        more = {"minutes": 10}
    elif entity.name == "cause-effect-links":
        more = {f"{end}_goal_id": _made(desk, GOALS) for end in ("cause", "effect")}
    for name in records.required_references_of(entity):
        meta = meta_of(entity.fields, name)
        assert meta is not None
        more[name] = _made(desk, REFERRED[meta.widget])
    return {entity.name_field: CALLED.get(entity.name, ("Æ", "Ø"))[0], **more}


def _made(desk: Desk, entity: Entity) -> str:
    with desk.database.unit_of_work() as session:
        return records.create(session, entity, desk.kickoff_id, needed(desk, entity)).id


def test_every_record_of_the_plan_is_written_in_the_order(desk: Desk) -> None:
    for entity in PLAN:
        _write_a_record(desk, entity)


def _write_a_record(desk: Desk, entity: Entity) -> None:
    values = needed(desk, entity)
    with desk.database.unit_of_work() as session, locking(desk.database) as created:
        record = records.create(session, entity, desk.kickoff_id, values)
    assert in_order(created), created
    with desk.database.unit_of_work() as session, locking(desk.database) as changed:
        row = records.find(session, entity, desk.kickoff_id, record.id, to_write=True)
        another = CALLED.get(entity.name, ("Æ", "Ø"))[1]
        records.change(session, entity, row, {entity.name_field: another})
    assert in_order(changed), changed
    with desk.database.unit_of_work() as session, locking(desk.database) as removed:
        row = records.find(session, entity, desk.kickoff_id, record.id, to_write=True)
        (records.forget if entity.lasting else records.remove)(session, entity, row)
    assert in_order(removed), removed


PAGE = DrawnPage(image=b"RIFF", small=b"RIFF", width=1920, height=1080, text="Æ")
Write = Callable[[Session, Desk], Any]


def _person(session: Session, desk: Desk) -> Any:
    return records.find(session, PEOPLE, desk.kickoff_id, _one(session, Person), to_write=True)


def _deck(session: Session, desk: Desk) -> SlideDeck:
    one = _one(session, SlideDeck)
    return slides.find_deck(session, desk.kickoff_id, one, to_write=True)


def _one(session: Session, table: Any) -> str:
    return session.exec(select(table.id)).one()


def _activity(session: Session, desk: Desk) -> Activity:
    wanted = select(Activity.id).where(Activity.kind == "closing")
    id = session.exec(wanted).one()
    return prepared.find_activity(session, desk.kickoff_id, id, to_write=True)


def _answer(session: Session, desk: Desk) -> None:
    activity = session.exec(select(Activity.id).where(Activity.kind == "questions")).one()
    entry = session.exec(select(Entry.id).where(Entry.activity_id == activity)).one()
    row = answers.question_entry(session, desk.kickoff_id, activity, entry)
    answers.set_shown(session, desk.kickoff_id, row, shown=True)
    answers.write_answer(session, desk.kickoff_id, row, {"state": "dismissed"})


def _archive(session: Session, desk: Desk) -> None:
    kickoff = kickoffs.to_write(session, desk.kickoff_id)
    kickoffs.archive(session, kickoff, archived=True, actor=Actor(id="x"))


def _bring_slides(session: Session, desk: Desk) -> None:
    block = _one(session, AgendaBlock)
    incoming = Incoming(desk.database, desk.kickoff_id, {"title": "Æ", "block_id": block})
    incoming.begin(session)
    incoming.add(session, [PAGE])
    incoming.finish(session)


WRITES: dict[str, Write] = {
    "groups are made": lambda s, d: groups.make(s, d.kickoff_id, number=2, lot="x"),
    "somebody is moved": lambda s, d: groups.move(s, d.kickoff_id, _person(s, d), None),
    "an answer": _answer,
    "answers are published": lambda s, d: publications.publish(s, PublishedAnswers, d.kickoff_id),
    "handouts are published": lambda s, d: publications.publish(s, PublishedHandouts, d.kickoff_id),
    "people are imported": lambda s, d: people_import.take_in(
        s, d.kickoff_id, people_import.looked_at(s, d.kickoff_id, "Navn;Team\nÅse;Salg").lines
    ),
    "an activity is prepared": lambda s, d: prepared.prepare_activity(
        s, d.kickoff_id, {"kind": "words", "title": "?"}
    ),
    "an activity is changed": lambda s, d: prepared.change_prepared(
        s, _activity(s, d), {"title": "!"}
    ),
    "an activity is removed": lambda s, d: prepared.remove_prepared(s, _activity(s, d)),
    "the kickoff is changed": lambda s, d: kickoffs.change_kickoff(
        s, kickoffs.to_write(s, d.kickoff_id), {"title": "Ny"}
    ),
    "an activity without key is frozen": lambda s, d: freeze(
        s, s.exec(select(Activity.id).where(Activity.kind == "questions")).one(), 1
    ),
    "the kickoff is archived": _archive,
    "slides are brought": _bring_slides,
    "slides are moved": lambda s, d: slides.move(s, _deck(s, d), 1),
    "slides are removed": lambda s, d: slides.remove(s, _deck(s, d)),
    "the kickoff is removed": lambda s, d: kickoffs.remove_kickoff(
        s, kickoffs.to_write(s, d.kickoff_id)
    ),
}  # fmt: skip


def test_what_else_is_written_is_written_in_the_order(desk: Desk) -> None:
    asked(desk)
    desk.activity("closing", mode="named", status="draft")
    made(desk, PEOPLE, name="Kari")
    made(desk, AGENDA_BLOCKS, title="Innledning")
    for name, write in WRITES.items():
        with desk.database.unit_of_work() as session, locking(desk.database) as statements:
            write(session, desk)
        assert in_order(statements), (name, statements)


def test_a_name_is_corrected_in_the_order(desk: Desk) -> None:
    with locking(desk.database) as statements:
        correct_name(desk.database, desk.room_id, desk.people[0], {"name": "Kari"})
    assert in_order(statements), statements


def test_what_is_scrubbed_is_scrubbed_in_the_order(desk: Desk) -> None:
    activity, _ = asked(desk, mode="anonymous")
    desk.close(activity)
    with locking(desk.database) as statements:
        assert scrubbing.scrub(desk.database, desk.vault, activity, 2)
    assert in_order(statements), statements


def test_a_command_locks_in_the_order(desk: Desk) -> None:
    activity, entry = asked(desk)
    with locking(desk.database) as statements:
        push(desk, "questions.answered", activity=activity, entry=entry, by="Kari")
        assert in_order(statements), statements
        statements.clear()
        push(desk, "note.decide", text="Vi går i gang", owner_name="Ola")
        assert in_order(statements), statements
