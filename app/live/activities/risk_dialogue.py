"""The risk dialogue (L10): everybody places the register's risks by how likely and how serious, and
writes what is missing; then what was written is placed too. The room sees mean and spread, and each
risk leaves with an owner and a date."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.access import Permission
from app.errors import ActivityClosed
from app.i18n import mark
from app.live import placed, together, writing
from app.live.activity import (
    WROTE,
    Activity,
    AmongRecords,
    BallotState,
    BaseConfig,
    Change,
    CommandCall,
    EntryView,
    OneActivity,
    Refused,
    Said,
    Seen,
)
from app.live.placed import PlacedCount, PlacedRisk, RisksResult
from app.live.ready import Ready, Use
from app.live.snapshot import ActivityView
from app.live.writing import MOST_LETTERS, WritingSubmission
from app.models.activities import ActivityStatus, EntryState
from app.models.fields import Id
from app.models.risks import Degree
from app.rehearsal.phrases import RISKS
from app.rules import placements as rules
from app.rules.obstacles import in_an_order_of_its_own
from app.rules.tally import Figures

PLACE, WEIGH, OWN = "place", "weigh", "own"
MOST_LISTED = 200  # of risks on a phone's list and in a result
FACILITATE = Permission.FACILITATE


class RiskDialogueConfig(BaseConfig):
    """`risks` are ids of the register; none are those of the block, else all that are open."""

    risks: Annotated[list[Id], AmongRecords("risk")] = Field(
        default_factory=list, max_length=placed.MOST_PLACED
    )
    most_each: int = Field(default=3, ge=1, le=20)


class RiskSubmission(WritingSubmission):
    """What is written, or where a `risk` is placed: its entry, `probability` and `consequence`;
    with `away` it is not placed after all."""

    risk: str | None = Field(default=None, max_length=36)
    probability: Annotated[Degree | None, Said] = None
    consequence: Annotated[Degree | None, Said] = None
    away: str = Field(default="", max_length=3)


class RiskDialogue(Activity):
    kind = "risk_dialogue"
    name = mark("Risk dialogue")
    icon = "shield-alert"
    Config, Submission, Result = RiskDialogueConfig, RiskSubmission, RisksResult
    ready = (Ready(Use.COLLECT, mark("Risk dialogue"), mark("What may go wrong?"), "shield-alert"),)
    stages = (PLACE, WEIGH, OWN)
    moderated = True
    shared_writing = True
    merges = True
    tells_risks = True
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "write": CommandCall(placed.write, FACILITATE, placed.Some, premise=False),
        "own": CommandCall(placed.own, FACILITATE, placed.Own, premise=False),
        "take_back": CommandCall(placed.take_back, FACILITATE, placed.Some, premise=False),
        "merge_alike": CommandCall(
            together.merge_alike, FACILITATE, OneActivity, premise=False, undoable=True
        ),
    }

    def begin(self, move: Any, activity: Any) -> None:
        placed.lay_out(move, activity, activity.config.get("risks", ()))

    # ---- What attendees send

    def lane_counted(self, stage: str | None) -> str | None:
        return None

    def writes(self, submission: RiskSubmission) -> bool:
        return submission.risk is None

    def refers(self, submission: RiskSubmission) -> Sequence[str]:
        return () if submission.risk is None else (submission.risk,)

    def accept(
        self, config: RiskDialogueConfig, state: BallotState, submission: RiskSubmission
    ) -> Change:
        if submission.risk is not None:
            if state.stage not in (PLACE, WEIGH):
                raise ActivityClosed
            return _placing(state, submission)
        if state.stage != PLACE:
            raise ActivityClosed
        return writing.judged(state, submission, most_each=config.most_each)

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        return {
            "written": writing.own_of(entries, marks),
            "placed": {
                entry: ".".join(rules.cell_of(value))
                for entry, value in sorted(marks)
                if value != WROTE
            },
        }

    # ---- What it comes to

    def result(
        self, config: RiskDialogueConfig, entries: Sequence[EntryView], figures: Figures
    ) -> RisksResult:
        counts: dict[str, dict[int, int]] = {}
        for (entry, value), count in figures.counts.items():
            if value != WROTE:
                counts.setdefault(entry, {})[value] = count
        standing = placed.in_order(together.standing_of(entries))
        return RisksResult(
            answered=figures.answered,
            risks=[
                _told(entry, counts.get(entry.id, {}), config.minimum_group)
                for entry in standing[:MOST_LISTED]
            ],
        )

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any] | None:
        offered = [entry for entry in seen.entries if entry.state == EntryState.VISIBLE]
        if seen.stage == PLACE and (not offered or random.random() < 0.15):
            return {"text": random.choice(RISKS)[:MOST_LETTERS]}
        if seen.stage not in (PLACE, WEIGH) or not offered:
            return None
        # A room agrees on some and not on others: each risk has a place of its own.
        entry = random.choice(offered)
        own = sum(entry.id.encode())
        width = 0.3 + own % 4 / 4
        likely, serious = (
            min(3, max(1, round(random.gauss(1 + own // step % 5 / 2, width)))) for step in (4, 20)
        )
        return {
            "risk": entry.id,
            "probability": rules.STEPS[likely - 1],
            "consequence": rules.STEPS[serious - 1],
        }

    def talks_on(self, stage: str | None) -> float:
        return 0.85 if stage in (PLACE, WEIGH) else 0.0

    # ---- Who sees what

    def shown_entries(self, activity: ActivityView, *, on_phones: bool) -> Sequence[EntryView]:
        """The register's are everybody's to place; what was written is, once it is to be placed:
        until then it is written in silence, unless the facilitator shows it to the hall."""
        is_open = activity.status == ActivityStatus.OPEN
        if on_phones and is_open and activity.stage != OWN:
            here = self.of_register if activity.stage == PLACE else self.written
            return here(activity)[:MOST_LISTED]
        if activity.stage == PLACE and not activity.revealed:
            return self.of_register(activity) if is_open else ()
        return together.with_parts(activity) if is_open or activity.revealed else ()

    def shown_in(self, stage: str, *, live: bool) -> bool | None:
        return {PLACE: live, WEIGH: live, OWN: True}.get(stage)

    def for_phones(self, activity: ActivityView) -> ActivityView:
        """Nobody is steered by where others place it, and no phone's frame changes with each."""
        if activity.status != ActivityStatus.OPEN or activity.stage == OWN:
            return activity
        return replace(activity, result=None, tables=None, answered=0, with_tables=0, written=0)

    def is_filled_in(self, stage: str | None) -> bool:
        return stage != OWN

    def counts_in(self, stage: str | None) -> bool:
        return stage != OWN

    def console_forms(self, activity: ActivityView) -> Sequence[str]:
        if activity.stage != OWN:
            return ()
        return [f"own-{activity.id}-{entry.id}" for entry in together.standing(activity)]

    def phone_forms(self, activity: ActivityView) -> Sequence[str]:
        return [f"place-{activity.id}-{entry.id}" for entry in activity.entries]

    # ---- For its templates

    standing = staticmethod(together.standing)
    merged = staticmethod(together.merged)
    to_merge = staticmethod(together.to_merge)
    alike = staticmethod(together.alike)
    of_register = staticmethod(placed.of_register)
    written = staticmethod(placed.written)
    weighed = staticmethod(placed.weighed)
    heaviest = staticmethod(placed.heaviest)
    spots = staticmethod(placed.spots_of)
    due_by = staticmethod(placed.due_by)
    steps: ClassVar[Sequence[str]] = rules.STEPS

    def to_place(self, activity: ActivityView, seed: str = "") -> list[EntryView]:
        """What a phone asks now; `seed`: in an order of one attendee's own."""
        listed = placed.in_order(activity.entries)
        return in_an_order_of_its_own(listed, seed) if seed else listed

    @staticmethod
    def version(entry: EntryView) -> str:
        """Another one where a risk is called something else."""
        return hashlib.blake2b(entry.text.encode(), digest_size=6).hexdigest()


