"""The contract of a live activity: one Python file in `activities/` and one folder in
`templates/live/`.

A kind is pure: it says what a submission may be, what it changes, and what the marks add up to.
Reading, writing, counting, rendering and permission are the room's and the same for every kind.
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app import ids
from app.access import Permission
from app.errors import KickoffError, NotFound
from app.i18n import mark
from app.live.ready import Ready, Use
from app.models.activities import EntryState
from app.rules.tally import Figures

WROTE = -1  # the value of the mark by which a ballot keeps what it wrote
# What one wrote and took back stays in the database: so many times what may stand, and no more.
MOST_TRIES = 5
MOST_SAID = 8  # one after the other, by one attendee of the rehearsal


class Model(BaseModel):
    """Base of what travels: unknown fields are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# As a message names an activity, an entry or a person; whether there is one is asked later.
Id = Annotated[str, Field(max_length=36)]


class OneActivity(Model):
    """What a command is told that needs no more."""

    activity: Id


@dataclass(frozen=True)
class AmongRecords:
    """Marks a setting as chosen among the plan's records of that sort, a word of `REFERRED`
    (operations/entities): a list of their ids, none of which need be there any more."""

    sort: str


def _said(value: object) -> object:
    return None if value == "" else value


# Before a field that may be None: what a form left empty was not said.
Said = BeforeValidator(_said)


class BaseConfig(Model):
    """What every kind can be set to. Results stay hidden until `minimum_group` have answered."""

    minimum_group: int = Field(default=1, ge=1, le=1000)


class BaseResult(Model):
    """`answered` is how many people."""

    answered: int


class Refused(KickoffError):
    """A submission that breaks the activity's rule: `Refused(mark("At most %(n)s words."), n=3)`.

    The sentence is shown to who answered, in their language. `code` is documented in PROTOCOL.md.
    """

    code = "invalid"
    status = 422
    speaks = True

    def __str__(self) -> str:
        return self.detail % self.params


@dataclass(frozen=True)
class EntryView:
    """An entry as kinds and templates see it."""

    id: str
    text: str
    state: str = "visible"
    merged_into: str | None = None
    author: str | None = None
    place: str | None = None
    position: str = ""
    data: dict[str, Any] | None = None


# One of each is made for every vote: they are not frozen because that would cost half the vote's
# time.
@dataclass(slots=True)
class BallotState:
    """What `accept` may know: the activity, the ballot's key, and the entries the submission
    refers to."""

    activity_id: str
    key: str
    stage: str | None = None
    known: Mapping[str, EntryView] = field(default_factory=dict)
    submission_id: str = ""
    group_id: str = ""  # the working group that its sender is in, or ""
    # What the ballot has written (its marks of `WROTE`) and the state of each; looked up where the
    # kind `writes`.
    owned: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> int:
        """How much of it stands: what its writer has taken back is not counted."""
        return sum(state != EntryState.WITHDRAWN for state in self.owned.values())

    def may_write(self, most: int) -> bool:
        """Whether one more fits, where `most` may stand; of what was taken back there is an end
        too."""
        return self.written < most and len(self.owned) < most * MOST_TRIES

    def own(self, named: str) -> str | None:
        """What the ballot has written under that name: an entry's id, or that of the submission
        which made it (all that a phone knows until it is told again)."""
        made = ids.derived_id(self.activity_id, f"new:{self.key}:{named}")
        return next((each for each in (named, made) if each in self.owned), None)

    def new_entry(self) -> str:
        """The id of an entry that this submission makes: the same when it is sent again."""
        return ids.derived_id(self.activity_id, f"new:{self.key}:{self.submission_id}")

    def own_entry(self, name: str = "") -> str:
        """The id of an entry that belongs to this ballot alone: the same whenever it answers
        again."""
        return ids.derived_id(self.activity_id, f"own:{self.key}:{name}")

    def shared_entry(self, name: str) -> str:
        """The id of an entry that everybody who writes `name` shares."""
        return ids.derived_id(self.activity_id, f"shared:{name}")


@dataclass(slots=True)
class NewEntry:
    id: str
    text: str
    state: str = "visible"
    overwrite: bool = False  # the ballot's own text, which a new answer replaces
    own: bool = False  # written by one: it has an author where the activity is named
    place: str | None = None
    position: str = ""
    data: dict[str, Any] | None = None


@dataclass(slots=True)
class EntryUpdate:
    """What becomes another of an entry that is there; None leaves it. Of `data` the members that
    are named, and one that is null is gone. Whoever commits last has the last word."""

    id: str
    text: str | None = None
    state: str | None = None
    place: str | None = None
    position: str | None = None
    data: dict[str, Any] | None = None


