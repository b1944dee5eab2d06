"""Options that are records of the plan: what a kind offers where nothing else is prepared, and
which record stands behind each.

An option in a record's own words is tied to it. Until it is asked for the first time it is called
what the record is called; then it stays as it was asked.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.i18n import mark
from app.live.activity import Activity as Kind
from app.live.activity import kind_of
from app.models.activities import Activity, Entry
from app.models.fields import OfKickoff, Ordered
from app.operations.entities import PLAN, Entity

BY_NAME = {entity.name: entity for entity in PLAN}
OPTIONS = "options"  # the place of what is tied here: a kind can ask for all of it
RECORD = "record"  # the member of an option's data that names its record


def titles(session: Session, kickoff_id: str, kind: Kind) -> list[str]:
    """What is asked about where nobody says otherwise; the first of each sort, in their order."""
    found = [record.title for _, record in _records(session, kickoff_id, kind)]  # type: ignore[attr-defined]  # all of them have one
    return list(dict.fromkeys(found))[: kind.most_from_plan]


def tie(session: Session, activity: Activity) -> None:
    """Tie the options to their records, and call them as they are called now."""
    kind = kind_of(activity.kind)
    if not kind.options_from:
        return
    records = {key: record.title for key, record in _records(session, activity.kickoff_id, kind)}  # type: ignore[attr-defined]
    by_title = {title.casefold(): key for key, title in reversed(records.items())}
    for option in _options(session, activity.id):
        key = (option.data or {}).get(RECORD)
        key = key if key in records else by_title.get(option.text.casefold())
        option.place = OPTIONS
        option.text = records[key] if key else option.text
        option.data = {RECORD: key} if key else None
    session.flush()


def follow(session: Session, before: Activity, again: Activity) -> None:
    """Another round asks about the same records, whatever they are called by now."""
    if not kind_of(again.kind).options_from:
        return  # what other kinds hold of the plan is no option of theirs
    pairs = zip(_options(session, before.id), _options(session, again.id), strict=True)
    for asked, asked_again in pairs:
        key = (asked.data or {}).get(RECORD)
        asked_again.data = {RECORD: key} if key else None
    session.flush()


def record_of(session: Session, kickoff_id: str, entry: Entry) -> tuple[Entity, OfKickoff] | None:
    """The record behind an option, while it is in the plan."""
    name, _, record_id = str((entry.data or {}).get(RECORD, "")).partition(":")
    entity = BY_NAME.get(name)
    if entity is None:
        return None
    found = session.get(entity.child, record_id)
    return (entity, found) if found is not None and found.kickoff_id == kickoff_id else None


def _records(session: Session, kickoff_id: str, kind: Kind) -> list[tuple[str, Ordered]]:
    found: list[tuple[str, Ordered]] = []
    for name in kind.options_from:
        table = BY_NAME[name].child
        assert issubclass(table, Ordered), "what is offered has an order"
        wanted = select(table).where(col(table.kickoff_id) == kickoff_id)
        rows = session.scalars(wanted.order_by(col(table.position), col(table.id)))
        found += ((f"{name}:{record.id}", record) for record in rows)
    return found


def _options(session: Session, activity_id: str) -> Sequence[Entry]:
    wanted = select(Entry).where(col(Entry.activity_id) == activity_id, col(Entry.position) != "")
    return session.scalars(wanted.order_by(col(Entry.position), col(Entry.id))).all()


def options_of(session: Session, activity_id: str, wanted: Sequence[str]) -> Sequence[Entry]:
    """Those of them that are named; whoever names another means something that is not there."""
    found = {option.id: option for option in _options(session, activity_id)}
    if not found.keys() >= set(wanted):
        raise NotFound(mark("There is no such option."))
    return [found[entry_id] for entry_id in dict.fromkeys(wanted)]
