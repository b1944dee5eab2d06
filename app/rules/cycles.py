"""What waits for itself: circles among things that depend on one another."""

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter


def cycles(depends_on: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Circles that have nothing in common, each in the order in which one waits for the next.

    Without the things in one circle the next is looked for, so every one that is named is real,
    and once all of them are broken a look again tells whether there are others.
    """
    left = {one: set(others) for one, others in sorted(depends_on.items())}
    found: list[tuple[str, ...]] = []
    while circle := _first(left):
        found.append(circle)
        left = {one: others.difference(circle) for one, others in left.items() if one not in circle}
    return tuple(found)


def _first(depends_on: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    try:
        TopologicalSorter(depends_on).prepare()
    except CycleError as error:
        # graphlib names each before who waits for it, and the first once more at the end.
        circle: list[str] = error.args[1][:0:-1]
        smallest = circle.index(min(circle))
        return (*circle[smallest:], *circle[:smallest])
    return ()
