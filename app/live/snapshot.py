"""What a room looks like at one revision: frozen values that views are made of. No database here.

Templates under `templates/live/` receive `room: RoomSnapshot` (and `activity: ActivityView` in a
kind's fragments); nothing personal is in them, for one rendering serves every phone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import orjson

from app.live.activity import Activity, BaseConfig, BaseResult, EntryView, kind_of
from app.live.shown import ACTIVITY, ShownView, StepView, is_ahead
from app.rules import tally
from app.rules.faq import Explained
from app.rules.program import goes_on_at
from app.rules.timebox import PHASE_NAMES


def _as_day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None


@dataclass(frozen=True)
class PhaseView:
    """`name` is a code: "", "introduce", "work" or "conclude"."""

    name: str
    minutes: int


@dataclass(frozen=True)
class BlockView:
    """A block of the day. `state`: done, now, next or later. `starts` is minutes after midnight."""

    id: str
    number: int
    title: str
    kind: str
    minutes: int
    starts: int
    state: str
    fixed: bool = False  # whether it begins at that time, whatever happens before it
    purpose: str = ""
    owner: str = ""
    customer_problem: str = ""
    effect_indicator: str = ""
    notes: str = ""
    phases: tuple[PhaseView, ...] = ()
    skipped: bool = False  # gone past without having been entered


@dataclass(frozen=True)
class ClockView:
    """The running clock: `ends_at` in server ms, None while paused (`left_ms` stands still)."""

    phase: int
    phase_name: str
    phase_minutes: int
    starts_at: int
    ends_at: int | None
    left_ms: int | None


@dataclass(frozen=True)
class ActionView:
    """What somebody has taken on because of an activity. `window` is 30, 60 or 90; `confirmed`:
    the owner has said yes on the own phone."""

    id: str
    title: str
    owner_id: str | None = None
    owner: str = ""
    team: str = ""
    due: str = ""  # ISO date or ""
    window: int | None = None
    entry_id: str | None = None
    state: str = "open"
    place: str = ""  # of that entry, such as a working group

    @property
    def due_day(self) -> date | None:
        return _as_day(self.due)


@dataclass(frozen=True)
class DeliverableView:
    """What is handed over, and who stands up for it. `prioritised`: one of the first 30 days'."""

    id: str
    title: str
    owner_id: str | None = None
    owner: str = ""
    due: str = ""
    prioritised: bool = False
    confirmed: bool = False

    @property
    def due_day(self) -> date | None:
        return _as_day(self.due)


@dataclass(frozen=True)
class RiskView:
    """A risk of the register. `probability` and `consequence` are its steps, by their codes."""

    id: str
    title: str
    probability: str
    consequence: str
    owner_id: str | None = None
    owner: str = ""
    due: str = ""

    @property
    def due_day(self) -> date | None:
        return _as_day(self.due)


@dataclass(frozen=True)
class NoteView:
    """A "decision" or an "assumption". `fell_on` and `due` are ISO dates or ""."""

    id: str
    kind: str
    title: str
    owner_id: str | None = None
    owner: str = ""
    fell_on: str = ""
    due: str = ""
    superseded: bool = False

    @property
    def due_day(self) -> date | None:
        return _as_day(self.due)

    @property
    def fell_day(self) -> date | None:
        return _as_day(self.fell_on)