@dataclass(slots=True)
class Change:
    """What one submission writes. `replaces`: the ballot's earlier marks in that lane go first."""

    marks: Sequence[tuple[str, int]] = ()
    entries: Sequence[NewEntry] = ()
    unmarks: Sequence[tuple[str, int]] = ()
    replaces: bool = True
    lane: str = ""
    updates: Sequence[EntryUpdate] = ()


@dataclass(frozen=True)
class Seen:
    """An activity as an attendee's phone shows it: what those of the rehearsal answer to."""

    config: Any
    options: Sequence[EntryView] = ()
    entries: Sequence[EntryView] = ()  # of what was written, what phones are shown
    stage: str | None = None


@dataclass(frozen=True)
class CommandCall:
    """A move of one kind: `run(context, data)` inside the room's transaction. A facilitator's, or
    with `Permission.SUBMIT` an attendee's: then `context.participant` is who."""

    run: Callable[[Any, Any], dict[str, Any] | None]
    permission: Permission
    data: type[Model]
    premise: bool = True  # refused when the room has moved on since its sender looked
    undoable: bool = False
    leaves_undo: bool = False  # the push before it can still be taken back


class Activity(ABC):
    """One kind. Instances hold no state; the registry keeps one of each."""

    kind: ClassVar[str]
    name: ClassVar[str]  # English message id of the kind's name
    icon: ClassVar[str] = "circle"
    Config: ClassVar[type[BaseConfig]] = BaseConfig
    Submission: ClassVar[type[Model]]
    Result: ClassVar[type[BaseResult]]
    stages: ClassVar[tuple[str, ...]] = ()
    stages_are_views: ClassVar[bool] = False  # of what was answered; nothing is left undone in them
    asks_options: ClassVar[bool] = False  # its options are prepared by the facilitator
    fewest_options: ClassVar[int] = 2
    options_called: ClassVar[str] = mark("Options")
    # Entities of the plan whose records are its options where nothing else is said. An option in a
    # record's words is tied to it: `data["record"]` is "<entity>:<id>".
    options_from: ClassVar[tuple[str, ...]] = ()
    most_from_plan: ClassVar[int] = 8
    moderated: ClassVar[bool] = False  # what attendees write is listed for hiding and approval
    by_source: ClassVar[bool] = True  # its result tells what phones and what tables answered
    # Its figures are told by team too, once its ballots are counts; only of an anonymous activity.
    by_team: ClassVar[bool] = False
    # What it is compared with is the one of its kind that the room was asked before, also where
    # that is no earlier round of it.
    looks_back: ClassVar[bool] = False
    commands: ClassVar[Mapping[str, CommandCall]] = {}
    modes: ClassVar[tuple[str, ...]] = ("anonymous", "named")  # in which it can be asked
    lists_written: ClassVar[bool] = False  # its console fragment lists what was written itself
    # What is written is for all to see and work with, whoever it comes from and however few.
    shared_writing: ClassVar[bool] = False
    merges: ClassVar[bool] = False  # entries can be merged: who marked both counts once
    aside: ClassVar[bool] = False  # runs beside whatever else is on
    by_group: ClassVar[bool] = False  # each working group's phones are shown something else
    tells_plan: ClassVar[bool] = False  # deliverables and what is to be done are shown with it
    outlives_day: ClassVar[bool] = False  # the end of the day does not close it
    # Its entries are questions (app/rules/questions.py), which are answered in writing too; it has
    # `listed(activity)`.
    takes_questions: ClassVar[bool] = False
    # It has the room's five greatest, each with what has become of it: `five(activity)`.
    ranks_five: ClassVar[bool] = False
    reveals: ClassVar[bool] = True  # what was given is hidden until a facilitator shows it
    parts: ClassVar[tuple[str, ...]] = ()  # fragments that its script fetches when needed
    ready: ClassVar[Sequence[Ready]] = ()  # what it can be asked for in two taps
    links_plan: ClassVar[bool] = False  # its entries can point at goals, KPIs, risks, deliverables
    tells_risks: ClassVar[bool] = False  # the register's risks are shown with it

    def lane_counted(self, stage: str | None) -> str | None:
        """The lane whose ballots are "have answered"; None: all who have a ballot in any lane."""
        return ""

    def writes(self, submission: Any) -> bool:
        """Whether `accept` must know what the ballot has written already."""
        return False

    def refers(self, submission: Any) -> Sequence[str]:
        """Ids of the entries that `accept` must know to judge this submission."""
        return ()

    def surveys(self, submission: Any, group_id: str) -> Sequence[str]:
        """Places all of whose entries `accept` must know: who puts a card between two others."""
        return ()

    @abstractmethod
    def accept(self, config: Any, state: BallotState, submission: Any) -> Change:
        """What the submission changes, or `Refused`. Pure."""

    @abstractmethod
    def result(self, config: Any, entries: Sequence[EntryView], figures: Figures) -> BaseResult:
        """What the marks of one source add up to. Pure; independent of the ballots' order."""

    @abstractmethod
    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        """A ballot's marks as the submission data that gave them: what "my answer" shows."""

    @abstractmethod
    def imagine(self, seen: Seen, random: Random) -> dict[str, Any] | None:
        """A plausible submission, for the rehearsal; None where there is nothing to say."""

    def talks_on(self, stage: str | None) -> float:
        """How likely somebody who has said something has more to say, where that is asked for."""
        return 0.0

    # An `activity` in the following is an ActivityView, which stands above this contract.

    def shown_entries(self, activity: Any, *, on_phones: bool) -> Sequence[EntryView]:
        """Of what was written, what attendees' phones or else the projector are shown now."""
        return ()

    def linked(self, config: Any) -> Collection[str]:
        """Of a kind that `links_plan`: the sorts of records that its entries can point at, and
        whose titles are thus told to whoever is shown it."""
        return ()

    def begin(self, move: Any, activity: Any) -> None:  # noqa: B027 (most have nothing)
        """What of the plan it is about stands in it, each time it is opened."""

    def put_back(self, move: Any, activity: Any) -> None:  # noqa: B027 (most have nothing)
        """What does not fit any more when undo has set the activity up as it was before."""

    def is_filled_in(self, stage: str | None) -> bool:
        """Whether more may stand in its form after an answer: a page without a script is not
        fetched anew then."""
        return self.shared_writing

    def counts_in(self, stage: str | None) -> bool:
        """Whether the projector's foot says how many have answered: not where nothing is asked of
        everybody."""
        return True

    def console_forms(self, activity: Any) -> Sequence[str]:
        """Ids of the forms in its console fragment: their token stands outside the region."""
        return ()

    def phone_forms(self, activity: Any) -> Sequence[str]:
        """Likewise of those in its phone fragment, beside the one that every question has."""
        return ()

    def shown_in(self, stage: str, *, live: bool) -> bool | None:
        """Whether what was given is shown when that stage begins; None: as it was before."""
        return None

    def for_phones(self, activity: Any) -> Any:
        """What attendees' phones are shown of it: here what must not change with every vote of
        somebody else is made coarse."""
        return activity

    def of_group(self, activity: Any, group_id: str) -> Any:
        """What that group's phones are shown of an activity that is `by_group`."""
        return activity


