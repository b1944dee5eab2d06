"""A fishbone drawn (F7): the problem at the head, kinds of cause as bones, causes along them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.rules.causes import Bone
from app.rules.wrapping import wrapped

SIZE, LEADING = 14, 18
CAUSE_WIDTH, HEAD_WIDTH = 230, 240
STEP = 320  # from one pair of bones to the next
LEAN = 110  # how far a bone leans back from the spine to its tip
MARGIN = 24


@dataclass(frozen=True)
class Placed:
    x: float
    y: float  # the first base line
    texts: tuple[str, ...]
    is_root: bool


@dataclass(frozen=True)
class DrawnBone:
    """From (x, the spine) to (tip_x, tip_y); its name stands beyond the tip."""

    kind: str
    x: float
    tip_x: float
    tip_y: float
    name_y: float
    causes: tuple[Placed, ...]


@dataclass(frozen=True)
class Fish:
    width: float
    height: float
    spine: float
    head_x: float
    head: tuple[str, ...]
    bones: tuple[DrawnBone, ...]


def fish(problem: str, bones: Sequence[Bone]) -> Fish:
    """Bones in pairs, the first of each above the spine, no cause on another."""
    texts = [[(_lines(why.cause.text), why.is_root) for why in bone.whys] for bone in bones]
    arm = 40 + max((sum(_height(t) for t, _ in one) for one in texts), default=0)
    head = wrapped(problem, width=HEAD_WIDTH - 32, size=16)
    spine = MARGIN + LEADING + max(arm, len(head) * 10 + 20)
    pairs = (len(bones) + 1) // 2
    head_x = MARGIN + LEAN + STEP * max(1, pairs)
    drawn = tuple(
        _bone(bone.kind, MARGIN + LEAN + STEP * (at // 2) + 40, spine, arm, of, up=at % 2 == 0)
        for at, (bone, of) in enumerate(zip(bones, texts, strict=True))
    )
    return Fish(head_x + HEAD_WIDTH + MARGIN, 2 * spine, spine, head_x, head, drawn)


def _bone(
    kind: str,
    x: float,
    spine: float,
    arm: float,
    texts: Sequence[tuple[tuple[str, ...], bool]],
    *,
    up: bool,
) -> DrawnBone:
    tip_y = spine - arm if up else spine + arm
    placed, at = [], spine - 20 if up else spine + 20
    for lines, is_root in texts:
        height = _height(lines)
        top = at - height if up else at
        # The bone leans: what is farther out on it begins farther to the left.
        left = x - LEAN * abs(top + height / 2 - spine) / arm + 14
        placed.append(Placed(round(left, 1), top + SIZE, lines, is_root))
        at = top if up else top + height
    return DrawnBone(kind, x, x - LEAN, tip_y, tip_y - 8 if up else tip_y + 20, tuple(placed))


def _lines(text: str) -> tuple[str, ...]:
    return wrapped(text, width=CAUSE_WIDTH, size=SIZE)


def _height(lines: Sequence[str]) -> float:
    return len(lines) * LEADING + 10
