"""What a decision card comes to (L9) as views and moves find it, and its entry in the decision log.
What attendees may send, and who sees what, is the kind's: `activities/decision_card`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from app.errors import Conflict, Fault, Invalid
from app.i18n import gettext, mark, ngettext
from app.live import together
from app.live.activity import BaseResult, EntryView, OneActivity, Said
from app.live.commands import Move
from app.live.snapshot import ActivityView
from app.models.activities import Activity, ActivityStatus, EntryState
from app.models.decisions import Decision
from app.models.fields import Id, Line
from app.models.text import LINE_MAX
from app.operations import people, records
from app.operations.entities import DECISIONS
from app.rules import decision_card as rules
from app.rules.decision_card import SETTLED, Consent, Outcome, Vote

# What a mark's value says: an answer, or from the first option on which of them.
VALUES = {"support": 1, "live_with": 2, "object": 3}
FIRST_OPTION = 101
MOST_REASONS = 200  # that views and programs are shown
MOST_ROUNDS = 20


class DecidedBy(StrEnum):
    CONSENT = "consent"
    VOTE = "vote"


class DecisionCardResult(BaseResult):
    """By consent how many support it, can live with it and object; by vote the votes of each
    option, in the card's order."""

    support: int = 0
    live_with: int = 0
    objections: int = 0
    votes: list[int] = Field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """How a card stands, of phones and tables together: an objection stands wherever it comes from.
    `by` is one of the rule's two figures."""

    by: Consent | Vote

    @property
    def outcome(self) -> Outcome:
        return self.by.outcome

    @property
    def is_settled(self) -> bool:
        return self.outcome in SETTLED

    @property
    def foremost(self) -> tuple[int, ...]:
        return self.by.foremost if isinstance(self.by, Vote) else ()


@dataclass(frozen=True)
class Row:
    """One thing to answer: an answer of consent by its key, an option by its number and `text`.
    `count` of phones and `at_tables` are apart; `before` is the round before."""

    key: str
    text: str
    count: int | None = None
    at_tables: int | None = None
    before: int | None = None


class Decide(OneActivity):
    """`text` is the decision in one sentence: left out, it is the proposal, with what was chosen.
    `option`, from 1, says which where several have as many votes. `despite` objections is for who
    may decide alone."""

    text: Line = ""
    option: Annotated[int | None, Said] = None
    owner_id: Annotated[Id | None, Said] = None
    owner_name: Line = ""
    due: Annotated[date | None, Said] = None
    despite: bool = False


def standing(activity: ActivityView) -> Standing | None:
    """None where the figures may not be told to whoever sees this view."""
    told = [one for one in (activity.result, activity.tables) if one is not None]
    figures = [one for one in told if isinstance(one, DecisionCardResult)]
    if not figures:
        return None
    if _is_vote(activity):
        return Standing(rules.together([Vote(tuple(one.votes)) for one in figures]))
    return Standing(
        rules.all_of([Consent(one.support, one.live_with, one.objections) for one in figures])
    )


def reasons(activity: ActivityView) -> list[EntryView]:
    """Why some object, by id, which is random: the order says nothing of when or by whom."""
    there = (e for e in activity.entries if e.text and e.state == EntryState.VISIBLE)
    return sorted(there, key=lambda one: one.id)[:MOST_REASONS]


def rows(activity: ActivityView) -> list[Row]:
    """What can be answered, with its figures where they may be told."""
    counted, at_tables = _counts(activity, activity.result), _counts(activity, activity.tables)
    earlier = _before(activity)
    return [
        Row(
            key=key,
            text=text,
            count=counted[at] if counted else None,
            at_tables=at_tables[at] if at_tables else None,
            before=earlier.get(text or key),
        )
        for at, (key, text) in enumerate(_asked(activity))
    ]


def _asked(activity: ActivityView) -> list[tuple[str, str]]:
    """Keys as attendees send them, and the words of options."""
    config: Any = activity.config
    if _is_vote(activity):
        return [(str(number), text) for number, text in enumerate(config.options, 1)]
    return [(key, "") for key in VALUES]


def _counts(activity: ActivityView, result: BaseResult | None) -> list[int]:
    if not isinstance(result, DecisionCardResult):
        return []
    if _is_vote(activity):
        return result.votes
    return [result.support, result.live_with, result.objections]


def _before(activity: ActivityView) -> dict[str, int]:
    """The figures of the round before, by answer: an option is known by its words."""
    earlier = activity.previous
    if earlier is None or _is_vote(earlier) != _is_vote(activity):
        return {}
    told = _counts(earlier, earlier.result)
    return {t or k: count for (k, t), count in zip(_asked(earlier), told, strict=False)}


