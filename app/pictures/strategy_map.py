"""The strategy map (P6): cause and effect on one page, from what is done to what it is done for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlmodel import Session, col, select

from app.i18n import mark
from app.models.kickoffs import Kickoff
from app.models.portfolio import FocusArea
from app.operations.entities import PEOPLE
from app.pictures.boxes import MOST_DRAWN
from app.pictures.names import names_of
from app.pictures.picture import Picture
from app.pictures.strategy_nodes import (
    DELIVERABLE,
    INITIATIVE,
    KICKOFF,
    KPI,
    STRATEGIC,
    SUB_GOAL,
    VISION,
    WIDTH,
    Node,
    nodes_of,
)
from app.pictures.strategy_plan import Plan, Said, arrows_of, legible, plan_of
from app.rules.layers import Layers, Place, Way, layers
from app.rules.routes import backwards, forwards

BETWEEN, HEAD, MARGIN = 58, 38, 4
ROUND = 44  # what arrows that run back take on the sides
TIP = 8  # where the line of an arrow ends before its tip
_FLOORS = {
    INITIATIVE: 0,
    DELIVERABLE: 1,
    KPI: 2,
    SUB_GOAL: 3,
    STRATEGIC: 5,  # between these two are the KPIs that sub-goals lead to
    VISION: 6,
    KICKOFF: 6,
}


@dataclass(frozen=True)
class Arrow:
    """`said`: what it says; `x`, `y` is where its tip is. `back`: it closes a circle."""

    said: Said
    path: str
    x: float
    y: float
    tone: str
    back: bool


@dataclass(frozen=True)
class StrategyMap:
    """`columns` are the place, the kinds and the nodes of each. `hidden_kpis` are not on the map,
    and `not_drawn` are links that lead to or from what is not. `focus` is what comes first.
    `folded`: of each kind of which not all are drawn, how many there are and how many are not."""

    nodes: Mapping[str, Node]
    arrows: tuple[Arrow, ...]
    columns: tuple[tuple[int, tuple[str, ...], tuple[Node, ...]], ...]
    hidden_kpis: int
    not_drawn: int
    focus: tuple[tuple[str, str], ...]
    width: int
    height: int
    folded: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def _leaving(self) -> Mapping[str, list[Arrow]]:
        found = defaultdict[str, list[Arrow]](list)
        for arrow in self.arrows:
            found[arrow.said.cause].append(arrow)
        return found

    def after(self, node: Node) -> list[Arrow]:
        return self._leaving.get(node.id, [])


def strategy_map(session: Session, kickoff: Kickoff) -> StrategyMap:
    whole = plan_of(session, kickoff)
    plan = legible(whole, MOST_DRAWN)
    owners = names_of(session, PEOPLE, kickoff.id)
    nodes = {node.id: node for node in nodes_of(plan, kickoff, owners)}
    said, not_drawn = arrows_of(plan, nodes)
    if KICKOFF in nodes:
        said += tuple(_to_the_vision(nodes, said))
    return replace(
        _drawn(nodes, said),
        hidden_kpis=len(plan.every_kpi) - len(plan.kpis),
        not_drawn=not_drawn,
        focus=_focus(session, kickoff.id),
        folded=_folded(whole, plan),
    )


def _folded(whole: Plan, drawn: Plan) -> dict[str, tuple[int, int]]:
    counts = {
        INITIATIVE: (len(whole.initiatives), len(drawn.initiatives)),
        DELIVERABLE: (len(whole.deliverables), len(drawn.deliverables)),
    }
    left = {kind: (every, every - shown) for kind, (every, shown) in counts.items()}
    return {kind: (every, count) for kind, (every, count) in left.items() if count}


def _focus(session: Session, kickoff_id: str) -> tuple[tuple[str, str], ...]:
    wanted = select(FocusArea.id, FocusArea.title).where(FocusArea.kickoff_id == kickoff_id)
    rows = session.exec(wanted.order_by(col(FocusArea.position), col(FocusArea.id))).all()
    return tuple((id, title) for id, title in rows)


def _to_the_vision(nodes: Mapping[str, Node], said: Sequence[Said]) -> list[Said]:
    """Strategic goals that lead nowhere serve the vision that the kickoff has."""
    leads = {one.cause for one in said}
    return [
        Said(node.id, KICKOFF)
        for node in nodes.values()
        if node.kind == STRATEGIC and node.id not in leads
    ]


def _drawn(nodes: Mapping[str, Node], said: Sequence[Said]) -> StrategyMap:
    laid = layers(
        {id: node.box.height for id, node in nodes.items()},
        [(one.cause, one.effect) for one in said],
        least={id: _FLOORS[node.kind] for id, node in nodes.items()},
    )
    running_back = sum(way.back for way in laid.ways)
    margin = ROUND if running_back else MARGIN
    lefts = [margin + at * (WIDTH + BETWEEN) for at in range(laid.depth)]
    placed = {
        id: replace(node, x=lefts[laid.places[id].layer], y=laid.places[id].top + HEAD)
        for id, node in nodes.items()
    }
    bottom = HEAD + laid.height
    return StrategyMap(
        nodes=placed,
        arrows=_arrows(placed, said, laid, lefts, bottom),
        columns=tuple(_column(placed, left) for left in lefts),
        hidden_kpis=0,
        not_drawn=0,
        focus=(),
        width=2 * margin + len(lefts) * (WIDTH + BETWEEN) - (BETWEEN if lefts else 0),
        height=bottom + MARGIN + (24 + 10 * min(running_back, 4) if running_back else 0),
    )


def _column(nodes: Mapping[str, Node], left: int) -> tuple[int, tuple[str, ...], tuple[Node, ...]]:
    here = sorted((node for node in nodes.values() if node.x == left), key=lambda node: node.y)
    kinds = sorted({node.kind for node in here}, key=_FLOORS.__getitem__)
    return left, tuple(kinds), tuple(here)


def _arrows(
    nodes: Mapping[str, Node],
    said: Sequence[Said],
    laid: Layers,
    lefts: Sequence[int],
    bottom: int,
) -> tuple[Arrow, ...]:
    by_ends = {(one.cause, one.effect): one for one in said}
    starts = _ports(nodes, [(w.cause, w.effect, _near(w, laid, first=True)) for w in laid.ways])
    ends = _ports(nodes, [(w.effect, w.cause, _near(w, laid, first=False)) for w in laid.ways])
    drawn, back = [], 0
    for way in laid.ways:
        cause, effect = nodes[way.cause], nodes[way.effect]
        start = (float(cause.x + WIDTH), starts[way.cause, way.effect])
        tip = (float(effect.x), ends[way.effect, way.cause])
        before = (tip[0] - TIP, tip[1])
        if way.back:
            aside = 18 + 6 * (back % 4)
            path = backwards(
                start,
                before,
                right=start[0] + aside,
                left=tip[0] - aside - TIP,
                below=bottom + 12 + 10 * (back % 4),
            )
            back += 1
        else:
            path = forwards(start, [_lane(place, lefts) for place in way.through], before)
        one = by_ends[way.cause, way.effect]
        drawn.append(Arrow(one, path, *tip, cause.tone or effect.tone, way.back))
    return tuple(drawn)


def _near(way: Way, laid: Layers, *, first: bool) -> float:
    """Where the arrow comes from or goes to next, seen from one of its ends."""
    if way.through:
        return way.through[0 if first else -1].middle
    return laid.places[way.effect if first else way.cause].middle


def _lane(place: Place, lefts: Sequence[int]) -> tuple[float, float, float]:
    left = float(lefts[place.layer])
    return left, left + WIDTH, place.middle + HEAD


def _ports(
    nodes: Mapping[str, Node], ends: Sequence[tuple[str, str, float]]
) -> dict[tuple[str, str], float]:
    """Where along its side a box has each of its arrows: in the order of their other ends."""
    by_node: dict[str, list[tuple[float, str]]] = {}
    for node, other, near in ends:
        by_node.setdefault(node, []).append((near, other))
    places: dict[tuple[str, str], float] = {}
    for id, others in by_node.items():
        top, height = nodes[id].y, nodes[id].box.height
        apart = min(14.0, (height - 24) / max(1, len(others) - 1))
        first = top + height / 2 - apart * (len(others) - 1) / 2
        for number, (_, other) in enumerate(sorted(others)):
            places[id, other] = round(first + number * apart, 1)
    return places


PICTURE = Picture(
    code="strategy-map",
    name=mark("Strategy map"),
    about=mark("Cause and effect on one page, from what we do to what the customer notices."),
    icon="waypoints",
    order=20,
    view=strategy_map,
)
