"""What a rule says: a code and its numbers, never a sentence. Templates have the words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`have` is what is there, `want` the frame it was measured against, `where` a record's id."""

    code: str
    have: int = 0
    want: tuple[int, int] | None = None
    where: str = ""
