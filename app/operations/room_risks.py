"""What a room says of the register's risks (L10): placed, owned, taken back if it was a slip."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.models.activities import Activity
from app.models.agenda import AgendaBlock
from app.models.people import Person
from app.models.risks import Degree, Risk, RiskKind, RiskState
from app.operations import records
from app.operations.entities import RISKS
from app.operations.history import as_json

BEFORE = "risk_before"  # of an event's data: how one was before a room changed it
OWN = ("probability", "consequence", "owner_id", "due")
SAID = (
    "room_probability",
    "room_consequence",
    "room_probability_spread",
    "room_consequence_spread",
    "room_answers",
    "room_on",
)
DATES = ("due", "room_on")


@dataclass(frozen=True)
class RoomSaid:
    """The room's figures, as the register keeps them."""

    room_probability: float
    room_consequence: float
    room_probability_spread: float
    room_consequence_spread: float
    room_answers: int
    room_on: date


def spoken_of(session: Session, activity: Activity, chosen: Iterable[str]) -> list[Risk]:
    """What a room is asked about: those that were chosen, else those of its block, else all risks;
    of them those that are still open, the heaviest first."""
    block = session.get(AgendaBlock, activity.block_id) if activity.block_id else None
    rows = session.scalars(
        select(Risk).where(
            col(Risk.kickoff_id) == activity.kickoff_id, col(Risk.state) == RiskState.OPEN
        )
    ).all()
    for wanted in (set(chosen), set(block.risk_ids) if block is not None else set()):
        named = [row for row in rows if row.id in wanted]
        if named:
            return sorted(named, key=_heaviest_first)
    return sorted((row for row in rows if row.kind == RiskKind.RISK), key=_heaviest_first)


def _heaviest_first(risk: Risk) -> tuple[int, str]:
    steps = list(Degree)
    weight = (steps.index(Degree(risk.probability)) + 1) * (
        steps.index(Degree(risk.consequence)) + 1
    )
    return -weight, risk.id


def made(session: Session, activity: Activity, title: str) -> Risk:
    """A risk that nobody had thought of before the room did."""
    risk = records.create(session, RISKS, activity.kickoff_id, {"title": title})
    assert isinstance(risk, Risk), "RISKS are risks"
    risk.source_activity_id = activity.id
    session.flush()
    return risk


def write(
    session: Session, risk: Risk, changes: Mapping[str, Any], said: RoomSaid | None
) -> dict[str, Any]:
    """The risk with these of its own fields and the room's figures; what was written, as JSON."""
    records.change(session, RISKS, risk, changes)
    figures = asdict(said) if said is not None else {}
    for name, value in figures.items():
        setattr(risk, name, value)
    session.flush()
    return {name: as_json(getattr(risk, name)) for name in (*changes, *figures)}


def as_it_was(risk: Risk) -> dict[str, Any]:
    """What a room may change of a risk, for `take_back` and `before_the_room`."""
    return {"id": risk.id, **{name: as_json(getattr(risk, name)) for name in (*OWN, *SAID)}}


def take_back(
    session: Session, risk: Risk, was: Mapping[str, Any], wrote: Mapping[str, Any]
) -> None:
    """As it was before the room wrote, but for what somebody else has changed since."""
    ours = {name for name, value in wrote.items() if as_json(getattr(risk, name)) == value}
    _put_back(session, risk, {name: value for name, value in was.items() if name in ours})


def remove(session: Session, risk: Risk) -> None:
    """What only a slip has made is not left in the register."""
    records.remove(session, RISKS, risk)


def before_the_room(session: Session, kickoff_id: str, before: Iterable[Mapping[str, Any]]) -> None:
    """Risks as they were before a rehearsal: of several changes the first says how."""
    seen: set[str] = set()
    for was in before:
        if was["id"] in seen:
            continue
        seen.add(was["id"])
        risk = session.get(Risk, was["id"])
        if risk is not None and risk.kickoff_id == kickoff_id:
            _put_back(session, risk, was)


def _put_back(session: Session, risk: Risk, was: Mapping[str, Any]) -> None:
    held = {
        name: date.fromisoformat(value) if name in DATES and value else value
        for name, value in was.items()
    }
    if "owner_id" in was:
        held["owner_id"] = _still_there(session, risk.kickoff_id, was["owner_id"])
    records.change(session, RISKS, risk, {name: held[name] for name in OWN if name in held})
    for name in SAID:
        if name in held:
            setattr(risk, name, held[name])
    session.flush()


def _still_there(session: Session, kickoff_id: str, person_id: str | None) -> str | None:
    """Who was removed from the list meanwhile owns nothing any more."""
    person = session.get(Person, person_id) if person_id else None
    return person.id if person is not None and person.kickoff_id == kickoff_id else None
