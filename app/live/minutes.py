"""A room's minutes, drafted from its records: what its hall was shown, what was decided, what was
asked, and who does what (F1). The moment the day ends, and anew whenever somebody asks."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from app import clock
from app.i18n import LANGUAGES, speaking
from app.live import faults
from app.live.backlog import streams_of
from app.live.loading import Outside, load
from app.live.obstacles import Owned
from app.live.roles import View, seen_by
from app.live.snapshot import ActivityView, RoomSnapshot
from app.models.actions import Action
from app.models.activities import Activity
from app.models.agenda import AgendaBlock
from app.models.decisions import Decision
from app.models.kickoffs import Kickoff
from app.models.minutes import Minutes, Section
from app.models.people import Team
from app.models.rooms import ENTERING, Participant, Room, RoomEvent
from app.operations import minutes
from app.operations.derived import today_in
from app.outputs.blocks import blocks_from
from app.outputs.papers.head import names_of
from app.rendering import ms_time, render
from app.rules.minutes import (
    WITHIN,
    ActionFact,
    BlockFact,
    DecisionFact,
    Draft,
    Facts,
    ObstacleFact,
    ResultFact,
    drafted,
)

Names = Mapping[str, str]


def draft(session: Session, room: Room, today: date | None = None) -> Minutes:
    """The room's minutes, drafted; sections that somebody has edited stay as they are."""
    return minutes.store(session, room, drafts(session, room, today))


def draft_at_the_end(session: Session, room: Room) -> None:
    """Within the command that ends the day, which must not fail because of it: whoever opens the
    minutes finds a button that drafts them, then."""
    try:
        with session.begin_nested():
            draft(session, room)
    except Exception as error:
        faults.note("minutes.not_drafted", room=room.id, error=type(error).__name__)


def drafts(session: Session, room: Room, today: date | None = None) -> dict[Section, Draft]:
    """What the records say now; what is late by `today`, or by the day that it is."""
    return drafted(facts(session, room, today))


def facts(session: Session, room: Room, today: date | None = None) -> Facts:
    session.flush()
    kickoff = session.get_one(Kickoff, room.kickoff_id)
    outside = Outside(public_url="", now_ms=clock.now_ms(), people_too=False, stage_too=False)
    seen = seen_by(View.PROJECTOR, load(session, room.id, outside)[0])
    shown = [one for one in seen.activities if one.revealed or not one.logic.reveals]
    names = names_of(session, kickoff.id)
    actions = {one.id: one for one in session.scalars(_actions(room))}
    phones, people = session.execute(_heads(room.id)).one()
    return Facts(
        today=today or today_in(kickoff),
        purpose=kickoff.purpose,
        blocks=tuple(_blocks(session, room, kickoff.time_zone)),
        phones=phones or 0,
        people=people or 0,
        teams=tuple((row[0], row[1], row[2]) for row in session.execute(_teams(room.id))),
        decisions=tuple(_decided(one, names) for one in session.scalars(_decisions(room))),
        obstacles=tuple(_obstacles(session, kickoff, shown, names)),
        results=tuple(_results(shown, seen)),
        questions=tuple(
            question
            for stream in streams_of(session, kickoff.id)
            if stream.room_id == room.id
            for question in stream.questions
        ),
        actions=tuple(_acted(one, names, kickoff.time_zone) for one in actions.values()),
    )


def _blocks(session: Session, room: Room, zone: str) -> Iterator[BlockFact]:
    """The blocks that the room was in, in that order: from when to when, as it went."""
    wanted = select(RoomEvent).where(
        col(RoomEvent.room_id) == room.id, col(RoomEvent.name).in_([*ENTERING, "room.undo"])
    )
    entered: list[tuple[str, int]] = []
    for event in session.scalars(wanted.order_by(col(RoomEvent.control), col(RoomEvent.id))):
        if event.data.get("entered"):
            entered.append((event.data["entered"], event.at))
        elif entered and event.data.get("undone") in ENTERING:
            entered.pop()
    began: dict[str, int] = {}
    ended: dict[str, int] = {}
    over = room.ended_at or clock.now_ms()
    for number, (block_id, at) in enumerate(entered):
        began.setdefault(block_id, at)
        ended[block_id] = entered[number + 1][1] if number + 1 < len(entered) else over
    for block_id, at in began.items():
        block = session.get(AgendaBlock, block_id)
        if block is not None:
            yield BlockFact(
                block_id, block.title, ms_time(at, zone), ms_time(ended[block_id], zone)
            )


