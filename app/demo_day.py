"""What the room of an earlier kickoff answered on its day, as those of the rehearsal imagine it:
counted as votes are, so that the minutes tell of a day that was held."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from app import clock, demo_plan, ids
from app.live.activity import Activity as Kind
from app.live.activity import Seen, kind_of
from app.live.counting import Counting
from app.live.ledger_sql import Statements
from app.live.loading import Outside, load
from app.live.obstacles import Owned
from app.live.prepared import make_draft
from app.live.snapshot import ActivityView
from app.live.vault import Vault
from app.live.votes import Vote
from app.models.activities import Activity, ActivityStatus, Entry, Mode
from app.models.agenda import blocks_of
from app.models.deliverables import Deliverable
from app.models.people import Person
from app.models.rooms import Participant, Room, RoomEvent
from app.operations import obstacles as owning

MINUTE_MS = 60_000
DUE_AFTER = (21, 30, 45, 60, 80)  # days, of what is done about the five
NOT_TOLD = 1  # of eight who are there and answer nothing


def seed_day(
    session: Session, room: Room, blocks: Mapping[str, str], vault: Vault, at: datetime
) -> None:
    """After the plan's records are there. The room's own activities of the demo, all answered."""
    draw = Random(room.started_at)  # noqa: S311 -- no secret
    there = _attendees(session, room, at)
    _confirmed(session, room, at)
    for values in demo_plan.read().activities:
        kind = kind_of(values["kind"])
        if Mode.NAMED not in kind.modes or kind.by_group or kind.takes_questions:
            continue
        asked = {name: value for name, value in values.items() if name not in ("block", "stage")}
        placed = {"mode": Mode.NAMED, "room_id": room.id, "block_id": blocks[values["block"]]}
        activity = make_draft(session, room.kickoff_id, {**asked, **placed})
        _held(session, activity, kind, there, vault, draw)
        if kind.ranks_five:
            _owned(session, room, activity, kind, at.date())


def _attendees(session: Session, room: Room, at: datetime) -> list[Participant]:
    people = session.exec(
        select(Person).where(col(Person.kickoff_id) == room.kickoff_id).order_by(col(Person.id))
    )
    there = [
        Participant(
            id=ids.new_id(),
            room_id=room.id,
            name=person.name,
            person_id=person.id,
            team_id=person.team_id,
            joined_at=at,
        )
        for person in people
    ]
    session.add_all(there)
    session.flush()
    return there


def _confirmed(session: Session, room: Room, at: datetime) -> None:
    """The owners of the prioritised deliverables stood up for them."""
    of_first_days = select(Deliverable).where(
        col(Deliverable.kickoff_id) == room.kickoff_id, col(Deliverable.prioritised)
    )
    for one in session.exec(of_first_days):
        one.confirmed_at = at + timedelta(hours=5)
        session.add(one)


def _held(
    session: Session,
    activity: Activity,
    kind: Kind,
    there: list[Participant],
    vault: Vault,
    draw: Random,
) -> None:
    activity.status = ActivityStatus.OPEN
    for stage in kind.stages or (None,):
        activity.stage = stage
        session.add(activity)
        session.flush()
        _answered(session, activity, kind, there, vault, draw)
    activity.status, activity.revealed = ActivityStatus.CLOSED, True
    session.add(activity)
    session.flush()


def _answered(
    session: Session,
    activity: Activity,
    kind: Kind,
    there: list[Participant],
    vault: Vault,
    draw: Random,
) -> None:
    entries = session.exec(
        select(Entry).where(col(Entry.activity_id) == activity.id).order_by(col(Entry.id))
    ).all()
    seen = Seen(
        kind.Config.model_validate(activity.config),
        options=entries,  # type: ignore[arg-type]  # has what an EntryView has
        entries=entries,  # type: ignore[arg-type]
        stage=activity.stage,
    )
    said: list[dict[str, Any]] = []
    votes = []
    for who in there:
        answer = kind.imagine(seen, draw)
        if answer is None or (answer in said and "text" in answer) or draw.randrange(8) < NOT_TOLD:
            continue
        said.append(answer)
        votes.append(Vote(ids.random_id(), 1, activity.id, activity.room_id, who.id, answer))
    statements = Statements(sqlite=session.get_bind().dialect.name == "sqlite")
    Counting(statements, vault, votes).write(session.connection())
    session.expire_all()


def _owned(session: Session, room: Room, activity: Activity, kind: Kind, day: date) -> None:
    """The five have an owner and a date before people stand up."""
    owners = session.exec(
        select(Person).where(col(Person.kickoff_id) == room.kickoff_id).order_by(col(Person.id))
    ).all()
    outside = Outside(public_url="", now_ms=clock.now_ms(), people_too=False, stage_too=False)
    views = {one.id: one for one in load(session, room.id, outside)[0].activities}
    view: ActivityView = views[activity.id]
    five: list[Owned] = kind.five(view)  # type: ignore[attr-defined]  # of kinds that rank
    for number, one in enumerate(five):
        entry = session.get_one(Entry, (activity.id, one.ranked.id))
        owner = owners[number % len(owners)]
        due = day + timedelta(days=DUE_AFTER[number % len(DUE_AFTER)])
        owning.give(session, activity, entry, one.ranked.text, owner_id=owner.id, due=due)


def seed_the_way(session: Session, room: Room, started_at: int) -> None:
    """How the room came to the running block: one after the other, as the agenda says."""
    at, left = started_at, None
    for block in session.scalars(blocks_of(room.kickoff_id)).all():
        session.add(
            RoomEvent(
                room_id=room.id,
                at=at,
                name="agenda.next" if left else "room.start",
                actor_name="Ingrid Aasen",
                data={"left": left, "entered": block.id, "block_title": block.title},
            )
        )
        at, left = at + block.minutes * MINUTE_MS, block.id
        if block.id == room.block_id:
            break