@dataclass(frozen=True)
class ActivityView:
    """An activity as one role sees it. `result` is None while it is not that role's to see."""

    id: str
    kind: str
    title: str
    status: str
    mode: str
    revealed: bool
    live: bool
    round: int
    config: BaseConfig
    stage: str | None = None
    block_id: str | None = None
    previous_id: str | None = None
    version: int = 1
    options: tuple[EntryView, ...] = ()
    entries: tuple[EntryView, ...] = ()  # what attendees wrote, for moderation (console alone)
    written: int = 0  # how much of what attendees wrote stands by itself
    answered: int = 0
    with_tables: int = 0  # people who have answered, those at a table with one phone too
    table_phones: int = 0  # of tables that have answered; of those that are counts: enough, or 1
    result: BaseResult | None = None
    tables: BaseResult | None = None
    hands: BaseResult | None = None
    previous: "ActivityView | None" = None  # the round before, once both are closed or revealed
    scrubbed: bool = False
    opened_at: int | None = None
    closed_at: int | None = None
    actions: tuple[ActionView, ...] = ()  # taken on because of it
    kept_as: str = ""  # the id of the record that it has become; console alone
    failed: bool = False  # its result could not be computed: "result unavailable"

    @property
    def logic(self) -> Activity:
        return kind_of(self.kind)

    def action_of(self, entry_id: str) -> ActionView | None:
        """The action that an entry has become."""
        return next((a for a in self.actions if a.entry_id == entry_id), None)

    @property
    def have_answered(self) -> int:
        """How many of those present: what is said before anybody may see what was answered."""
        return max(self.answered, self.with_tables)

    @property
    def too_few(self) -> bool:
        """Whether fewer have answered than may be shown."""
        return not self.told

    @property
    def told(self) -> frozenset[tally.Source]:
        """Whose figures may be shown: phones', tables', both or none."""
        return tally.told(
            phones=self.answered,
            table_phones=self.table_phones,
            minimum_group=self.config.minimum_group,
            anonymous=self.mode == "anonymous",
        )

    @cached_property
    def as_asked(self) -> str:
        """Another one only where the question is: a form that is being filled in stays as it is
        when the answers to it are shown or hidden (D15)."""
        asked = [self.title, self.mode, self.stage, self.config.model_dump(mode="json")]
        options = [[option.id, option.text] for option in self.options]
        return hashlib.blake2b(orjson.dumps([*asked, options]), digest_size=6).hexdigest()

    def text_of(self, entry_id: str) -> str:
        """The text of an option."""
        return next((o.text for o in self.options if o.id == entry_id), "")


@dataclass(frozen=True)
class PersonHere:
    """Somebody in the lobby or on the console's list."""

    id: str
    name: str
    team: str
    people: int
    connected: bool


