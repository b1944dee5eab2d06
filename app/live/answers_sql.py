"""The statements of every look at a room's activities, built once: building one takes three times
as long as asking it, and a room looks ten times a second.

`ids` are activities. Counts tell apart what came from a table that shares one phone (`at_table`).
"""

from typing import Any

from sqlalchemy import BindParameter, Label, Select, bindparam, case, func, select, union_all
from sqlmodel import col

from app.models.activities import Ballot, Entry, HandCount, Mark, Tally, TeamTally

IDS: BindParameter[str] = bindparam("ids", expanding=True)


def _at_table(people: Any) -> Label[bool]:
    return case((col(people) > 1, True), else_=False).label("at_table")


MARK_AT_TABLE, BALLOT_AT_TABLE = _at_table(Mark.people), _at_table(Ballot.people)


def _summed(ballots: Select[Any]) -> Select[Any]:
    """(activity, at a table, people, ballots) of rows (activity, at a table, people)."""
    each = ballots.subquery()
    return select(
        each.c.activity_id, each.c.at_table, func.sum(each.c.people), func.count()
    ).group_by(each.c.activity_id, each.c.at_table)


# Columns, not objects of the mapper: there may be ten thousand texts, ten times a second.
ENTRIES = (
    select(  # type: ignore[call-overload]  # SQLModel has overloads for four columns
        Entry.activity_id,
        Entry.id,
        Entry.text,
        Entry.state,
        Entry.merged_into,
        Entry.author,
        Entry.place,
        Entry.position,
        Entry.data,
    )
    .where(col(Entry.activity_id).in_(IDS))
    .order_by(Entry.position, Entry.id)
)

# (activity, entry, value, at a table, people), over ballots and over what they became.
MARKS = union_all(
    select(  # type: ignore[call-overload]
        Mark.activity_id, Mark.entry_id, Mark.value, MARK_AT_TABLE, func.sum(Mark.people)
    )
    .where(col(Mark.activity_id).in_(IDS))
    .group_by(Mark.activity_id, Mark.entry_id, Mark.value, MARK_AT_TABLE),
    select(  # type: ignore[call-overload]
        Tally.activity_id, Tally.entry_id, Tally.value, Tally.table_phone, Tally.count
    ).where(col(Tally.activity_id).in_(IDS)),
)

TEAM_MARKS = select(  # type: ignore[call-overload]
    TeamTally.activity_id, TeamTally.team_id, TeamTally.entry_id, TeamTally.value, TeamTally.count
).where(col(TeamTally.activity_id).in_(IDS))

ANSWERED_IN_LANE = _summed(
    select(Ballot.activity_id, BALLOT_AT_TABLE, Ballot.people).where(  # type: ignore[call-overload]
        col(Ballot.activity_id).in_(IDS), col(Ballot.lane) == bindparam("lane")
    )
)

ANSWERED_AT_ALL = _summed(
    select(  # type: ignore[call-overload]
        Ballot.activity_id, BALLOT_AT_TABLE, func.max(Ballot.people).label("people")
    )
    .where(col(Ballot.activity_id).in_(IDS))
    .group_by(Ballot.activity_id, Ballot.key, BALLOT_AT_TABLE)
)

HANDS = select(HandCount.activity_id, HandCount.entry_id, HandCount.value, HandCount.count).where(  # type: ignore[call-overload]
    col(HandCount.activity_id).in_(IDS)
)
