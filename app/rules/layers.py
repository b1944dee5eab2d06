"""What leads to what, in layers: a drawing order in which arrows run forwards and seldom cross.

Layers follow the longest way to a node. Within a circle the arrows that would close it run back and
count for nothing else. The order within a layer is by the mean place of the neighbours
(barycentre); arrows across several layers keep a lane of their own free, so that none runs
underneath a box. The same plan gives the same picture.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise

from app.rules.levels import level

Arrow = tuple[str, str]  # from cause to effect

GAP = 22  # between neighbours in a layer
LANE = 10  # what an arrow on its way through a layer keeps free
SWEEPS = 8


@dataclass(frozen=True)
class Place:
    """Where a node stands: in which layer, and `top` along it, in the units of its height."""

    layer: int
    top: int
    height: int

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Way:
    """An arrow: `through` is where it passes the layers between. `back`: it closes a circle, and
    runs against the direction of the others."""

    cause: str
    effect: str
    through: tuple[Place, ...] = ()
    back: bool = False


@dataclass(frozen=True)
class Layers:
    """`places` has each node once; `height` is that of the tallest layer."""

    places: Mapping[str, Place]
    ways: tuple[Way, ...]
    depth: int
    height: int


def layers(
    heights: Mapping[str, int],
    arrows: Iterable[Arrow],
    *,
    least: Mapping[str, int] | None = None,
    gap: int = GAP,
) -> Layers:
    """Nodes by their heights, in the order in which they would be read. `least` is the layer that a
    node has at least: layers in which nothing stands are left out."""
    known = [a for a in dict.fromkeys(arrows) if a[0] in heights and a[1] in heights]
    known = [a for a in known if a[0] != a[1]]
    back = _closing(heights, known)
    forward = [one for one in known if one not in back]
    layer_of = _longest_ways(heights, forward, least or {})
    lanes = {one: _lane(one, layer_of) for one in forward}
    rows = _rows(heights, layer_of, lanes)
    steps = [step for lane in lanes.values() for step in pairwise(lane)]
    rows = _untangled(rows, steps)
    sizes = {one: heights.get(one, LANE) for row in rows for one in row}
    places = level(rows, steps, sizes, gap=gap)
    found = {
        one: Place(number, places[one], sizes[one])
        for number, row in enumerate(rows)
        for one in row
    }
    through = {one: tuple(found[stop] for stop in lane[1:-1]) for one, lane in lanes.items()}
    ways = tuple(Way(*one, through.get(one, ()), one in back) for one in known)
    bottom = max((place.top + place.height for place in found.values()), default=0)
    return Layers({one: found[one] for one in heights}, ways, len(rows), bottom)


def _closing(nodes: Iterable[str], arrows: Sequence[Arrow]) -> frozenset[Arrow]:
    """The arrows that close a circle: those that lead to where the walk came from."""
    ahead: dict[str, list[str]] = {one: [] for one in nodes}
    for cause, effect in arrows:
        ahead[cause].append(effect)
    closing, done, on_the_way = set[Arrow](), set[str](), set[str]()
    for start in ahead:
        walk = [(start, iter(ahead[start]))] if start not in done else []
        on_the_way.update(one for one, _ in walk)
        while walk:
            here, others = walk[-1]
            following = next(others, None)
            if following is None:
                walk.pop()
                on_the_way.discard(here)
                done.add(here)
            elif following in on_the_way:
                closing.add((here, following))
            elif following not in done:
                on_the_way.add(following)
                walk.append((following, iter(ahead[following])))
    return frozenset(closing)


def _longest_ways(
    nodes: Iterable[str], forward: Sequence[Arrow], least: Mapping[str, int]
) -> dict[str, int]:
    """Each node's layer: behind all of its causes. Layers without nodes are closed up."""
    causes: dict[str, list[str]] = {one: [] for one in nodes}
    for cause, effect in forward:
        causes[effect].append(cause)
    layer_of: dict[str, int] = {}
    for one in TopologicalSorter(causes).static_order():
        behind = (layer_of[cause] + 1 for cause in causes[one])
        layer_of[one] = max((least.get(one, 0), *behind))
    numbers = {layer: number for number, layer in enumerate(sorted(set(layer_of.values())))}
    return {one: numbers[layer] for one, layer in layer_of.items()}


def _lane(arrow: Arrow, layer_of: Mapping[str, int]) -> list[str]:
    """The arrow's stops: its cause, a lane through each layer between, its effect."""
    cause, effect = arrow
    between = range(layer_of[cause] + 1, layer_of[effect])
    return [cause, *(f"{cause}\n{effect}\n{layer}" for layer in between), effect]


def _rows(
    nodes: Iterable[str], layer_of: Mapping[str, int], lanes: Mapping[Arrow, list[str]]
) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for one in nodes:
        rows[layer_of[one]].append(one)
    for (cause, _), lane in lanes.items():
        for number, stop in enumerate(lane[1:-1], start=layer_of[cause] + 1):
            rows[number].append(stop)
    return rows


def _untangled(rows: list[list[str]], steps: Sequence[Arrow]) -> list[list[str]]:
    """The order in which the fewest arrows cross, of those that the sweeps come by."""
    before, after = neighbours(steps)
    best, least = rows, _crossings(rows, after)
    for sweep in range(SWEEPS):
        if not least:
            break
        forwards = sweep % 2 == 0
        rows = _swept(rows, before if forwards else after, forwards=forwards)
        now = _crossings(rows, after)
        if now < least:
            best, least = rows, now
    return best


def _swept(
    rows: Sequence[list[str]], beside: Mapping[str, Sequence[str]], *, forwards: bool
) -> list[list[str]]:
    """Layer by layer: each node to the mean place of its neighbours in the layer just ordered. Who
    has none there keeps its place."""
    swept = [list(row) for row in rows]
    order = range(1, len(rows)) if forwards else range(len(rows) - 2, -1, -1)
    for number in order:
        fixed = swept[number - 1 if forwards else number + 1]
        share = {one: at / max(1, len(fixed) - 1) for at, one in enumerate(fixed)}
        row = swept[number]
        own = {one: at / max(1, len(row) - 1) for at, one in enumerate(row)}
        mean = {
            one: sum(share[other] for other in beside[one]) / len(beside[one])
            if beside.get(one)
            else own[one]
            for one in row
        }
        row.sort(key=mean.__getitem__)
    return swept


def _crossings(rows: Sequence[Sequence[str]], after: Mapping[str, Sequence[str]]) -> int:
    """How many pairs of arrows cross between neighbouring layers."""
    crossings = 0
    for row, following in pairwise(rows):
        at = {one: number for number, one in enumerate(following)}
        ends: list[int] = []
        for one in row:
            own = sorted(at[other] for other in after.get(one, ()))
            crossings += sum(len(ends) - bisect_right(ends, end) for end in own)
            for end in own:
                insort(ends, end)
    return crossings


def neighbours(steps: Iterable[Arrow]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Of each stop: those just before it and those just after it."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for cause, effect in steps:
        before.setdefault(effect, []).append(cause)
        after.setdefault(cause, []).append(effect)
    return before, after
