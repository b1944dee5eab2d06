"""Cards of boards, as commands change them: where they stand, and what becomes an action."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.models.actions import Action, ActionSource
from app.models.activities import Entry, EntryState
from app.models.groups import groups_of
from app.models.rooms import Participant
from app.operations import records
from app.operations.actions import action_of, create_action
from app.operations.entities import DELIVERABLES, KPIS, Entity
from app.operations.people import meant
from app.rules import columns
from app.rules.columns import Where

_LINKED: dict[str, tuple[str, Entity]] = {
    "kpi": ("kpi_id", KPIS),
    "deliverable": ("deliverable_id", DELIVERABLES),
}


def standing(session: Session, activity_id: str, place: str) -> Sequence[Entry]:
    """The cards of a column that were not removed."""
    wanted = select(Entry).where(
        col(Entry.activity_id) == activity_id,
        col(Entry.place) == place,
        col(Entry.state) == EntryState.VISIBLE,
    )
    return session.scalars(wanted).all()


def positions_for(
    session: Session,
    card: Entry,
    place: str,
    *,
    to: Where = "bottom",
    after: str | None = None,
    before: str | None = None,
) -> dict[str, str]:
    """By card: the positions that put this one there."""
    there = columns.in_order(
        ((e.position, e.id) for e in standing(session, card.activity_id, place)), without=card.id
    )
    mine = (card.position, card.id) if card.place == place else None
    at = columns.place_for(there, mine, to=to, after=after, before=before)
    return columns.put(there, card.id, at)


def cards_of(session: Session, activity_id: str) -> Sequence[Entry]:
    """Every card of every board, the removed ones too, column by column in order."""
    wanted = (
        select(Entry)
        .where(col(Entry.activity_id) == activity_id, col(Entry.place).contains("/"))
        .order_by(col(Entry.place), col(Entry.position), col(Entry.id))
    )
    return session.scalars(wanted).all()


def boards_of(session: Session, kickoff_id: str) -> Sequence[str]:
    """The groups that have a board each."""
    return [group.id for group in session.scalars(groups_of(kickoff_id))]


def make_action(
    session: Session, kickoff_id: str, card: Entry, *, who: Participant | None = None
) -> Action:
    """What the card says becomes an action, once. Who owns it is its owner, or else `who` makes
    it one; a link to a KPI or deliverable goes with it."""
    there = action_of(session, kickoff_id, card.activity_id, card.id)
    if there is not None:
        return there
    data = card.data or {}
    owner_id = meant(session, kickoff_id, name=data.get("owner") or "")
    if owner_id is None and who is not None:
        owner_id = meant(session, kickoff_id, person_id=who.person_id, name=who.name)
    return create_action(
        session,
        kickoff_id,
        title=card.text,
        owner_id=owner_id,
        due=date.fromisoformat(data["due"]) if data.get("due") else None,
        source=ActionSource.CARD,
        source_activity_id=card.activity_id,
        source_entry_id=card.id,
        **_linked(session, kickoff_id, data.get("link") or ""),
    )


def _linked(session: Session, kickoff_id: str, link: str) -> dict[str, Any]:
    """The field that a card's link fills, while its record is there."""
    kind, _, record_id = link.partition(":")
    if kind not in _LINKED:
        return {}
    field, entity = _LINKED[kind]
    wanted = records.all_of(entity, kickoff_id).where(col(entity.child.id) == record_id)
    return {field: record_id} if session.scalars(wanted).first() else {}
