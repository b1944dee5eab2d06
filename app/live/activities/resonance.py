"""Resonance pulse and closing feedback (L12): do people understand the goals, believe in them, and
know their own part; would they recommend the day; how clear are the messages and priorities that
the day is about. Where an answer falls, those behind it are marked in the plan, to be reworded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, ClassVar

from pydantic import Field, StrictInt

from app import clock
from app.access import Permission
from app.errors import NotFound
from app.i18n import mark
from app.live import plan_changes, plan_options, resonance_result
from app.live.activity import (
    WROTE,
    Activity,
    BallotState,
    BaseConfig,
    Change,
    CommandCall,
    EntryView,
    Id,
    Model,
    NewEntry,
    Refused,
    Seen,
)
from app.live.commands import Move
from app.live.ready import Ready, Use
from app.live.resonance_result import ResonanceResult, result_of
from app.live.snapshot import ActivityView, RoomSnapshot
from app.models.kickoffs import Kickoff
from app.models.text import clean_text
from app.operations.derived import today_in
from app.rehearsal.phrases import SENTENCES
from app.rules import resonance
from app.rules.pulse_groups import MINIMUM
from app.rules.resonance import CLARITY, RECOMMEND, STATEMENTS
from app.rules.tally import Figures

ANSWERS, TEAMS, CLEARER = "answers", "teams", "clearer"  # what is shown
LONGEST = 280
FLAGGED = "flagged"  # the member of an option's data: since when its record is to be reworded


class ResonanceConfig(BaseConfig):
    """Nothing is told of fewer than five, whatever is set."""

    minimum_group: int = Field(default=MINIMUM, ge=MINIMUM, le=1000)


class ResonanceSubmission(Model):
    """All of it at once, for each figure is then of the same people; `text` may be empty."""

    goals: StrictInt = Field(ge=1, le=5)
    belief: StrictInt = Field(ge=1, le=5)
    role: StrictInt = Field(ge=1, le=5)
    nps: StrictInt = Field(ge=0, le=10)
    clear: dict[Id, StrictInt] = Field(default_factory=dict, max_length=50)
    text: str = Field(default="", max_length=16_384)


class Flag(Model):
    """The plan's records behind these options are to be reworded, or are not any more."""

    activity: Id
    entries: list[Id] = Field(max_length=50)
    flagged: bool = True


def flag(move: Move, data: Flag) -> dict[str, Any]:
    activity = move.activity(data.activity)
    kickoff = move.session.get_one(Kickoff, activity.kickoff_id)
    since = today_in(kickoff, clock.now()) if data.flagged else None
    titles = []
    for option in plan_options.options_of(move.session, activity.id, data.entries):
        found = plan_options.record_of(move.session, kickoff.id, option)
        if found is None:
            raise NotFound(mark("It is not in the plan any more."))
        entity, record = found
        plan_changes.change(move, entity, record, {"reword_since": since})
        move.keep_members(option, [FLAGGED])
        said = {**(option.data or {}), FLAGGED: since.isoformat() if since else None}
        option.data = {name: value for name, value in said.items() if value is not None}
        titles.append(option.text)
    move.event_data["titles"] = titles
    activity.has_changed()
    return {"flagged": len(titles)}


class Resonance(Activity):
    kind = "resonance"
    name = mark("Resonance pulse")
    icon = "heart-pulse"
    Config, Submission, Result = ResonanceConfig, ResonanceSubmission, ResonanceResult
    ready = (
        Ready(
            Use.PULSE,
            mark("Resonance pulse"),
            mark("Does this day resonate with you?"),
            "heart-pulse",
        ),
    )
    stages = (ANSWERS, TEAMS, CLEARER)
    stages_are_views = True
    modes = ("anonymous",)
    moderated = True
    by_team = True
    looks_back = True
    asks_options = True
    fewest_options = 0
    options_called = mark("Core messages and priorities: is each of them clear?")
    options_from = ("messages", "focus-areas")
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "flag": CommandCall(flag, Permission.FACILITATE, Flag, premise=False, undoable=True),
    }

    # ---- What attendees send

    def surveys(self, submission: ResonanceSubmission, group_id: str) -> Sequence[str]:
        return (plan_options.OPTIONS,)

    def accept(
        self, config: ResonanceConfig, state: BallotState, submission: ResonanceSubmission
    ) -> Change:
        asked = {entry.id for entry in state.known.values() if entry.position}
        if submission.clear.keys() != asked:
            raise Refused(mark("Say of each message how clear it is."))
        if not all(value in CLARITY for value in submission.clear.values()):
            raise Refused(
                mark("Choose a number from %(min)s to %(max)s."), min=CLARITY[0], max=CLARITY[-1]
            )
        marks = [(name, getattr(submission, name)) for name in (*STATEMENTS, RECOMMEND)]
        marks += sorted(submission.clear.items())
        text = clean_text(submission.text)
        if not text:
            return Change(marks=marks)
        if len(text) > LONGEST:
            raise Refused(
                mark("Too long: %(given)s characters, at most %(at_most)s fit."),
                given=len(text),
                at_most=LONGEST,
            )
        entry = NewEntry(state.own_entry(), text, overwrite=True)
        return Change(marks=[*marks, (entry.id, WROTE)], entries=[entry])

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, value in marks:
            if value == WROTE:
                told["text"] = entries[name].text if name in entries else ""
            elif name in (*STATEMENTS, RECOMMEND):
                told[name] = value
            else:
                told.setdefault("clear", {})[name] = value
        return told

    # ---- What it comes to

    def result(
        self, config: ResonanceConfig, entries: Sequence[EntryView], figures: Figures
    ) -> ResonanceResult:
        return result_of(entries, figures)

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any]:
        def about(middle: float, least: int, most: int) -> int:
            return min(most, max(least, round(random.gauss(middle, (most - least) / 5))))

        # A room finds some messages less clear than others: here those further down.
        clear = {
            option.id: about(2.8 - 0.2 * number, 1, 3) for number, option in enumerate(seen.options)
        }
        said = {name: about(3.7, 1, 5) for name in STATEMENTS}
        text = random.choice(SENTENCES) if random.random() < 0.3 else ""
        return {**said, RECOMMEND: about(7.8, 0, 10), "clear": clear, "text": text[:LONGEST]}

    # ---- Who sees what

    def for_phones(self, activity: ActivityView) -> ActivityView:
        """What everybody said; the rest is looked at together, on the wall."""
        if not isinstance(activity.result, ResonanceResult):
            return activity
        told = activity.result.model_copy(update={"messages": [], "teams": [], "texts": []})
        return replace(activity, result=told, previous=None)

    # ---- For its templates

    statements = STATEMENTS
    longest = LONGEST
    shows = (ANSWERS, TEAMS, CLEARER)

    fallen = staticmethod(resonance_result.fallen)
    to_reword = staticmethod(resonance_result.to_reword)
    before = staticmethod(resonance_result.before)

    @staticmethod
    def attendance(activity: ActivityView, room: RoomSnapshot) -> resonance.Attendance:
        over = activity.status != "open"
        return resonance.attendance(
            activity.have_answered,
            here=None if over else room.present,
            joined=room.participants,
            invited=room.invited,
        )
