"""A card with a proposal (L9): what it is judged by, what it leads to, and the options that there
are. The room answers by consent or by vote, and the outcome goes to the decision log."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from app.access import Permission
from app.i18n import mark
from app.live import decided
from app.live.activity import (
    WROTE,
    Activity,
    BallotState,
    BaseConfig,
    Change,
    CommandCall,
    EntryUpdate,
    EntryView,
    Model,
    NewEntry,
    Refused,
    Said,
    Seen,
)
from app.live.decided import FIRST_OPTION, VALUES, DecidedBy, DecisionCardResult
from app.live.ready import Ready, Use
from app.live.snapshot import ActivityView
from app.models.activities import NO_ENTRY, ActivityStatus
from app.models.fields import Prose, Title
from app.models.text import clean_text
from app.rehearsal.phrases import OBJECTIONS
from app.rules.tally import Figures

MOST_OPTIONS = 8
MOST_LETTERS = 280  # of a reason
CARD_LETTERS = 500  # of criteria, and of the consequence: they are read from twenty metres
OBJECT = "object"


def _lines(value: Any) -> Any:
    """As a form without a script says several: one on each line."""
    return (
        [each for each in value.splitlines() if each.strip()] if isinstance(value, str) else value
    )


CardText = Annotated[Prose, Field(max_length=CARD_LETTERS)]


class DecisionCardConfig(BaseConfig):
    """By consent, the options are those that were looked at."""

    decided_by: DecidedBy = DecidedBy.CONSENT
    options: Annotated[list[Title], BeforeValidator(_lines)] = Field(
        default_factory=list, max_length=MOST_OPTIONS, validate_default=True
    )
    criteria: CardText = ""
    consequence: CardText = ""

    @field_validator("options")
    @classmethod
    def _something_to_choose(cls, options: list[str], info: ValidationInfo) -> list[str]:
        told = list(dict.fromkeys(options))
        if info.data.get("decided_by") is DecidedBy.VOTE and len(told) < 2:
            raise ValueError("two_options")
        return told


class DecisionCardSubmission(Model):
    """By consent an `answer`, with a `reason` where one objects; by vote an `option`, from 1."""

    answer: Annotated[Literal["support", "live_with", "object"] | None, Said] = None
    # As long as a message can be: what is too long is refused in `accept`, with a reason.
    reason: str = Field(default="", max_length=16_384)
    option: Annotated[int | None, Said] = Field(default=None, ge=1, le=MOST_OPTIONS)


class DecisionCard(Activity):
    kind = "decision_card"
    name = mark("Decision card")
    icon = "gavel"
    Config, Submission, Result = DecisionCardConfig, DecisionCardSubmission, DecisionCardResult
    ready = (
        Ready(
            Use.DECIDE,
            mark("Consent to a proposal"),
            mark("We do it this way"),
            "gavel",
            asks=False,
        ),
    )
    moderated = True
    lists_written = True
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "decide": CommandCall(
            decided.decide, Permission.FACILITATE, decided.Decide, premise=False, undoable=True
        )
    }

    # ---- What attendees send

    def accept(
        self, config: DecisionCardConfig, state: BallotState, submission: DecisionCardSubmission
    ) -> Change:
        if config.decided_by is DecidedBy.VOTE:
            return _vote(config, submission)
        if submission.answer is None:
            raise Refused(mark("Choose one of the answers."))
        given = (NO_ENTRY, VALUES[submission.answer])
        reason = state.own_entry()
        if submission.answer != OBJECT:
            # What one no longer means is not kept; what was hidden stays so, if it comes again.
            return Change(marks=[given], updates=[EntryUpdate(reason, text="")])
        text = _reason(submission.reason)
        return Change(
            marks=[given, (reason, WROTE)],
            entries=[NewEntry(reason, text, overwrite=True)],
            updates=[EntryUpdate(reason, text=text)],  # after what the same batch took back
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        given = next((value for entry, value in marks if entry == NO_ENTRY), None)
        if given is None:
            return {}
        if given >= FIRST_OPTION:
            return {"option": given - FIRST_OPTION + 1}
        name = next(name for name, value in VALUES.items() if value == given)
        written = [entry for entry, value in marks if value == WROTE and entry in entries]
        return {"answer": name} | ({"reason": entries[written[0]].text} if written else {})

    # ---- What it comes to

    def result(
        self, config: DecisionCardConfig, entries: Sequence[EntryView], figures: Figures
    ) -> DecisionCardResult:
        counts = {name: figures.counts.get((NO_ENTRY, n), 0) for name, n in VALUES.items()}
        return DecisionCardResult(
            answered=figures.answered,
            support=counts["support"],
            live_with=counts["live_with"],
            objections=counts[OBJECT],
            votes=[
                figures.counts.get((NO_ENTRY, FIRST_OPTION + at), 0)
                for at in range(len(config.options))
            ]
            if config.decided_by is DecidedBy.VOTE
            else [],
        )

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        config: DecisionCardConfig = seen.config
        if config.decided_by is DecidedBy.VOTE:
            # Rooms agree more than dice do: earlier options are likelier.
            places = range(len(config.options))
            return {"option": 1 + random.choices(places, [2.0**-at for at in places])[0]}
        answer = random.choices(list(VALUES), (70, 24, 6))[0]
        said = {"answer": answer}
        return said | {"reason": random.choice(OBJECTIONS)} if answer == OBJECT else said

    # ---- Who sees what

    def shown_entries(self, activity: ActivityView, *, on_phones: bool) -> Sequence[EntryView]:
        """Reasons are told with the figures, and on phones when nobody can be steered by them."""
        answering = activity.status == ActivityStatus.OPEN
        if not activity.revealed or activity.too_few or (on_phones and answering):
            return ()
        return [replace(one, author=None) for one in decided.reasons(activity)]

    def for_phones(self, activity: ActivityView) -> ActivityView:
        """Nobody is steered by others' answers, and no phone's frame changes with each of them."""
        if activity.status != ActivityStatus.OPEN:
            return activity
        return replace(activity, result=None, tables=None, answered=0, with_tables=0, written=0)

    def console_forms(self, activity: ActivityView) -> Sequence[str]:
        return [f"decide-{activity.id}", f"reword-{activity.id}"]

    # ---- For its templates

    standing = staticmethod(decided.standing)
    reasons = staticmethod(decided.reasons)
    rows = staticmethod(decided.rows)
    in_words = staticmethod(decided.in_words)
    most_letters = MOST_LETTERS
    most_options = MOST_OPTIONS
    card_letters = CARD_LETTERS


def _vote(config: DecisionCardConfig, submission: DecisionCardSubmission) -> Change:
    option = submission.option
    if option is None or option > len(config.options):
        raise Refused(mark("Choose one of the options."))
    return Change(marks=[(NO_ENTRY, FIRST_OPTION + option - 1)])


def _reason(said: str) -> str:
    text = clean_text(said)
    if not text:
        raise Refused(mark("Say why you object: an objection needs a reason."))
    if len(text) > MOST_LETTERS:
        raise Refused(
            mark("Too long: %(given)s characters, at most %(at_most)s fit."),
            given=len(text),
            at_most=MOST_LETTERS,
        )
    return text
