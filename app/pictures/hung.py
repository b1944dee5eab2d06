"""Things that hang on one another, from left to right in columns: goals and what serves them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.pictures.boxes import Box
from app.rules.tree import tree

WIDTH, BETWEEN, MARGIN, HEAD = 270, 80, 4, 38


@dataclass(frozen=True)
class Node:
    """A thing of a `kind`, and `above` what it hangs on. `about` is what is said of it besides;
    `criteria` are a goal's five, each with whether it is met; `share` how far it is, from 0 to 1.
    `folds`: it stands for so many that are not drawn."""

    id: str
    kind: str
    title: str
    box: Box
    above: str | None = None
    tone: str = ""
    about: str = ""
    criteria: tuple[tuple[str, bool], ...] = ()
    x: int = 0
    y: int = 0
    folds: int = 0
    share: float | None = None

    @property
    def met(self) -> int:
        return sum(met for _, met in self.criteria)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(code for code, met in self.criteria if not met)

    @property
    def middle(self) -> float:
        return self.y + self.box.height / 2


@dataclass(frozen=True)
class Hung:
    """The nodes in their places. `columns` are the places and kinds of the columns."""

    nodes: Mapping[str, Node]
    below: Mapping[str | None, tuple[Node, ...]]
    columns: tuple[tuple[int, str], ...]
    width: int
    height: int


def hung(nodes: Sequence[Node], floors: Mapping[str, int], *, last: str) -> Hung:
    """`floors` are the least columns of the kinds; what is of the `last` kind has the last column
    to itself."""
    heights = {node.id: node.box.height for node in nodes}
    spots = tree(heights, {node.id: node.above for node in nodes})
    columns = _columns(nodes, {id: spot.depth for id, spot in spots.items()}, floors, last)
    used = sorted(set(columns.values()))
    places = {column: MARGIN + at * (WIDTH + BETWEEN) for at, column in enumerate(used)}
    placed = [
        replace(
            node,
            x=places[columns[node.id]],
            y=spots[node.id].top + HEAD,
            # One that is its own ancestor hangs on nothing, so that all of them are drawn.
            above=node.above if spots[node.id].depth else None,
        )
        for node in nodes
    ]
    below: dict[str | None, list[Node]] = {}
    for node in placed:
        below.setdefault(node.above, []).append(node)
    kinds = {places[columns[node.id]]: node.kind for node in reversed(placed)}
    return Hung(
        nodes={node.id: node for node in placed},
        below={above: tuple(hung) for above, hung in below.items()},
        columns=tuple(sorted(kinds.items())),
        width=2 * MARGIN + len(used) * (WIDTH + BETWEEN) - BETWEEN,
        height=max((node.y + node.box.height for node in placed), default=HEAD) + MARGIN,
    )


def _columns(
    nodes: Sequence[Node], depths: Mapping[str, int], floors: Mapping[str, int], last: str
) -> dict[str, int]:
    """Each stands in its kind's column or further in, and always behind what it hangs on."""
    columns: dict[str, int] = {}
    others = sorted((node for node in nodes if node.kind != last), key=lambda n: depths[n.id])
    for node in others:
        behind = columns[node.above] + 1 if depths[node.id] and node.above else 0
        columns[node.id] = max(floors[node.kind], behind)
    end = max(columns.values(), default=0) + 1
    return columns | {node.id: end for node in nodes if node.kind == last}
