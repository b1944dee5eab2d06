"""Which of the FAQ's answers fits a question that was asked (P10): suggested to who answers it,
never given by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.rules.similarity import likeness

FITS = 45.0  # of 100; found with the table of tests/rules/test_faq.py
MOST_SUGGESTED = 3


@dataclass(frozen=True)
class Explained:
    """A critical question with the one answer that everybody gives; `owner_id` answers for it."""

    id: str
    question: str
    answer: str
    owner_id: str | None = None


def fitting(asked: Sequence[str], faq: Iterable[Explained]) -> list[Explained]:
    """Those that may answer what was asked, in whatever words of it, the likest first."""
    scored = [
        (max((likeness(text, one.question) for text in asked), default=0.0), one) for one in faq
    ]
    near = [(score, one) for score, one in scored if score >= FITS and one.answer]
    return [one for _, one in sorted(near, key=lambda pair: -pair[0])[:MOST_SUGGESTED]]
