"""Minutes (F1): a room's records as sections, what taking them anew changes, and the 24 hours."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

from app.models.minutes import MOST_LINES, LineStatus, MinutesLine, Section
from app.rules.frames import MINUTES_WITHIN_HOURS
from app.rules.questions import Question, QuestionState, ordered
from app.rules.status import shown_status

WITHIN = timedelta(hours=MINUTES_WITHIN_HOURS[1])
SOON = timedelta(hours=4)
REMIND_BEFORE = (timedelta(hours=12), timedelta(hours=3))
OWN = "own"
# What of a line may be worded anew: attendees' words and measured figures stand as they are.
WORDED: dict[str, tuple[str, ...]] = {
    Section.DECISIONS: ("text", "detail"),
    Section.OBSTACLES: ("detail",),
    Section.RESULTS: ("detail",),
    Section.ANSWERS: ("detail",),
    Section.ACTIONS: ("text", "detail"),
}
OWN_FIELDS = ("text", "detail", "owner", "due")


# ---- What the day left behind


@dataclass(frozen=True)
class BlockFact:
    """A block that the room was in; times of day where it was."""

    id: str
    title: str
    began: str
    ended: str


@dataclass(frozen=True)
class DecisionFact:
    id: str
    title: str
    grounds: str = ""
    owner: str = ""
    due: date | None = None
    criteria: str = ""
    consequence: str = ""
    voted: str = ""


@dataclass(frozen=True)
class ActionFact:
    id: str
    title: str
    owner: str = ""
    due: date | None = None
    stated: str | None = None
    stated_on: date | None = None
    state: str = "open"


@dataclass(frozen=True)
class ObstacleFact:
    """One of the room's five; `action` is what has become of it."""

    text: str
    place: int
    action: ActionFact | None = None


@dataclass(frozen=True)
class ResultFact:
    """What an activity's hall was shown, as blocks by language."""

    id: str
    title: str
    said: Mapping[str, list[dict[str, object]]]


@dataclass(frozen=True)
class Facts:
    """All of it; `today` is the day where the kickoff is. `phones` were in the room, with `people`
    at them; `teams` are names and how many of the people."""

    today: date
    purpose: str = ""
    blocks: Sequence[BlockFact] = ()
    phones: int = 0
    people: int = 0
    teams: Sequence[tuple[str, str, int]] = ()
    decisions: Sequence[DecisionFact] = ()
    obstacles: Sequence[ObstacleFact] = ()
    results: Sequence[ResultFact] = ()
    questions: Sequence[Question] = ()
    actions: Sequence[ActionFact] = ()


@dataclass(frozen=True)
class Draft:
    """A section as it is drafted."""

    text: str
    lines: tuple[MinutesLine, ...]


def drafted(facts: Facts) -> dict[Section, Draft]:
    """Every section, also where there is nothing to say."""
    actions = sorted(facts.actions, key=_by_due)
    lines: dict[Section, Iterable[MinutesLine]] = {
        Section.DAY: map(_block, facts.blocks),
        Section.ATTENDANCE: _attendance(facts),
        Section.DECISIONS: map(_decision, facts.decisions),
        Section.OBSTACLES: _apart(_obstacle(one, facts.today) for one in facts.obstacles),
        Section.RESULTS: (
            MinutesLine(key=one.id, text=one.title, said=dict(one.said)) for one in facts.results
        ),
        Section.ANSWERS: _apart(map(_question, _written(facts.questions))),
        Section.ACTIONS: (_action(one, facts.today) for one in actions),
        Section.OPEN_QUESTIONS: _apart(map(_question, _open(facts.questions))),
    }
    return {
        code: Draft(facts.purpose if code is Section.DAY else "", tuple(found)[:MOST_LINES])
        for code, found in lines.items()
    }


def _key(text: str) -> str:
    """Of what attendees wrote: by its words. The ids of an anonymous activity are changed after it
    is closed, and what was written down before must not tell which was which (docs/decisions/0005).
    """
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _apart(lines: Iterable[MinutesLine]) -> Iterable[MinutesLine]:
    """Those that say the same have a key each."""
    seen = Counter[str]()
    for line in lines:
        seen[line.key] += 1
        again = seen[line.key]
        key = line.key if again == 1 else f"{line.key}-{again}"
        yield line.model_copy(update={"key": key})


def _block(one: BlockFact) -> MinutesLine:
    return MinutesLine(key=one.id, text=one.title, detail=f"{one.began}–{one.ended}")


def _attendance(facts: Facts) -> Iterable[MinutesLine]:
    """Numbers alone: who it was stands nowhere in the minutes."""
    yield MinutesLine(key="people", sort="people", number=facts.people)
    if facts.phones != facts.people:
        yield MinutesLine(key="phones", sort="phones", number=facts.phones)
    for id, name, count in facts.teams:
        yield MinutesLine(key=id, sort="team", text=name, number=count)


def _decision(one: DecisionFact) -> MinutesLine:
    return MinutesLine(
        key=one.id,
        text=one.title,
        detail=one.grounds,
        criteria=one.criteria,
        consequence=one.consequence,
        voted=one.voted,
        owner=one.owner,
        due=one.due,
    )


