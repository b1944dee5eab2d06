"""What others saved while a form was open, against what was typed into it: nothing is lost.

What only the others changed stands. What both changed is shown side by side, and whoever saves next
chooses: `keep_<field>` is "mine" or "theirs".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col
from starlette.datastructures import FormData

from app.errors import Invalid
from app.i18n import gettext
from app.models.faults import validated
from app.models.fields import OfKickoff, Record, lists_of, meta_of
from app.models.history import Done, RecordChange
from app.models.kickoffs import Kickoff
from app.operations import history
from app.operations.entities import Entity
from app.operations.history import as_json
from app.routers.changes import ChangeLine, lines_of, names_of, referred, words_of
from app.routers.forms import faults_by_name, text_of, whole_number
from app.rules.differences import Piece, differences

KEEP = "keep_"


@dataclass(frozen=True)
class Clash:
    """A field that both changed. `pieces`: what the others changed in it."""

    name: str
    label: str
    theirs: str
    mine: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Meanwhile:
    """`lines` are the others' saves, newest first; `values` what the form is filled with: the own
    words, without those fields that the reader left as they were."""

    lines: list[ChangeLine]
    clashes: tuple[Clash, ...]
    values: dict[str, Any]


def chosen(form: FormData, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was posted, without the fields in which the others' words were chosen."""
    return {name: value for name, value in values.items() if text_of(form, KEEP + name) != "theirs"}


def in_their_order(entity: Entity, record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Boxes are ticked in no order: what was chosen before keeps its place, what is new follows.
    Else whoever saves a form untouched would change its lists."""
    told = dict(values)
    for name in lists_of(entity.fields).keys() & values.keys():
        there = [one for one in getattr(record, name) if one in values[name]]
        told[name] = [*there, *(one for one in values[name] if one not in there)]
    return told


def meanwhile(
    session: Session,
    kickoff: Kickoff,
    entity: Entity,
    record: Record,
    form: FormData,
    values: Mapping[str, Any],
    *,
    hidden: frozenset[str],
) -> Meanwhile:
    """`values` were posted with the version that the form was filled from."""
    version = whole_number(text_of(form, "version"))
    rows = history.since(session, entity, record, version) if version is not None else []
    now = history.snapshot(entity, record)
    # Without a version nobody can say what was there: then whatever differs was changed by both.
    before = {**now, **_before(rows)} if version is not None else {}
    mine = _typed(entity, record, values)
    shown = [name for name in mine if name not in hidden]
    own = {name: mine[name] for name in shown if before.get(name) != mine[name]}
    both = [name for name in own if now[name] not in (before.get(name), own[name])]
    changes = {name: [before.get(name), now[name], own[name]] for name in both}
    names = names_of(session, kickoff.id, referred(entity, changes))
    return Meanwhile(
        lines=lines_of(session, kickoff, rows[::-1], private=not hidden),
        clashes=tuple(_clash(entity, name, changes[name], names) for name in both),
        values={name: value for name, value in values.items() if name in own or name in hidden},
    )


def removal(
    session: Session, kickoff: Kickoff, entity: Entity, record_id: str
) -> ChangeLine | None:
    """Who removed a record that somebody still has open; None where there never was one."""
    wanted = history.of_record(kickoff.id, entity, record_id)
    removed = wanted.where(col(RecordChange.done) == Done.REMOVED)
    found = session.scalars(removed.order_by(col(RecordChange.id).desc())).first()
    return lines_of(session, kickoff, [found], private=False)[0] if found else None


def last_changes(
    session: Session,
    kickoff: Kickoff,
    entity: Entity,
    record: OfKickoff,
    *,
    private: bool,
    most: int,
) -> list[ChangeLine]:
    """What was done to a record last, newest first."""
    wanted = history.of_record(kickoff.id, entity, record.id)
    newest = wanted.order_by(col(RecordChange.id).desc()).limit(most)
    return lines_of(session, kickoff, session.scalars(newest).all(), private=private)


def _before(rows: list[RecordChange]) -> dict[str, Any]:
    """The fields that were changed since, as they were before the first of these changes."""
    found: dict[str, Any] = {}
    for row in rows:
        if row.done == Done.CHANGED:
            for name, (before, _) in row.changes.items():
                found.setdefault(name, before)
    return found


def _typed(entity: Entity, record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was posted as it would be stored; what cannot be stored as it was typed."""
    stored = {name: getattr(record, name) for name in entity.fields.model_fields}
    good = dict(values)
    try:
        checked = validated(entity.fields, {**stored, **good})
    except Invalid as error:
        good = {name: good[name] for name in good.keys() - faults_by_name(error.faults).keys()}
        try:
            checked = validated(entity.fields, {**stored, **good})
        except Invalid:
            return dict(values)
    return {
        name: as_json(getattr(checked, name)) if name in good else value
        for name, value in values.items()
    }


def _clash(entity: Entity, name: str, change: list[Any], names: Mapping[str, str]) -> Clash:
    meta = meta_of(entity.fields, name)
    assert meta is not None, f"{name} is a field of the form"
    before, theirs, mine = (words_of(meta, value, names) for value in change)
    return Clash(name, gettext(meta.label), theirs, mine, differences(before, theirs))
