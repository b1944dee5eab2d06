"""Activities as the plan and the room both handle them: closed under a lock, copied as drafts."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.models.activities import Activity, ActivityStatus, Ballot, Entry


def lock_activity(session: Session, activity_id: str) -> None:
    """Votes hold this lock shared. Taken before the room's row, as the ledger does, so neither
    waits in a ring."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": activity_id}
        )


def open_in(session: Session, room_ids: Sequence[str]) -> list[str]:
    """What people are answering in these rooms, in the order in which everybody locks."""
    wanted = select(Activity.id).where(
        col(Activity.room_id).in_(room_ids), col(Activity.status) == ActivityStatus.OPEN
    )
    return sorted(session.exec(wanted))


def close(activity: Activity, now_ms: int) -> None:
    """Nothing more is taken; of an anonymous one the ballots become counts soon after."""
    if activity.status != ActivityStatus.OPEN:
        return
    activity.status = ActivityStatus.CLOSED
    activity.closed_at = now_ms
    activity.has_changed()


def has_ballots(session: Session, activity_id: str) -> bool:
    """Whether anybody has answered it: from then on its mode stands (A07)."""
    wanted = select(Ballot.key).where(col(Ballot.activity_id) == activity_id)
    return session.exec(wanted).first() is not None


def prepared(kickoff_id: str) -> SelectOfScalar[Activity]:
    """What the blocks ask; further rounds of the same question are the room's doing."""
    return (
        select(Activity)
        .where(Activity.kickoff_id == kickoff_id, col(Activity.block_id).is_not(None))
        .where(col(Activity.previous_id).is_(None))
        .order_by(col(Activity.position), col(Activity.id))
    )


def copy_as_draft(
    session: Session,
    activity: Activity,
    *,
    kickoff_id: str,
    room_id: str,
    block_id: str | None,
    position: str,
    option_kinds: frozenset[str],
) -> str:
    """The same question, not asked yet; its id. `option_kinds` are the kinds whose entries were
    prepared; of others, entries are what a room said, and that is never copied."""
    fresh = Activity(
        kickoff_id=kickoff_id,
        room_id=room_id,
        block_id=block_id,
        position=position,
        kind=activity.kind,
        title=activity.title,
        mode=activity.mode,
        config=activity.config,
        live=activity.live,
        stage=None,
        status=ActivityStatus.DRAFT,
    )
    session.add(fresh)
    session.flush()
    if activity.kind not in option_kinds:
        return fresh.id
    # What has no place among the options was written by attendees.
    options = select(Entry).where(Entry.activity_id == activity.id, Entry.position != "")
    for entry in session.scalars(options).all():
        session.add(Entry(activity_id=fresh.id, text=entry.text, position=entry.position))
    session.flush()
    return fresh.id
