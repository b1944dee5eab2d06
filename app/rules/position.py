"""Where a card stands in its column: a text between those of its neighbours (decision 0007).

Cards are ordered by (position, id), compared byte by byte. Two that were put into one gap at the
same moment have the same position: the id decides, the same way on every screen. A third finds no
room between them (`NoRoom`), and the column gets even positions before it tries again.
"""

import re

from fractional_indexing import (
    FIError,
    generate_key_between,
    generate_n_keys_between,
    validate_order_key,
)

from app.errors import Conflict

LONGEST = 64
# So many find room in one gap of an even column, in whatever order they are put there: a letter
# more lasts for five halvings. At the top and at the end of a column there is room without end.
INSERTS_IN_ONE_GAP = 300

_LETTERS = re.compile(rf"[0-9A-Za-z]{{1,{LONGEST}}}", re.ASCII)


class NoRoom(Conflict):
    """The neighbours have the same position, or it would get too long: `spread` the column."""


def between(before: str | None, after: str | None) -> str:
    """A position after the one and before the other; None is the end of the column."""
    for neighbour in (before, after):
        if neighbour is not None and not is_position(neighbour):
            raise ValueError(f"not a position: {neighbour!r}")
    if before is not None and after is not None and before >= after:
        raise NoRoom
    try:
        position = str(generate_key_between(before, after))
    except FIError:
        raise NoRoom from None
    if not is_position(position):
        raise NoRoom
    return position


def is_position(text: str) -> bool:
    """Whether a text that came from outside can be a position."""
    if not _LETTERS.fullmatch(text):
        return False
    try:
        validate_order_key(text)
    except FIError:
        return False
    return True


def spread(number: int) -> tuple[str, ...]:
    """So many positions in order, with the same room between all of them."""
    return tuple(str(key) for key in generate_n_keys_between(None, None, number))
