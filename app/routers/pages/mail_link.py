"""The link in each mail by which its reader stops these, or takes that back, without sign-in."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData

from app.models.webhooks import MailStopped
from app.notify.wording import STOP
from app.operations import mailing
from app.operations.signed_links import Link, person_of
from app.routers.forms import text_of
from app.routers.linked import Purpose, register

STOP_MAIL, AGAIN = STOP, "again"


def _show(session: Session, link: Link, _query: Mapping[str, str]) -> Mapping[str, Any]:
    person, kickoff = person_of(session, link)
    is_stopped = session.get(MailStopped, person.id) is not None
    return {"kickoff": kickoff, "person": person, "is_stopped": is_stopped}


def _act(session: Session, link: Link, form: FormData) -> Mapping[str, str]:
    person, _ = person_of(session, link)
    if text_of(form, "wish") == AGAIN:
        mailing.want_mail_again(session, person.id)
        return {"said": AGAIN}
    mailing.stop_mail(session, person.id)
    return {"said": "stopped"}


register(Purpose(STOP_MAIL, "links/stop_mail.html", _show, _act))
