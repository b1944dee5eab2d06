"""Where a room places a risk (L10): how likely by how serious, each in the register's own three
steps. The mean and the spread of each axis, how far the room disagrees, and which step it comes
to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor, sqrt

STEPS = ("low", "medium", "high")  # 1, 2 and 3
# The heaviest first: of two placements that turn out to be of one risk the lower mark counts
# (merged entries), so that nobody's concern gets less by it.
CELLS = tuple(
    sorted(
        ((likely, serious) for likely in (1, 2, 3) for serious in (1, 2, 3)),
        key=lambda cell: (-cell[0] * cell[1], -cell[1]),
    )
)
# Of the widest that answers can lie apart: half of them in one corner, half in the opposite one.
DIFFERS = 0.4
SPLIT = 0.65
MOST_DISPUTED = 3
MOST_TIED = 5


@dataclass(frozen=True)
class Placement:
    """What so many answers come to: `probability` and `consequence` are means from 1 to 3, the
    spreads how far the answers lie from them (standard deviation, 0 to 1)."""

    count: int
    probability: float
    consequence: float
    probability_spread: float
    consequence_spread: float

    @property
    def disagreement(self) -> float:
        """0 where all say the same, 1 where half say one corner and half the opposite one."""
        return sqrt((self.probability_spread**2 + self.consequence_spread**2) / 2)

    @property
    def agreement(self) -> str:
        """agrees, differs or split."""
        if self.disagreement >= SPLIT:
            return "split"
        return "differs" if self.disagreement >= DIFFERS else "agrees"

    @property
    def probability_step(self) -> str:
        return step(self.probability)

    @property
    def consequence_step(self) -> str:
        return step(self.consequence)

    @property
    def weight(self) -> float:
        """1 (low, low) to 9 (high, high), by the means."""
        return self.probability * self.consequence


def mark_of(probability: str, consequence: str) -> int:
    """The mark of a ballot that places it there: 1 for the heaviest cell."""
    return CELLS.index((STEPS.index(probability) + 1, STEPS.index(consequence) + 1)) + 1


def cell_of(mark: int) -> tuple[str, str]:
    """Probability and consequence of a mark."""
    likely, serious = CELLS[mark - 1]
    return STEPS[likely - 1], STEPS[serious - 1]


def step(mean: float) -> str:
    """The step that a mean comes to. Halfway is the upper one: in doubt it is the worse."""
    return STEPS[min(max(floor(mean + 0.5), 1), len(STEPS)) - 1]


def placement(counts: Mapping[int, int]) -> Placement | None:
    """Of how often each mark was given; None where nobody gave any."""
    count = sum(counts.values())
    if not count:
        return None
    likely = [(CELLS[mark - 1][0], n) for mark, n in counts.items()]
    serious = [(CELLS[mark - 1][1], n) for mark, n in counts.items()]
    return Placement(
        count, *(f(axis, count) for f in (_mean, _spread) for axis in (likely, serious))
    )


def most_disputed(placed: Iterable[tuple[str, Placement]]) -> set[str]:
    """What the room has to talk about: the three on which it disagrees most, where it does. Who
    shares the third place is not cut; what very many share says nothing."""
    apart = [
        (each.disagreement, key)
        for key, each in placed
        if each.count > 1 and each.disagreement >= DIFFERS
    ]
    if len(apart) <= MOST_DISPUTED:
        return {key for _, key in apart}
    least = sorted((value for value, _ in apart), reverse=True)[MOST_DISPUTED - 1]
    found = {key for value, key in apart if value >= least}
    return found if len(found) <= MOST_TIED else {key for value, key in apart if value > least}


def _mean(axis: Iterable[tuple[int, int]], count: int) -> float:
    return sum(value * n for value, n in axis) / count


def _spread(axis: Iterable[tuple[int, int]], count: int) -> float:
    # In whole numbers: the same whatever order the answers came in.
    axis = list(axis)
    total = sum(value * n for value, n in axis)
    squares = sum(value * value * n for value, n in axis)
    return sqrt(count * squares - total * total) / count
