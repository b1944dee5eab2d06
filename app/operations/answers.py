"""What becomes of a question, in the room and afterwards in writing.

It is kept with the question's entry (`data`): so it goes where the entry goes, also when the ids of
an anonymous activity are changed.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from pydantic import ConfigDict, Field
from sqlmodel import Session, col, select

from app import clock
from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext, mark
from app.models.activities import Activity, Entry, EntryState
from app.models.faults import validated
from app.models.fields import Fields, Id, Line, Prose
from app.models.people import Person, people_of
from app.operations.activities import lock_activity
from app.operations.rooms import lock_rooms, plan_changed
from app.rules import merges
from app.rules.questions import Question, QuestionState


class AnswerFields(Fields):
    """What is written of a question after the room. `state` is `dismissed` where it is not taken
    up, `backlog` where the answer is still being worked on: it is not published before it is
    `answered`."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel's is wider

    state: QuestionState = QuestionState.OPEN
    answer: Prose = ""
    by_id: Annotated[Id | None, Field(description="a person of the kickoff who answers it")] = None
    by: Annotated[Line, Field(description="who answers it, where that is nobody on the list")] = ""
    reason: Annotated[Line, Field(description="why it is not taken up")] = ""


def note(entry: Entry, **told: Any) -> None:
    """Keep this of a question; None is taken away."""
    held = {**(entry.data or {}), **told}
    entry.data = {name: value for name, value in held.items() if value is not None}


def named(session: Session, kickoff_id: str, person_id: str | None, by: str) -> dict[str, Any]:
    """Who answers, as it is kept: a person of the plan with the name as it is now, or a name. A
    name that is on the people list is that person's."""
    person = session.get(Person, person_id) if person_id else _called(session, kickoff_id, by)
    if person is not None and person.kickoff_id == kickoff_id:
        return {"by": person.name, "by_id": person.id}
    if person_id and not by:  # who is no longer on the list keeps the name
        raise NotFound(mark("There is no such person in this kickoff."))
    return {"by": by or None, "by_id": None}


def _called(session: Session, kickoff_id: str, name: str) -> Person | None:
    wanted = name.casefold()
    people = session.scalars(people_of(kickoff_id)) if wanted else ()
    return next((person for person in people if person.name.casefold() == wanted), None)


def question_entry(session: Session, kickoff_id: str, activity_id: str, entry_id: str) -> Entry:
    """The entry that stands for this question, locked with its activity and the rooms; NotFound for
    what is none of the kickoff's."""
    its_kickoff = select(Activity.kickoff_id).where(col(Activity.id) == activity_id)
    if session.scalars(its_kickoff).first() != kickoff_id:
        raise NotFound
    lock_activity(session, activity_id)  # whose entries have other ids after its scrubbing
    lock_rooms(session, kickoff_id)
    merged = select(Entry.id, Entry.merged_into).where(
        col(Entry.activity_id) == activity_id, col(Entry.merged_into).is_not(None)
    )
    into = {row[0]: row[1] for row in session.execute(merged)}
    root = merges.roots(into).get(entry_id, entry_id)
    wanted = select(Entry).where(col(Entry.activity_id) == activity_id, col(Entry.id) == root)
    entry = session.scalars(wanted.with_for_update()).first()
    if entry is None:
        raise NotFound
    return entry


def write_answer(
    session: Session, kickoff_id: str, entry: Entry, changes: Mapping[str, Any]
) -> None:
    """Change what is said of a question; the rooms are told."""
    held = entry.data or {}
    before = {name: held[name] for name in AnswerFields.model_fields if held.get(name) is not None}
    for one, other in (("by", "by_id"), ("by_id", "by")):
        if changes.get(one) and other not in changes:
            before.pop(other, None)  # somebody else
    checked = validated(AnswerFields, {**before, **changes})
    if checked.state == QuestionState.ANSWERED and not (
        checked.answer or checked.by or checked.by_id
    ):
        fault = Fault("/answer", gettext("Write the answer, or who gave it in the room."))
        raise Invalid(faults=[fault])
    answered = checked.state == QuestionState.ANSWERED
    note(
        entry,
        state=None if checked.state == QuestionState.OPEN else checked.state.value,
        answer=checked.answer or None,
        reason=checked.reason or None,
        answered_at=(held.get("answered_at") or clock.now_ms()) if answered else None,
        pinned=held.get("pinned") if checked.state == QuestionState.OPEN else None,
        seen=True,
        **named(session, kickoff_id, checked.by_id, checked.by),
    )
    session.add(entry)
    session.flush()
    plan_changed(session, kickoff_id)


def set_shown(session: Session, kickoff_id: str, entry: Entry, *, shown: bool) -> None:
    """Approve or show again; or hide."""
    if entry.state == EntryState.WITHDRAWN:
        raise Conflict(mark("Its writer has taken it back."))
    entry.state = EntryState.VISIBLE if shown else EntryState.HIDDEN
    session.add(entry)
    session.flush()
    plan_changed(session, kickoff_id)


def version_of(question: Question) -> str:
    """Another one whenever what is said of the question is another."""
    told = [
        question.text, question.standing, question.state, question.by, question.by_id,
        question.answer, question.reason, sorted(question.others), question.answered_at,
    ]  # fmt: skip
    return hashlib.blake2b(orjson.dumps(told), digest_size=8).hexdigest()
