"""One cell of a table, changed where it stands: its field as a fragment, and the post that saves.

Who has looked at an older version is shown what others changed, with what was typed kept in the
field; the next save wins knowingly. Without JavaScript the row's link leads to the whole form.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from app import clock
from app.errors import Invalid, NotFound
from app.models.fields import COMPOSED, Kept, OfKickoff
from app.operations import records
from app.operations.entities import Entity
from app.routers.cells import Table, choices_of, columns_of, without_itself
from app.routers.conditions import writing
from app.routers.forms import Posted, faults_by_name, field_views, text_of, values_of
from app.routers.meanwhile import Meanwhile, in_their_order, meanwhile
from app.routers.pages.page import page
from app.routers.permissions import Asked, KickoffId, RecordId, needs

if TYPE_CHECKING:
    from app.routers.pages.records import RecordPages

FieldName = Annotated[str, Path(description="the field", max_length=60)]


def editable(entity: Entity) -> list[str]:
    """The columns of a table whose cells can be changed in it."""
    shown = (column for column in columns_of(entity) if not column.is_derived)
    names = [column.name for column in shown if column.about.widget not in COMPOSED]
    return [name for name in names if entity.changing is None or name in entity.changing]


def record_cells(router: APIRouter, pages: "RecordPages") -> None:
    entity = pages.entity

    @router.get("/{record_id}/cells/{name}")
    def open_cell(
        request: Request,
        kickoff_id: KickoffId,
        record_id: RecordId,
        name: FieldName,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        with asked.database.reading() as session:
            record = records.find(session, entity, kickoff_id, record_id)
        return _cell(request, pages, asked, record, name)

    @router.post("/{record_id}/cells/{name}")
    def save_cell(
        request: Request,
        kickoff_id: KickoffId,
        record_id: RecordId,
        name: FieldName,
        form: Posted,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        values = _of_cell(entity, name, values_of(entity.fields, form, hidden=entity.private))
        try:
            with writing(asked.database) as session:
                record = records.find(session, entity, kickoff_id, record_id, to_write=True)
                values = in_their_order(entity, record, values)
                if text_of(form, "version") != str(record.version):
                    others = meanwhile(
                        session,
                        asked.its_kickoff,
                        entity,
                        record,
                        form,
                        values,
                        hidden=entity.private,
                    )
                    return _cell(request, pages, asked, record, name, values, others=others)
                records.change(session, entity, record, values)
        except Invalid as error:
            with asked.database.reading() as session:
                record = records.find(session, entity, kickoff_id, record_id)
            return _cell(request, pages, asked, record, name, values, faults=error)
        return _row(request, pages, asked, record)


def _of_cell(entity: Entity, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    if name not in editable(entity):
        raise NotFound
    return {name: values[name]} if name in values else {}


def _cell(
    request: Request,
    pages: "RecordPages",
    asked: Asked,
    record: OfKickoff,
    name: str,
    values: Mapping[str, Any] | None = None,
    *,
    faults: Invalid | None = None,
    others: Meanwhile | None = None,
) -> Response:
    """The field with its label, as the whole form draws it."""
    entity, kickoff = pages.entity, asked.its_kickoff
    if name not in editable(entity) or (isinstance(record, Kept) and record.superseded_by_id):
        raise NotFound
    errors = faults_by_name(faults.faults) if faults else {}
    with asked.database.reading() as session:
        choices = without_itself(entity, choices_of(session, entity, kickoff.id), record)
    shown = {**records.own_values(entity.fields, record), **(values or {})}
    fields = field_views(entity.fields, shown, errors=errors, choices=choices)
    return page(
        request,
        "records/cell.html",
        status=422 if faults else 412 if others else 200,
        pages=pages,
        kickoff=kickoff,
        record=record,
        field=next(one for one in fields if one.name == name),
        elsewhere=[text for field, text in errors.items() if field != name],
        others=others,
    )


def _row(request: Request, pages: "RecordPages", asked: Asked, record: OfKickoff) -> Response:
    """The cells of the row as they are now: what is worked out may have changed with them."""
    entity, kickoff = pages.entity, asked.its_kickoff
    with asked.database.reading() as session:
        choices = choices_of(session, entity, kickoff.id)
    table = Table(entity, columns_of(entity), choices, kickoff, clock.now())
    return page(
        request,
        "records/row.html",
        pages=pages,
        kickoff=kickoff,
        record=record,
        columns=table.columns,
        cells=table.cells(record),
        editable=editable(entity),
    )
