"""The room's five greatest obstacles (L5): written by everybody, merged where they say the same,
ranked by everybody, and each of the five given an owner and a date before people leave."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.access import Permission
from app.errors import ActivityClosed
from app.i18n import mark
from app.live import merging, obstacles, together, writing
from app.live.activity import (
    WROTE,
    Activity,
    BallotState,
    BaseConfig,
    Change,
    CommandCall,
    EntryView,
    OneActivity,
    Refused,
    Seen,
)
from app.live.obstacles import ObstaclesResult, RankedObstacle
from app.live.ready import Ready, Use
from app.live.snapshot import ActivityView, OwnView
from app.live.writing import MOST_LETTERS, WritingSubmission
from app.models.activities import ActivityStatus, EntryState
from app.rehearsal import phrases
from app.rules import ranking
from app.rules.obstacles import in_an_order_of_its_own
from app.rules.tally import Figures

MOST_LISTED = 600  # of obstacles on a phone's list and in a result
RANK = "rank"  # the lane of the ranking


class TopObstaclesConfig(BaseConfig):
    most_each: int = Field(default=5, ge=1, le=20)


class ObstacleSubmission(WritingSubmission):
    """What is written, or a `ranking`; a plain form sends an empty one with each."""

    ranking: list[Annotated[str, Field(max_length=36)]] | None = Field(default=None, max_length=50)

    @property
    def ranked(self) -> list[str]:
        """Each once, in order; in a plain form a place may have been left empty."""
        return list(dict.fromkeys(each for each in self.ranking or () if each))


class TopObstacles(Activity):
    kind = "top_obstacles"
    name = mark("Top 5 obstacles")
    icon = "construction"
    Config, Submission, Result = TopObstaclesConfig, ObstacleSubmission, ObstaclesResult
    ready = (
        Ready(Use.COLLECT, mark("Top 5 obstacles"), mark("What is in the way?"), "construction"),
        Ready(
            Use.COLLECT,
            mark("Look ahead"),
            mark("It went wrong: what was the cause?"),
            "triangle-alert",
        ),
    )
    stages = ("collect", "merge", "rank", "own")
    moderated = True
    shared_writing = True
    merges = True
    ranks_five = True
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "own": CommandCall(obstacles.own, Permission.FACILITATE, obstacles.Own, premise=False),
        "take": CommandCall(obstacles.take, Permission.SUBMIT, obstacles.Mine, premise=False),
        "accept": CommandCall(obstacles.accept, Permission.SUBMIT, obstacles.Mine, premise=False),
        "release": CommandCall(obstacles.release, Permission.SUBMIT, obstacles.Mine, premise=False),
        "merge_alike": CommandCall(
            together.merge_alike,
            Permission.FACILITATE,
            OneActivity,
            premise=False,
            undoable=True,
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
        return writing.judged(state, submission, most_each=config.most_each)

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        ranks = sorted((value, entry) for entry, value in marks if value != WROTE)
        return {
            "written": writing.own_of(entries, marks),
            "ranking": [entry for _, entry in ranks],
        }

    # ---- What it comes to

    def result(
        self, config: TopObstaclesConfig, entries: Sequence[EntryView], figures: Figures
    ) -> ObstaclesResult:
        texts = together.words(entries)
        ranked = ranking.ranked(list(texts), figures.counts)
        return ObstaclesResult(
            answered=figures.answered,
            obstacles=len(texts),
            ranked=[
                RankedObstacle(
                    id=each.entry_id,
                    text=texts[each.entry_id],
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
        return together.with_parts(activity)

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

    def counts_in(self, stage: str | None) -> bool:
        return stage != "own"

    def console_forms(self, activity: ActivityView) -> Sequence[str]:
        if activity.stage != "own":
            return ()
        return [f"own-{activity.id}-{each.ranked.id}" for each in self.five(activity)]

    # ---- For its templates

    standing = staticmethod(together.standing)
    merged = staticmethod(together.merged)
    others = staticmethod(together.others)
    to_merge = staticmethod(together.to_merge)
    alike = staticmethod(together.alike)
    order = staticmethod(obstacles.order)
    five = staticmethod(obstacles.five)
    offered = staticmethod(obstacles.offered)
    due_by = staticmethod(obstacles.due_by)

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

    def _with_parts(self, activity: ActivityView, wanted: set[str]) -> list[EntryView]:
        """Whoever owned one before it was merged owns the whole; its words are shown where it
        was neither hidden nor taken back."""
        root_of = merging.roots(activity.entries)
        parts = [e for e in activity.entries if root_of.get(e.id) in wanted]
        return [
            *(e for e in self.standing(activity) if e.id in wanted),
            *(e if e.state == EntryState.VISIBLE else replace(e, text="") for e in parts),
        ]


def _ranking(state: BallotState, ranked: list[str]) -> Change:
    if len(ranked) > ranking.PLACES:
        raise Refused(mark("Choose %(at_most)s at most."), at_most=ranking.PLACES)
    if any(entry not in state.known for entry in ranked):
        raise Refused(mark("One of these is no longer on the list. Choose again."))
    return Change(marks=[(entry, place) for place, entry in enumerate(ranked, 1)], lane=RANK)