@cache
def registry() -> dict[str, Activity]:
    """Every kind by its name, found by looking into `activities/`."""
    package = importlib.import_module("app.live.activities")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"app.live.activities.{module.name}")
    return {cls.kind: cls() for cls in Activity.__subclasses__() if getattr(cls, "kind", None)}


def ready_made() -> dict[Use, list[tuple[str, Ready]]]:
    """What all kinds are ready for, each with its kind, by what it is for."""
    found: dict[Use, list[tuple[str, Ready]]] = {use: [] for use in Use}
    for name, logic in registry().items():
        for one in logic.ready:
            found[one.use].append((name, one))
    return {use: those for use, those in found.items() if those}


def imagine(kind: str, told: Mapping[str, Any], random: Random) -> list[dict[str, Any]]:
    """What an attendee of the rehearsal sends, one after the other, to an activity as its phone
    sees it; nothing for nothing to say."""
    logic = registry().get(kind)
    if logic is None:
        return []
    seen = Seen(
        logic.Config.model_validate(told["config"]),
        options=_entries_told(told.get("options")),
        entries=_entries_told(told.get("entries")),
        stage=told.get("stage"),
    )
    said: list[dict[str, Any]] = []
    while (opinion := logic.imagine(seen, random)) is not None:
        said.append(opinion)
        if len(said) == MOST_SAID or random.random() >= logic.talks_on(seen.stage):
            break
    return said


def _entries_told(told: Sequence[Mapping[str, Any]] | None) -> list[EntryView]:
    """Entries as `state` of PROTOCOL.md tells them."""
    names = EntryView.__dataclass_fields__
    return [
        EntryView(**{n: value for n, value in each.items() if n in names}) for each in told or ()
    ]


def kind_of(name: str) -> Activity:
    """The kind of that name, or NotFound."""
    try:
        return registry()[name]
    except KeyError:
        raise NotFound from None
