"""A tree from left to right: each node beside the middle of what hangs on it, without overlaps."""

from collections.abc import Mapping
from dataclasses import dataclass

GAP = 18
APART = 34  # between two trees, and between the branches at the top of one


@dataclass(frozen=True)
class Spot:
    """`depth` from 0 at the root; `top` from 0 at the uppermost box."""

    depth: int
    top: int


def tree(
    heights: Mapping[str, int], parents: Mapping[str, str | None], *, gap: int = GAP
) -> dict[str, Spot]:
    """Each node once, in the order of its siblings. Whose parent is unknown is a root, and so is
    the first of those that are each other's parents."""
    children, roots = _branches(heights, parents)
    spots: dict[str, Spot] = {}
    top = 0
    for root in roots:
        top = _hung(root, children, heights, gap, spots, top) + APART
    first = min((spot.top for spot in spots.values()), default=0)
    return {one: Spot(spots[one].depth, spots[one].top - first) for one in heights}


def _branches(
    heights: Mapping[str, int], parents: Mapping[str, str | None]
) -> tuple[dict[str, list[str]], list[str]]:
    children: dict[str, list[str]] = {one: [] for one in heights}
    roots: list[str] = []
    for one in heights:
        parent = parents.get(one)
        if parent is None or parent not in heights or _leads_back(one, parents):
            roots.append(one)
        else:
            children[parent].append(one)
    return children, roots


def _leads_back(node: str, parents: Mapping[str, str | None]) -> bool:
    """Whether it is the least of a circle: what hangs on the others of it then hangs on that."""
    here, seen = parents.get(node), set[str]()
    while here is not None and here not in seen:
        if here == node:
            return node == min(seen | {node})
        seen.add(here)
        here = parents.get(here)
    return False


def _hung(
    root: str,
    children: Mapping[str, list[str]],
    heights: Mapping[str, int],
    gap: int,
    spots: dict[str, Spot],
    top: int,
) -> int:
    """Places the tree from `top` downwards, and says where it ends."""
    depth_of, order = {root: 0}, [root]
    for one in order:  # grows while it is walked: parents before children
        for child in children[one]:
            depth_of[child] = depth_of[one] + 1
            order.append(child)
    room: dict[str, int] = {}
    for one in reversed(order):
        room[one] = max(heights[one], _room_of(children[one], room, gap))
    start = {root: top}
    for one in order:
        own, within = heights[one], room[one]
        spots[one] = Spot(depth_of[one], start[one] + (within - own) // 2)
        at = start[one] + (within - _room_of(children[one], room, gap)) // 2
        for child in children[one]:
            start[child] = at
            at += room[child] + gap
    return top + room[root]


def _room_of(children: list[str], room: Mapping[str, int], gap: int) -> int:
    return sum(room[child] + gap for child in children) - gap if children else 0
