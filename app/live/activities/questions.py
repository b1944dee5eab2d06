"""Questions and answers, open all day beside whatever else is on: asked and voted for on phones,
moderated, pinned to the projector, answered live by somebody or left to be answered in writing.

What has become of a question is in its entry's `data`: `state`, `by`, `pinned` and so on
(app/rules/questions.py); so it keeps its place when the ids of an anonymous activity are changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Annotated, Any, ClassVar

from pydantic import Field
from sqlmodel import col, select

from app.access import Permission
from app.errors import Conflict
from app.i18n import mark
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
    Id,
    Model,
    NewEntry,
    Refused,
    Seen,
)
from app.live.commands import Move
from app.live.entries import OneEntry, standing_for, standing_for_each
from app.live.ready import Ready, Use
from app.live.snapshot import ActivityView
from app.models.activities import Entry, EntryState
from app.models.fields import Line
from app.models.rooms import Screen
from app.models.text import clean_line, clean_text
from app.operations.answers import named, note
from app.operations.explained import faq_of
from app.rehearsal.phrases import QUESTIONS
from app.rules import questions
from app.rules.faq import Explained, fitting
from app.rules.questions import MOST_LETTERS, MOST_OF_ANSWER, Question, QuestionState
from app.rules.similarity import MOST_COMPARED, Pair, suggested_pairs
from app.rules.tally import Figures

MOST_SHOWN = 300
MOST_SUGGESTED = 3  # at a time
VOTED = 1
Named = Annotated[str, Field(max_length=64)]  # an entry's id, or that of what made it


class QuestionsConfig(BaseConfig):
    approval: bool = False
    most_each: int = Field(default=20, ge=1, le=100)


class QuestionsSubmission(Model):
    """One of these: a question's text, or the id of an entry and what is done with it."""

    # As long as a message can be: what is too long is refused with a reason.
    text: str = Field(default="", max_length=16_384)
    vote: Id = ""
    unvote: Id = ""
    withdraw: Named = ""
    restore: Named = ""


class QuestionItem(Model):
    id: str
    votes: int
    state: QuestionState
    by: str = ""
    pinned: bool = False


class QuestionsResult(BaseResult):
    """`questions` are those that are shown, most votes first."""

    questions: list[QuestionItem]
    more: int = 0  # beyond what is shown


class OneOrNone(Model):
    activity: str = Field(max_length=36)
    entry: str | None = Field(default=None, max_length=36)


class Seeing(Model):
    activity: str = Field(max_length=36)
    entries: list[Id] = Field(max_length=1000)


class Answered(OneEntry):
    """Who answers, a person of the plan or a name; and the answer in writing, where there is one
    already: as text, or the one that the plan's FAQ has."""

    person: Id = ""
    by: Line = ""
    text: str = Field(default="", max_length=MOST_OF_ANSWER)
    faq: Id = ""


class Dismissed(OneEntry):
    reason: Line = ""


DECIDED = ("state", "reason", "answered_at", "by", "by_id", "pinned", "seen")

# -- what a facilitator makes of a question -------------------------------------------------------


def pin(move: Move, data: OneOrNone) -> None:
    """This question large on the projector; None takes it down again, and the list is shown."""
    activity = move.activity(data.activity)
    chosen = standing_for(move, activity.id, data.entry) if data.entry else None
    if chosen is not None and chosen.state != EntryState.VISIBLE:
        raise Conflict(mark("Approve it first: it is not shown to anybody yet."))
    kept = select(Entry.id, Entry.data).where(col(Entry.activity_id) == activity.id)
    pinned = [
        entry_id for entry_id, held in move.session.execute(kept) if (held or {}).get("pinned")
    ]
    before = [move.entry(activity.id, entry_id) for entry_id in pinned]
    # Those members alone: what is answered meanwhile stays when this is taken back.
    for entry in [*before, *([chosen] if chosen and chosen not in before else [])]:
        move.keep_members(entry, ["pinned", *(["seen"] if entry is chosen else [])])
    for entry in before:
        note(entry, pinned=None)
    if chosen is not None:
        note(chosen, pinned=True, seen=True)
        activity.revealed = True
        move.room.stage_activity_id = activity.id
        move.room.screen = Screen.SHOW
        move.event_data["text"] = chosen.text
    activity.has_changed()


