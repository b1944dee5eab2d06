"""What of a room need not be read again at each look: all that votes and arrivals do not change.

They come many a second. Everything else changes at a facilitator's or planner's pace, and raises
the room's revision without raising `answers`. Without this, a look would read the whole plan and
every answer of the day ten times a second (15 ms for each text question of 500 answers).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from app.live import outlook
from app.live.activity import kind_of
from app.live.answers import Beside, beside
from app.live.program import shown_of, steps_of
from app.live.shown import ShownView, StepView
from app.live.snapshot import (
    ActionView,
    ActivityView,
    DeliverableView,
    GroupView,
    NoteView,
    PlanRecord,
    RiskView,
)
from app.models.activities import Activity, ActivityStatus
from app.models.agenda import AgendaBlock
from app.models.answers import Published, PublishedAnswers, PublishedHandouts
from app.models.deliverables import Deliverable
from app.models.goals import Goal
from app.models.groups import groups_of
from app.models.kickoffs import Kickoff
from app.models.kpis import Kpi
from app.models.people import Person, Team
from app.models.risks import Risk
from app.models.rooms import ENTERING, Participant, Room, RoomEvent
from app.operations.explained import faq_of
from app.rules.faq import Explained

MOST_PEOPLE = 2000  # of the plan, to choose an owner from
MOST_RECORDS = 200  # of each sort, to point at
LINKED = (("goal", Goal), ("kpi", Kpi), ("risk", Risk), ("deliverable", Deliverable))

Mark = tuple[str, int]
Visits = Sequence[tuple[str | None, str]]  # (the block that was left, the one that was entered)


@dataclass
class Settled:
    """Rows of one room's plan, read together, and views of activities that nobody can answer."""

    mark: Mark
    kickoff: Kickoff
    blocks: Sequence[tuple[AgendaBlock, str | None]]  # each with its owner's name
    teams: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    groups: tuple[GroupView, ...]
    group_of: dict[str, str]
    seated: tuple[tuple[str, str, str], ...]  # of the people list: group, id and name
    notes: tuple[NoteView, ...]
    deliverables: tuple[DeliverableView, ...]
    actions: tuple[ActionView, ...]
    activities: Sequence[Activity]
    beside: Beside
    removed: frozenset[str]  # attendees who were taken out
    records: tuple[PlanRecord, ...] = ()
    risks: tuple[RiskView, ...] = ()
    faq: tuple[Explained, ...] = ()
    steps: tuple[StepView, ...] = ()  # of the running block's program
    shown: ShownView | None = None  # on the projector, in an activity's place
    answers: str = ""  # the secret of the link at which they are published
    handouts: str = ""  # likewise
    visits: Visits = ()
    views: dict[str, ActivityView] = field(default_factory=dict)

    def keep(self, views: Iterable[ActivityView]) -> None:
        """Remember those that cannot change now. What failed is tried again."""
        self.views = {
            view.id: view
            for view in views
            if view.status != ActivityStatus.OPEN and not view.failed
        }


def settled(
    session: Session, room: Room, before: Settled | None, *, stage_too: bool = True
) -> Settled:
    """What was read before, if it still holds, or read anew."""
    mark = (room.epoch, room.revision - room.answers)
    if before is not None and before.mark == mark:
        return before
    groups = tuple(
        GroupView(group.id, group.name, group.table)
        for group in session.scalars(groups_of(room.kickoff_id))
    )
    activities = session.exec(_activities(room.id)).all()
    kickoff = session.get_one(Kickoff, room.kickoff_id)
    asking = any(kind_of(activity.kind).takes_questions for activity in activities)
    linking = any(kind_of(activity.kind).links_plan for activity in activities)
    risking = any(kind_of(activity.kind).tells_risks for activity in activities)
    return Settled(
        mark=mark,
        kickoff=kickoff,
        blocks=[(block, owner) for block, owner in session.execute(_blocks(room.kickoff_id))],
        teams=tuple((team.id, team.name) for team in session.exec(_teams(room.kickoff_id))),
        people=tuple((row[0], row[1]) for row in session.execute(_people(room.kickoff_id))),
        groups=groups,
        group_of=_group_of(session, room.id) if groups else {},
        seated=_seated(session, room.kickoff_id) if groups else (),
        notes=outlook.notes_of(session, room.kickoff_id),
        deliverables=outlook.deliverables_of(session, room.kickoff_id),
        actions=outlook.actions_ahead(session, room.kickoff_id),
        activities=activities,
        beside=beside(session, activities),
        removed=_removed(session, room.id),
        records=_records(session, room.kickoff_id) if linking else (),
        risks=outlook.risks_of(session, room.kickoff_id) if risking else (),
        faq=faq_of(session, room.kickoff_id) if asking else (),
        steps=steps_of(session, _running(session, room), activities),
        shown=shown_of(session, room, kickoff, before.shown if before else None)
        if stage_too
        else None,
        answers=session.scalar(_published(PublishedAnswers, room.kickoff_id)) or "",
        handouts=session.scalar(_published(PublishedHandouts, room.kickoff_id)) or "",
        visits=visits(session, room.id),
    )


