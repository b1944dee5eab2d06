"""Minutes as they were published: one version each time, kept as it was, and who has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from app import ids
from app.errors import Conflict, NotFound
from app.i18n import mark
from app.models.minutes import (
    Minutes,
    MinutesLine,
    MinutesOpening,
    MinutesReader,
    MinutesVersion,
    Section,
    versions_of,
)
from app.models.organisations import User
from app.operations import minutes as editing
from app.operations import notices

MOST_TOLD = 5  # decisions in one message
MOST_TOLD_LETTERS = 200


@dataclass(frozen=True)
class Told:
    """A section as it was published."""

    code: str
    text: str
    lines: tuple[MinutesLine, ...]


@dataclass(frozen=True)
class Readers:
    """Who has read a version, or any: people of the kickoff by their names, others as a number."""

    named: tuple[str, ...]
    others: int

    @property
    def all(self) -> int:
        return len(self.named) + self.others


def told(session: Session, minutes_id: str) -> list[Told]:
    """What would be published now: without the lines that are left out."""
    return [
        Told(one.code, one.text, tuple(x for x in editing.lines_of(one) if not x.left_out))
        for one in editing.sections(session, minutes_id)
    ]


def told_in(version: MinutesVersion) -> list[Told]:
    return [
        Told(one["code"], one["text"], tuple(MinutesLine.model_validate(x) for x in one["lines"]))
        for one in version.sections
    ]


def publish(session: Session, minutes: Minutes, by: str) -> MinutesVersion:
    """The minutes as they stand, as one version more, at the link that there is or a new one.
    `minutes` is locked by the caller."""
    now = told(session, minutes.id)
    last = session.scalars(versions_of(minutes.id).limit(1)).first()
    if last is not None and minutes.secret and told_in(last) == now:
        raise Conflict(mark("Nothing has changed since it was published."))
    made = MinutesVersion(
        kickoff_id=minutes.kickoff_id,
        minutes_id=minutes.id,
        number=(last.number if last else 0) + 1,
        published_by=by[:200],
        sections=[
            {
                "code": one.code,
                "text": one.text,
                "lines": [line.model_dump(mode="json") for line in one.lines],
            }
            for one in now
        ],
    )
    if minutes.secret is None:
        minutes.secret = ids.secret()
    minutes.has_changed()
    session.add_all([made, minutes])
    session.flush()
    _tell(session, minutes, made, now)
    return made


def _tell(session: Session, minutes: Minutes, version: MinutesVersion, told: list[Told]) -> None:
    """The common channels, once a version: that they are out, and what was decided."""
    of = {one.code: one.lines for one in told}
    decided = [line.text[:MOST_TOLD_LETTERS] for line in of.get(Section.DECISIONS, ())]
    notices.post(
        session,
        kickoff_id=minutes.kickoff_id,
        kind="minutes_published",
        key=version.id,
        data={
            "number": version.number,
            "path": f"/minutes/{minutes.secret}",
            "decisions": decided[:MOST_TOLD],
            "more": max(0, len(decided) - MOST_TOLD),
            "actions": len(of.get(Section.ACTIONS, ())),
        },
    )


def renew_link(session: Session, minutes: Minutes) -> None:
    """Another link, and the one that people have leads nowhere."""
    if minutes.secret is None:
        raise Conflict(mark("They are not published."))
    minutes.secret = ids.secret()
    minutes.has_changed()
    session.add(minutes)
    session.flush()


def unpublish(session: Session, minutes: Minutes) -> None:
    """The link leads nowhere; the versions stay."""
    minutes.secret = None
    minutes.has_changed()
    session.add(minutes)
    session.flush()


def published_at(session: Session, secret: str) -> Minutes:
    """What a link leads to, or NotFound."""
    found = session.scalars(select(Minutes).where(col(Minutes.secret) == secret[:30])).first()
    if found is None or found.secret != secret:
        raise NotFound
    return found


def versions(session: Session, minutes_id: str) -> Sequence[MinutesVersion]:
    """Newest first."""
    return session.scalars(versions_of(minutes_id)).all()


def version(session: Session, minutes_id: str, number: int | None = None) -> MinutesVersion:
    """That one, or the newest; NotFound where there is none."""
    wanted = versions_of(minutes_id)
    if number is not None:
        wanted = wanted.where(col(MinutesVersion.number) == number)
    found = session.scalars(wanted.limit(1)).first()
    if found is None:
        raise NotFound
    return found


def is_read(
    session: Session, version_id: str, *, user_id: str | None, counted: bool, today: date
) -> None:
    """Note a reader: somebody with an account in the kickoff once a version, anybody else once a
    browser (`counted`: it has been here before)."""
    if user_id is not None:
        if session.get(MinutesReader, (version_id, user_id)) is None:
            session.add(MinutesReader(version_id=version_id, user_id=user_id))
    elif not counted:
        session.add(MinutesOpening(version_id=version_id, opened_on=today))
    session.flush()


def readers(session: Session, version_ids: Sequence[str]) -> Readers:
    named = (
        select(User.name)
        .join(MinutesReader, col(MinutesReader.user_id) == col(User.id))
        .where(col(MinutesReader.version_id).in_(version_ids))
        .distinct()
        .order_by(col(User.name))
    )
    others = (
        select(func.count())
        .select_from(MinutesOpening)
        .where(col(MinutesOpening.version_id).in_(version_ids))
    )
    return Readers(tuple(session.scalars(named)), session.scalar(others) or 0)