def _obstacles(
    session: Session, kickoff: Kickoff, shown: list[ActivityView], names: Names
) -> Iterator[ObstacleFact]:
    for activity in shown:
        if not activity.logic.ranks_five or activity.too_few:
            continue
        five: list[Owned] = activity.logic.five(activity)  # type: ignore[attr-defined]  # of kinds that rank
        for one in five:
            action = session.get(Action, one.action.id) if one.action else None
            acted = _acted(action, names, kickoff.time_zone) if action else None
            yield ObstacleFact(one.ranked.text, one.ranked.place, acted)


def _results(shown: list[ActivityView], room: RoomSnapshot) -> Iterator[ResultFact]:
    """In figures, as the hall was shown them: what too few have answered says so and no more."""
    for activity in shown:
        if activity.logic.ranks_five or activity.logic.takes_questions:
            continue  # they have sections of their own
        said = {}
        for chosen in LANGUAGES:
            with speaking(chosen):
                fragment = f"live/{activity.kind}/minutes.html"
                blocks = blocks_from(render(fragment, activity=activity, room=room))
            said[chosen] = blocks[1:] if blocks and blocks[0]["is"] == "heading" else blocks
        yield ResultFact(activity.id, activity.title, said)


def _decided(one: Decision, names: Names) -> DecisionFact:
    return DecisionFact(
        id=one.id,
        title=one.title,
        grounds=one.text,
        owner=names.get(one.owner_id or "", ""),
        due=one.due,
        criteria=one.criteria,
        consequence=one.consequence,
        voted=one.voted,
    )


def _acted(one: Action, names: Names, zone: str) -> ActionFact:
    return ActionFact(
        id=one.id,
        title=one.title,
        owner=names.get(one.owner_id or "", ""),
        due=one.due,
        stated=one.status,
        stated_on=_day(one.status_at, zone),
        state=one.state,
    )


def _day(at: datetime | None, zone: str) -> date | None:
    return at.astimezone(ZoneInfo(zone)).date() if at else None


def _span(room: Room) -> tuple[datetime, datetime]:
    """From the day's beginning until its minutes are due: what is written down in between without
    a room's word came of the day too."""
    over = room.ended_at or clock.now_ms()
    began = datetime.fromtimestamp((room.started_at or over) / 1000, UTC)
    return began, datetime.fromtimestamp(over / 1000, UTC) + WITHIN


def _decisions(room: Room):  # type: ignore[no-untyped-def]
    began, due = _span(room)
    since = col(Decision.created_at).between(began, due)
    return (
        select(Decision)
        .where(
            col(Decision.kickoff_id) == room.kickoff_id,
            col(Decision.superseded_by_id).is_(None),
            or_(
                col(Decision.source_room_id) == room.id,
                col(Decision.source_room_id).is_(None) & since,
            ),
        )
        .order_by(col(Decision.id))
    )


def _actions(room: Room):  # type: ignore[no-untyped-def]
    began, due = _span(room)
    here = select(Activity.id).where(col(Activity.room_id) == room.id)
    since = col(Action.created_at).between(began, due)
    return (
        select(Action)
        .where(
            col(Action.kickoff_id) == room.kickoff_id,
            or_(
                col(Action.source_activity_id).in_(here),
                col(Action.source_activity_id).is_(None) & since,
            ),
        )
        .order_by(col(Action.id))
    )


def _heads(room_id: str):  # type: ignore[no-untyped-def]
    return select(func.count(), func.sum(Participant.people)).where(
        col(Participant.room_id) == room_id, ~col(Participant.removed)
    )


def _teams(room_id: str):  # type: ignore[no-untyped-def]
    people = func.sum(Participant.people)
    return (
        select(Team.id, Team.name, people)
        .join(Participant, col(Participant.team_id) == col(Team.id))
        .where(col(Participant.room_id) == room_id, ~col(Participant.removed))
        .group_by(col(Team.id), col(Team.name), col(Team.position))
        .order_by(col(Team.position), col(Team.id))
    )
