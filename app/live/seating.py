"""Where who arrives sits: in the group that the people list has for that name, else in the group
that misses them most. So does who was away when groups were made, and is here again. Nobody who is
there is moved.

Found out within the ledger's transaction, where the room is locked: so that those who come together
do not all find the same group short, and nobody slips in between while groups are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson
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


@dataclass(frozen=True, slots=True)
class Returned:
    """Who joined earlier, is in no group, and is here again."""

    participant_id: str
    name: str
    people: int


def seat_returned(
    connection: Connection, sql: Statements, room_id: str, participant_ids: Sequence[str]
) -> bool:
    """Those of them who are in no group get a place, as who arrives does; but nobody whom a
    facilitator took out of the groups by hand. Whether anybody got one."""
    asked = [[participant_id, room_id] for participant_id in participant_ids]
    found = [Returned(*row) for row in run(connection, sql.without_group, asked)]
    if not found:
        return False
    out = _taken_out(run(connection, sql.grouping, [[room_id]]))
    waiting = [one for one in found if one.participant_id not in out]
    given = seats(connection, sql, room_id, waiting)
    run(connection, sql.seat, [[who, *seat] for who, seat in sorted(given.items())])
    return bool(given)


def _taken_out(events: Sequence[tuple[str, Any]]) -> set[str]:
    """Whom the pushes since the groups were made last have left in none."""
    found: set[str] = set()
    for name, data in events:
        if name != "groups.move":
            found.clear()
            continue
        moved = orjson.loads(data)
        if moved.get("group") is None:
            found.add(moved["participant"])
        else:
            found.discard(moved["participant"])
    return found


def _listed(
    connection: Connection, sql: Statements, room: Sequence[Sequence[str]]
) -> dict[str, Listed]:
    """The people list by name; of several with one name the first."""
    found: dict[str, Listed] = {}
    for name, *about in run(connection, sql.listed, room):
        found.setdefault(name.casefold(), Listed(*about))
    return found
