"""A number in a range: agreement, confidence, 0-10 (NPS)."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from pydantic import Field, StrictInt, model_validator

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
from app.models.activities import NO_ENTRY
from app.models.fields import Line
from app.rules.pulse_figures import net_promoters
from app.rules.tally import Figures, mean


class ScaleConfig(BaseConfig):
    min: int = Field(default=1, ge=-1000, le=1000)
    max: int = Field(default=5, ge=-1000, le=1000)
    min_label: Line = ""
    max_label: Line = ""

    @model_validator(mode="after")
    def _range_holds(self) -> "ScaleConfig":
        if not 1 <= self.max - self.min <= 100:
            raise ValueError("max must be 1 to 100 above min")
        return self

    @property
    def is_nps(self) -> bool:
        """0-10 is read as Net Promoter Score."""
        return (self.min, self.max) == (0, 10)

    @property
    def values(self) -> range:
        return range(self.min, self.max + 1)


class ScaleSubmission(Model):
    value: StrictInt = Field(ge=-1000, le=1000)


class ValueCount(Model):
    value: int
    count: int


class ScaleResult(BaseResult):
    """`nps` is promoters (9-10) less detractors (0-6) in per cent, on 0-10 alone."""

    mean: float | None
    counts: list[ValueCount]
    nps: int | None = None

    @property
    def most(self) -> int:
        return max([c.count for c in self.counts], default=0) or 1


class Scale(Activity):
    kind = "scale"
    name = mark("Scale")
    icon = "gauge"
    Config, Submission, Result = ScaleConfig, ScaleSubmission, ScaleResult
    ready = (
        Ready(
            Use.PULSE,
            mark("Mood"),
            mark("How are you right now?"),
            "smile",
            config={"min": 1, "max": 5},
            said={"min_label": mark("Low"), "max_label": mark("High")},
            quick=True,
        ),
        Ready(
            Use.PULSE,
            mark("Fist of five"),
            mark("How much do you believe in this?"),
            "hand",
            config={"min": 0, "max": 5},
            said={"min_label": mark("Not at all"), "max_label": mark("Fully")},
            quick=True,
        ),
        Ready(
            Use.PULSE,
            mark("0 to 10"),
            mark("How likely is it that we succeed?"),
            "gauge",
            config={"min": 0, "max": 10},
            said={"min_label": mark("Not likely"), "max_label": mark("Certain")},
        ),
        Ready(
            Use.PULSE,
            mark("Clarity"),
            mark("How clear is it what the goals mean for you?"),
            "eye",
            config={"min": 1, "max": 5},
            said={"min_label": mark("Not clear"), "max_label": mark("Quite clear")},
        ),
        Ready(
            Use.PULSE,
            mark("Pace"),
            mark("How is the pace?"),
            "timer",
            config={"min": 1, "max": 5},
            said={"min_label": mark("Too slow"), "max_label": mark("Too fast")},
        ),
        Ready(
            Use.PULSE,
            mark("Capacity"),
            mark("How much room is there in your week for this?"),
            "battery-medium",
            config={"min": 1, "max": 5},
            said={"min_label": mark("None"), "max_label": mark("Plenty")},
        ),
        Ready(
            Use.PULSE,
            mark("Recommend"),
            mark("How likely are you to recommend this day to a colleague?"),
            "thumbs-up",
            config={"min": 0, "max": 10},
            said={"min_label": mark("Not likely"), "max_label": mark("Very likely")},
        ),
    )

    def accept(
        self, config: ScaleConfig, state: BallotState, submission: ScaleSubmission
    ) -> Change:
        if submission.value not in config.values:
            raise Refused(
                mark("Choose a number from %(min)s to %(max)s."), min=config.min, max=config.max
            )
        return Change(marks=[(NO_ENTRY, submission.value)])

    def result(
        self, config: ScaleConfig, entries: Sequence[EntryView], figures: Figures
    ) -> ScaleResult:
        by_value = figures.values()
        average = mean(by_value)
        return ScaleResult(
            answered=figures.answered,
            mean=None if average is None else round(average, 4),
            counts=[ValueCount(value=v, count=by_value.get(v, 0)) for v in config.values],
            nps=net_promoters(by_value) if config.is_nps and average is not None else None,
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        return {"value": marks[0][1]} if marks else {}

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        width = seen.config.max - seen.config.min
        value = round(random.gauss(seen.config.min + width * 0.68, width * 0.2))
        return {"value": min(seen.config.max, max(seen.config.min, value))}
