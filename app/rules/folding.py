"""How many of each group are shown where all of them together would be too many."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)


def shown_of_each(counts: Mapping[Group, int], most: int) -> dict[Group, int]:
    """So many of each that they are at most `most` together: the largest groups give way first,
    and one of each is shown whatever comes. Where they are no more anyway, all of them."""
    shown: dict[Group, int] = {}
    left = most
    for number, (group, count) in enumerate(sorted(counts.items(), key=lambda one: one[1])):
        shown[group] = min(count, max(1, left // (len(counts) - number)))
        left -= shown[group]
    return shown
