"""From the database to a `RoomSnapshot`: one look per tick and room, whoever is connected.

Every figure is a query. What a role may see of it is decided in `roles`, not here.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, case, func
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.live import day
from app.live.answers import activities_of
from app.live.settled import Settled, settled
from app.live.snapshot import GroupView, PersonHere, RoomSnapshot
from app.models.people import Team
from app.models.rooms import Participant, Room

MOST_RECENT = 24
MOST_PEOPLE = 300


@dataclass(frozen=True)
class Outside:
    """What a snapshot needs that the database does not know."""

    public_url: str
    connected: frozenset[str] = frozenset()  # participants with a socket in this process
    alone: bool = True  # whether there are no other processes, in which others may be connected
    typed_codes_paused: bool = False
    now_ms: int = 0
    stage_too: bool = True  # whether somebody looks at the stage: its picture takes time to draw
    people_too: bool = True  # whether somebody looks at the list of people (the console)


def load(
    session: Session, room_id: str, outside: Outside, before: Settled | None = None
) -> tuple[RoomSnapshot, Settled]:
    """Everything about a room at its present revision, for the eyes of its facilitator, and what
    of it the next look need not read again."""
    room = session.get(Room, room_id)
    if room is None:
        raise NotFound
    standing = settled(session, room, before, stage_too=outside.stage_too)
    activities = activities_of(session, standing.activities, standing.beside, standing.views)
    standing.keep(activities)
    snapshot = _with_day(room, standing, outside.now_ms, _told(session, room, standing, outside))
    return replace(snapshot, activities=activities), standing


def _told(session: Session, room: Room, standing: Settled, outside: Outside) -> RoomSnapshot:
    """The room, its kickoff and who is in it."""
    kickoff, undo = standing.kickoff, room.undo or {}
    participants, present = _count_people(session, room.id, outside)
    return RoomSnapshot(
        id=room.id,
        kickoff_id=kickoff.id,
        kickoff_title=kickoff.title,
        vision=kickoff.vision,
        day=kickoff.day.isoformat() if kickoff.day else "",
        venue=kickoff.venue,
        time_zone=kickoff.time_zone,
        name=room.name,
        code=room.code,
        secret=room.secret,
        ask_name=room.ask_name,
        assigns_teams=room.assigns_teams,
        join_url=f"{outside.public_url}/j/{room.secret}/",
        join_host=outside.public_url.removeprefix("https://").removeprefix("http://"),
        spoken_word=room.spoken_word,
        status=room.status,
        locked=room.locked,
        screen=room.screen,
        epoch=room.epoch,
        revision=room.revision,
        control=room.control,
        plan=room.revision - room.answers,
        participants=participants,
        invited=len(standing.people),
        recent=_people(session, room.id, outside, MOST_RECENT, named=True),
        people=_people(session, room.id, outside, MOST_PEOPLE, named=False)
        if outside.people_too
        else (),
        teams=standing.teams,
        plan_people=standing.people,
        answers=standing.answers,
        handouts=standing.handouts,
        plan_records=standing.records,
        faq=standing.faq,
        notes=standing.notes,
        shown_note=next((note for note in standing.notes if note.id == room.shown_note_id), None),
        deliverables=standing.deliverables,
        risks=standing.risks,
        actions=standing.actions,
        groups=_groups(session, room.id, standing, outside),
        group_of=standing.group_of,
        stage_activity_id=room.stage_activity_id,
        steps=standing.steps,
        step=room.step,
        step_phase=room.step_phase,
        step_after=tuple(room.step_after),
        step_number=room.step_number,
        shown=standing.shown,
        undo_name=undo.get("name", ""),
        undo_data=undo.get("data", {}),
        undo_touches=tuple(state["id"] for state in undo.get("activities", ())),
        present=present if outside.alone else None,
        typed_codes_paused=outside.typed_codes_paused,
    )


def _with_day(room: Room, standing: Settled, now_ms: int, snapshot: RoomSnapshot) -> RoomSnapshot:
    """The same with its agenda, as it is run now."""
    kickoff = standing.kickoff
    blocks = day.blocks_of(room, kickoff, standing.blocks, standing.visits)
    current = next((block for block in blocks if block.state == "now"), None)
    clock = day.clock_of(room, current)
    here = datetime.fromtimestamp(now_ms / 1000, day.zone_of(kickoff.time_zone))
    on_the_day = kickoff.day in (None, here.date())
    end, drift = day.projection(blocks, current, clock if on_the_day else None, here, now_ms)
    return replace(
        snapshot,
        blocks=blocks,
        block=current,
        clock=clock,
        on_the_day=on_the_day,
        drift_minutes=drift,
        projected_end=end,
    )


def _groups(
    session: Session, room_id: str, standing: Settled, outside: Outside
) -> tuple[GroupView, ...]:
    """The groups with who is in them; not asked where there are none. Who came since the rest was
    read is in `standing.group_of` then too."""
    groups = standing.groups
    if not groups:
        return ()
    members: dict[str, list[tuple[str, str, int]]] = {group.id: [] for group in groups}
    wanted = (
        select(  # type: ignore[call-overload]  # SQLModel has overloads for four columns
            Participant.working_group_id,
            Participant.id,
            Participant.name,
            Participant.people,
            Participant.person_id,
        )
        .where(
            col(Participant.room_id) == room_id,
            ~col(Participant.removed),
            col(Participant.working_group_id).is_not(None),
        )
        .order_by(col(Participant.name), col(Participant.id))
    )
    joined: set[str] = set()
    newcomers: dict[str, str] = {}
    for group_id, id, name, people, person_id in session.execute(wanted):
        members.setdefault(group_id, []).append((id, name, people))
        joined |= {person_id or "", name.casefold()}
        if not standing.group_of.get(id):
            newcomers[id] = group_id
    if newcomers:
        standing.group_of = {**standing.group_of, **newcomers}
    expected: dict[str, list[str]] = {}
    for group_id, person_id, name in standing.seated:
        if person_id not in joined and name.casefold() not in joined:
            expected.setdefault(group_id, []).append(name)
    return tuple(
        replace(
            group,
            people=sum(people for _, _, people in members[group.id]),
            here=sum(people for id, _, people in members[group.id] if id in outside.connected),
            names=tuple(name for _, name, _ in members[group.id] if name),
            names_here=tuple(
                name for id, name, _ in members[group.id] if name and id in outside.connected
            ),
            expected=tuple(expected.get(group.id, ())),
        )
        for group in groups
    )


# Built once: building a statement takes longer than asking it, and a room looks ten times a second.
_HERE = (col(Participant.room_id) == bindparam("room_id"), ~col(Participant.removed))
# Only of tables with one phone the rows need be read; all others are one row, without an id.
_PHONE = case((col(Participant.people) > 1, Participant.id), else_=None).label("phone")
_COUNTED = select(_PHONE, func.sum(Participant.people)).where(*_HERE).group_by(_PHONE)
_PEOPLE = (
    select(Participant.id, Participant.name, Participant.people, Team.name)
    .outerjoin(Team, col(Team.id) == col(Participant.team_id))
    .where(*_HERE)
    .order_by(col(Participant.joined_at).desc(), col(Participant.id))
    .limit(bindparam("at_most"))
)
_NAMED = _PEOPLE.where(col(Participant.name) != "")


def _count_people(session: Session, room_id: str, outside: Outside) -> tuple[int, int]:
    """How many have joined, and how many of them have a phone that is connected now."""
    joined, present = 0, len(outside.connected)
    for phone, people in session.execute(_COUNTED, {"room_id": room_id}):
        joined += int(people)
        if phone in outside.connected:
            present += int(people) - 1
    return joined, present


def _people(
    session: Session, room_id: str, outside: Outside, at_most: int, *, named: bool
) -> tuple[PersonHere, ...]:
    wanted = {"room_id": room_id, "at_most": at_most}
    return tuple(
        PersonHere(
            id=row[0],
            name=row[1],
            team=row[3] or "",
            people=row[2],
            connected=row[0] in outside.connected,
        )
        for row in session.execute(_NAMED if named else _PEOPLE, wanted)
    )