def assign(move: Move, data: Answered) -> None:
    """Who answers it, while it is still to be answered; and what has been written of it."""
    entry = _decided(move, data)
    note(entry, seen=True, **_named(move, data), **_in_writing(move, data))


def answer(move: Move, data: Answered) -> None:
    """It has been answered, live; also in writing, where `text` is given."""
    entry = _decided(move, data)
    by = _named(move, data) if data.person or data.by else {}
    told = {"state": QuestionState.ANSWERED.value, "answered_at": move.now_ms, **by}
    note(entry, seen=True, pinned=None, reason=None, **told, **_in_writing(move, data))
    move.event_data["text"] = entry.text


def _in_writing(move: Move, data: Answered) -> dict[str, Any]:
    text = clean_text(data.text)
    if data.faq:
        there = {one.id: one.answer for one in faq_of(move.session, move.room.kickoff_id)}
        if data.faq not in there:
            raise Conflict(mark("That answer is not in the FAQ any more."))
        text = there[data.faq]
    return {"answer": text} if text else {}


def dismiss(move: Move, data: Dismissed) -> None:
    entry = _decided(move, data)
    state = QuestionState.DISMISSED.value
    note(entry, state=state, reason=data.reason or None, seen=True, pinned=None)
    move.event_data["text"] = entry.text


def leave(move: Move, data: OneEntry) -> None:
    """Left in the digital backlog: to be answered in writing."""
    entry = _decided(move, data)
    note(entry, state=QuestionState.BACKLOG.value, reason=None, seen=True, pinned=None)
    move.event_data["text"] = entry.text


def reopen(move: Move, data: OneEntry) -> None:
    """As if nothing had been decided about it: what was written as an answer is kept."""
    note(_decided(move, data), state=None, reason=None, answered_at=None)


def note_seen(move: Move, data: Seeing) -> None:
    for entry in standing_for_each(move, data.activity, data.entries):
        note(entry, seen=True)


def _decided(move: Move, data: OneEntry) -> Entry:
    """The question that is decided about. Undo puts back what was decided before, and keeps what
    has been written as an answer: it took longer than the push."""
    entry = standing_for(move, data.activity, data.entry)
    move.keep_members(entry, DECIDED)
    return entry


def _named(move: Move, data: Answered) -> dict[str, Any]:
    return named(move.session, move.room.kickoff_id, data.person, data.by)


FACILITATE = Permission.FACILITATE


