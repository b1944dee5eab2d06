"""Work that comes round every minute and is done by one process at a time.

A duty is a row with the time at which it is due next. Who takes it puts that time ahead in one
statement, so of several processes one gets it; who is killed over it leaves it due again when the
lease is over. What a duty does it may therefore begin twice: `notices.post` makes that harmless.

Reminders look for what is due in a reading session, however long that takes: nobody's vote waits
for them. Only what is news is then written, a little at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.database import Database
from app.errors import NotSaved
from app.models.notices import Duty, Notice
from app.operations.insertion import insert_once
from app.operations.notices import post

EVERY = timedelta(minutes=1)
LEASE = timedelta(minutes=5)
AT_ONCE = 50  # notices in one transaction: SQLite has one writer

log = structlog.get_logger("kickoff.duties")


@dataclass(frozen=True)
class Due:
    """What is to be told, as `notices.post` takes it."""

    kickoff_id: str
    kind: str
    key: str
    person_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


Work = Callable[[Session, datetime], None]
Looking = Callable[[Session, datetime], Iterable[Due]]


@dataclass(frozen=True)
class Registered:
    """Either `work`, which writes in a unit of work of its own and is quick, or `looking`."""

    name: str
    every: timedelta
    work: Work | None = None
    looking: Looking | None = None


_REGISTERED: dict[str, Registered] = {}


def register(name: str, work: Work, *, every: timedelta = EVERY) -> None:
    """Something short to be done in one transaction."""
    _REGISTERED[name] = Registered(name, every, work=work)


def reminder(name: str, looking: Looking, *, every: timedelta = EVERY) -> None:
    """What is to be told by now. It may yield the same each time: what was told is left out."""
    _REGISTERED[name] = Registered(name, every, looking=looking)


def perform(database: Database, now: datetime) -> list[str]:
    """Do what is due and nobody else does; the names of it. One that fails stops no other."""
    done = []
    for one in _waiting(database, now):
        if not _taken(database, one.name, now):
            continue
        try:
            _do(database, one, now)
        except NotSaved:
            raise  # the database is away: after the lease somebody comes by again
        except Exception as error:
            log.exception("duty.failed", duty=one.name, error=type(error).__name__)
        with database.unit_of_work() as session:
            _put_ahead(session, one.name, now + one.every)
        done.append(one.name)
    return done


def _waiting(database: Database, now: datetime) -> Sequence[Registered]:
    with database.reading() as session:
        known = {duty.name: duty.due_at for duty in session.scalars(select(Duty))}
    missing = _REGISTERED.keys() - known.keys()
    if missing:
        with database.unit_of_work() as session:
            for name in sorted(missing):
                insert_once(session, Duty, name=name, due_at=now)
    return [one for name, one in sorted(_REGISTERED.items()) if known.get(name, now) <= now]


def _taken(database: Database, name: str, now: datetime) -> bool:
    """Whether this process has it now. Of two that ask at once, the second sees the first's row."""
    with database.unit_of_work() as session:
        mine = (
            update(Duty)
            .where(col(Duty.name) == name, col(Duty.due_at) <= now)
            .values(due_at=now + LEASE)
            .returning(col(Duty.name))
        )
        return session.execute(mine).first() is not None


def _do(database: Database, one: Registered, now: datetime) -> None:
    if one.work is not None:
        with database.unit_of_work() as session:
            one.work(session, now)
    if one.looking is not None:
        with database.reading() as session:
            news = list(_news(session, one.looking(session, now)))
        for first in range(0, len(news), AT_ONCE):
            with database.unit_of_work() as session:
                for due in news[first : first + AT_ONCE]:
                    _post(session, due)


def _news(session: Session, found: Iterable[Due]) -> Iterator[Due]:
    """Without what has been told; the constraint would say so too, one transaction each."""
    told: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for due in found:
        which = (due.kickoff_id, due.kind)
        if which not in told:
            wanted = select(Notice.key, Notice.recipient).where(
                col(Notice.kickoff_id) == due.kickoff_id, col(Notice.kind) == due.kind
            )
            told[which] = {(row.key, row.recipient) for row in session.execute(wanted)}
        if (due.key, due.person_id or "") not in told[which]:
            yield due


def _post(session: Session, due: Due) -> None:
    post(
        session,
        kickoff_id=due.kickoff_id,
        kind=due.kind,
        key=due.key,
        person_id=due.person_id,
        data=due.data,
        not_before=due.not_before,
    )


def _put_ahead(session: Session, name: str, due_at: datetime) -> None:
    session.execute(update(Duty).where(col(Duty.name) == name).values(due_at=due_at))
