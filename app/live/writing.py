"""Lines that everybody writes one after the other, as many as fit: written, taken back, put back.

Shared by the kinds that collect them (obstacles, notes): what is wrong is refused in the same
words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from app.i18n import mark
from app.live.activity import (
    WROTE,
    BallotState,
    Change,
    EntryUpdate,
    EntryView,
    Model,
    NewEntry,
    Refused,
)
from app.models.activities import EntryState
from app.models.text import clean_line

MOST_LETTERS = 140


class WritingSubmission(Model):
    """One of the three; `withdraw` and `restore` name an own entry, or the submission that made
    it."""

    # As long as a message can be: what is too long is refused with a reason.
    text: str | None = Field(default=None, max_length=16_384)
    withdraw: str | None = Field(default=None, max_length=64)
    restore: str | None = Field(default=None, max_length=64)

    @property
    def written(self) -> bool:
        """Whether it is about what one has written, and not an answer of another sort."""
        return bool(self.withdraw or self.restore) or self.text is not None


def judged(
    state: BallotState, said: WritingSubmission, *, most_each: int, place: str | None = None
) -> Change:
    """What it changes; what is new stands at `place`."""
    if named := said.withdraw or said.restore:
        return _taken_back(state, named, most_each=most_each, restored=not said.withdraw)
    return _written(state, said.text or "", most_each=most_each, place=place)


def own_of(
    entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
) -> list[dict[str, Any]]:
    """What a ballot has written, as its sender is told of it."""
    written = [entries[entry] for entry, value in marks if value == WROTE and entry in entries]
    return [{"id": each.id, "text": each.text, "state": each.state} for each in written]


def _written(state: BallotState, text: str, *, most_each: int, place: str | None) -> Change:
    line = clean_line(text)
    if not line:
        raise Refused(mark("Write something first."))
    if len(line) > MOST_LETTERS:
        raise Refused(
            mark("Too long: %(given)s characters, at most %(at_most)s fit."),
            given=len(line),
            at_most=MOST_LETTERS,
        )
    if not state.may_write(most_each):
        raise _no_more(most_each)
    made = NewEntry(state.new_entry(), line, own=True, place=place)
    return Change(marks=[(made.id, WROTE)], entries=[made], lane=made.id)


def _taken_back(state: BallotState, named: str, *, most_each: int, restored: bool) -> Change:
    entry_id = state.own(named)
    if entry_id is None:
        raise Refused(mark("This is not something you have written."))
    withdrawn = state.owned[entry_id] == EntryState.WITHDRAWN
    if restored and withdrawn and state.written >= most_each:
        raise _no_more(most_each)
    becomes = EntryState.VISIBLE if restored else EntryState.WITHDRAWN
    return Change(lane=entry_id, replaces=False, updates=[EntryUpdate(entry_id, state=becomes)])


def _no_more(most_each: int) -> Refused:
    return Refused(
        mark("You have written %(at_most)s, as many as fit. Withdraw one to write another."),
        at_most=most_each,
    )
