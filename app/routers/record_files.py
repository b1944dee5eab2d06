"""An entity's records as a file: everything that is known of each, for a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Response
from sqlmodel import Session

from app import clock
from app.i18n import gettext
from app.models.kickoffs import Kickoff
from app.operations import records
from app.operations.entities import Entity
from app.outputs.csv_table import Value, csv_table
from app.outputs.spreadsheets import MEDIA_TYPE, Sheet, workbook
from app.routers.cells import Column, Table, choices_of, columns_of
from app.routers.forms import Choices
from app.routers.permissions import Asked


@dataclass(frozen=True)
class _Rows:
    """What a file of one entity holds."""

    columns: Sequence[Column]
    rows: list[list[Value]]
    choices: Choices


def csv_file(entity: Entity, keys: Sequence[Any], asked: Asked) -> Response:
    with asked.database.reading() as session:
        found = _rows(session, entity, keys, asked.its_kickoff, clock.now())
    heading: list[Value] = [column.label for column in found.columns]
    content = csv_table([heading, *found.rows])
    return _download(content, f"{entity.name}.csv", "text/csv; charset=utf-8")


def xlsx_file(entity: Entity, keys: Sequence[Any], asked: Asked) -> Response:
    now = clock.now()
    with asked.database.reading() as session:
        found = _rows(session, entity, keys, asked.its_kickoff, now)
    return _workbook([_sheet(entity, found)], f"{entity.name}.xlsx", now)


def plan_file(entities: Sequence[Entity], asked: Asked) -> Response:
    """The whole plan, a sheet for each entity."""
    now = clock.now()
    with asked.database.reading() as session:
        sheets = [
            _sheet(entity, _rows(session, entity, _keys(entity), asked.its_kickoff, now))
            for entity in entities
            if asked.may(entity.see)
        ]
    return _workbook(sheets, "plan.xlsx", now)


def _keys(entity: Entity) -> list[Any]:
    first = [entity.ordered_table.position] if entity.ordered else []
    return [*first, entity.child.id]


def _rows(
    session: Session, entity: Entity, keys: Sequence[Any], kickoff: Kickoff, now: datetime
) -> _Rows:
    found = session.scalars(records.all_of(entity, kickoff.id).order_by(*keys)).all()
    choices = choices_of(session, entity, kickoff.id)
    table = Table(entity, columns_of(entity, every=True), choices, kickoff, now)
    return _Rows(table.columns, [table.values(record) for record in found], choices)


def _sheet(entity: Entity, found: _Rows) -> Sheet:
    words = {number: _words(column, found) for number, column in enumerate(found.columns)}
    return Sheet(
        title=gettext(entity.many),
        headings=[column.label for column in found.columns],
        rows=found.rows,
        words={number: some for number, some in words.items() if some},
        several=frozenset(
            number
            for number, column in enumerate(found.columns)
            if getattr(column.about, "several", False)
        ),
    )


def _words(column: Column, found: _Rows) -> list[str]:
    """What may be written into a column, if not anything."""
    if column.is_derived:
        return []
    if column.about.widget == "check":
        return [gettext("Yes"), gettext("No")]
    if column.about.choices:
        return [gettext(word) for _, word in column.about.choices]
    names = (name for _, name in found.choices.get(column.about.widget, ()) if name)
    return list(dict.fromkeys(map(str, names)))


def _workbook(sheets: Sequence[Sheet], name: str, now: datetime) -> Response:
    content = workbook(sheets, words_title=gettext("Allowed words"), made_at=now)
    return _download(content, name, MEDIA_TYPE)


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    return Response(content, headers=headers, media_type=media_type)