def _placing(state: BallotState, said: RiskSubmission) -> Change:
    assert said.risk is not None
    entry = state.known.get(said.risk)
    if entry is None or entry.state != EntryState.VISIBLE:
        raise Refused(mark("This risk is no longer on the list."))
    # A lane for each risk: whatever comes late or twice, what was said of the others stands.
    lane = f"place:{said.risk}"
    if said.away:
        return Change(lane=lane)
    if said.probability is None or said.consequence is None:
        raise Refused(mark("Choose both: how likely it is, and how serious."))
    value = rules.mark_of(said.probability.value, said.consequence.value)
    return Change(marks=[(said.risk, value)], lane=lane)


def _told(entry: EntryView, counts: Mapping[int, int], least: int) -> PlacedRisk:
    found = rules.placement(counts)
    if found is None or found.count < least:
        return PlacedRisk(id=entry.id, text=entry.text, count=found.count if found else 0)
    return PlacedRisk(
        id=entry.id,
        text=entry.text,
        count=found.count,
        probability=round(found.probability, 4),
        consequence=round(found.consequence, 4),
        probability_spread=round(found.probability_spread, 4),
        consequence_spread=round(found.consequence_spread, 4),
        cells=[_counted(value, counts[value]) for value in sorted(counts)],
    )


def _counted(value: int, count: int) -> PlacedCount:
    probability, consequence = rules.cell_of(value)
    return PlacedCount(probability=probability, consequence=consequence, count=count)