def decide(move: Move, data: Decide) -> dict[str, Any]:
    """The outcome in the decision log, once: what was decided, what it was weighed by, how the room
    voted, and who sees to it."""
    activity = move.activity(data.activity)
    if activity.status in (ActivityStatus.DRAFT, ActivityStatus.OPEN):
        raise Conflict(mark("Close it first: somebody may still answer."))
    view = together.view_of(move, activity.id)
    if view.kept_as:
        raise Conflict(mark("It is in the decision log already."))
    found = standing(view)
    if found is None or view.too_few or found.outcome is Outcome.NOBODY:
        raise Conflict(mark("Too few have answered to decide by it."))
    if found.outcome is Outcome.OBJECTED and not data.despite:
        raise Conflict(mark("Objections stand: put the proposal in other words, and ask again."))
    chosen = _chosen(view, found, data)
    owner_id = people.meant(
        move.session, move.room.kickoff_id, person_id=data.owner_id, name=data.owner_name
    )
    config: Any = view.config
    made = records.create(
        move.session,
        DECISIONS,
        move.room.kickoff_id,
        {
            "title": data.text or _called(activity.title, config.options, chosen),
            "text": _set_aside(config.options, found, chosen),
            "criteria": config.criteria,
            "consequence": config.consequence,
            "voted": "\n".join(_voted(move, activity)),
            "owner_id": owner_id,
            "due": data.due,
            "source_activity_id": activity.id,
        },
    )
    assert isinstance(made, Decision)
    made.source_room_id = move.room.id
    move.keep_made(DECISIONS, made)
    move.event_data |= {"made": made.id, "title": made.title}
    return {"decision": made.id}


def _is_vote(activity: ActivityView) -> bool:
    config: Any = activity.config
    return bool(config.decided_by is DecidedBy.VOTE)


def _chosen(view: ActivityView, found: Standing, data: Decide) -> int | None:
    """The place of the option that was chosen; None by consent."""
    if not _is_vote(view):
        return None
    if data.option is not None:
        if data.option - 1 not in found.foremost:
            fault = gettext("Choose one of those with most votes.")
            raise Invalid(faults=[Fault("/option", fault)])
        return data.option - 1
    if len(found.foremost) != 1:
        raise Conflict(mark("Several have as many votes: say which of them it is."))
    return found.foremost[0]


def _called(title: str, options: Sequence[str], chosen: int | None) -> str:
    return title[:LINE_MAX] if chosen is None else rules.called(title, options[chosen], LINE_MAX)


def _set_aside(options: Sequence[str], found: Standing, chosen: int | None) -> str:
    """The grounds, as far as the card knows them: what else there was to choose."""
    if isinstance(found.by, Vote):
        others = [at for at in range(len(options)) if at != chosen]
        told = ", ".join(f"{options[at]} ({found.by.counts[at]})" for at in others)
    else:
        told = ", ".join(options)
    if not told:
        return ""
    said = (
        gettext("Set aside: %(options)s")
        if chosen is not None
        else gettext("Options that were looked at: %(options)s")
    )
    return said % {"options": told}


def _voted(move: Move, activity: Activity) -> Iterator[str]:
    """The figures of each round, the last first. Of a round that too few have answered there are
    none to tell."""
    row: Activity | None = activity
    several = activity.previous_id is not None
    for _ in range(MOST_ROUNDS):
        if row is None:
            return
        view = together.view_of(move, row.id)
        found = None if view.too_few else standing(view)
        told = in_words(found, view) if found else gettext("Too few answered for figures.")
        round_ = gettext("Round %(number)s") % {"number": row.round}
        yield f"{round_}: {told}" if several else told
        row = move.session.get(Activity, row.previous_id) if row.previous_id else None


def in_words(found: Standing, activity: ActivityView) -> str:
    """The figures in one line."""
    config: Any = activity.config
    if isinstance(found.by, Vote):
        pairs = zip(config.options, found.by.counts, strict=True)
        return ", ".join(f"{option}: {count}" for option, count in pairs)
    consent = found.by
    return ", ".join(
        said % {"num": number}
        for said, number in (
            (
                ngettext("%(num)s supports it", "%(num)s support it", consent.support),
                consent.support,
            ),
            (
                ngettext("%(num)s can live with it", "%(num)s can live with it", consent.live_with),
                consent.live_with,
            ),
            (ngettext("%(num)s objects", "%(num)s object", consent.objections), consent.objections),
        )
    )
