"""The program of a block (L3): pages, slides, pictures and activities in one order, which "next"
walks.

A key is `theme:ID`, `slides:ID`, `picture:CODE` or `activity:ID`.
"""

from collections.abc import Sequence

_RANKS = {"theme": 0, "slides": 1, "picture": 2, "activity": 3}


def arranged(named: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """What a block has, in its order. `named` is the order that somebody gave; pictures are there
    because they are named. `there` is all else that the block has: what of it is not named stands
    behind the last of what usually comes before it; what is named and gone is left out."""
    known = set(there)
    order = [key for key in named if key in known or _rank(key) == _RANKS["picture"]]
    for key in there:
        if key not in order:
            before = [n for n, other in enumerate(order) if _rank(other) <= _rank(key)]
            order.insert(before[-1] + 1 if before else 0, key)
    return tuple(order)


def moved(order: Sequence[str], key: str, *, up: bool) -> tuple[str, ...]:
    """The order with one of its keys a place further up or down, where there is one."""
    at = list(order).index(key)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return tuple(order)
    changed = list(order)
    changed[at], changed[to] = changed[to], changed[at]
    return tuple(changed)


def goes_on_at(parts: Sequence[str], before: Sequence[str], number: int) -> int:
    """The place at which a program goes on whose last step is not in it any more. `parts` says of
    each step under which key it stands; `before` were the keys up to that step, and `number` steps
    of the last of them lay behind."""
    for key in reversed(before):
        if key in parts:
            many = parts.count(key)
            return parts.index(key) + (min(number, many) if key == before[-1] else many)
    return 0


def _rank(key: str) -> int:
    return _RANKS[key.partition(":")[0]]
