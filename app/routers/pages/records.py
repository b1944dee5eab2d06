"""One declared entity → its pages: table, form, and plain POSTs to make, change, move and remove.

A form carries the version it was filled from. If somebody has saved in between, it comes back with
what was typed and with what they changed (`routers/meanwhile`), and the next save wins knowingly.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app import clock
from app.access import Permission
from app.errors import Invalid, NotFound
from app.models.fields import Kept, OfKickoff, meta_of
from app.operations import order, records
from app.operations.entities import PEOPLE, Entity
from app.operations.history import as_json
from app.routers.cells import SUPERSEDED, Table, choices_of, columns_of, without_itself
from app.routers.changes import ChangeLine, words_of
from app.routers.conditions import writing
from app.routers.forms import (
    Posted,
    faults_by_name,
    field_views,
    hidden_from,
    labels_of,
    text_of,
    values_of,
)
from app.routers.meanwhile import chosen, in_their_order, last_changes, meanwhile, removal
from app.routers.pages.narrowed import WORTH_IT, narrowed
from app.routers.pages.page import go_to, page
from app.routers.pages.record_cells import editable, record_cells
from app.routers.pages.table_import import importing
from app.routers.paging import Cursor, page_of
from app.routers.permissions import Asked, KickoffId, RecordId, needs
from app.routers.record_files import csv_file, xlsx_file

ROWS = 100
LAST_CHANGES = 5  # of the history that a form shows

# What a page of one entity shows beyond what all of them show.
Also = Callable[[Session, Asked, OfKickoff | None], Mapping[str, Any]]


# Where a form leads once its record is saved, if not to where it usually does. `is_new`: just made.
LedTo = Callable[[FormData, str, str, bool], Response | None]


# What a form says of the values that stand in it, saved or not.
AsTyped = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def says_nothing(_values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def _as_usual(_form: FormData, _kickoff_id: str, _record_id: str, _is_new: bool) -> None:
    return None


def _nothing(_session: Session, _asked: Asked, _record: OfKickoff | None) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Empty:
    """Message ids of what an empty table says, and its icon."""

    title: str
    text: str
    icon: str


@dataclass
class Section:
    """Parts of the plan that are worked on together. `title` is a message id."""

    name: str
    title: str
    parts: list["RecordPages"] = field(default_factory=list)


@dataclass(frozen=True)
class RecordPages:
    """An entity's pages. `path` is the last part of their address and their templates' folder;
    what is not in that folder is drawn by `templates/records/`. `empty` is what the table says
    before there is anything; `tab` the kickoff's part that the pages belong to, if not their
    own, and `section` their place in it."""

    entity: Entity
    path: str
    sort: tuple[str, ...] = ()
    empty: Empty | None = None
    tab: str = ""
    section: Section | None = None
    also_in_list: Also = _nothing
    also_in_form: Also = _nothing
    as_typed: AsTyped = says_nothing
    led_to: LedTo = _as_usual

    def address(self, kickoff_id: str, *parts: str) -> str:
        return "/".join(("/kickoffs", kickoff_id, self.path, *parts))

    def templates(self, name: str) -> list[str]:
        return [f"{self.path}/{name}.html", f"records/{name}.html"]

    @property
    def keys(self) -> list[Any]:
        names = self.sort or (("position", "id") if self.entity.ordered else ("id",))
        return [getattr(self.entity.table, name) for name in names]


def record_pages(pages: RecordPages, *, with_list: bool = True) -> APIRouter:
    """The routes of an entity's pages."""
    entity = pages.entity
    router = APIRouter(prefix=f"/kickoffs/{{kickoff_id}}/{pages.path}", include_in_schema=False)

    def listed(
        request: Request,
        asked: Annotated[Asked, needs(entity.see)],
        cursor: Cursor = None,
    ) -> Response:
        return _list(request, pages, asked, cursor)

    if with_list:
        router.get("")(listed)

    @router.get("/new")
    def blank(request: Request, asked: Annotated[Asked, needs(entity.edit)]) -> Response:
        return _form(request, pages, asked, None, values=dict(request.query_params))

    @router.post("")
    def create(
        request: Request,
        kickoff_id: KickoffId,
        form: Posted,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        values = values_of(entity.fields, form, hidden=hidden_from(asked, entity.private))
        after_id = text_of(form, "after_id") if "after_id" in form else None
        try:
            with writing(asked.database) as session:
                record = records.create(session, entity, kickoff_id, values, after_id=after_id)
        except Invalid as error:
            return _form(request, pages, asked, None, values=values, faults=error)
        return pages.led_to(form, kickoff_id, record.id, True) or go_to(
            pages.address(kickoff_id), said="made", part=f"record-{record.id}"
        )

    if entity is not PEOPLE:  # they have one of their own
        importing(router, pages)
    record_cells(router, pages)

    @router.get("/{record_id}")
    def edited(
        request: Request,
        kickoff_id: KickoffId,
        record_id: RecordId,
        asked: Annotated[Asked, needs(entity.see)],
    ) -> Response:
        with asked.database.reading() as session:
            record = records.find(session, entity, kickoff_id, record_id)
        return _form(request, pages, asked, record)

    @router.post("/{record_id}")
    def save(
        request: Request,
        kickoff_id: KickoffId,
        record_id: RecordId,
        form: Posted,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        values = values_of(entity.fields, form, hidden=hidden_from(asked, entity.private))
        values = chosen(form, values)
        try:
            with writing(asked.database) as session:
                record = records.find(session, entity, kickoff_id, record_id, to_write=True)
                values = in_their_order(entity, record, values)
                if text_of(form, "version") != str(record.version):
                    return _form(request, pages, asked, record, values=values, stale=form)
                records.change(session, entity, record, values)
        except NotFound:
            return _gone(request, pages, asked, record_id, values)
        except Invalid as error:
            with asked.database.reading() as session:
                record = records.find(session, entity, kickoff_id, record_id)
            return _form(request, pages, asked, record, values=values, faults=error)
        return pages.led_to(form, kickoff_id, record_id, False) or go_to(
            pages.address(kickoff_id), said="saved", part=f"record-{record_id}"
        )

    @router.get(".csv")
    def as_csv(asked: Annotated[Asked, needs(entity.see)]) -> Response:
        return csv_file(entity, pages.keys, asked)

    @router.get(".xlsx")
    def as_workbook(asked: Annotated[Asked, needs(entity.see)]) -> Response:
        return xlsx_file(entity, pages.keys, asked)

    if entity.kept:
        _superseding(router, pages)
    elif not entity.lasting:
        _removing(router, pages)

    @router.post("/{record_id}/move")
    def move(
        kickoff_id: KickoffId,
        record_id: RecordId,
        form: Posted,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        """`steps` (−1 is up) from the buttons, or `after_id` from dragging.

        Who moves by button goes on with the same button: the page gives it the focus, which a
        browser does only where the address names no part of the page.
        """
        with writing(asked.database) as session:
            record = records.find(session, entity, kickoff_id, record_id, to_write=True)
            after_id = _after_whom(session, pages, kickoff_id, record_id, form)
            records.change(session, entity, record, {}, after_id=after_id)
        steps = text_of(form, "steps")
        if "after_id" in form or steps not in ("-1", "1"):
            return go_to(pages.address(kickoff_id), said="moved", part=f"record-{record_id}")
        return go_to(pages.address(kickoff_id), said="moved", fresh=record_id, steps=steps)

    return router


def _removing(router: APIRouter, pages: RecordPages) -> None:
    entity = pages.entity

    @router.post("/{record_id}/remove")
    def remove(
        kickoff_id: KickoffId,
        record_id: RecordId,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        with writing(asked.database) as session:
            record = records.find(session, entity, kickoff_id, record_id, to_write=True)
            records.remove(session, entity, record)
        return go_to(pages.address(kickoff_id), said="removed")


def _superseding(router: APIRouter, pages: RecordPages) -> None:
    """Of what is kept: a form that has what held until now in it, for what holds from now on."""
    entity = pages.entity

    @router.get("/{record_id}/supersede")
    def filled(
        request: Request,
        kickoff_id: KickoffId,
        record_id: RecordId,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        with asked.database.reading() as session:
            record = records.find(session, entity, kickoff_id, record_id)
        return _form(request, pages, asked, record, superseding=True)

    @router.post("/{record_id}/supersede")
    def supersede(
        request: Request,
        kickoff_id: KickoffId,
        record_id: RecordId,
        form: Posted,
        asked: Annotated[Asked, needs(entity.edit)],
    ) -> Response:
        values = values_of(entity.fields, form, hidden=hidden_from(asked, entity.private))
        back = partial(_form, request, pages, asked, values=values, superseding=True)
        try:
            with writing(asked.database) as session:
                record = records.find(session, entity, kickoff_id, record_id, to_write=True)
                if text_of(form, "version") != str(record.version):
                    return back(record, stale=form)
                made = records.supersede(session, entity, record, values)
        except Invalid as error:
            with asked.database.reading() as session:
                record = records.find(session, entity, kickoff_id, record_id)
            return back(record, faults=error)
        return go_to(pages.address(kickoff_id), said="superseded", part=f"record-{made.id}")


def _list(request: Request, pages: RecordPages, asked: Asked, cursor: str | None) -> Response:
    entity, kickoff = pages.entity, asked.its_kickoff
    columns, told = columns_of(entity), request.query_params
    with asked.database.reading() as session:
        choices = choices_of(session, entity, kickoff.id)
        wanted = narrowed(entity, columns, choices, told)
        found, following = page_of(
            session,
            request,
            wanted.of(session, entity, records.all_of(entity, kickoff.id)),
            wanted.keys(entity, pages.keys),
            limit=ROWS,
            cursor=cursor,
            asked=repr(sorted(wanted.query.items())) if wanted.query else "",
        )
        also = pages.also_in_list(session, asked, None)
    table = Table(entity, columns, choices, kickoff, clock.now())
    rows = [(record, table.cells(record)) for record in found]
    return page(
        request,
        pages.templates("list"),
        pages=pages,
        entity=entity,
        kickoff=kickoff,
        columns=table.columns,
        editable=editable(entity),
        rows=rows,
        following=following,
        first=cursor is None,
        wanted=wanted,
        narrows=wanted.is_narrowed or following or cursor or len(rows) >= WORTH_IT,
        told=told,
        may_edit=asked.may(entity.edit),
        asked=asked,
        **also,
    )


def _form(
    request: Request,
    pages: RecordPages,
    asked: Asked,
    record: OfKickoff | None,
    *,
    values: Mapping[str, Any] | None = None,
    faults: Invalid | None = None,
    stale: FormData | None = None,
    superseding: bool = False,
    gone: ChangeLine | None = None,
) -> Response:
    """`stale`: what was posted over another version; `gone`: the record was removed meanwhile."""
    entity, kickoff = pages.entity, asked.its_kickoff
    hidden, others = hidden_from(asked, entity.private), None
    stored = records.own_values(entity.fields, record) if record else {}
    if superseding and isinstance(record, Kept):
        stored[record.falls_on] = None
    if record and entity.changing is not None:
        hidden |= entity.fields.model_fields.keys() - set(entity.changing)
    errors = faults_by_name(faults.faults) if faults else {}
    with asked.database.reading() as session:
        choices = choices_of(session, entity, kickoff.id)
        also = pages.also_in_form(session, asked, record)
        if record and stale is not None:
            others = meanwhile(session, kickoff, entity, record, stale, values or {}, hidden=hidden)
            values = others.values
        changes = _changes(session, asked, entity, record) if record else []
    typed = {**stored, **(values or {})}
    superseded_by = record.superseded_by_id if isinstance(record, Kept) else None
    names = dict(choices.get(SUPERSEDED, ()))
    return page(
        request,
        pages.templates("form"),
        status=422 if faults else 412 if stale is not None or gone else 200,
        pages=pages,
        entity=entity,
        kickoff=kickoff,
        record=record,
        fields=field_views(
            entity.fields,
            typed,
            errors=errors,
            choices=without_itself(entity, choices, record),
            hidden=hidden,
        ),
        errors=errors,
        labels=labels_of(entity.fields),
        others=others,
        gone=gone,
        history=changes,
        called=_called(entity, record) if record else "",
        superseding=superseding,
        superseded_by=superseded_by,
        superseded_name=names.get(superseded_by or "", ""),
        may_edit=asked.may(entity.edit) and superseded_by is None,
        asked=asked,
        told=request.query_params,
        after_id=request.query_params.get("after_id"),
        **also,
        **pages.as_typed(typed),
    )


def _gone(
    request: Request, pages: RecordPages, asked: Asked, record_id: str, values: Mapping[str, Any]
) -> Response:
    """What was typed over a record that somebody has removed meanwhile, to be added anew."""
    with asked.database.reading() as session:
        gone = removal(session, asked.its_kickoff, pages.entity, record_id)
    if gone is None:
        raise NotFound
    return _form(request, pages, asked, None, values=values, gone=gone)


def _called(entity: Entity, record: OfKickoff) -> str:
    """Its name, where that is a choice or a figure as well."""
    meta = meta_of(entity.fields, entity.name_field)
    value = as_json(getattr(record, entity.name_field))
    return words_of(meta, value, {}) if meta else str(value)


def _changes(session: Session, asked: Asked, entity: Entity, record: OfKickoff) -> list[ChangeLine]:
    private = asked.may(Permission.SEE_NOTES)
    return last_changes(
        session, asked.its_kickoff, entity, record, private=private, most=LAST_CHANGES
    )


def _after_whom(
    session: Session, pages: RecordPages, kickoff_id: str, record_id: str, form: Any
) -> str:
    if "after_id" in form:
        return text_of(form, "after_id")
    table = pages.entity.ordered_table
    ids = [one.id for one in order.siblings(session, table, kickoff_id)]
    try:
        steps = int(text_of(form, "steps"))
    except ValueError:
        raise Invalid from None
    return order.neighbour(ids, record_id, steps=max(-1000, min(1000, steps)))
