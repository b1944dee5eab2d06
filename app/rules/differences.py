"""What is different between two texts, word by word, and as much around it as reading takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 6  # words that stand on each side of what differs
MOST_WORDS = 1500  # comparing longer texts word by word takes too long: those are shown whole
ALIKE = 0.3  # texts with less in common are another text, and not a changed one


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in order; of what is the same only what stands around a change."""
    if before == after:
        return (Piece(Kind.SAME, after),) if after else ()
    old, new = before.split(), after.split()
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        return _whole(before, after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return _whole(before, after)
    return tuple(_pieces(matcher, old, new))


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    both = (Piece(Kind.GONE, before), Piece(Kind.NEW, after))
    return tuple(piece for piece in both if piece.text)


def _pieces(matcher: "SequenceMatcher[str]", old: list[str], new: list[str]) -> Iterator[Piece]:
    codes = matcher.get_opcodes()
    for number, (code, i, j, k, m) in enumerate(codes):
        if code == "equal":
            yield Piece(Kind.SAME, _around(old[i:j], number == 0, number == len(codes) - 1))
            continue
        if j > i:
            yield Piece(Kind.GONE, " ".join(old[i:j]))
        if m > k:
            yield Piece(Kind.NEW, " ".join(new[k:m]))


def _around(words: list[str], is_first: bool, is_last: bool) -> str:
    """The end of what comes before a change, the beginning of what comes after one."""
    ends = (0 if is_first else AROUND) + (0 if is_last else AROUND)
    if len(words) <= ends + 1:
        return " ".join(words)
    first = [] if is_first else words[:AROUND]
    last = [] if is_last else words[-AROUND:]
    return " ".join([*first, "…", *last])
