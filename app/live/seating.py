"""Where who arrives sits: in the group that the people list has for that name, else in the group
that misses them most. Nobody who is there is moved.

Found out within the ledger's transaction, where the room is locked: so that those who come together
do not all find the same group short, and nobody slips in between while groups are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from app.live.ledger_sql import Statements, run
from app.rules.groups import Filling, Member


class Seat(NamedTuple):
    """A group, and the person on the list whose phone it is, if there is one."""

    group_id: str | None = None
    person_id: str | None = None


class Newcomer(Protocol):
    """What of an arrival is asked for here."""

    @property
    def participant_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def people(self) -> int: ...


NO_SEAT = Seat()


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on the people list."""

    id: str
    function: str
    seniority: str
    site: str
    group_id: str | None


def seats(
    connection: Connection, sql: Statements, room_id: str, arrivals: Sequence[Newcomer]
) -> dict[str, Seat]:
    """By participant; nobody is in it where there are no groups. Three statements, however many
    arrive."""
    room = [[room_id]]
    group_ids = [row[0] for row in run(connection, sql.groups, room)]
    if not group_ids:
        return {}
    number_of = {group_id: number for number, group_id in enumerate(group_ids)}
    filling = Filling(len(group_ids))
    for group_id, function, seniority, site, people in run(connection, sql.seated, room):
        if group_id in number_of:
            one = Member("", function, seniority, site)
            filling.add(number_of[group_id], one, people=int(people))
    listed = _listed(connection, sql, room) if any(one.name for one in arrivals) else {}
    found: dict[str, Seat] = {}
    for arrival in arrivals:
        known = listed.get(arrival.name.casefold())
        one = Member(arrival.participant_id)
        if known is not None:
            one = Member(arrival.participant_id, known.function, known.seniority, known.site)
        chosen = known.group_id if known else None
        number = number_of[chosen] if chosen in number_of else filling.place(one)
        filling.add(number, one, people=arrival.people)
        found[arrival.participant_id] = Seat(group_ids[number], known.id if known else None)
    return found


def _listed(
    connection: Connection, sql: Statements, room: Sequence[Sequence[str]]
) -> dict[str, Listed]:
    """The people list by name; of several with one name the first."""
    found: dict[str, Listed] = {}
    for name, *about in run(connection, sql.listed, room):
        found.setdefault(name.casefold(), Listed(*about))
    return found
