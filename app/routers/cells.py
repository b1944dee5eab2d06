"""A record as a row of a table: names in place of ids, words in place of codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.i18n import gettext, mark
from app.models.fields import Meta, OfKickoff, Ordered, meta_of
from app.models.kickoffs import Kickoff
from app.operations.derived import Derived
from app.operations.entities import REFERRED, Entity
from app.outputs.csv_table import Value
from app.rendering import clock_time, day, figure
from app.routers.forms import Choices, label_of, phase_words

ID = Meta(mark("ID"))
SUPERSEDED = "superseded"  # the widget, and the key of the names that it shows


@dataclass(frozen=True)
class Cell:
    """`widget` says how it is drawn, "" as its text; `code` is a status's colour; `notes` are
    small words below it."""

    text: str
    widget: str = ""
    code: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A field of the declaration, or one that is worked out."""

    name: str
    label: str
    about: Meta | Derived

    def value(self, record: OfKickoff, kickoff: Kickoff, now: datetime) -> Any:
        if isinstance(self.about, Derived):
            return self.about.value(record, kickoff, now)
        return getattr(record, self.name)

    @property
    def is_derived(self) -> bool:
        return isinstance(self.about, Derived)

    @property
    def is_number(self) -> bool:
        return self.about.widget in ("number", "decimal")


def columns_of(entity: Entity, *, every: bool = False) -> list[Column]:
    """What a table shows, its record's name first; `every`: what a file holds."""
    found: list[Column] = []
    for name in entity.fields.model_fields:
        meta = meta_of(entity.fields, name)
        if meta and not meta.private and (meta.in_table or every):
            found.append(Column(name, gettext(meta.label), meta))
    worked_out = [one for one in entity.derived if one.in_table or every]
    found += [Column(one.name, gettext(one.label), one) for one in worked_out]
    # By its id a record is known again, whatever it is called by then.
    return [*found, Column("id", gettext(ID.label), ID)] if every else found


def choices_of(session: Session, entity: Entity, kickoff_id: str) -> Choices:
    """What the fields that refer to something can be set to: one query for each kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    metas = [meta_of(entity.fields, name) for name in entity.fields.model_fields]
    for widget in {meta.widget for meta in metas if meta} & REFERRED.keys():
        found[widget] = _named(session, REFERRED[widget], kickoff_id)
    if entity.kept:
        found[SUPERSEDED] = _named(session, entity, kickoff_id)
    return found


def without_itself(entity: Entity, choices: Choices, record: OfKickoff | None) -> Choices:
    """What a record can refer to: never to itself."""
    itself = record.id if record else ""
    return {
        widget: [one for one in options if REFERRED.get(widget) is not entity or one[0] != itself]
        for widget, options in choices.items()
    }


@dataclass(frozen=True)
class Table:
    """How an entity's records become rows."""

    entity: Entity
    columns: Sequence[Column]
    choices: Choices
    kickoff: Kickoff
    now: datetime

    def cells(self, record: OfKickoff) -> list[Cell]:
        """A row of the page; the first cell is the record's name."""
        return [self._cell(column, record) for column in self.columns]

    def values(self, record: OfKickoff) -> list[Value]:
        """A row of a file: figures and dates stay what they are."""
        return [self._value(column, record) for column in self.columns]

    def _cell(self, column: Column, record: OfKickoff) -> Cell:
        about, value = column.about, column.value(record, self.kickoff, self.now)
        text = self._words(about, value)
        if isinstance(about, Derived):
            widget = about.widget or _drawn_as(about, value)
            return Cell(text, widget, str(value or ""), self._reasons(about, record))
        if about.tones:
            return Cell(text, "status", dict(about.tones).get(value, ""))
        return Cell(text, _drawn_as(about, value))

    def _reasons(self, about: Derived, record: OfKickoff) -> tuple[str, ...]:
        because = next((one for one in self.entity.derived if one.name == about.because), None)
        if because is None:
            return ()
        codes = because.value(record, self.kickoff, self.now)
        return tuple(self._words(because, code) for code in codes)

    def _value(self, column: Column, record: OfKickoff) -> Value:
        value = column.value(record, self.kickoff, self.now)
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.kickoff.time_zone))
        if isinstance(value, float | int | date) and not isinstance(value, bool):
            return value
        return self._words(column.about, value)

    def _words(self, about: Meta | Derived, value: Any) -> str:
        if value is None or value is False:
            return ""
        if value is True:
            return gettext("Yes")
        if isinstance(value, list):
            return ", ".join(filter(None, (self._words(about, one) for one in value)))
        if isinstance(value, datetime):
            return f"{day(value, 'medium')} {clock_time(value, self.kickoff.time_zone)}"
        if isinstance(value, date):
            return day(value, "medium")
        if isinstance(value, float | int):
            return figure(value)
        if isinstance(value, dict):  # a phase of a timebox
            return f"{phase_words().get(value['name'], value['name'])} {value['minutes']}"
        names = dict(self.choices.get(about.widget, ()))
        return names.get(value) or label_of(about, value)


def _drawn_as(about: Meta | Derived, value: Any) -> str:
    if isinstance(value, bool):
        return "check"
    if isinstance(value, date):
        return "when"
    one_name = about.widget == "person" and isinstance(value, str)
    return "brief" if one_name or about.choices else ""


def _named(session: Session, entity: Entity, kickoff_id: str) -> list[tuple[str, str]]:
    table, name = entity.child, getattr(entity.table, entity.name_field)
    order = col(entity.ordered_table.position) if issubclass(table, Ordered) else name
    wanted = select(table.id, name).where(col(table.kickoff_id) == kickoff_id)
    return [(id, name) for id, name in session.execute(wanted.order_by(order, table.id)).all()]
