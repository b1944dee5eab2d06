"""What is odd about a day's agenda (P16), while it is being edited. Advice; nothing is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app.rules import frames
from app.rules.findings import Finding
from app.rules.timebox import Slot

_MIDNIGHT = 24 * 60


class InTheDay(Protocol):
    """Whatever has its place in a day."""

    @property
    def kind(self) -> str: ...
    @property
    def minutes(self) -> int: ...


Block = TypeVar("Block", bound=InTheDay)


@dataclass(frozen=True)
class PlannedBlock:
    """A block as the rules see it. `kind` is a code of models/agenda.BlockKind."""

    id: str
    kind: str
    minutes: int
    has_owner: bool
    has_problem: bool
    has_indicator: bool


def agenda_warnings(blocks: Sequence[PlannedBlock], slots: Sequence[Slot]) -> tuple[Finding, ...]:
    """Findings in the order of the day, those about the whole day last."""
    if not blocks:
        return ()
    return (*_of_each(blocks, slots), *_of_the_day(blocks, slots))


def _of_each(blocks: Sequence[PlannedBlock], slots: Sequence[Slot]) -> Iterator[Finding]:
    for block, slot in zip(blocks, slots, strict=True):
        if slot.slack < 0:
            yield Finding("runs_into_fixed_start", -slot.slack, where=block.id)
        frame = _MINUTES.get(block.kind)
        if frame and not frame[0] <= block.minutes <= frame[1]:
            yield Finding(f"{block.kind}_minutes", block.minutes, frame, block.id)
        if block.kind != "break" and not block.has_owner:
            yield Finding("no_owner", where=block.id)
        if block.kind in ABOUT_CUSTOMERS and not (block.has_problem and block.has_indicator):
            yield Finding("no_customer_effect", where=block.id)


def _of_the_day(blocks: Sequence[PlannedBlock], slots: Sequence[Slot]) -> Iterator[Finding]:
    kinds = [block.kind for block in blocks]
    if kinds[0] != "opening":
        yield Finding("no_opening")
    if kinds[-1] != "closing":
        yield Finding("no_closing")
    interactive = kinds.count("interactive")
    fewest, most = frames.INTERACTIVE_BLOCKS
    if not fewest <= interactive <= most:
        yield Finding("interactive_blocks", interactive, frames.INTERACTIVE_BLOCKS)
    _, unasked = without_questions(blocks)
    if unasked:
        yield Finding("no_questions_after", len(unasked))
    longest = longest_stretch(blocks)
    if longest > frames.MINUTES_WITHOUT_A_BREAK:
        yield Finding("no_break", longest, (0, frames.MINUTES_WITHOUT_A_BREAK))
    ends = max(slot.ends for slot in slots)
    if ends > _MIDNIGHT:
        yield Finding("past_midnight", ends - _MIDNIGHT)


def without_questions(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks that are to be followed by questions and answers, and those that are not. Several
    of a kind in a row may share one round of questions."""
    kinds = [block.kind for block in blocks]
    asked = [
        (block, following)
        for block, following in zip(blocks, [*kinds, ""][1:], strict=True)
        if block.kind in _ASKS_FOR_QUESTIONS
    ]
    unasked = [
        block
        for block, following in asked
        if following not in ("questions_and_answers", block.kind)
    ]
    return [block for block, _ in asked], unasked


def longest_stretch(blocks: Sequence[InTheDay]) -> int:
    """The most minutes on end without a break."""
    longest = stretch = 0
    for block in blocks:
        stretch = 0 if block.kind == "break" else stretch + block.minutes
        longest = max(longest, stretch)
    return longest


_MINUTES = {
    "keynote": frames.KEYNOTE_MINUTES,
    "risk_discussion": frames.RISK_DIALOGUE_MINUTES,
}
ABOUT_CUSTOMERS = frozenset({"strategy", "interactive", "demonstration", "sprint"})
_ASKS_FOR_QUESTIONS = frozenset({"keynote", "strategy", "interactive", "demonstration"})
