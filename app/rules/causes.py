"""Why something did not work (F7): chains of "why?" to the root, and the bones of the fish."""

from collections.abc import Sequence
from dataclasses import dataclass

WHYS = 5  # asked in a row, as Toyota's method has it: then one is seldom at a symptom still


@dataclass(frozen=True)
class Cause:
    """`because_of` is the cause that this one explains, "" where it explains the problem itself."""

    id: str
    text: str
    kind: str
    because_of: str = ""


@dataclass(frozen=True)
class Why:
    """A cause as the answer to the `depth`th "why?", 1 for the first; a `root` explains itself."""

    cause: Cause
    depth: int
    is_root: bool


def whys(causes: Sequence[Cause]) -> tuple[Why, ...]:
    """Every cause once, each after what it explains, in the order in which they were given. What
    explains something that is gone, or itself in a circle, stands at the first "why?"."""
    known = {one.id for one in causes}
    under: dict[str, list[Cause]] = {}
    for one in causes:
        under.setdefault(one.because_of if one.because_of in known else "", []).append(one)
    found: list[Why] = []
    seen: set[str] = set()

    def follow(parent: str, depth: int) -> None:
        for one in under.get(parent, ()):
            if one.id not in seen:
                seen.add(one.id)
                found.append(Why(one, depth, one.id not in under))
                follow(one.id, depth + 1)

    follow("", 1)
    for one in causes:  # what is left goes round in circles
        if one.id not in seen:
            seen.add(one.id)
            found.append(Why(one, 1, is_root=False))
            follow(one.id, 2)
    return tuple(found)


@dataclass(frozen=True)
class Bone:
    kind: str
    whys: tuple[Why, ...]


def fishbone(causes: Sequence[Cause], kinds: Sequence[str]) -> tuple[Bone, ...]:
    """The kinds that have causes, in their order, each with its own."""
    every = whys(causes)
    bones = (Bone(kind, tuple(why for why in every if why.cause.kind == kind)) for kind in kinds)
    return tuple(bone for bone in bones if bone.whys)
