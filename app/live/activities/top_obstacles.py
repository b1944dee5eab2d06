"""The room's five greatest obstacles (L5): written by everybody, merged where they say the same,
ranked by everybody, and each of the five given an owner and a date before people leave."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from app.access import Permission
from app.errors import ActivityClosed, Conflict, NotFound
from app.i18n import mark
from app.live import answers, entries, merging
from app.live.activity import (
    WROTE,
    Activity,
    BallotState,
    BaseConfig,
    BaseResult,
    Change,
    CommandCall,
    EntryUpdate,
    EntryView,
    Model,
    NewEntry,
    Refused,
    Seen,
)
from app.live.commands import Move
from app.live.snapshot import ActionView, ActivityView, OwnView
from app.models.actions import Window
from app.models.activities import ActivityStatus, Entry, EntryState
from app.models.fields import Line
from app.models.text import clean_line
from app.operations import obstacles
from app.rehearsal import phrases
from app.rules import ranking
from app.rules.obstacles import (
    Suggestion,
    alike_but_for_signs,
    in_an_order_of_its_own,
    suggestions,
    the_five,
)
from app.rules.tally import Figures

MOST_LETTERS = 140
# What one wrote and took back stays in the database: so many times what may stand, and no more.
MOST_TRIES = 5
MOST_LISTED = 600  # of obstacles on a phone's list and in a result
RANK = "rank"  # the lane of the ranking


class TopObstaclesConfig(BaseConfig):
    most_each: int = Field(default=5, ge=1, le=20)


class ObstacleSubmission(Model):
    """One of the four; a plain form sends an empty `ranking` with each."""

    text: str | None = Field(default=None, max_length=16_384)
    withdraw: str | None = Field(default=None, max_length=64)
    restore: str | None = Field(default=None, max_length=64)
    ranking: list[Annotated[str, Field(max_length=36)]] | None = Field(default=None, max_length=50)

    @property
    def written(self) -> bool:
        """Whether it is about what one has written, and not a ranking."""
        return bool(self.withdraw or self.restore) or self.text is not None

    @property
    def ranked(self) -> list[str]:
        """Each once, in order; in a plain form a place may have been left empty."""
        return list(dict.fromkeys(each for each in self.ranking or () if each))


class RankedObstacle(Model):
    """`counts[0]` is how often it was put first. Several share a `place` where the tie rule finds
    no difference."""

    id: str
    text: str
    points: int
    place: int
    counts: tuple[int, ...]


class ObstaclesResult(BaseResult):
    """`obstacles` is how many stand to be ranked, `ranked` are those that somebody has."""

    obstacles: int
    ranked: list[RankedObstacle]

    @property
    def five(self) -> list[RankedObstacle]:
        return the_five(self.ranked)

    @property
    def others(self) -> list[RankedObstacle]:
        return self.ranked[len(self.five) :]

    @property
    def most(self) -> int:
        """The most points, for the length of bars."""
        return max((each.points for each in self.ranked), default=0) or 1

    def shares(self, one: RankedObstacle) -> bool:
        """Whether another has the same place."""
        return sum(each.place == one.place for each in self.ranked) > 1


@dataclass(frozen=True)
class Owned:
    """One of the five, and what has become of it. `accepted`: its owner has said yes."""

    ranked: RankedObstacle
    action: ActionView | None
    accepted: bool

    @property
    def owner(self) -> str:
        return self.action.owner if self.action else ""

    @property
    def due(self) -> date | None:
        return date.fromisoformat(self.action.due) if self.action and self.action.due else None

    @property
    def window(self) -> int | None:
        return self.action.window if self.action else None

    @property
    def version(self) -> str:
        """Another one where somebody has settled something of it."""
        told = self.action
        return f"{told.owner_id}.{told.due}.{told.window}" if told else "none"


def _given(value: Any) -> Any:
    """A field that was left empty was not given."""
    return None if isinstance(value, str) and not value.strip() else value


Id = Annotated[str, Field(max_length=36)]
Given = BeforeValidator(_given)


class One(Model):
    activity: Id
    entry: Id


class Own(One):
    """The owner is somebody of the people list, or is called by name and put on it."""

    owner_id: Annotated[Id | None, Given] = None
    owner_name: Annotated[Line | None, Given] = None
    due: Annotated[date | None, Given] = None
    window: Annotated[Window | None, Given] = None


class Mine(One):
    """`name`: of an attendee who has not said yet who they are."""

    name: Annotated[Line | None, Given] = None


def own(move: Move, data: Own) -> None:
    """Who does what about it by when; said again it is changed."""
    activity, entry = _obstacle(move, data)
    obstacles.give(
        move.session,
        activity,
        entry,
        owner_id=data.owner_id,
        owner_name=data.owner_name,
        due=data.due,
        window=data.window,
    )


def take(move: Move, data: Mine) -> dict[str, Any]:
    """An attendee takes one of the five on, and is somebody of the people list from now on."""
    activity, entry = _offered(move, data)
    assert move.participant is not None, "an attendee's move"
    owner = obstacles.take(move.session, activity, entry, move.participant, data.name or "")
    return {"person": owner.id, "name": move.participant.name}


def accept(move: Move, data: Mine) -> dict[str, Any]:
    """Who was named as the owner says yes on the own phone."""
    activity, entry = _offered(move, data)
    assert move.participant is not None, "an attendee's move"
    owner = obstacles.accept(move.session, activity, entry, move.participant, data.name or "")
    return {"person": owner.id, "name": move.participant.name}


class OneActivity(Model):
    activity: Id


def merge_alike(move: Move, data: OneActivity) -> dict[str, Any]:
    """All that are the same but for case and signs, in one go."""
    view = _view(move, data.activity)
    groups = alike_but_for_signs(TopObstacles.texts(view))
    for stands, *others in groups:
        entries.merge(move, entries.Merge(activity=data.activity, into=stands, entries=others))
    return {"merged": sum(len(group) - 1 for group in groups)}


def _view(move: Move, activity_id: str) -> ActivityView:
    activity = move.activity(activity_id)
    if activity.kind != TopObstacles.kind:
        raise NotFound(mark("There is no such activity in this room."))
    move.session.flush()
    return answers.activities_of(move.session, [activity], {})[0]


def _obstacle(move: Move, data: One) -> tuple[Any, Entry]:
    activity = move.activity(data.activity)
    if activity.kind != TopObstacles.kind:
        raise NotFound(mark("There is no such activity in this room."))
    if activity.stage != "own" or activity.status == ActivityStatus.DRAFT:
        raise Conflict(mark("Owners are named when the ranking is done."))
    entry = entries.standing_for(move, data.activity, data.entry)
    if entry.state != EntryState.VISIBLE:
        raise NotFound(mark("There is no such entry."))
    return activity, entry


def _offered(move: Move, data: One) -> tuple[Any, Entry]:
    """What phones are shown to be taken on: one of the five, or what somebody was named for."""
    activity, entry = _obstacle(move, data)
    if activity.status != ActivityStatus.OPEN and not activity.revealed:
        raise ActivityClosed
    view = _view(move, data.activity)
    if entry.id not in TopObstacles.offered(view):
        raise NotFound(mark("There is no such entry."))
    return activity, entry


class TopObstacles(Activity):
    kind = "top_obstacles"
    name = mark("Top 5 obstacles")
    icon = "construction"
    Config, Submission, Result = TopObstaclesConfig, ObstacleSubmission, ObstaclesResult
    stages = ("collect", "merge", "rank", "own")
    moderated = True
    shared_writing = True
    merges = True
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "own": CommandCall(own, Permission.FACILITATE, Own, premise=False),
        "take": CommandCall(take, Permission.SUBMIT, Mine, premise=False),
        "accept": CommandCall(accept, Permission.SUBMIT, Mine, premise=False),
        "merge_alike": CommandCall(
            merge_alike, Permission.FACILITATE, OneActivity, premise=False, undoable=True
        ),
    }

    # ---- What attendees send

    def lane_counted(self, stage: str | None) -> str | None:
        return None if stage in (None, "collect", "merge") else RANK

    def writes(self, submission: ObstacleSubmission) -> bool:
        return submission.written

    def refers(self, submission: ObstacleSubmission) -> Sequence[str]:
        return () if submission.written else submission.ranked

    def accept(
        self, config: TopObstaclesConfig, state: BallotState, submission: ObstacleSubmission
    ) -> Change:
        if state.stage != ("collect" if submission.written else "rank"):
            raise ActivityClosed
        if not submission.written:
            return _ranking(state, submission.ranked)
        if named := submission.withdraw or submission.restore:
            return _taken_back(config, state, named, restored=not submission.withdraw)
        return _writing(config, state, submission.text or "")

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        written = [entries[entry] for entry, value in marks if value == WROTE and entry in entries]
        ranks = sorted((value, entry) for entry, value in marks if value != WROTE)
        return {
            "written": [{"id": e.id, "text": e.text, "state": e.state} for e in written],
            "ranking": [entry for _, entry in ranks],
        }

    # ---- What it comes to

    def result(
        self, config: TopObstaclesConfig, entries: Sequence[EntryView], figures: Figures
    ) -> ObstaclesResult:
        standing = {e.id: e.text for e in sorted(entries, key=_by_id) if _stands(e)}
        ranked = ranking.ranked(list(standing), figures.counts)
        return ObstaclesResult(
            answered=figures.answered,
            obstacles=len(standing),
            ranked=[
                RankedObstacle(
                    id=each.entry_id,
                    text=standing[each.entry_id],
                    points=each.points,
                    place=each.place,
                    counts=each.counts_by_place,
                )
                for each in ranked[:MOST_LISTED]
                if each.place is not None
            ],
        )

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any] | None:
        if seen.stage == "collect":
            return {"text": phrases.obstacle(random)[:MOST_LETTERS]}
        if seen.stage != "rank" or not seen.entries:
            return None
        # A room agrees on some: what is earlier in the order of ids is likelier.
        offered = [entry.id for entry in seen.entries]
        weights = [0.9**place + 0.05 for place in range(len(offered))]
        chosen = dict.fromkeys(random.choices(offered, weights, k=8))
        return {"ranking": list(chosen)[: random.randint(2, ranking.PLACES)]}

    def talks_on(self, stage: str | None) -> float:
        return 0.4 if stage == "collect" else 0.0

    # ---- Who sees what

    def shown_entries(self, activity: ActivityView, *, on_phones: bool) -> Sequence[EntryView]:
        """In silence, unless the facilitator shows them: what the first ones wrote must not steer
        the rest. To be ranked they are on every phone."""
        if activity.stage == "own":
            return self._with_parts(activity, self.offered(activity)) if activity.revealed else ()
        if on_phones:
            ranks = activity.stage == "rank" and activity.status == ActivityStatus.OPEN
            return self.standing(activity)[:MOST_LISTED] if ranks else ()
        if activity.stage == "rank" or not activity.revealed:
            return ()
        return [e for e in activity.entries if e.state == EntryState.VISIBLE]

    def shown_in(self, stage: str, *, live: bool) -> bool | None:
        """The ranking begins hidden; the five are there to be looked at. What was written stays
        hidden also while it is put together: somebody may have named a name."""
        return {"collect": live, "rank": live, "own": True}.get(stage)

    def for_phones(self, activity: ActivityView) -> ActivityView:
        """Nobody's ranking is steered by how it stands; and a frame for thousands of phones does
        not change with each ranking."""
        if activity.status != ActivityStatus.OPEN or activity.stage == "own":
            return activity
        return replace(activity, result=None, tables=None, answered=0, with_tables=0, written=0)

    def is_filled_in(self, stage: str | None) -> bool:
        return stage in ("collect", "rank")

    def console_forms(self, activity: ActivityView) -> Sequence[str]:
        if activity.stage != "own":
            return ()
        return [f"own-{activity.id}-{each.ranked.id}" for each in self.five(activity)]

    # ---- For its templates and moves

    @staticmethod
    def standing(activity: ActivityView) -> list[EntryView]:
        """The obstacles that stand by themselves, in an order that tells nothing."""
        return sorted((e for e in activity.entries if _stands(e)), key=_by_id)

    def to_rank(self, activity: ActivityView, seed: str) -> list[EntryView]:
        """As a phone without a script lists them: in an order of its own."""
        return in_an_order_of_its_own(self.standing(activity), seed)

    @staticmethod
    def own_ranking(own: OwnView) -> OwnView:
        """Who has written has not ranked yet."""
        return replace(own, saved=bool(own.data.get("ranking")))

    def version(self, activity: ActivityView) -> str:
        """Another one where another list is to be ranked."""
        told = [(e.id, e.merged_into, e.state, e.text) for e in activity.entries]
        return hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()

    @staticmethod
    def merged(activity: ActivityView) -> dict[str, list[EntryView]]:
        """What was merged, by the one that stands for it."""
        found: dict[str, list[EntryView]] = {}
        by_id = {entry.id: entry for entry in activity.entries}
        for part, root in merging.roots(activity.entries).items():
            found.setdefault(root, []).append(by_id[part])
        return found

    def to_merge(self, activity: ActivityView) -> list[Suggestion]:
        """What may say the same, as far as it still stands apart."""
        there = [e for e in activity.entries if e.state == EntryState.VISIBLE]
        texts = tuple((e.id, e.text) for e in sorted(there, key=_by_id))
        apart = {e.id for e in there if e.merged_into is None}
        return suggestions(texts, merging.roots(activity.entries), apart)

    def alike(self, activity: ActivityView) -> int:
        """How many could be merged as they are the same but for case and signs."""
        return sum(len(group) - 1 for group in alike_but_for_signs(self.texts(activity)))

    @classmethod
    def texts(cls, activity: ActivityView) -> list[tuple[str, str]]:
        return [(e.id, e.text) for e in cls.standing(activity)]

    @staticmethod
    def order(activity: ActivityView) -> ObstaclesResult | None:
        """The room's order: the phones'; where people only share one at each table, the tables'."""
        phones, tables = activity.result, activity.tables
        found = tables if tables and not (phones and phones.answered) else phones
        assert found is None or isinstance(found, ObstaclesResult)
        return found

    def five(self, activity: ActivityView) -> list[Owned]:
        """The five with who owns them."""
        order = self.order(activity)
        by_id = {entry.id: entry for entry in activity.entries}
        parts = self.merged(activity)
        return [
            _owned(activity, each, by_id.get(each.id), parts.get(each.id, []))
            for each in (order.five if order else ())
        ]

    @classmethod
    def offered(cls, activity: ActivityView) -> set[str]:
        order = cls.order(activity)
        return {each.id for each in order.five} if order else set()

    def _with_parts(self, activity: ActivityView, wanted: set[str]) -> list[EntryView]:
        root_of = merging.roots(activity.entries)
        return [e for e in activity.entries if root_of.get(e.id, e.id) in wanted]


