"""Bring in an entity's records from a spreadsheet: look first, write afterwards.

`looked_at` says for each row what it would become and everything that is wrong with it; `take_in`
writes all of them in one transaction. A row is known again by its id, or by its name.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from app import ids
from app.errors import Fault, Invalid
from app.i18n import gettext
from app.models.faults import validated
from app.models.fields import Kept, OfKickoff
from app.operations import bulk, people
from app.operations.entities import Entity
from app.operations.history import as_json
from app.operations.records import all_of, own_values, stored
from app.operations.rooms import lock_rooms
from app.operations.table_columns import ID, Column, columns_of, writable
from app.operations.table_rows import MOST_ROWS, rows_of_text, too_many_rows
from app.operations.table_values import Reader
from app.rules.cycles import cycles
from app.rules.table_cells import folded


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Row:
    """One row: its number as the spreadsheet counts, its cells by field as they were written, what
    they mean, and what is wrong ("" is the row as a whole)."""

    number: int
    cells: Mapping[str, str]
    fate: Fate
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    record: OfKickoff | None = None
    id: str = ""


@dataclass(frozen=True)
class Looked:
    """What would become of a table. `people` are those who would be put on the list, by the id that
    stands for them in the rows until then."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    people: Mapping[str, str]

    def count(self, fate: Fate) -> int:
        return sum(row.fate is fate for row in self.rows)


def looked_at(
    session: Session, entity: Entity, kickoff_id: str, text: str, *, add_people: bool = False
) -> Looked:
    """What would become of each row. `Invalid` for what is no table with its columns' names."""
    table = rows_of_text(text)
    start = next((number for number, row in enumerate(table) if any(map(str.strip, row))), None)
    if start is None:
        raise _no_table(gettext("There are no rows yet."))
    columns = columns_of(entity, table[start])
    used = [column for column in columns if column.field]
    if not used:
        name = gettext(writable(entity)[entity.name_field].label)
        sentence = gettext("The first row must name the columns, such as «%(name)s».")
        raise _no_table(sentence % {"name": name})
    lines = [
        (number + 1, _cells(used, row))
        for number, row in enumerate(table)
        if number > start and any(cell.strip() for cell in row)
    ]
    if len(lines) > MOST_ROWS:
        raise _no_table(too_many_rows())
    there = _There(entity, session.scalars(all_of(entity, kickoff_id)).all())
    found = [there.begin(number, cells) for number, cells in lines]
    reader = Reader(session, entity, kickoff_id, add_people=add_people)
    reader.expect({row.id: row.cells.get(entity.name_field, "") for row in found})
    rows = [row if row.faults else there.read(row, reader) for row in found]
    return Looked(columns, _without_circles(entity, there, rows), reader.added)


def take_in(
    session: Session, entity: Entity, kickoff_id: str, text: str, *, add_people: bool = False
) -> Looked:
    """Look once more, at what is there by now, and write it: all rows, or none (the answer has the
    faults then)."""
    lock_rooms(session, kickoff_id)
    looked = looked_at(session, entity, kickoff_id, text, add_people=add_people)
    if looked.count(Fate.FAULTY):
        return looked
    added = {
        id: people.person_named(session, kickoff_id, name).id for id, name in looked.people.items()
    }
    written = [row for row in looked.rows if row.fate in (Fate.NEW, Fate.CHANGED)]
    items = [bulk.Item(_with(added, row.values), row.id, row.record) for row in written]
    bulk.save_all(session, entity, kickoff_id, items)
    return looked


