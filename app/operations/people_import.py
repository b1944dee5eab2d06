"""Bring in people from a spreadsheet: look first, write afterwards.

`looked_at` says for each line what would happen; `take_in` does it in one transaction, for the
lines that can be taken.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from charset_normalizer import from_bytes
from sqlmodel import Session

from app.errors import Fault, Invalid, TooLarge
from app.i18n import gettext
from app.models.faults import validated
from app.models.people import Person, PersonFields, Team, TeamFields, people_of, teams_of
from app.operations import order
from app.operations.entities import PEOPLE, TEAMS
from app.operations.history import created, told
from app.operations.records import stored
from app.operations.rooms import lock_rooms
from app.rules.people_table import FIELDS, Column, Line, table_of

MOST_LINES = 2000
MOST_BYTES = 1_000_000


class Fate(StrEnum):
    NEW = "new"
    KNOWN = "known"  # somebody on the list has this address, or this name and no address
    REPEATED = "repeated"  # as KNOWN, of a line further up in the same table
    FAULTY = "faulty"


@dataclass(frozen=True)
class LookedAt:
    """One line: what it says, what is wrong with it, and what would become of it.

    Of somebody who is there already, `repeats` is the line (0: the list), and `other_team` their
    team there where this line names another one: a person has one.
    """

    number: int
    cells: dict[str, str]
    fate: Fate
    faults: dict[str, str] = field(default_factory=dict)
    repeats: int = 0
    other_team: str = ""


@dataclass(frozen=True)
class Looked:
    """What would become of a table."""

    columns: tuple[Column, ...]
    has_header: bool
    lines: list[LookedAt]


@dataclass(frozen=True)
class _There:
    """Where somebody stands already: on which line (0: the list), in which team."""

    line: int
    team: str


def decoded(content: bytes) -> str:
    """A file's text: UTF-8 with or without BOM, UTF-16, or what Windows has in Norway."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if other := _other_format(content):
        raise Invalid(faults=[Fault("/file", other)])
    if _is_utf16(content):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = from_bytes(content, cp_isolation=["cp1252", "mac_roman", "cp850"]).best()
        return str(found) if found else content.decode("cp1252", errors="replace")


def _other_format(content: bytes) -> str:
    """What to do instead about a file that is no text, by its first bytes."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return gettext("This is an Excel file. Save it as CSV, or paste the rows.")
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return gettext("This is a web page. Save the table as CSV, or paste the rows.")
    if start.startswith(b"%pdf") or (b"\0" in start and not _is_utf16(content)):
        return gettext("This file is not text. Save the table as CSV, or paste the rows.")
    return ""


def _is_utf16(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff"))


def looked_at(session: Session, kickoff_id: str, text: str) -> Looked:
    """What would become of each line. `Invalid` for what is no table, or too long a one."""
    try:
        table = table_of(text, most=MOST_LINES)
    except csv.Error:
        raise _no_table(gettext("This cannot be read as a table.")) from None
    if table.more:
        raise _no_table(gettext("There are more than %(n)s lines.") % {"n": MOST_LINES})
    teams = {team.id: team.name for team in session.scalars(teams_of(kickoff_id)).all()}
    known = {
        _identity(one.name, one.email): _There(0, teams.get(one.team_id or "", ""))
        for one in session.scalars(people_of(kickoff_id)).all()
    }
    found = []
    for line in table.lines:
        seen = _looked_at(line, known)
        found.append(seen)
        if seen.fate is Fate.NEW:
            identity = _identity(line.cells["name"], line.cells.get("email", ""))
            known[identity] = _There(line.number, line.cells.get("team", ""))
    return Looked(table.columns, table.has_header, found)


def take_in(session: Session, kickoff_id: str, lines: Sequence[LookedAt]) -> int:
    """Add the people of the lines that are new, and the teams they name. How many people."""
    lock_rooms(session, kickoff_id)
    teams = {team.name.casefold(): team.id for team in session.scalars(teams_of(kickoff_id)).all()}
    new = [line for line in lines if line.fate is Fate.NEW]
    for line in new:
        team_id = _team(session, kickoff_id, line.cells.get("team", ""), teams)
        checked = validated(PersonFields, {**_own(line.cells), "team_id": team_id})
        person = Person(kickoff_id=kickoff_id, **stored(checked))
        session.add(person)
        created(session, PEOPLE, person)
    session.flush()
    if new:
        told(session, PEOPLE, kickoff_id)
    return len(new)


def _looked_at(line: Line, known: Mapping[str, _There]) -> LookedAt:
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
    there = known.get(_identity(line.cells["name"], line.cells.get("email", "")))
    if there is None:
        return LookedAt(line.number, shown, Fate.NEW)
    differs = shown["team"] and shown["team"].casefold() != there.team.casefold()
    return LookedAt(
        line.number,
        shown,
        Fate.REPEATED if there.line else Fate.KNOWN,
        repeats=there.line,
        other_team=there.team if differs else "",
    )


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
        created(session, TEAMS, team)
        teams[checked.name.casefold()] = team.id
    return teams[checked.name.casefold()]


def _no_table(sentence: str) -> Invalid:
    return Invalid(faults=[Fault("/text", sentence)])