class Questions(Activity):
    kind = "questions"
    name = mark("Questions and answers")
    icon = "messages-square"
    Config, Submission, Result = QuestionsConfig, QuestionsSubmission, QuestionsResult
    ready = (
        Ready(
            Use.COLLECT,
            mark("Questions all day"),
            mark("Questions and answers"),
            "messages-square",
            asks=False,
        ),
    )
    moderated = True
    shared_writing = True
    merges = True
    aside = True
    outlives_day = True
    takes_questions = True
    parts = ("phone",)
    commands: ClassVar[Mapping[str, CommandCall]] = {
        "pin": CommandCall(pin, FACILITATE, OneOrNone, undoable=True),
        "assign": CommandCall(assign, FACILITATE, Answered, premise=False, undoable=True),
        "answered": CommandCall(answer, FACILITATE, Answered, premise=False, undoable=True),
        "dismiss": CommandCall(dismiss, FACILITATE, Dismissed, premise=False, undoable=True),
        "backlog": CommandCall(leave, FACILITATE, OneEntry, premise=False, undoable=True),
        "reopen": CommandCall(reopen, FACILITATE, OneEntry, premise=False, undoable=True),
        "seen": CommandCall(note_seen, FACILITATE, Seeing, premise=False, leaves_undo=True),
    }

    def lane_counted(self, stage: str | None) -> str | None:
        return None

    def writes(self, submission: QuestionsSubmission) -> bool:
        return not (submission.vote or submission.unvote)

    def refers(self, submission: QuestionsSubmission) -> Sequence[str]:
        voted = submission.vote or submission.unvote
        return (voted,) if voted else ()

    def accept(
        self, config: QuestionsConfig, state: BallotState, submission: QuestionsSubmission
    ) -> Change:
        if submission.vote:
            return self._vote(state, submission.vote)
        if submission.unvote:
            return self._unvote(state, submission.unvote)
        if named := submission.withdraw or submission.restore:
            return self._take_back(config, state, named, again=not submission.withdraw)
        return self._ask(config, state, submission.text)

    def _vote(self, state: BallotState, entry_id: str) -> Change:
        wanted = state.known.get(entry_id)
        if wanted is None or wanted.state != EntryState.VISIBLE:
            # Of one that waits for approval nothing is told, not even that it is there.
            raise Refused(mark("That question is not there any more."))
        return Change(marks=[(entry_id, VOTED)], lane=f"vote:{entry_id}")

    def _unvote(self, state: BallotState, entry_id: str) -> Change:
        """Also of one that is not shown any more. Of what was never there nothing is kept."""
        wanted = state.known.get(entry_id)
        if wanted is None or wanted.state == EntryState.PENDING:
            raise Refused(mark("That question is not there any more."))
        return Change(lane=f"vote:{entry_id}")

    def _take_back(
        self, config: QuestionsConfig, state: BallotState, named: str, *, again: bool
    ) -> Change:
        """Withdrawn by who asked it; or `again`, asked after all."""
        entry_id = state.own(named)
        if entry_id is None:
            raise Refused(mark("That is not a question of yours."))
        if not again:
            gone = EntryUpdate(entry_id, state=EntryState.WITHDRAWN)
            return Change(lane=entry_id, replaces=False, updates=[gone])
        becomes = state.owned[entry_id]
        if becomes == EntryState.WITHDRAWN and state.written >= config.most_each:
            raise _no_more(config)
        if becomes in (EntryState.WITHDRAWN, EntryState.HIDDEN):
            becomes = _first_state(config)
        # Said also where it seems to stand: another process may be taking it back just now.
        back = EntryUpdate(entry_id, state=becomes)
        return Change(lane=entry_id, replaces=False, updates=[back])

    def _ask(self, config: QuestionsConfig, state: BallotState, said: str) -> Change:
        text = clean_line(said)
        if not text:
            raise Refused(mark("Write your question first."))
        if len(text) > MOST_LETTERS:
            raise Refused(
                mark("Too long: %(given)s characters, at most %(at_most)s fit."),
                given=len(text),
                at_most=MOST_LETTERS,
            )
        if not state.may_write(config.most_each):
            raise _no_more(config)
        entry = NewEntry(state.new_entry(), text, state=_first_state(config), own=True)
        return Change(marks=[(entry.id, WROTE)], entries=[entry], lane=entry.id)

    def result(
        self, config: QuestionsConfig, entries: Sequence[EntryView], figures: Figures
    ) -> QuestionsResult:
        shown = questions.ordered(
            replace(one, votes=figures.counts.get((one.root, VOTED), 0))
            for one in questions.standing(entries)
            if one.is_shown
        )
        return QuestionsResult(
            answered=figures.answered,
            questions=[
                QuestionItem(
                    id=one.id,
                    votes=one.votes,
                    state=QuestionState(one.state),
                    by=one.by,
                    pinned=one.pinned,
                )
                for one in shown[:MOST_SHOWN]
            ],
            more=max(len(shown) - MOST_SHOWN, 0),
        )

    def answer(
        self, entries: Mapping[str, EntryView], marks: Sequence[tuple[str, int]]
    ) -> dict[str, Any]:
        written = [entries[e] for e, value in marks if value == WROTE and e in entries]
        return {
            "written": [_own(entry) for entry in sorted(written, key=lambda one: one.id)],
            "votes": sorted(entry_id for entry_id, value in marks if value == VOTED),
        }

    def listed(self, activity: ActivityView) -> list[Question]:
        """What a view shows of it: its questions with their votes, most voted for first."""
        phones, tables = _votes(activity.result), _votes(activity.tables)
        found = questions.standing(activity.entries)
        return questions.ordered(
            replace(one, votes=phones.get(one.id, 0), table_votes=tables.get(one.id, 0))
            for one in found
        )

    def alike(self, activity: ActivityView) -> Sequence[Pair]:
        """Those that are still to be answered and may ask the same; of very many, those that most
        have voted for."""
        if activity.scrubbed:
            return ()
        asked = [
            (one.root, one.text)
            for one in self.listed(activity)
            if one.is_shown and one.state == QuestionState.OPEN
        ]
        return _pairs(tuple(sorted(asked[:MOST_COMPARED])))

    def explained(self, one: Question, faq: tuple[Explained, ...]) -> Explained | None:
        """What the plan's FAQ answers to a question that nobody has answered yet."""
        if one.answer or one.state not in (QuestionState.OPEN, QuestionState.BACKLOG):
            return None
        return _explained((one.text, *one.others), faq)

    def console_forms(self, activity: ActivityView) -> Sequence[str]:
        shown = [one for one in self.listed(activity) if one.is_shown]
        return [
            f"{what}-{one.root}" for one in shown for what in ("answered", "dismissed", "merged")
        ]

    def shown_entries(self, activity: ActivityView, *, on_phones: bool) -> Sequence[EntryView]:
        if not activity.revealed:
            return ()
        shown = [one for one in self.listed(activity) if one.is_shown][:MOST_SHOWN]
        if on_phones:
            # The order of the votes that are told: else it would tell, and change with, every one.
            shown = questions.ordered(_coarse(one) for one in shown)
        return [EntryView(one.id, one.text, data=_told(one)) for one in shown]

    def for_phones(self, activity: ActivityView) -> ActivityView:
        """A vote is told to all phones when it takes a question a step further, not before: else
        two thousand votes would be two thousand pictures for two thousand phones."""
        return replace(
            activity,
            answered=questions.coarse(activity.answered),
            with_tables=questions.coarse(activity.with_tables),
            table_phones=questions.coarse(activity.table_phones),
            result=_coarse_result(activity.result),
            tables=_coarse_result(activity.tables),
        )

    def imagine(self, seen: Seen, random: Random) -> dict[str, Any] | None:
        if seen.entries and random.random() < 0.8:
            # What stands above is read by more.
            weights = [0.9**place for place in range(len(seen.entries))]
            return {"vote": random.choices(seen.entries, weights)[0].id}
        return {"text": random.choice(QUESTIONS)}

    def talks_on(self, stage: str | None) -> float:
        return 0.6