class _There:
    """The records that are there, and the rows that would be."""

    def __init__(self, entity: Entity, found: Sequence[OfKickoff]) -> None:
        self.entity = entity
        self.by_id = {record.id: record for record in found}
        self.by_name: dict[str, list[OfKickoff]] = defaultdict(list)
        # A figure or a chosen word is no name: two readings may well say the same.
        meta = writable(entity)[entity.name_field]
        self.named = entity.fields.model_fields[entity.name_field].is_required() and not meta.widget
        self.seen: Counter[str] = Counter()
        for record in found:
            if self.named and not (isinstance(record, Kept) and record.superseded_by_id):
                self.by_name[folded(str(getattr(record, entity.name_field)))].append(record)
        self.alike = {self._whole(own_values(entity.fields, one)): one for one in found}

    def begin(self, number: int, cells: Mapping[str, str]) -> Row:
        """Which record the row is, if any."""
        row = Row(number, cells, Fate.NEW, id=ids.new_id())
        if id := cells.get(ID, "").strip():
            record = self.by_id.get(id)
            if record is None:
                return _faulty(row, {ID: gettext("There is no record with this ID here.")})
            return self._once(replace(row, record=record, id=record.id))
        name = folded(cells.get(self.entity.name_field, "")) if self.named else ""
        if not name:
            return row
        known = self.by_name.get(name, [])
        if len(known) > 1:
            sentence = gettext("Several are called this. Say which one in a column «ID».")
            return _faulty(row, {self.entity.name_field: sentence})
        return self._once(replace(row, record=known[0], id=known[0].id)) if known else row

    def read(self, row: Row, reader: Reader) -> Row:
        """What its cells mean, and what is wrong with them."""
        own = {name: cell for name, cell in row.cells.items() if name != ID}
        values, faults = reader.values(own)
        whole = own_values(self.entity.fields, row.record) if row.record else {}
        checked = None
        try:
            checked = validated(self.entity.fields, {**whole, **values})
        except Invalid as error:
            for one in error.faults:
                faults.setdefault(one.pointer.removeprefix("/").split("/")[0], one.detail)
        if isinstance(row.record, Kept) and row.record.superseded_by_id:
            faults.setdefault("", gettext("This is superseded: it is not changed any more."))
        if faults or checked is None:
            return _faulty(row, faults)
        after = stored(checked)
        if row.record is None:
            return self._new(replace(row, values=values), after)
        changed = frozenset(name for name in values if as_json(after[name]) != as_json(whole[name]))
        stays = [name for name in changed if not self._may_change(whole, name)]
        if stays:
            sentence = gettext("What was said stays. Say anew what holds, or withdraw it.")
            return _faulty(row, dict.fromkeys(stays, sentence))
        fate = Fate.CHANGED if changed else Fate.UNCHANGED
        changes = {name: values[name] for name in changed}
        return replace(row, values=changes, fate=fate, changed=changed)

    def _may_change(self, whole: Mapping[str, Any], name: str) -> bool:
        changing = self.entity.changing
        return changing is None or name in changing or whole[name] is None

    def _new(self, row: Row, after: Mapping[str, Any]) -> Row:
        """What has no name of its own is known again where all of it is the same."""
        if self.named:
            return row
        whole = self._whole(after)
        if whole in self.alike:
            return replace(row, fate=Fate.UNCHANGED, record=self.alike[whole])
        self.seen[whole] += 1
        if self.seen[whole] > 1:
            return _faulty(row, {"": gettext("The same row stands further up already.")})
        return row

    def _once(self, row: Row) -> Row:
        self.seen[row.id] += 1
        if self.seen[row.id] > 1:
            return _faulty(row, {"": gettext("The same record stands further up already.")})
        return row

    def _whole(self, values: Mapping[str, Any]) -> str:
        return repr(sorted((name, as_json(value)) for name, value in values.items()))


def _cells(used: Sequence[Column], row: Sequence[str]) -> dict[str, str]:
    return {
        column.field: row[column.number - 1] if column.number <= len(row) else "" for column in used
    }


def _faulty(row: Row, faults: Mapping[str, str]) -> Row:
    return replace(row, fate=Fate.FAULTY, faults=faults)


def _without_circles(entity: Entity, there: _There, rows: Sequence[Row]) -> list[Row]:
    """Rows that would lead in a circle, together or with what is there, are faulty."""
    name = entity.acyclic
    if not name:
        return list(rows)
    leads = {id: bulk.as_list(getattr(one, name)) for id, one in there.by_id.items()}
    leads |= {row.id: bulk.as_list(row.values[name]) for row in rows if name in row.values}
    within = {id for circle in cycles(leads) for id in circle}
    sentence = gettext("This would lead in a circle.")
    return [
        _faulty(row, {name: sentence}) if row.id in within and not row.faults else row
        for row in rows
    ]


def _with(added: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """People who are on the list only now, by the ids that they have there."""
    return {
        name: [added.get(one, one) for one in value]
        if isinstance(value, list)
        else added.get(value, value)
        for name, value in values.items()
    }


def _no_table(sentence: str) -> Invalid:
    return Invalid(faults=[Fault("/text", sentence)])