def _writing(config: TopObstaclesConfig, state: BallotState, text: str) -> Change:
    line = clean_line(text)
    if not line:
        raise Refused(mark("Write something first."))
    if len(line) > MOST_LETTERS:
        raise Refused(
            mark("Too long: %(given)s characters, at most %(at_most)s fit."),
            given=len(line),
            at_most=MOST_LETTERS,
        )
    _demand_room(config, state)
    made = NewEntry(state.new_entry(), line, own=True)
    return Change(marks=[(made.id, WROTE)], entries=[made], lane=made.id)


def _taken_back(
    config: TopObstaclesConfig, state: BallotState, named: str, *, restored: bool
) -> Change:
    entry_id = state.own(named)
    if entry_id is None:
        raise Refused(mark("This is not something you have written."))
    if restored and state.owned[entry_id] == EntryState.WITHDRAWN:
        _demand_room(config, state)
    becomes = EntryState.VISIBLE if restored else EntryState.WITHDRAWN
    return Change(lane=entry_id, replaces=False, updates=[EntryUpdate(entry_id, state=becomes)])


def _demand_room(config: TopObstaclesConfig, state: BallotState) -> None:
    most = config.most_each
    if state.written >= most or len(state.owned) >= most * MOST_TRIES:
        raise Refused(
            mark("You have written %(at_most)s, as many as fit. Withdraw one to write another."),
            at_most=most,
        )


def _ranking(state: BallotState, ranked: list[str]) -> Change:
    if len(ranked) > ranking.PLACES:
        raise Refused(mark("Choose %(at_most)s at most."), at_most=ranking.PLACES)
    if any(entry not in state.known for entry in ranked):
        raise Refused(mark("One of these is no longer on the list. Choose again."))
    return Change(marks=[(entry, place) for place, entry in enumerate(ranked, 1)], lane=RANK)


def _stands(entry: EntryView) -> bool:
    return entry.state == EntryState.VISIBLE and entry.merged_into is None


def _by_id(entry: EntryView) -> str:
    return entry.id


def _owned(
    activity: ActivityView,
    ranked: RankedObstacle,
    entry: EntryView | None,
    parts: Sequence[EntryView],
) -> Owned:
    """Somebody may have owned it before it was merged into another."""
    candidates = (activity.action_of(each) for each in (ranked.id, *(part.id for part in parts)))
    action = next((each for each in candidates if each is not None), None)
    accepted = ((entry.data if entry else None) or {}).get("accepted")
    return Owned(ranked, action, bool(action and action.owner_id and accepted == action.owner_id))
