"""The 30-60-90-day plan (F2): its actions as rows, replanned with a reason, and several at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from app import clock
from app.errors import Conflict, Fault, Invalid, NotFound, Stale
from app.i18n import gettext, mark
from app.models.action_edits import ActionEdit
from app.models.action_notes import ActionNote, NoteKind
from app.models.actions import Action, ActionState
from app.models.kickoffs import Kickoff
from app.models.people import Person, Team
from app.operations import bulk, records
from app.operations.derived import shown_status, shown_window, today_in
from app.operations.entities import ACTIONS
from app.operations.history import as_json
from app.operations.rooms import lock_rooms
from app.rules.action_rows import Row
from app.rules.deviations import Judged, deviations

MOST_AT_ONCE = 500


def rows_of(session: Session, kickoff: Kickoff, now: datetime | None = None) -> list[Row]:
    """All actions of a kickoff, oldest first."""
    now = now or clock.now()
    actions = session.scalars(records.all_of(ACTIONS, kickoff.id).order_by(col(Action.id))).all()
    people = _names(session, Person, kickoff.id)
    teams = _names(session, Team, kickoff.id)
    titles = {one.id: one.title for one in actions if one.state == ActionState.OPEN}
    replanned = _times_replanned(session, kickoff.id)
    return [_row(one, kickoff, now, people, teams, titles, replanned[one.id]) for one in actions]


def _row(
    one: Action,
    kickoff: Kickoff,
    now: datetime,
    people: Mapping[str, str],
    teams: Mapping[str, str],
    titles: Mapping[str, str],
    replanned: int,
) -> Row:
    zone = ZoneInfo(kickoff.time_zone)
    shown = shown_status(one, kickoff, now)
    judged = Judged(
        shown,
        one.owner_id is not None,
        one.due,
        one.status_at.astimezone(zone).date() if one.status_at else None,
        one.created_at.astimezone(zone).date(),
        is_open=one.state == ActionState.OPEN,
    )
    return Row(
        id=one.id,
        title=one.title,
        owner_id=one.owner_id or "",
        owner=people.get(one.owner_id or "", ""),
        team_id=one.team_id or "",
        team=teams.get(one.team_id or "", ""),
        due=one.due,
        window=shown_window(one, kickoff) or "",
        set_window=one.window or "",
        status=shown.status,
        reasons=shown.reasons,
        state=one.state,
        source=one.source,
        version=one.version,
        deviations=deviations(judged, today_in(kickoff, now)),
        waits=tuple(titles[id] for id in one.depends_on_ids if id in titles),
        first_ids=tuple(one.depends_on_ids),
        times_replanned=replanned,
    )


def replan(
    session: Session,
    kickoff_id: str,
    action_id: str,
    *,
    version: int | None,
    changes: Mapping[str, Any],
    reason: str,
) -> Action:
    """Another date, window or owner, or carried into the next plan, with the reason why. Who
    believed an older version changes nothing: `Stale`, with what stands now."""
    action = to_write(session, kickoff_id, action_id)
    if version is not None and version != action.version:
        raise Stale(action)
    if not reason.strip():
        raise Invalid(faults=[Fault("/reason", gettext("Say why: it is kept in the history."))])
    if all(as_json(getattr(action, name)) == as_json(value) for name, value in changes.items()):
        sentence = gettext("Choose another date, window or owner.")
        raise Invalid(faults=[Fault("/due", sentence)])
    records.change(session, ACTIONS, action, _with_window(changes), reason=reason)
    return action


def to_write(session: Session, kickoff_id: str, action_id: str) -> Action:
    found = records.find(session, ACTIONS, kickoff_id, action_id, to_write=True)
    assert isinstance(found, Action), "ACTIONS are actions"
    return found


def edit_all(
    session: Session,
    kickoff_id: str,
    action_ids: Sequence[str],
    values: Mapping[str, Any],
    *,
    reason: str = "",
) -> ActionEdit | None:
    """The same values for several actions, all or none; None where that changes nothing."""
    lock_rooms(session, kickoff_id)
    wanted = list(dict.fromkeys(action_ids))[:MOST_AT_ONCE]
    found = session.scalars(
        select(Action)
        .where(col(Action.kickoff_id) == kickoff_id, col(Action.id).in_(wanted))
        .order_by(col(Action.id))
        .with_for_update()
    ).all()
    if not found:
        raise Invalid(faults=[Fault("/ids", gettext("Choose at least one action."))])
    values = _with_window(values)
    differing = [
        one
        for one in found
        if any(as_json(getattr(one, name)) != as_json(value) for name, value in values.items())
    ]
    if not values or not differing:
        return None
    before = {one.id: {name: as_json(getattr(one, name)) for name in values} for one in differing}
    items = [bulk.Item(values, record=one) for one in differing]
    bulk.save_all(session, ACTIONS, kickoff_id, items, reason=reason)
    made = ActionEdit(
        kickoff_id=kickoff_id, before=before, versions={one.id: one.version for one in differing}
    )
    session.add(made)
    session.flush()
    return made


def undo_edit(session: Session, kickoff_id: str, edit_id: str) -> tuple[int, int]:
    """Back as they were: how many, and how many somebody has changed since, which stay."""
    lock_rooms(session, kickoff_id)
    edit = session.scalars(
        select(ActionEdit)
        .where(col(ActionEdit.id) == edit_id, col(ActionEdit.kickoff_id) == kickoff_id)
        .with_for_update()
    ).first()
    if edit is None:
        raise NotFound
    if edit.undone_at is not None:
        raise Conflict(mark("This was taken back already."))
    wanted = select(Action).where(col(Action.id).in_(list(edit.before))).order_by(col(Action.id))
    found = session.scalars(wanted.with_for_update()).all()
    same = [one for one in found if one.version == edit.versions[one.id]]
    items = [bulk.Item(edit.before[one.id], record=one) for one in same]
    bulk.save_all(session, ACTIONS, kickoff_id, items, reason=gettext("Taken back."))
    edit.undone_at = clock.now()
    edit.has_changed()
    session.flush()
    return len(same), len(edit.before) - len(same)


def noted_since(
    session: Session, kickoff_id: str, kind: NoteKind, since: datetime
) -> dict[str, ActionNote]:
    """By action the last such note since then."""
    wanted = select(ActionNote).where(
        col(ActionNote.kickoff_id) == kickoff_id,
        col(ActionNote.kind) == kind,
        col(ActionNote.at) >= since,
    )
    return {note.action_id: note for note in session.scalars(wanted.order_by(col(ActionNote.id)))}


def _with_window(changes: Mapping[str, Any]) -> dict[str, Any]:
    """A new date decides the window anew, unless a window is named with it."""
    named = dict(changes)
    if named.get("due") and "window" not in named:
        named["window"] = None
    return named


def _times_replanned(session: Session, kickoff_id: str) -> Counter[str]:
    wanted = (
        select(ActionNote.action_id, func.count())
        .where(
            col(ActionNote.kickoff_id) == kickoff_id,
            col(ActionNote.kind) == NoteKind.REPLANNED,
            col(ActionNote.from_due).is_not(None),
        )
        .group_by(col(ActionNote.action_id))
    )
    return Counter({row[0]: row[1] for row in session.execute(wanted)})


def _names(session: Session, table: type[Person] | type[Team], kickoff_id: str) -> dict[str, str]:
    wanted = select(table.id, table.name).where(col(table.kickoff_id) == kickoff_id)
    return {row[0]: row[1] for row in session.execute(wanted)}


def names_of(session: Session, kickoff_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """People's and teams' names by id, in the order of the names."""
    people, teams = (_names(session, table, kickoff_id) for table in (Person, Team))
    return _sorted(people), _sorted(teams)


def _sorted(names: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda one: one[1].casefold()))
