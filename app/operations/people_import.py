"""Bring in people from a spreadsheet: look first, write afterwards.

`looked_at` says for each line what would happen; `take_in` does it in one transaction, for the
lines that can be taken.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from charset_normalizer import from_bytes
from sqlmodel import Session

from app.errors import Fault, Invalid, TooLarge
from app.i18n import gettext
from app.models.faults import validated
from app.models.people import Person, PersonFields, Team, TeamFields, people_of, teams_of
from app.operations import order
from app.operations.entities import PEOPLE
from app.operations.records import stored, told
from app.rules.people_table import FIELDS, Line, lines_of

MOST_LINES = 2000
MOST_BYTES = 1_000_000


class Fate(StrEnum):
    NEW = "new"
    KNOWN = "known"  # somebody on the list has this address, or this name and no address
    FAULTY = "faulty"


@dataclass(frozen=True)
class LookedAt:
    """One line: what it says, what is wrong with it, and what would become of it."""

    number: int
    cells: dict[str, str]
    fate: Fate
    faults: dict[str, str] = field(default_factory=dict)


def decoded(content: bytes) -> str:
    """A file's text: UTF-8 with or without BOM, UTF-16, or what Windows has in Norway."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = from_bytes(content, cp_isolation=["cp1252", "mac_roman", "cp850"]).best()
        return str(found) if found else content.decode("cp1252", errors="replace")


def looked_at(session: Session, kickoff_id: str, text: str) -> list[LookedAt]:
    """What would become of each line. `Invalid` for what is no table, or too long a one."""
    try:
        lines, more = lines_of(text, most=MOST_LINES)
    except csv.Error:
        raise _no_table(gettext("This cannot be read as a table.")) from None
    if more:
        raise _no_table(gettext("These are more than %(n)s lines.") % {"n": MOST_LINES})
    known = {_identity(one.name, one.email) for one in session.scalars(people_of(kickoff_id)).all()}
    found = []
    for line in lines:
        seen = _looked_at(line, known)
        found.append(seen)
        if seen.fate is Fate.NEW:
            known.add(_identity(line.cells["name"], line.cells.get("email", "")))
    return found


def take_in(session: Session, kickoff_id: str, lines: Sequence[LookedAt]) -> int:
    """Add the people of the lines that are new, and the teams they name. How many people."""
    teams = {team.name.casefold(): team.id for team in session.scalars(teams_of(kickoff_id)).all()}
    new = [line for line in lines if line.fate is Fate.NEW]
    for line in new:
        team_id = _team(session, kickoff_id, line.cells.get("team", ""), teams)
        checked = validated(PersonFields, {**_own(line.cells), "team_id": team_id})
        session.add(Person(kickoff_id=kickoff_id, **stored(checked)))
    session.flush()
    if new:
        told(session, PEOPLE, kickoff_id)
    return len(new)


def _looked_at(line: Line, known: set[str]) -> LookedAt:
    faults: dict[str, str] = {}
    try:
        validated(PersonFields, _own(line.cells))
    except Invalid as error:
        faults |= {fault.pointer.removeprefix("/"): fault.detail for fault in error.faults}
    if line.cells.get("team"):
        try:
            validated(TeamFields, {"name": line.cells["team"]})
        except Invalid as error:
            faults["team"] = error.faults[0].detail
    shown = {name: line.cells.get(name, "") for name in FIELDS}
    if faults:
        return LookedAt(line.number, shown, Fate.FAULTY, faults)
    there = _identity(line.cells["name"], line.cells.get("email", "")) in known
    return LookedAt(line.number, shown, Fate.KNOWN if there else Fate.NEW)


def _own(cells: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if name != "team"}


def _identity(name: str, email: str) -> str:
    """Two lines are the same person by address, or by name where there is none."""
    return (email or name).strip().casefold()


def _team(session: Session, kickoff_id: str, name: str, teams: dict[str, str]) -> str | None:
    if not name:
        return None
    checked = validated(TeamFields, {"name": name})
    if checked.name.casefold() not in teams:
        team = Team(
            kickoff_id=kickoff_id,
            position=order.at_the_end(session, Team, kickoff_id),
            **stored(checked),
        )
        session.add(team)
        session.flush()
        teams[checked.name.casefold()] = team.id
    return teams[checked.name.casefold()]


def _no_table(sentence: str) -> Invalid:
    return Invalid(faults=[Fault("/text", sentence)])
