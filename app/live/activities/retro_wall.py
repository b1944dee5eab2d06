"""The wall of a retrospective (F7): everybody writes notes under three columns, in silence; then
everybody gives a few votes, and the room sees what weighs most. Kept, it is a retrospective of the
plan, which goes on with why and with what is done about it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import Field

from app.access import Permission
from app.errors import ActivityClosed
from app.i18n import mark
from app.live import noted, together, writing
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
from app.live.noted import DONE, RetroWallResult, WallNote
from app.live.ready import Ready, Use
from app.live.snapshot import ActivityView, OwnView
from app.live.writing import WritingSubmission
from app.models.activities import ActivityStatus
from app.models.retrospectives import RETRO_COLUMNS, RetroColumn
from app.rehearsal.phrases import NOTES
from app.rules import retro_wall as wall
from app.rules.obstacles import in_an_order_of_its_own
from app.rules.retro_wall import Note
from app.rules.tally import Figures

WRITE, VOTE = "write", "vote"
MOST_LISTED = 600  # of notes on a phone's list and in a result
VOTED = 1
VOTES = "votes"  # the lane of the votes


class RetroWallConfig(BaseConfig):
    most_each: int = Field(default=10, ge=1, le=30)
    votes_each: int = Field(default=3, ge=1, le=20)


class NoteSubmission(WritingSubmission):
    """What is written, with its `column`, or `votes`: all of them, each time."""

    column: RetroColumn | None = None
    votes: list[Annotated[str, Field(max_length=36)]] | None = Field(default=None, max_length=200)


class RetroWall(Activity):
    kind = "retro_wall"
    name = mark("Retrospective")
    icon = "history"
    Config, Submission, Result = RetroWallConfig, NoteSubmission, RetroWallResult
    ready = (
        Ready(Use.LEARN, mark("Retrospective"), mark("What have we learnt?"), "history"),
        Ready(
            Use.LEARN,
            mark("After the block"),
            mark("What worked here, and what did not?"),
            "history",
        ),
    )
    stages = (WRITE, VOTE, DONE)
    moderated = True
    shared_writing = True
    merges = True
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "keep": CommandCall(noted.keep, Permission.FACILITATE, OneActivity, premise=False),
        "merge_alike": CommandCall(
            together.merge_alike, Permission.FACILITATE, OneActivity, premise=False, undoable=True
        ),
    }

    # ---- What attendees send

    def lane_counted(self, stage: str | None) -> str | None:
        return None if stage in (None, WRITE) else VOTES

    def writes(self, submission: NoteSubmission) -> bool:
        return submission.written

    def refers(self, submission: NoteSubmission) -> Sequence[str]:
        return () if submission.written else submission.votes or ()

    def accept(
        self, config: RetroWallConfig, state: BallotState, submission: NoteSubmission
    ) -> Change:
        if state.stage != (WRITE if submission.written else VOTE):
            raise ActivityClosed
        if not submission.written:
            return _voting(config, state, list(dict.fromkeys(submission.votes or ())))
        taken_back = submission.withdraw or submission.restore
        if submission.column is None and not taken_back:
            raise Refused(mark("Choose a column first."))
        return writing.judged(
            state, submission, most_each=config.most_each, place=submission.column
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        written = [
            each | {"column": wall.column_of(entries[each["id"]].place)}
            for each in writing.own_of(entries, marks)
        ]
        return {
            "written": sorted(written, key=lambda each: wall.COLUMNS.index(each["column"])),
            "votes": sorted(entry for entry, value in marks if value != WROTE),
        }

    # ---- What it comes to

    def result(
        self, config: RetroWallConfig, entries: Sequence[EntryView], figures: Figures
    ) -> RetroWallResult:
        told = wall.by_weight(
            Note(e.id, wall.column_of(e.place), e.text, figures.counts.get((e.id, VOTED), 0))
            for e in together.standing_of(entries)
        )
        return RetroWallResult(
            answered=figures.answered,
            notes=[
                WallNote(id=n.id, column=RetroColumn(n.column), text=n.text, votes=n.votes)
                for n in told[:MOST_LISTED]
            ],
            more=max(len(told) - MOST_LISTED, 0),
        )

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any] | None:
        if seen.stage == WRITE:
            column = random.choice(wall.COLUMNS)
            return {"text": random.choice(NOTES[column]), "column": column}
        if seen.stage != VOTE or not seen.entries:
            return None
        offered = [entry.id for entry in seen.entries]
        weights = [0.9**place + 0.05 for place in range(len(offered))]
        chosen = dict.fromkeys(random.choices(offered, weights, k=2 * seen.config.votes_each))
        return {"votes": list(chosen)[: seen.config.votes_each]}

    def talks_on(self, stage: str | None) -> float:
        return 0.5 if stage == WRITE else 0.0

    # ---- Who sees what

    def shown_entries(self, activity: ActivityView, *, on_phones: bool) -> Sequence[EntryView]:
        """In silence while they are written, unless the facilitator shows them; to be voted for
        they are on every phone, and on the wall."""
        voting = activity.stage == VOTE and activity.status == ActivityStatus.OPEN
        writing_now = activity.stage == WRITE and activity.status == ActivityStatus.OPEN
        shown = activity.revealed and not (on_phones and writing_now)
        return together.with_parts(activity) if voting or shown else ()

    def shown_in(self, stage: str, *, live: bool) -> bool | None:
        return {WRITE: live, VOTE: live, DONE: True}.get(stage)

    def for_phones(self, activity: ActivityView) -> ActivityView:
        """Nobody is steered by others' votes, and no phone's frame changes with each of them."""
        if activity.status != ActivityStatus.OPEN or activity.stage == DONE:
            return activity
        return replace(activity, result=None, tables=None, answered=0, with_tables=0, written=0)

    def is_filled_in(self, stage: str | None) -> bool:
        return stage != DONE

    def counts_in(self, stage: str | None) -> bool:
        return stage != DONE

    # ---- For its templates

    standing = staticmethod(together.standing)
    merged = staticmethod(together.merged)
    to_merge = staticmethod(together.to_merge)
    alike = staticmethod(together.alike)
    notes = staticmethod(noted.notes_of)
    heaviest = staticmethod(wall.heaviest)
    by_weight = staticmethod(wall.by_weight)
    words: ClassVar[Mapping[str, str]] = dict(RETRO_COLUMNS)

    def columns(self, activity: ActivityView, seed: str = "") -> list[tuple[str, list[Note]]]:
        """The wall: what weighs most first where that is told, once votes are given; `seed`: in an
        order of one attendee's own."""
        over = activity.stage == DONE or activity.status != ActivityStatus.OPEN
        found = wall.in_columns(
            noted.notes_of(activity), by_votes=over and activity.result is not None
        )
        if not seed:
            return found
        return [(column, in_an_order_of_its_own(notes, seed)) for column, notes in found]

    def version(self, activity: ActivityView) -> str:
        """Another one where other notes are to be voted for."""
        told = [(e.id, e.merged_into, e.state, e.text, e.place) for e in activity.entries]
        return hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()

    @staticmethod
    def own_votes(own: OwnView, activity: ActivityView) -> OwnView:
        """Who has written has not voted yet; a vote for what was merged is one for what stands."""
        given = own.data.get("votes") or []
        root_of = {p.id: root for root, parts in together.merged(activity).items() for p in parts}
        votes = [root_of.get(each, each) for each in given]
        return replace(own, data=own.data | {"votes": votes}, saved=bool(votes))


def _voting(config: RetroWallConfig, state: BallotState, votes: list[str]) -> Change:
    if len(votes) > config.votes_each:
        raise Refused(mark("You have %(at_most)s votes."), at_most=config.votes_each)
    if any(entry not in state.known for entry in votes):
        raise Refused(mark("One of these is no longer on the wall. Choose again."))
    return Change(marks=[(entry, VOTED) for entry in votes], lane=VOTES)