@dataclass(frozen=True)
class PlanRecord:
    """What a card can be about: `kind` is goal, kpi, risk or deliverable."""

    kind: str
    id: str
    title: str

    @property
    def link(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class GroupView:
    """A working group of the day. `people` are in it in this room, `here` of them connected."""

    id: str
    name: str
    table: str = ""
    people: int = 0
    here: int = 0
    names: tuple[str, ...] = ()  # of those who gave one
    names_here: tuple[str, ...] = ()  # and are connected
    expected: tuple[str, ...] = ()  # on the people list, and have not joined


@dataclass(frozen=True)
class RoomSnapshot:
    """The room at `revision`; `control` grows with commands alone."""

    id: str
    kickoff_id: str
    kickoff_title: str
    vision: str
    day: str  # ISO date or ""
    venue: str
    time_zone: str
    name: str
    code: str
    join_url: str  # what the QR code carries
    join_host: str  # printed under it
    spoken_word: str
    status: str
    locked: bool
    screen: str
    epoch: str
    revision: int
    control: int
    participants: int  # people: a table with one phone is as many as sit at it
    invited: int = 0  # people on the plan's list
    plan: int = 0  # grows with whatever changes, except votes and arrivals
    recent: tuple[PersonHere, ...] = ()  # who came last, newest first (names that were given)
    people: tuple[PersonHere, ...] = ()  # console alone
    teams: tuple[tuple[str, str], ...] = ()
    plan_people: tuple[tuple[str, str], ...] = ()  # id and name; console alone
    answers: str = ""  # where the answers to the room's questions are published, if they are
    handouts: str = ""  # where what was handed out after its blocks is published, if it is
    plan_records: tuple[PlanRecord, ...] = ()  # read where something can point at them
    faq: tuple[Explained, ...] = ()  # read where questions are asked; console alone
    notes: tuple[NoteView, ...] = ()  # decisions and assumptions, the last first; console alone
    shown_note: NoteView | None = None  # what the projector shows over the picture
    deliverables: tuple[DeliverableView, ...] = ()
    risks: tuple[RiskView, ...] = ()  # read where they are shown with something
    actions: tuple[ActionView, ...] = ()  # still to be done, what is due first first
    groups: tuple[GroupView, ...] = ()  # a phone is shown its own alone
    group_of: Mapping[str, str] = field(default_factory=dict)  # by participant; "" for none
    blocks: tuple[BlockView, ...] = ()
    block: BlockView | None = None
    clock: ClockView | None = None
    activities: tuple[ActivityView, ...] = ()
    stage_activity_id: str | None = None
    steps: tuple[StepView, ...] = ()  # the block's program
    step: str = ""  # the last of it that was shown
    step_phase: int = 0  # and the phase in which it was
    step_after: tuple[str, ...] = ()  # the program up to it, as it was then, by its parts
    step_number: int = 0  # and how far it was in the last of them
    shown: ShownView | None = None  # on the projector, in an activity's place
    on_the_day: bool = True  # False where the day is planned for another date: a rehearsal
    drift_minutes: int = 0
    projected_end: int | None = None  # minutes after midnight, in the room's zone
    undo_name: str = ""  # the command that undo would take back, or ""
    undo_data: dict[str, Any] = field(default_factory=dict)  # what that command was given
    undo_touches: tuple[str, ...] = ()  # the activities that undo would put back
    present: int | None = None  # people whose phone is connected; None where others may know more
    typed_codes_paused: bool = False
    secret: str = ""  # of the QR code
    ask_name: bool = True
    assigns_teams: bool = False

    @cached_property
    def staged(self) -> ActivityView | None:
        """The activity on the projector."""
        return next((a for a in self.activities if a.id == self.stage_activity_id), None)

    @property
    def open_activities(self) -> tuple[ActivityView, ...]:
        """What is asked, but for what runs beside it."""
        return tuple(a for a in self.activities if a.status == "open" and not a.logic.aside)

    @property
    def asides(self) -> tuple[ActivityView, ...]:
        """What is open beside whatever else is on."""
        return tuple(a for a in self.activities if a.status == "open" and a.logic.aside)

    @property
    def ungrouped(self) -> tuple[PersonHere, ...]:
        """Who is listed and in no working group, where there are any; of those who are present,
        where that is known."""
        listed = self.people if self.groups else ()
        away = self.present is not None
        return tuple(p for p in listed if not self.group_of.get(p.id) and (p.connected or not away))

    @property
    def here(self) -> int:
        """How many are present; how many have joined, where that is not known."""
        return self.participants if self.present is None else self.present

    @property
    def is_by_group(self) -> bool:
        """Whether the phones of different groups are shown different things."""
        return any(a.logic.by_group for a in self.activities if a.status == "open" or a.revealed)

    @property
    def on_phones(self) -> tuple[ActivityView, ...]:
        """One thing at a time: what is asked, what was opened last first, so that nothing new
        comes below something old; else what this block has shown, the latest first. Of several
        rounds of a question the last stands for all."""
        going_on = {a.id for a in self.going_on}
        asked = tuple(
            sorted(
                (a for a in self.open_activities if a.id not in going_on),
                key=lambda a: -(a.opened_at or 0),
            )
        )
        if asked or self.block is None:
            return asked
        superseded = {a.previous_id for a in self.activities}
        shown = [
            a
            for a in self.block_activities
            if a.revealed and a.id not in superseded and not a.logic.aside and a.id not in going_on
        ]
        latest_first = shown[::-1]
        latest_first.sort(key=lambda a: -(a.closed_at or 0))
        return tuple(latest_first)

    @property
    def going_on(self) -> tuple[ActivityView, ...]:
        """What stays open after its block or after the day: below what is asked now."""
        asked_here = {None, self.block.id if self.block else None}
        return tuple(
            a
            for a in self.activities
            if a.status == "open"
            and a.logic.outlives_day
            and not a.logic.aside
            and (
                self.status == "ended" or (self.block is not None and a.block_id not in asked_here)
            )
        )

    @property
    def block_activities(self) -> tuple[ActivityView, ...]:
        """The running block's own, prepared and under way."""
        return tuple(a for a in self.activities if self.block and a.block_id == self.block.id)

    def risk_of(self, risk_id: str) -> RiskView | None:
        """A risk of the register, while it is there."""
        return next((risk for risk in self.risks if risk.id == risk_id), None)

    def record_of(self, link: str) -> PlanRecord | None:
        """The record of the plan that a link names, while it is there."""
        return self._records.get(link)

    @cached_property
    def _records(self) -> dict[str, PlanRecord]:
        return {record.link: record for record in self.plan_records}

    @property
    def next_block(self) -> BlockView | None:
        return next((b for b in self.blocks if b.state == "next"), None)

    @property
    def next_shown(self) -> StepView | None:
        """What of the program comes on the projector next."""
        return next(iter(self.steps[self._ahead :]), None)

    @property
    def previous_shown(self) -> StepView | None:
        """Nobody is asked anything by going back: what was jumped over is passed by."""
        status = {a.id: a.status for a in self.activities}
        before = reversed(self.steps[: self._behind])
        return next((s for s in before if not is_ahead(status, s)), None)

    @property
    def walks(self) -> bool:
        """Whether "back" goes back in the program: what was shown last was a step of it, and not
        the phase."""
        phase = self.clock.phase if self.clock else 0
        return bool(self._at is not None or self.step) and phase <= self.step_phase

    @property
    def shown_before(self) -> dict[str, str]:
        """What "back" shows: the part before, else the step before, else the block itself."""
        focus = self.shown.focus_after(-1) if self.shown else None
        if self.shown and focus is not None:
            return {"item": self.shown.key, "focus": focus}
        return {"item": self.previous_shown.key if self.previous_shown else ""}

    @property
    def _at(self) -> int | None:
        """The place in the program of what was shown last of it, or of the activity that stands on
        the projector from the first; None before it begins, and where that is no step of it."""
        key = self.step or f"{ACTIVITY}:{self.stage_activity_id}"
        return next((n for n, step in enumerate(self.steps) if step.key == key), None)

    @property
    def _behind(self) -> int:
        """How many steps lie before what was shown last."""
        if self._at is not None:
            return self._at
        parts = [step.part for step in self.steps]
        return goes_on_at(parts, self.step_after, self.step_number) if self.step else 0

    @property
    def _ahead(self) -> int:
        """The place of the step that comes next."""
        return self._behind + (self._at is not None)

    @property
    def next_step(self) -> str:
        """What the one orange button does: start, part, item, phase, block, end, or nothing.

        A picture is walked part by part; a block's program is walked through before its next
        phase, but what people are to work with waits until its introduction is over."""
        if self.status == "lobby":
            return "start"
        if self.status == "ended" or self.block is None:
            return ""
        if self.shown and self.shown.focus_after(1) is not None:
            return "part"
        following = self.next_shown
        introducing = (
            self.clock is not None
            and self.clock.phase == 0
            and len(self.block.phases) > 1
            and self.block.phases[0].name == PHASE_NAMES[0]
        )
        if following and not (following.kind == ACTIVITY and introducing):
            return "item"
        if self.clock and self.clock.phase + 1 < len(self.block.phases):
            return "phase"
        return "block" if self.next_block else "end"

    def with_activities(
        self, activities: tuple[ActivityView, ...], **changes: Any
    ) -> "RoomSnapshot":
        return replace(self, activities=activities, **changes)


@dataclass(frozen=True)
class OwnView:
    """What one attendee's page knows of an activity where no script can paint it. It is a page
    rendered for that attendee alone: nothing of this is in a region that others get.

    `data` is what a form shows: the answer given, or what was just refused and why.
    """

    here: str  # the page's own path: a refused form stands at another
    data: dict[str, Any] = field(default_factory=dict)
    saved: bool = False
    changing: bool = False
    fault: str = ""
    seed: str = ""  # another one for each attendee: for an order of their own

    def has(self, name: str, value: object) -> bool:
        """Whether this is (among) the answer. Of an answer that has parts: `clear.ID`."""
        whole, _, part = name.partition(".")
        of_parts = self.data.get(whole) if part else None
        parts = of_parts if isinstance(of_parts, Mapping) else {}
        given = self.data.get(name, parts.get(part, []))
        return str(value) in map(str, given if isinstance(given, list) else [given])

    def text(self, name: str) -> str:
        given = self.data.get(name, "")
        return str(given[-1] if isinstance(given, list) and given else given or "")
