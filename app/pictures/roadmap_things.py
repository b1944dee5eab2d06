"""What stands on the roadmap (P8): initiatives, deliverables and milestones, each with its team,
its days after the kickoff and how it goes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlmodel import Session, col, select

from app.models.deliverables import Deliverable
from app.models.fields import OfKickoff
from app.models.kickoffs import Kickoff
from app.models.milestones import Milestone
from app.models.people import Person
from app.models.portfolio import Initiative
from app.operations.derived import today_in
from app.pictures.names import day_after
from app.pictures.raci_matrix import handed_of
from app.rules.folding import shown_of_each

Stored = TypeVar("Stored", bound=OfKickoff)

REACHED, LATE, AHEAD = "reached", "late", "ahead"
INITIATIVE, DELIVERABLE, MILESTONE = "initiatives", "deliverables", "milestones"


@dataclass(frozen=True)
class Thing:
    """`kind` is the part of the plan that it is in. `starts` and `ends` are days after the
    kickoff, the same for a point; None where it has none. `waits` are ids of the things that
    come first."""

    id: str
    kind: str
    title: str
    team_id: str
    owner: str
    starts: int | None
    ends: int | None
    first: date | None
    last: date | None
    state: str = ""
    people: float | None = None
    waits: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    word: str = ""  # how it goes, where that is more than its state

    @property
    def is_placed(self) -> bool:
        return self.starts is not None and self.ends is not None


@dataclass(frozen=True)
class _Who:
    """Names and teams of people, and what day it is after the kickoff."""

    names: dict[str, str]
    teams: dict[str, str]
    kickoff: Kickoff
    today: date

    def name(self, person_id: str | None) -> str:
        return self.names.get(person_id or "", "")

    def day(self, day: date | None) -> int | None:
        if day is None or self.kickoff.day is None:
            return None
        return (day - self.kickoff.day).days

    def state(self, *, reached: bool, due: date | None) -> str:
        if reached:
            return REACHED
        return LATE if due is not None and due < self.today else AHEAD


def things_of(session: Session, kickoff: Kickoff) -> list[Thing]:
    """Those that take time first, so that they stand at the top of their lanes; each kind by
    day."""
    who = _who(session, kickoff)
    initiatives = list(_initiatives(session, who))
    teams = {one.id: one.team_id for one in initiatives}
    deliverables = list(_deliverables(session, who, teams))
    teams |= {one.id: one.team_id for one in deliverables}
    milestones = list(_milestones(session, who, teams))
    return [
        *sorted(initiatives, key=_by_day),
        *sorted(deliverables, key=_by_day),
        *sorted(milestones, key=_by_day),
    ]


def legible(
    things: Sequence[Thing], lane_of: Mapping[str, str], most: int
) -> tuple[list[Thing], list[Thing]]:
    """At most so many that each lane has as much room as another, and the others. What takes time
    and what is to be reached goes before what is handed over on the way there."""
    lanes = Counter(lane_of[one.id] for one in things)
    room = shown_of_each(lanes, most)
    drawn = set[str]()
    for one in sorted(things, key=lambda one: one.kind == DELIVERABLE):
        if room[lane_of[one.id]]:
            room[lane_of[one.id]] -= 1
            drawn.add(one.id)
    return [one for one in things if one.id in drawn], [
        one for one in things if one.id not in drawn
    ]


def _by_day(one: Thing) -> tuple[int, int, str]:
    return (one.starts or 0, one.ends or 0, one.id)


def _who(session: Session, kickoff: Kickoff) -> _Who:
    wanted = select(col(Person.id), col(Person.name), col(Person.team_id)).where(
        col(Person.kickoff_id) == kickoff.id
    )
    people = session.execute(wanted).all()
    names = {id: name for id, name, _ in people}
    teams = {id: team_id for id, _, team_id in people if team_id}
    return _Who(names, teams, kickoff, today_in(kickoff))


def _initiatives(session: Session, who: _Who) -> Iterator[Thing]:
    for one in _all(session, Initiative, who.kickoff):
        thing = Thing(
            id=one.id,
            kind=INITIATIVE,
            title=one.title,
            team_id=one.team_id or who.teams.get(one.owner_id or "", ""),
            owner=who.name(one.owner_id),
            starts=who.day(one.starts_on or one.ends_on),
            ends=who.day(one.ends_on or one.starts_on),
            first=one.starts_on,
            last=one.ends_on,
            people=one.capacity,
            waits=tuple(one.depends_on_ids),
            teams=tuple(one.team_ids),
            systems=tuple(filter(None, (part.strip() for part in one.systems.split(",")))),
        )
        backwards = thing.starts is not None and thing.ends is not None
        if backwards and (thing.starts or 0) > (thing.ends or 0):
            thing = replace(thing, starts=None, ends=None)
        yield thing


def _deliverables(session: Session, who: _Who, teams: dict[str, str]) -> Iterator[Thing]:
    handed, _ = handed_of(session, who.kickoff.id)
    is_open = {one.id: one.is_open for one in handed}
    for one in _all(session, Deliverable, who.kickoff):
        due = one.due or (day_after(who.kickoff, 30) if one.prioritised else None)
        day = who.day(due)
        if day is None and one.prioritised:
            day = 30
        yield Thing(
            id=one.id,
            kind=DELIVERABLE,
            title=one.title,
            team_id=teams.get(one.initiative_id or "") or who.teams.get(one.owner_id or "", ""),
            owner=who.name(one.owner_id),
            starts=day,
            ends=day,
            first=due,
            last=due,
            state=who.state(reached=not is_open.get(one.id, True), due=due),
        )


def _milestones(session: Session, who: _Who, teams: dict[str, str]) -> Iterator[Thing]:
    """One that has no date of its own is due on the last day of its window."""
    for one in _all(session, Milestone, who.kickoff):
        due = one.due or day_after(who.kickoff, int(one.window))
        own = who.day(due)
        day = int(one.window) if own is None else own
        yield Thing(
            id=one.id,
            kind=MILESTONE,
            title=one.title,
            team_id=one.team_id
            or teams.get(one.deliverable_id or "")
            or who.teams.get(one.owner_id or "", ""),
            owner=who.name(one.owner_id),
            starts=day,
            ends=day,
            first=due,
            last=one.reached_on or due,
            state=who.state(reached=one.reached_on is not None, due=due),
            waits=tuple(one.depends_on_ids),
        )


def _all(session: Session, table: type[Stored], kickoff: Kickoff) -> Sequence[Stored]:
    return session.scalars(select(table).where(col(table.kickoff_id) == kickoff.id)).all()
