"""The order of siblings: fractional keys, so that a move writes one row and concurrent moves live.

Two that were put into one gap at the same moment get the same key, and are ordered by id.
"""

from collections.abc import Sequence

from fractional_indexing import generate_key_between, generate_n_keys_between
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import Fault, Invalid
from app.i18n import gettext
from app.models.byte_order import POSITION_MAX
from app.models.fields import Ordered

FIRST = ""  # "after nobody"
_ROOM_TO_GROW = 20


def at_the_end(session: Session, table: type[Ordered], kickoff_id: str) -> str:
    """The key that comes after all of the kickoff's."""
    highest = session.scalar(
        select(func.max(table.position)).where(col(table.kickoff_id) == kickoff_id)
    )
    return str(generate_key_between(highest or None, None))


def after(
    session: Session, table: type[Ordered], kickoff_id: str, *, sibling_id: str, moving: str = ""
) -> str:
    """The key right after a sibling, or before all (`FIRST`); `moving` is who takes it."""
    others = [one for one in siblings(session, table, kickoff_id) if one.id != moving]
    place = _place(others, sibling_id)
    lower, upper = _gap(others, place)
    if (lower and upper and lower >= upper) or len(lower or "") > POSITION_MAX - _ROOM_TO_GROW:
        keys = generate_n_keys_between(None, None, len(others))
        for one, key in zip(others, keys, strict=True):
            one.position = key
        lower, upper = _gap(others, place)
    return str(generate_key_between(lower, upper))


def siblings(session: Session, table: type[Ordered], kickoff_id: str) -> Sequence[Ordered]:
    """All of one kickoff's, in order."""
    statement = (
        select(table)
        .where(col(table.kickoff_id) == kickoff_id)
        .order_by(col(table.position), col(table.id))
    )
    return session.scalars(statement).all()


def neighbour(ordered_ids: Sequence[str], record_id: str, *, steps: int) -> str:
    """After whom a record stands once it has moved by `steps` (−1 is up)."""
    others = [id for id in ordered_ids if id != record_id]
    place = max(0, min(len(others), list(ordered_ids).index(record_id) + steps))
    return others[place - 1] if place else FIRST


def _gap(others: Sequence[Ordered], place: int) -> tuple[str | None, str | None]:
    """The keys on both sides of a place."""
    lower = others[place - 1].position if place else None
    upper = others[place].position if place < len(others) else None
    return lower, upper


def _place(others: Sequence[Ordered], sibling_id: str) -> int:
    if sibling_id == FIRST:
        return 0
    for place, one in enumerate(others, start=1):
        if one.id == sibling_id:
            return place
    raise Invalid(faults=[Fault("/after_id", gettext("There is no such record here."))])
