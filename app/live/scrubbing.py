"""After an anonymous activity is closed: its ballots become counts, its key is destroyed
(RELIABILITY D9).

Marks are folded into tally rows, texts that remain are shuffled under new ids, submission ids
stay as
spent and without content, the key is destroyed, and SQLite's log is truncated until nothing of the
ballots is left in it. Nothing here writes a log line, an event or a time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import case, delete, func, insert
from sqlmodel import Session, col, select

from app import ids
from app.database import Database, touch_room
from app.live import by_team, merging
from app.live.activity import WROTE, EntryView, kind_of
from app.live.vault import Vault
from app.models.actions import Action
from app.models.activities import (
    NO_ENTRY,
    Activity,
    ActivityStatus,
    Ballot,
    Entry,
    EntryState,
    Mark,
    Mode,
    Receipt,
    Tally,
)
from app.models.rooms import Room
from app.operations.activities import lock_activity
from app.operations.rooms import lock_rooms
from app.rules import merges, tally
from app.rules.tally import Source

Marks = list[tuple[str, int, Source, int]]  # entry, value, whose, how many


def due(session: Session, closed_before_ms: int) -> list[str]:
    """Activities whose ballots are to go now."""
    wanted = select(Activity.id).where(
        col(Activity.mode) == Mode.ANONYMOUS,
        col(Activity.status).in_([ActivityStatus.CLOSED, ActivityStatus.FROZEN]),
        ~col(Activity.scrubbed),
        col(Activity.closed_at) <= closed_before_ms,
    )
    return list(session.exec(wanted))


def scrub(database: Database, vault: Vault, activity_id: str, closed_before_ms: int) -> bool:
    """Scrub one activity; False where somebody else has, or it was opened again."""
    with database.unit_of_work() as session:
        lock_activity(session, activity_id)
        if activity_id not in due(session, closed_before_ms):
            return False
        activity = session.get_one(Activity, activity_id)
        lock_rooms(session, activity.kickoff_id)
        told = _count_people(session, activity)
        marks = _marks(session, activity)
        tellable = [mark for mark in marks if mark[2] in told]
        logic = kind_of(activity.kind)
        renamed = _shuffle_texts(session, activity, tellable if logic.by_source else marks)
        _point_actions(session, activity_id, renamed)
        # Who wrote a text is one ballot: its mark says how many sit at that table.
        counted = [mark for mark in tellable if mark[1] != WROTE or not logic.shared_writing]
        if logic.by_team and Source.PHONES in told:
            by_team.write(session, activity, vault.key(activity_id))
        _fold(session, activity, counted, renamed)
        _spend(session, activity_id)
        activity.scrubbed = True
        room = session.get_one(Room, activity.room_id)
        room.revision += 1
        touch_room(session, room.id)
        session.add_all([activity, room])
    vault.destroy(activity_id)
    return True


def _count_people(session: Session, activity: Activity) -> frozenset[Source]:
    """Note how many have answered; whose figures may be told. What may not now never may, so that
    whoever reads the database is not told it either."""
    wanted = select(func.max(Ballot.people)).where(col(Ballot.activity_id) == activity.id)
    lane = kind_of(activity.kind).lane_counted(activity.stage)
    if lane is not None:
        wanted = wanted.where(col(Ballot.lane) == lane)
    people = session.scalars(wanted.group_by(col(Ballot.key))).all()
    at_tables = [n for n in people if n > 1]
    activity.answered = len(people) - len(at_tables)
    activity.answered_people = sum(at_tables)
    return tally.told(
        phones=activity.answered,
        table_phones=len(at_tables),
        minimum_group=activity.config.get("minimum_group", 1),
        anonymous=True,
    )


def _marks(session: Session, activity: Activity) -> Marks:
    if kind_of(activity.kind).merges and (root_of := merging.roots(_written(session, activity))):
        return _marks_merged(session, activity, root_of)
    at_table = case((col(Mark.people) > 1, True), else_=False)
    rows = session.execute(
        select(col(Mark.entry_id), col(Mark.value), at_table, func.sum(Mark.people))
        .where(col(Mark.activity_id) == activity.id)
        .group_by(col(Mark.entry_id), col(Mark.value), at_table)
    )
    return [(entry, value, _source(table), int(count)) for entry, value, table, count in rows]


def _marks_merged(session: Session, activity: Activity, root_of: Mapping[str, str]) -> Marks:
    """The same, those of merged entries as marks of the one that stands."""
    at_table = case((col(Mark.people) > 1, True), else_=False)
    wanted = select(Mark.key, Mark.entry_id, Mark.value, at_table, Mark.people).where(  # type: ignore[call-overload]
        col(Mark.activity_id) == activity.id
    )
    rows = merging.folded(list(session.execute(wanted)), root_of)
    return [(entry, value, _source(table), count) for entry, value, table, count in rows]


def _written(session: Session, activity: Activity) -> list[EntryView]:
    wanted = select(Entry.id, Entry.text, Entry.state, Entry.merged_into).where(
        col(Entry.activity_id) == activity.id
    )
    return [EntryView(*row) for row in session.execute(wanted)]


def _point_actions(session: Session, activity_id: str, renamed: Mapping[str, str]) -> None:
    """What was taken on because of a text still knows which."""
    wanted = select(Action).where(col(Action.source_activity_id) == activity_id)
    for action in session.scalars(wanted):
        before = action.source_entry_id or ""
        action.source_entry_id = renamed.get(before, action.source_entry_id)


def _source(at_table: bool) -> Source:
    return Source.TABLES if at_table else Source.PHONES


def _fold(session: Session, activity: Activity, marks: Marks, renamed: dict[str, str]) -> None:
    by_source = kind_of(activity.kind).by_source
    counts: Counter[tuple[str, int, bool]] = Counter()
    for entry_id, value, source, count in marks:
        # Where a text is one ballot's own, a count of its own would say how many sit at its
        # writer's table: there all are summed up.
        apart = by_source and value != WROTE
        what = renamed.get(entry_id, entry_id) if apart else NO_ENTRY
        counts[what, value, source is Source.TABLES] += count
    session.execute(delete(Mark).where(col(Mark.activity_id) == activity.id))
    session.execute(delete(Ballot).where(col(Ballot.activity_id) == activity.id))
    rows = [
        {
            "activity_id": activity.id,
            "entry_id": entry_id,
            "value": value,
            "table_phone": table,
            "count": count,
        }
        for (entry_id, value, table), count in sorted(counts.items())
    ]
    if rows:
        session.execute(insert(Tally), rows)


def _shuffle_texts(session: Session, activity: Activity, marks: Marks) -> dict[str, str]:
    """Give what attendees wrote new random ids, and write the rows in their order: the old order
    is gone."""
    if not kind_of(activity.kind).moderated:
        return {}
    written = session.exec(
        select(Entry).where(col(Entry.activity_id) == activity.id, col(Entry.position) == "")
    ).all()
    renamed = {entry.id: ids.random_id() for entry in written}
    root_of = merges.roots({e.id: e.merged_into for e in written if e.merged_into})
    kept = _kept_texts(activity, written, {entry_id for entry_id, *_ in marks})
    # What others wrote stands in the place of the one that it was merged into, also where that was
    # taken back: then nothing but its place is kept, and what became of them all.
    places = {root_of[entry_id] for entry_id in kept if entry_id in root_of} - kept
    rows = sorted(
        (
            {
                **entry.model_dump(),
                "id": renamed[entry.id],
                "text": entry.text if entry.id in kept else "",
                "author": None,
                "merged_into": renamed.get(root_of.get(entry.id, "")),
            }
            for entry in written
            if entry.id in kept or entry.id in places
        ),
        key=lambda row: str(row["id"]),
    )
    session.execute(
        delete(Entry).where(col(Entry.activity_id) == activity.id, col(Entry.position) == "")
    )
    if rows:
        session.execute(insert(Entry), rows)
    return renamed


def _kept_texts(activity: Activity, written: Sequence[Entry], marked: set[str]) -> set[str]:
    """A word that its writer took back is not kept."""
    if not kind_of(activity.kind).shared_writing:
        return {entry.id for entry in written if entry.id in marked}
    return {entry.id for entry in written if entry.state != EntryState.WITHDRAWN}


def _spend(session: Session, activity_id: str) -> None:
    """That an id was spent is all that stays of a submission: sorted, without content, in new
    rows."""
    spent: Sequence[str] = session.exec(
        select(Receipt.submission_id).where(col(Receipt.activity_id) == activity_id)
    ).all()
    session.execute(delete(Receipt).where(col(Receipt.activity_id) == activity_id))
    if spent:
        session.execute(
            insert(Receipt),
            [{"submission_id": s, "activity_id": activity_id, "digest": ""} for s in sorted(spent)],
        )
