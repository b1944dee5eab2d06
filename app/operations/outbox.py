"""The outbox: what is to be told commits with the change itself, and any process may take it from
there to deliver it.

At least once is the honest ceiling: who dies between the other end's yes and the note of it leaves
the message to be sent again, with the same id.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.errors import where
from app.models.history import RecordChange
from app.models.kickoffs import Kickoff
from app.models.webhooks import DeliveryTarget, Fate, Outgoing, Speaks, Webhook
from app.operations import mailing
from app.operations.gathering import due, gathered
from app.operations.letters import Outcome, Taken, content_of
from app.operations.notice_kinds import is_urgent
from app.operations.notices import mail_lane

# After each attempt that failed, the wait for the next one; after the last nobody tries again.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600)
)
JITTER = 0.2  # of a wait: what failed together does not come back together
MOST_SETTLED = 50  # in one take, without being sent: SQLite has one writer
LEASE = timedelta(minutes=2)  # how long whoever took a message has for it
# Of that, to send it. Who stood still and has less left does not set out: another has it by then,
# and the next message may be there before.
TIME_TO_SEND = timedelta(seconds=45)
KEPT_FOR = timedelta(days=30)
NOTICES_KEPT_FOR = timedelta(days=150)  # the 90 days, and looking back on them
# So long at most a target that fails is left alone. Until then what waits for it keeps its order.
LONGEST_PAUSE = timedelta(minutes=5)
# Between two messages to one target.
PACE = {Speaks.SLACK: timedelta(seconds=1.1), Speaks.TEAMS: timedelta(seconds=0.3)}
# Trying again would not help: who says so wants no more of it, or there is nobody to ask.
FINAL = frozenset({"answered_410", "mail_refused", "no_mail_server"})
NOT_MADE = "not_made"  # something is wrong in the message, or in how we make it
FINAL_IN_CHAT = frozenset({"answered_400", "answered_403", "answered_404"})

log = structlog.get_logger("kickoff.webhooks")


def tell(session: Session, change: RecordChange) -> None:
    """Every signed webhook of the kickoff is told of a change, once it is committed."""
    webhooks = _listening(session, change.kickoff_id)
    if webhooks:
        session.flush()  # the change is there before what refers to it
        session.add_all(
            Outgoing(kickoff_id=change.kickoff_id, target_id=id, webhook_id=id, change_id=change.id)
            for id in webhooks
        )


def tell_a_test(session: Session, webhook: Webhook) -> Outgoing:
    made = Outgoing(kickoff_id=webhook.kickoff_id, target_id=webhook.id, webhook_id=webhook.id)
    session.add(made)
    session.flush()
    return made


def mail_a_test(session: Session, kickoff_id: str, user_id: str) -> Outgoing:
    """To whoever asks for it."""
    lane = mail_lane(session, user_id)
    made = Outgoing(kickoff_id=kickoff_id, target_id=lane, user_id=user_id)
    session.add(made)
    session.flush()
    return made


def any_due(session: Session, now: datetime) -> bool:
    return session.execute(_targets(now).limit(1)).first() is not None


def take(session: Session, now: datetime, *, most: int) -> list[Taken]:
    """From each target that is free the message that waits longest; nobody else has taken it."""
    wanted = _targets(now).order_by(col(DeliveryTarget.free_at)).limit(most)
    taken = []
    chances = iter(range(most + MOST_SETTLED))
    for target in session.scalars(wanted.with_for_update(skip_locked=True)).all():
        one = _taken_from(session, target, now, chances)
        if one is not None:
            taken.append(one)
    return taken


def has_time(message: Taken, now: datetime) -> bool:
    """Whether whoever took it may still send it."""
    return now + TIME_TO_SEND <= message.leased_until


def went(session: Session, message: Taken, outcome: Outcome, now: datetime) -> None:
    """How an attempt went. Whoever took longer than the lease finds that another has the message by
    now, or the next one: what that one holds is left alone."""
    # The target first, as `take` does: two who go the other way round would wait for each other.
    target = session.get(DeliveryTarget, message.target_id, with_for_update=True)
    row = session.get(Outgoing, message.id, with_for_update=True)
    wait = _wait(message.attempt, outcome)
    if row is not None and row.fate == Fate.WAITING:
        is_mine = row.due_at == message.leased_until
        if is_mine or not outcome.failure:
            _noted(session, row, message, outcome, now + wait)
    if target is not None and target.free_at == message.leased_until:
        target.free_at = now + _pause(message, outcome, wait)


def resend(row: Outgoing, now: datetime) -> None:
    """Once more, now and by itself, under the same id; with what it said then, and nothing new."""
    row.carrier_id, row.gathered_at = None, row.gathered_at or now
    row.fate, row.failure, row.attempts, row.due_at = Fate.WAITING, "", 0, now


def tidy(session: Session, now: datetime) -> None:
    """What is settled is kept for a while, for whoever wants to see it or send it again."""
    settled = col(Outgoing.fate).in_([one for one in Fate if one != Fate.WAITING])
    changes = delete(Outgoing).where(col(Outgoing.notice_id).is_(None))
    session.execute(changes.where(settled, col(Outgoing.at) < now - KEPT_FOR))
    session.execute(delete(Outgoing).where(settled, col(Outgoing.at) < now - NOTICES_KEPT_FOR))


def _noted(
    session: Session, row: Outgoing, message: Taken, outcome: Outcome, again_at: datetime
) -> None:
    if outcome.failure == NOT_MADE:
        _let_go(session, row)
    in_vain = outcome.failure in FINAL
    in_vain = in_vain or (message.is_chat and outcome.failure in FINAL_IN_CHAT)
    fate = Fate.WAITING
    if not outcome.failure:
        fate = Fate.DELIVERED
    elif in_vain or row.attempts > len(WAITS):
        fate = Fate.GIVEN_UP
    else:
        row.due_at = again_at
        if message.said and not any(is_urgent(one.kind) for one in message.said):
            kickoff = session.get_one(Kickoff, row.kickoff_id)
            row.due_at = mailing.undisturbed(session, kickoff, again_at)
    _settle(session, row, fate, outcome.failure)


def _pause(message: Taken, outcome: Outcome, wait: timedelta) -> timedelta:
    """Before the target gets its next message: none, its own pace, or what a failure asks for."""
    pause = PACE.get(message.speaks, timedelta())
    if outcome.failure and outcome.is_the_targets:
        pause = max(pause, min(wait, LONGEST_PAUSE))
    return max(pause, outcome.wait) if outcome.wait is not None else pause


def _wait(attempts: int, outcome: Outcome) -> timedelta:
    usual = WAITS[min(attempts, len(WAITS)) - 1]
    spread = usual * (1 + JITTER * random.random())  # noqa: S311 -- no secret
    return max(spread, outcome.wait) if outcome.wait is not None else spread


def _taken_from(
    session: Session, target: DeliveryTarget, now: datetime, chances: Iterator[int]
) -> Taken | None:
    wanted = select(Outgoing).where(col(Outgoing.target_id) == target.id, *due(now))
    wanted = wanted.order_by(col(Outgoing.id)).limit(1)
    while (row := session.scalars(wanted).first()) and next(chances, None) is not None:
        if row.attempts > len(WAITS):
            # Nobody came back to say how the last one went: whoever takes it dies of it.
            _settle(session, row, Fate.GIVEN_UP, row.failure or NOT_MADE)
            continue
        row.due_at = target.free_at = now + LEASE
        row.attempts += 1
        taken = _read(session, row, now)
        if taken is not None:
            return taken
        target.free_at = now
        session.flush()
    return None


def _read(session: Session, row: Outgoing, now: datetime) -> Taken | None:
    """What it says. A message that cannot be read is given up, and holds none of the others: they
    are all taken in one transaction. If it carried some, it may be one of those: it goes alone."""
    try:
        taken = content_of(session, row, gathered(session, row, now))
    except SQLAlchemyError:
        raise
    except Exception as error:
        log.error("webhook.not_read", message=row.id, **where(error))
        row.due_at = now
        if not _let_go(session, row):
            _settle(session, row, Fate.GIVEN_UP, NOT_MADE)
        return None
    if taken is None:
        _settle(session, row, Fate.DROPPED, row.failure)
    return taken


def _settle(session: Session, row: Outgoing, fate: Fate, failure: str) -> None:
    """With what it carries: that has no other way to go. What of it was delivered before, when this
    one is sent again, has been delivered."""
    row.fate, row.failure = fate, failure
    carried = update(Outgoing).where(
        col(Outgoing.carrier_id) == row.id, col(Outgoing.fate) != Fate.DELIVERED
    )
    session.execute(carried.values(fate=fate, failure=failure, attempts=row.attempts))


def _let_go(session: Session, row: Outgoing) -> bool:
    """What it carries goes by itself: one of them cannot be made, and the others can. Whether there
    was any."""
    carried = update(Outgoing).where(
        col(Outgoing.carrier_id) == row.id, col(Outgoing.fate) != Fate.DELIVERED
    )
    fresh = carried.values(carrier_id=None, fate=Fate.WAITING, failure="", attempts=0)
    return bool(session.scalars(fresh.returning(col(Outgoing.id))).all())


def _targets(now: datetime) -> Any:
    waiting = select(Outgoing.id).where(
        col(Outgoing.target_id) == col(DeliveryTarget.id), *due(now)
    )
    return select(DeliveryTarget).where(col(DeliveryTarget.free_at) <= now, waiting.exists())


def _listening(session: Session, kickoff_id: str) -> Sequence[str]:
    """Asked once in a unit of work, which may write hundreds of records."""
    known: dict[str, Sequence[str]] = session.info.setdefault("webhooks", {})
    if kickoff_id not in known:
        wanted = select(Webhook.id).where(
            col(Webhook.kickoff_id) == kickoff_id, col(Webhook.speaks) == Speaks.SIGNED
        )
        known[kickoff_id] = session.scalars(wanted).all()
    return known[kickoff_id]
