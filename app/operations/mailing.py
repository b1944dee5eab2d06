"""What a kickoff has said about its notices: hours, language, mail, and who wants none of it."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from app.models.kickoffs import Kickoff
from app.models.organisations import User
from app.models.people import Person
from app.models.webhooks import MailStopped, NoticeSettings
from app.operations.days_off import days_off
from app.operations.insertion import insert_once
from app.rules.quiet import Hours, awake


def settings_of(session: Session, kickoff_id: str) -> NoticeSettings:
    """As they were set, or the defaults."""
    return session.get(NoticeSettings, kickoff_id) or NoticeSettings(kickoff_id=kickoff_id)


def undisturbed(session: Session, kickoff: Kickoff, at: datetime) -> datetime:
    """`at`, or the first moment after it at which this kickoff's people may be told something."""
    said = settings_of(session, kickoff.id)
    hours = Hours(
        kickoff.time_zone, time.fromisoformat(said.opens_at), time.fromisoformat(said.closes_at)
    )
    return awake(at, hours, _never if said.on_days_off else days_off(kickoff.time_zone))


def wants_mail(session: Session, person: Person) -> bool:
    if not person.email or session.get(MailStopped, person.id) is not None:
        return False
    return settings_of(session, person.kickoff_id).by_mail


def who_want_mail(session: Session, kickoff_id: str) -> set[str]:
    """The ids of those of a kickoff's people for whom `wants_mail` is so, in one look."""
    if not settings_of(session, kickoff_id).by_mail:
        return set()
    wanted = select(Person.id).where(
        col(Person.kickoff_id) == kickoff_id,
        col(Person.email) != "",
        col(Person.id).not_in(select(MailStopped.person_id)),
    )
    return set(session.scalars(wanted))


def same_address(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether two addresses, columns or texts, are one: nobody heeds how they are capitalised."""
    return func.lower(one) == func.lower(other)


def stop_mail(session: Session, person_id: str) -> None:
    insert_once(session, MailStopped, person_id=person_id)


def want_mail_again(session: Session, person_id: str) -> None:
    there = session.get(MailStopped, person_id)
    if there is not None:
        session.delete(there)


def language_of(session: Session, kickoff: Kickoff, email: str = "") -> str | None:
    """What somebody who signs in chose, else the kickoff's; None: the server's own."""
    own = None
    if email:
        wanted = select(User.language).where(
            same_address(col(User.email), email),
            col(User.organisation_id) == kickoff.organisation_id,
        )
        own = session.scalars(wanted).first()
    return own or settings_of(session, kickoff.id).language


def _never(_day: object) -> bool:
    return False
