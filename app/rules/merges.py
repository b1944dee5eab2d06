"""What was merged with what: which one stands for all that say the same."""

from collections.abc import Mapping


def roots(into: Mapping[str, str]) -> dict[str, str]:
    """By each one that was merged: the one that stands in its place, however long the chain."""
    found: dict[str, str] = {}
    for each in into:
        at, seen = each, {each}
        while (further := into.get(at)) is not None and further not in seen:
            at = further
            seen.add(at)
        found[each] = at
    return found
