"""Make, copy, archive and remove a kickoff (P1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, select

from app import clock
from app.access import Actor, Role
from app.errors import NotFound
from app.models.agenda import AgendaBlock, blocks_of
from app.models.faults import validated
from app.models.fields import OUTCOME, OfKickoff, Ordered, Record, lists_of, meta_of
from app.models.groups import WorkingGroup, groups_of
from app.models.kickoffs import Kickoff, KickoffFields
from app.models.people import Person, Team, people_of, teams_of
from app.models.risks import Risk, RiskState
from app.models.rooms import Room
from app.operations import activities, history, records
from app.operations.accounts import give_role
from app.operations.agenda import program_with
from app.operations.entities import COPIED, KICKOFFS, Entity
from app.operations.records import own_values, stored, write
from app.operations.rooms import end_rooms, lock_rooms, new_room, plan_changed

Ids = dict[str | None, str | None]  # what became of each record in the copy

NOT_COPIED = frozenset({"id", "version", "created_at", "updated_at", "kickoff_id"})


def new_kickoff(
    session: Session, *, organisation_id: str, values: Mapping[str, Any], owner: Actor
) -> Kickoff:
    """A kickoff with its first room; whoever makes it owns it (a token owns nothing)."""
    checked = validated(KickoffFields, values)
    kickoff = Kickoff(organisation_id=organisation_id, **stored(checked))
    session.add(kickoff)
    session.flush()
    history.created(session, KICKOFFS, kickoff)
    new_room(session, kickoff.id)
    if not owner.is_token:
        give_role(session, kickoff_id=kickoff.id, user_id=owner.id, role=Role.OWNER)
    return kickoff


def to_write(session: Session, kickoff_id: str) -> Kickoff:
    """The kickoff, locked until the commit with all of its rooms and what is open in them."""
    rooms = session.scalars(select(Room.id).where(Room.kickoff_id == kickoff_id)).all()
    for activity_id in activities.open_in(session, rooms):
        activities.lock_activity(session, activity_id)
    lock_rooms(session, kickoff_id)
    wanted = select(Kickoff).where(Kickoff.id == kickoff_id)
    found = session.scalars(wanted.with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def change_kickoff(session: Session, kickoff: Kickoff, changes: Mapping[str, Any]) -> None:
    checked = validated(KickoffFields, {**own_values(KickoffFields, kickoff), **changes})
    with history.noting(session, KICKOFFS, kickoff):
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
    """A new kickoff after this one's pattern: teams, groups, the plan, agenda and prepared
    activities. What was done, decided and measured is the first one's own.

    The day is left open, and with it every date. `with_notes`: whoever copies may see the
    facilitator's. `option_kinds` are the activity kinds whose entries were prepared; of others,
    entries are what a room said, and what happened in a room is never copied.
    """
    values = {**own_values(KickoffFields, kickoff), "title": title, "day": None}
    made = new_kickoff(session, organisation_id=kickoff.organisation_id, values=values, owner=owner)
    made.copied_from_id = kickoff.id
    ids: Ids = {None: None}
    for team in session.scalars(teams_of(kickoff.id)).all():
        _copied(session, Team, team, made, ids)
    people = session.scalars(people_of(kickoff.id)).all() if with_people else ()
    for person in people:
        # Who sits at which table is made for a day, from those who come to it.
        team_id = ids[person.team_id]
        _copied(session, Person, person, made, ids, team_id=team_id, working_group_id=None)
    for group in session.scalars(groups_of(kickoff.id)).all():
        _copied(session, WorkingGroup, group, made, ids)
    for entity in COPIED:
        _copy_records(session, entity, kickoff, made, ids)
    blocks = session.scalars(blocks_of(kickoff.id)).all()
    lists = lists_of(AgendaBlock)
    for block in blocks:
        notes = block.notes if with_notes else ""
        owner_id = ids.get(block.owner_id)
        ours = {n: [ids[one] for one in getattr(block, n) if one in ids] for n in lists}
        _copied(session, AgendaBlock, block, made, ids, owner_id=owner_id, notes=notes, **ours)
    _copy_activities(session, kickoff, made, ids, option_kinds)
    for block in blocks:
        copy = session.get_one(AgendaBlock, ids[block.id])
        copy.program = program_with(ids, block.program)
    return made


def _copy_activities(
    session: Session,
    kickoff: Kickoff,
    made: Kickoff,
    ids: Ids,
    option_kinds: frozenset[str],
) -> None:
    """What was prepared for the blocks, as drafts of the new kickoff's room."""
    room_id = session.scalars(select(Room.id).where(Room.kickoff_id == made.id)).one()
    for activity in session.scalars(activities.prepared(kickoff.id)).all():
        ids[activity.id] = activities.copy_as_draft(
            session,
            activity,
            kickoff_id=made.id,
            room_id=room_id,
            block_id=ids.get(activity.block_id),
            position=activity.position,
            option_kinds=option_kinds,
        )


def _copy_records(
    session: Session, entity: Entity, kickoff: Kickoff, made: Kickoff, ids: Ids
) -> None:
    """An entity's own fields: what they refer to is the copy's, or left open; nothing is due, and
    nothing has come of it yet. What cannot be without somebody who is not copied is left out."""
    copies: list[tuple[OfKickoff, dict[str, Any]]] = []
    references = records.references_of(entity)
    required = records.required_references_of(entity)
    for record in session.scalars(records.all_of(entity, kickoff.id)).all():
        values = _planned_values(entity, record)
        referring = {name: values.pop(name) for name in references}
        needed: dict[str, Any] = {name: ids.get(referring.pop(name)) for name in required}
        if None in needed.values():
            continue
        fresh = entity.child(kickoff_id=made.id, **values, **needed)
        if isinstance(record, Ordered) and isinstance(fresh, Ordered):
            fresh.position = record.position
        if isinstance(fresh, Risk):
            fresh.state = RiskState.OPEN
        ids[record.id] = fresh.id
        copies.append((fresh, referring))
    session.add_all(fresh for fresh, _ in copies)
    session.flush()
    # Now that all of them are there: one goal is part of another.
    for fresh, referring in copies:
        for name, value in referring.items():
            several = isinstance(value, list)
            ours = [ids[one] for one in value if one in ids] if several else ids.get(value)
            setattr(fresh, name, ours)
    session.flush()


def _planned_values(entity: Entity, record: OfKickoff) -> dict[str, Any]:
    """What was planned of it: no date, and no outcome."""
    blank = entity.fields.model_fields
    return {
        name: None
        if isinstance(value, date)
        else blank[name].get_default(call_default_factory=True)
        if (meta := meta_of(entity.fields, name)) and meta.section == OUTCOME
        else value
        for name, value in own_values(entity.fields, record).items()
    }


def _copied(
    session: Session,
    table: type[OfKickoff],
    record: Record,
    made: Kickoff,
    ids: Ids,
    **changed: Any,
) -> None:
    own = type(record).model_fields.keys() - NOT_COPIED
    values = {name: getattr(record, name) for name in own} | changed
    fresh = table(kickoff_id=made.id, **values)
    session.add(fresh)
    session.flush()
    ids[record.id] = fresh.id