def _first_state(config: QuestionsConfig) -> EntryState:
    return EntryState.PENDING if config.approval else EntryState.VISIBLE


def _no_more(config: QuestionsConfig) -> Refused:
    return Refused(mark("You have asked %(n)s questions: no more fit."), n=config.most_each)


@lru_cache(maxsize=512)
def _explained(asked: tuple[str, ...], faq: tuple[Explained, ...]) -> Explained | None:
    """Looked for again only where a text is another one."""
    return next(iter(fitting(asked, faq)), None)


@lru_cache(maxsize=8)
def _pairs(asked: tuple[tuple[str, str], ...]) -> Sequence[Pair]:
    """Looked for again only where a text is another one: votes come many a second."""
    return tuple(suggested_pairs(asked, limit=MOST_SUGGESTED))


def _own(entry: EntryView) -> dict[str, Any]:
    """A question as the one who asked it is told of it."""
    told = {"id": entry.id, "text": entry.text, "state": entry.state}
    decided = (entry.data or {}).get("state", QuestionState.OPEN)
    if entry.merged_into:
        told["merged"] = entry.merged_into
    return told if decided == QuestionState.OPEN else told | {"decided": decided}


def _told(one: Question) -> dict[str, Any]:
    """What everybody may know of a question that is shown."""
    told = {"state": one.state, "by": one.by, "pinned": one.pinned, "also": list(one.also)}
    return {name: value for name, value in told.items() if value}


def _votes(result: BaseResult | None) -> dict[str, int]:
    if not isinstance(result, QuestionsResult):
        return {}
    return {item.id: item.votes for item in result.questions}


def _coarse(one: Question) -> Question:
    votes, tables = questions.coarse(one.votes), questions.coarse(one.table_votes)
    return replace(one, votes=votes, table_votes=tables)


def _coarse_result(result: BaseResult | None) -> BaseResult | None:
    if not isinstance(result, QuestionsResult):
        return result
    items = [
        item.model_copy(update={"votes": questions.coarse(item.votes)}) for item in result.questions
    ]
    return result.model_copy(
        update={
            "answered": questions.coarse(result.answered),
            "questions": sorted(items, key=lambda item: (-item.votes, item.id)),
        }
    )