def _running(session: Session, room: Room) -> AgendaBlock | None:
    return session.get(AgendaBlock, room.block_id) if room.block_id else None


def visits(session: Session, room_id: str) -> Visits:
    """How the room went from block to block; what was taken back is left out."""
    wanted = select(RoomEvent.data).where(
        col(RoomEvent.room_id) == room_id, col(RoomEvent.name).in_([*ENTERING, "room.undo"])
    )
    made: list[tuple[str | None, str]] = []
    for data in session.exec(wanted.order_by(col(RoomEvent.control))):
        if data.get("entered"):
            made.append((data.get("left"), data["entered"]))
        elif made and data.get("undone") in ENTERING:
            made.pop()
    return made


def _blocks(kickoff_id: str):  # type: ignore[no-untyped-def]
    return (
        select(AgendaBlock, Person.name)
        .outerjoin(Person, col(Person.id) == col(AgendaBlock.owner_id))
        .where(col(AgendaBlock.kickoff_id) == kickoff_id)
        .order_by(col(AgendaBlock.position), col(AgendaBlock.id))
    )


def _teams(kickoff_id: str):  # type: ignore[no-untyped-def]
    return (
        select(Team)
        .where(col(Team.kickoff_id) == kickoff_id)
        .order_by(col(Team.position), col(Team.id))
    )


def _people(kickoff_id: str):  # type: ignore[no-untyped-def]
    return (
        select(Person.id, Person.name)
        .where(col(Person.kickoff_id) == kickoff_id)
        .order_by(col(Person.name), col(Person.id))
        .limit(MOST_PEOPLE)
    )


def _published(table: type[Published], kickoff_id: str):  # type: ignore[no-untyped-def]
    return select(table.secret).where(col(table.kickoff_id) == kickoff_id)


def _group_of(session: Session, room_id: str) -> dict[str, str]:
    wanted = select(Participant.id, Participant.working_group_id).where(
        col(Participant.room_id) == room_id, ~col(Participant.removed)
    )
    return {row[0]: row[1] or "" for row in session.execute(wanted)}


def _removed(session: Session, room_id: str) -> frozenset[str]:
    wanted = select(Participant.id).where(
        col(Participant.room_id) == room_id, col(Participant.removed)
    )
    return frozenset(session.exec(wanted))


def _records(session: Session, kickoff_id: str) -> tuple[PlanRecord, ...]:
    """By title, sort after sort. Rows, since tables of the plan are long."""
    found: list[PlanRecord] = []
    for kind, table in LINKED:
        wanted = (
            select(table.id, table.title)
            .where(col(table.kickoff_id) == kickoff_id)
            .order_by(col(table.title), col(table.id))
            .limit(MOST_RECORDS)
        )
        found += (PlanRecord(kind, *row) for row in session.execute(wanted))
    return tuple(found)


def _seated(session: Session, kickoff_id: str) -> tuple[tuple[str, str, str], ...]:
    wanted = (
        select(Person.working_group_id, Person.id, Person.name)
        .where(col(Person.kickoff_id) == kickoff_id, col(Person.working_group_id).is_not(None))
        .order_by(col(Person.name), col(Person.id))
    )
    return tuple((group or "", id, name) for group, id, name in session.execute(wanted))


def _activities(room_id: str):  # type: ignore[no-untyped-def]
    return (
        select(Activity)
        .where(col(Activity.room_id) == room_id)
        .order_by(col(Activity.position), col(Activity.round), col(Activity.id))
    )