def _obstacle(one: ObstacleFact, today: date) -> MinutesLine:
    key = _key(one.text)
    told = _action(one.action, today) if one.action else MinutesLine(key=key)
    return told.model_copy(update={"key": key, "text": one.text, "number": one.place})


def _action(one: ActionFact, today: date) -> MinutesLine:
    shown = shown_status(
        stated=one.stated, stated_on=one.stated_on, due=one.due, today=today, state=one.state
    )
    return MinutesLine(
        key=one.id,
        text=one.title,
        owner=one.owner,
        due=one.due,
        status=cast(LineStatus, shown.status),
        reasons=list(shown.reasons),
    )


def _by_due(one: ActionFact) -> tuple[bool, date, str, str]:
    return one.due is None, one.due or date.max, one.title.casefold(), one.id


def _question(one: Question) -> MinutesLine:
    """Without who asked it: also where the asking was named."""
    return MinutesLine(
        key=_key(one.text),
        text=one.text,
        detail=one.answer if one.state == QuestionState.ANSWERED else "",
        owner=one.by,
        sort=one.state,
        number=one.votes + one.table_votes,
    )


def _written(questions: Iterable[Question]) -> list[Question]:
    """What is answered, and then what will be."""
    shown = [one for one in ordered(questions) if one.is_shown]
    answered = [one for one in shown if one.state == QuestionState.ANSWERED]
    return answered + [one for one in shown if one.state == QuestionState.BACKLOG]


def _open(questions: Iterable[Question]) -> list[Question]:
    return [q for q in ordered(questions) if q.is_shown and q.state == QuestionState.OPEN]


# ---- The records taken anew, and what differs


def as_worded(code: str, held: MinutesLine | None, sent: MinutesLine) -> MinutesLine:
    """A line as an editor says it, by form or by program: the words that are theirs to choose, and
    whether it is left out. `held` is None for one that they add."""
    held = held or MinutesLine(key=sent.key)
    names = OWN_FIELDS if sent.key.startswith(OWN) else WORDED.get(code, ())
    said = {name: getattr(sent, name) for name in names}
    is_worded = any(getattr(held, name) != value for name, value in said.items())
    edited = held.edited or (is_worded and not sent.key.startswith(OWN))
    return held.model_copy(update={**said, "edited": edited, "left_out": sent.left_out})


def taken_anew(
    current: Sequence[MinutesLine], fresh: Sequence[MinutesLine]
) -> tuple[MinutesLine, ...]:
    """The records as they are now. What an editor did stands: words of their own, lines of their
    own at the end, and what was left out."""
    held = {line.key: line for line in current}
    taken = [_with_edits(line, held.get(line.key)) for line in fresh]
    own = [line for line in current if line.key.startswith(OWN)]
    return (*taken[: MOST_LINES - len(own)], *own)


def _with_edits(fresh: MinutesLine, held: MinutesLine | None) -> MinutesLine:
    if held is None:
        return fresh
    kept: dict[str, object] = {"left_out": held.left_out}
    if held.edited:
        kept |= {"text": held.text, "detail": held.detail, "edited": True}
    return fresh.model_copy(update=kept)


@dataclass(frozen=True)
class Compared:
    """A line before and after: one of them is None where it is new, or gone."""

    before: MinutesLine | None
    after: MinutesLine | None

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def compared(before: Sequence[MinutesLine], after: Sequence[MinutesLine]) -> tuple[Compared, ...]:
    """Line by line in the order of what comes after; what is gone stands at the end."""
    old = {line.key: line for line in before}
    new = {line.key for line in after}
    gone = [Compared(line, None) for line in before if line.key not in new]
    return (*(Compared(old.get(line.key), line) for line in after), *gone)


# ---- The 24 hours


class Pace(StrEnum):
    """How the minutes stand to their deadline."""

    RUNNING = "running"
    SOON = "soon"
    LATE = "late"  # and not published yet
    IN_TIME = "in_time"
    AFTERWARDS = "afterwards"  # published, but late


@dataclass(frozen=True)
class Countdown:
    """`left` is what is left until `due_at`, or how late it is, or was published."""

    due_at: datetime
    left: timedelta
    pace: Pace


def countdown(ended_at: datetime, published_at: datetime | None, now: datetime) -> Countdown:
    """`published_at` is when they were first published."""
    due_at = ended_at + WITHIN
    left = due_at - (published_at or now)
    if published_at is not None:
        pace = Pace.IN_TIME if left >= timedelta(0) else Pace.AFTERWARDS
    elif left < timedelta(0):
        pace = Pace.LATE
    else:
        pace = Pace.SOON if left <= SOON else Pace.RUNNING
    return Countdown(due_at, abs(left), pace)


def reminder_due(ended_at: datetime, published_at: datetime | None, now: datetime) -> int | None:
    """Of how many hours before the deadline the reminder is due now: the latest whose time has
    come. None before the first, once they are published, and when it is too late for one."""
    left = ended_at + WITHIN - now
    if published_at is not None or left <= timedelta(0):
        return None
    passed = [before for before in REMIND_BEFORE if left <= before]
    return int(min(passed) / timedelta(hours=1)) if passed else None
