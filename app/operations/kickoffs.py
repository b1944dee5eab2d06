"""Make, copy, archive and remove a kickoff (P1)."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from app import clock
from app.access import Actor, Role
from app.models.agenda import AgendaBlock, blocks_of
from app.models.faults import validated
from app.models.fields import OfKickoff, Record
from app.models.kickoffs import Kickoff, KickoffFields
from app.models.people import Person, Team, people_of, teams_of
from app.models.rooms import Room
from app.operations import activities
from app.operations.accounts import give_role
from app.operations.records import own_values, stored, write
from app.operations.rooms import end_rooms, new_room, plan_changed

NOT_COPIED = frozenset({"id", "version", "created_at", "updated_at", "kickoff_id"})


def new_kickoff(
    session: Session, *, organisation_id: str, values: Mapping[str, Any], owner: Actor
) -> Kickoff:
    """A kickoff with its first room; whoever makes it owns it (a token owns nothing)."""
    checked = validated(KickoffFields, values)
    kickoff = Kickoff(organisation_id=organisation_id, **stored(checked))
    session.add(kickoff)
    session.flush()
    new_room(session, kickoff.id)
    if not owner.is_token:
        give_role(session, kickoff_id=kickoff.id, user_id=owner.id, role=Role.OWNER)
    return kickoff


def change_kickoff(session: Session, kickoff: Kickoff, changes: Mapping[str, Any]) -> None:
    checked = validated(KickoffFields, {**own_values(KickoffFields, kickoff), **changes})
    write(kickoff, checked)
    session.flush()
    plan_changed(session, kickoff.id)


def archive(session: Session, kickoff: Kickoff, *, archived: bool, actor: Actor) -> None:
    """Out of the list, with nothing lost; or back into it. Its rooms' day is over with it."""
    if archived:
        end_rooms(session, kickoff.id, actor)
    kickoff.archived_at = clock.now() if archived else None
    kickoff.has_changed()
    session.flush()


def remove_kickoff(session: Session, kickoff: Kickoff) -> None:
    """The kickoff and all that belongs to it, rooms and results included."""
    plan_changed(session, kickoff.id)
    session.delete(kickoff)
    session.flush()


def copy_kickoff(
    session: Session,
    kickoff: Kickoff,
    *,
    title: str,
    owner: Actor,
    with_people: bool = False,
    with_notes: bool = False,
    option_kinds: frozenset[str] = frozenset(),
) -> Kickoff:
    """A new kickoff after this one's pattern: teams, agenda and prepared activities.

    The day is left open. `with_notes`: whoever copies may see the facilitator's. `option_kinds`
    are the activity kinds whose entries were prepared; of others, entries are what a room said,
    and what happened in a room is never copied.
    """
    values = {**own_values(KickoffFields, kickoff), "title": title, "day": None}
    made = new_kickoff(session, organisation_id=kickoff.organisation_id, values=values, owner=owner)
    made.copied_from_id = kickoff.id
    ids: dict[str | None, str | None] = {None: None}
    for team in session.scalars(teams_of(kickoff.id)).all():
        _copied(session, Team, team, made, ids)
    people = session.scalars(people_of(kickoff.id)).all() if with_people else ()
    for person in people:
        _copied(session, Person, person, made, ids, team_id=ids[person.team_id])
    for block in session.scalars(blocks_of(kickoff.id)).all():
        notes = block.notes if with_notes else ""
        owner_id = ids.get(block.owner_id)
        _copied(session, AgendaBlock, block, made, ids, owner_id=owner_id, notes=notes)
    _copy_activities(session, kickoff, made, ids, option_kinds)
    return made


def _copy_activities(
    session: Session,
    kickoff: Kickoff,
    made: Kickoff,
    ids: dict[str | None, str | None],
    option_kinds: frozenset[str],
) -> None:
    """What was prepared for the blocks, as drafts of the new kickoff's room."""
    room_id = session.scalars(select(Room.id).where(Room.kickoff_id == made.id)).one()
    for activity in session.scalars(activities.prepared(kickoff.id)).all():
        activities.copy_as_draft(
            session,
            activity,
            kickoff_id=made.id,
            room_id=room_id,
            block_id=ids.get(activity.block_id),
            position=activity.position,
            option_kinds=option_kinds,
        )


def _copied(
    session: Session,
    table: type[OfKickoff],
    record: Record,
    made: Kickoff,
    ids: dict[str | None, str | None],
    **changed: Any,
) -> None:
    own = type(record).model_fields.keys() - NOT_COPIED
    values = {name: getattr(record, name) for name in own} | changed
    fresh = table(kickoff_id=made.id, **values)
    session.add(fresh)
    session.flush()
    ids[record.id] = fresh.id
