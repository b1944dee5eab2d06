"""One of several, or some of several."""

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
    Refused,
    Seen,
)
from app.live.ready import Ready, Use
from app.rules.tally import Figures


class ChoiceConfig(BaseConfig):
    multiple: bool = False
    max: int | None = Field(default=None, ge=1, le=100)

    @property
    def limit(self) -> int:
        """How many options one attendee may pick."""
        return (self.max or 100) if self.multiple else 1


class ChoiceSubmission(Model):
    options: list[str] = Field(min_length=0, max_length=100)


class OptionCount(Model):
    id: str
    count: int


class ChoiceResult(BaseResult):
    options: list[OptionCount]

    @property
    def most(self) -> int:
        """The highest count, for the length of bars; 1 where nobody answered."""
        return max([o.count for o in self.options], default=0) or 1


class Choice(Activity):
    kind = "choice"
    name = mark("Choice")
    icon = "list-checks"
    Config, Submission, Result = ChoiceConfig, ChoiceSubmission, ChoiceResult
    asks_options = True
    ready = (
        Ready(
            Use.DECIDE,
            mark("Yes or no"),
            mark("Do we agree?"),
            "circle-check",
            options=(mark("Yes"), mark("No")),
        ),
        Ready(
            Use.DECIDE,
            mark("Agree, unsure, disagree"),
            mark("Do you agree with this?"),
            "equal-approximately",
            options=(mark("I agree"), mark("I am not sure"), mark("I disagree")),
        ),
        Ready(
            Use.DECIDE,
            mark("Go on or stop"),
            mark("Do we go on with this?"),
            "signpost",
            options=(mark("Go on"), mark("Change something first"), mark("Stop")),
        ),
        Ready(
            Use.DECIDE,
            mark("Now or later"),
            mark("When do we begin?"),
            "calendar-clock",
            options=(mark("Now"), mark("Within 30 days"), mark("Later")),
        ),
        Ready(
            Use.COLLECT,
            mark("What is needed"),
            mark("What does your group need most to get going?"),
            "list-checks",
            config={"multiple": True},
            options=(
                mark("Time"),
                mark("People"),
                mark("Money"),
                mark("Skills"),
                mark("A decision"),
            ),
        ),
    )

    def refers(self, submission: ChoiceSubmission) -> Sequence[str]:
        return submission.options

    def accept(
        self, config: ChoiceConfig, state: BallotState, submission: ChoiceSubmission
    ) -> Change:
        chosen = dict.fromkeys(submission.options)
        if not chosen and not config.multiple:
            raise Refused(mark("Choose one of the answers."))
        if len(chosen) > config.limit:
            raise Refused(mark("Choose %(at_most)s at most."), at_most=config.limit)
        if not chosen.keys() <= state.known.keys():
            raise Refused(mark("This answer is no longer among those to choose from."))
        return Change(marks=[(option, 1) for option in chosen])

    def result(
        self, config: ChoiceConfig, entries: Sequence[EntryView], figures: Figures
    ) -> ChoiceResult:
        counts = [OptionCount(id=e.id, count=figures.of_entry(e.id)) for e in entries]
        return ChoiceResult(answered=figures.answered, options=counts)

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        return {"options": sorted(entry for entry, _ in marks)}

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        # Rooms agree more than dice do: earlier options are likelier.
        offered = [option.id for option in seen.options]
        first = random.choices(offered, [2.0**-place for place in range(len(offered))])[0]
        config: ChoiceConfig = seen.config
        if not config.multiple:
            return {"options": [first]}
        more = random.sample(offered, min(len(offered), config.limit))
        return {"options": list(dict.fromkeys([first, *more]))[: random.randint(1, config.limit)]}
