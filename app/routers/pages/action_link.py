"""The link by which an action's owner says how it goes: two taps on a phone, without signing in."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from app import clock
from app.access import Actor
from app.errors import Fault, Invalid
from app.i18n import gettext, mark
from app.models.action_notes import notes_of
from app.models.actions import Action, ActionState
from app.models.text import PROSE_MAX, clean_text
from app.operations import owner_word
from app.operations.derived import shown_status, shown_window, today_in
from app.operations.signed_links import Link, person_of
from app.routers.forms import text_of
from app.routers.linked import Purpose, register

ACTION_STATUS = "action-status"
LATEST = 5  # of the notes
_SENT = 60
_ASK_FOR_A_WORD = mark("Choose one of the buttons.")


def _show(session: Session, link: Link, _query: Mapping[str, str]) -> Mapping[str, Any]:
    person, kickoff = person_of(session, link)
    action = owner_word.action_of(session, person, link.record_id)
    now = clock.now()
    before = select(Action).where(col(Action.id).in_(action.depends_on_ids))
    waits = session.scalars(before.where(col(Action.kickoff_id) == kickoff.id)).all()
    return {
        "kickoff": kickoff,
        "person": person,
        "action": action,
        "is_open": action.state == ActionState.OPEN,
        "shown": shown_status(action, kickoff, now),
        "window": shown_window(action, kickoff),
        "today": today_in(kickoff, now),
        "waits": [(one, shown_status(one, kickoff, now)) for one in waits],
        "notes": session.scalars(notes_of(action.id).limit(LATEST)).all(),
        "may_take_back": owner_word.may_take_back(action),
    }


def _act(session: Session, link: Link, form: FormData) -> Mapping[str, str]:
    person, _ = person_of(session, link)
    word, text = text_of(form, "word"), _text(form)
    if word not in owner_word.WORDS:
        raise Invalid(faults=[Fault("/word", gettext(_ASK_FOR_A_WORD))])
    if word == owner_word.NOTE and not text:
        raise Invalid(faults=[Fault("/text", gettext("Write the note first."))])
    sent_as = f"{link.record_id}.{text_of(form, 'sent_as')}"[:_SENT]
    owner_word.give(session, person, link.record_id, word, text=text, sent_as=sent_as)
    return {"said": word}


def _text(form: FormData) -> str:
    try:
        text = clean_text(text_of(form, "text"))
    except ValueError:
        text = ""
    if len(text) > PROSE_MAX:
        raise Invalid(faults=[Fault("/text", gettext("This is too long."))])
    return text


def _author(session: Session, link: Link) -> Actor:
    person, _ = person_of(session, link)
    return Actor(id=person.id, name=person.name)


register(Purpose(ACTION_STATUS, "links/action_status.html", _show, _act, _author))
