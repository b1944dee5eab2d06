"""A sentence in one's own words, with one-tap hiding and, where wanted, approval before it is
shown."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from pydantic import Field

from app.i18n import mark
from app.live.activity import (
    Activity,
    BallotState,
    BaseConfig,
    BaseResult,
    Change,
    EntryView,
    Model,
    NewEntry,
    Refused,
    Seen,
)
from app.live.ready import Ready, Use
from app.models.activities import EntryState
from app.models.text import clean_text
from app.rehearsal.phrases import SENTENCES
from app.rules.tally import Figures

# What views and programs are shown of a question: both are bounds, whichever comes first. The
# console lists as many, so that whatever is shown can be hidden.
MOST_SHOWN = 300
MOST_LETTERS = 150_000


class OpenTextConfig(BaseConfig):
    approval: bool = False
    max_length: int = Field(default=280, ge=10, le=2000)


class OpenTextSubmission(Model):
    # As long as a message can be: what is too long for `accept` is refused there, with a reason.
    text: str = Field(max_length=16_384)


class TextItem(Model):
    id: str
    text: str


class OpenTextResult(BaseResult):
    texts: list[TextItem]
    more: int = 0  # beyond what is shown


class OpenText(Activity):
    kind = "open_text"
    name = mark("Open text")
    icon = "message-square-text"
    Config, Submission, Result = OpenTextConfig, OpenTextSubmission, OpenTextResult
    ready = (
        Ready(
            Use.COLLECT, mark("Open question"), mark("What should we know?"), "message-square-text"
        ),
        Ready(
            Use.COLLECT,
            mark("Stop doing"),
            mark("What can we stop doing from Monday?"),
            "octagon-x",
        ),
        Ready(Use.COLLECT, mark("First step"), mark("What is your own first step?"), "footprints"),
        Ready(
            Use.COLLECT,
            mark("Headline"),
            mark("It is a year from now: what does the headline say?"),
            "newspaper",
        ),
    )
    moderated = True
    by_source = False

    def accept(
        self, config: OpenTextConfig, state: BallotState, submission: OpenTextSubmission
    ) -> Change:
        text = clean_text(submission.text)
        if not text:
            raise Refused(mark("Write something first."))
        if len(text) > config.max_length:
            raise Refused(
                mark("Too long: %(given)s characters, at most %(at_most)s fit."),
                given=len(text),
                at_most=config.max_length,
            )
        waiting = EntryState.PENDING if config.approval else EntryState.VISIBLE
        entry = NewEntry(state.own_entry(), text, state=waiting, overwrite=True)
        return Change(marks=[(entry.id, 1)], entries=[entry])

    def result(
        self, config: OpenTextConfig, entries: Sequence[EntryView], figures: Figures
    ) -> OpenTextResult:
        # By id, which is random: neither the order nor who has a place says anything about when or
        # by whom.
        visible = sorted(
            (e for e in entries if e.state == EntryState.VISIBLE), key=lambda entry: entry.id
        )
        shown, letters = [], 0
        for entry in visible[:MOST_SHOWN]:
            letters += len(entry.text)
            if letters > MOST_LETTERS:
                break
            shown.append(TextItem(id=entry.id, text=entry.text))
        return OpenTextResult(
            answered=figures.answered, texts=shown, more=len(visible) - len(shown)
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        return {"text": entries[marks[0][0]].text} if marks and marks[0][0] in entries else {}

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        return {"text": random.choice(SENTENCES)[: seen.config.max_length]}
