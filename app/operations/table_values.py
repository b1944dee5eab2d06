"""What the cells of a row mean for an entity: words as codes, names as the records they are of."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, get_args

from sqlmodel import Session, col, select

from app import ids
from app.i18n import LANGUAGES, gettext, speaking
from app.models.fields import Meta
from app.operations.entities import PEOPLE, REFERRED, Entity
from app.operations.table_columns import writable
from app.rules import table_cells
from app.rules.table_cells import NotUnderstood, folded

_SIMPLE = {
    "date": table_cells.day_of,
    "decimal": table_cells.figure_of,
    "number": table_cells.whole_of,
    "time": table_cells.hour_of,
}


class Reader:
    """Reads one kickoff's rows of one entity. `added`: who would be put on the people list, where
    that was asked for: their names by the id that stands for them until then."""

    def __init__(
        self, session: Session, entity: Entity, kickoff_id: str, *, add_people: bool
    ) -> None:
        self.entity, self.kickoff_id, self.add_people = entity, kickoff_id, add_people
        self.metas = writable(entity)
        self.added: dict[str, str] = {}
        self._codes = {name: _codes(meta) for name, meta in self.metas.items() if meta.choices}
        self._ids: dict[str, dict[str, list[str]]] = {}
        for widget in {meta.widget for meta in self.metas.values()} & REFERRED.keys():
            self._ids[widget] = _named(session, REFERRED[widget], kickoff_id)

    def expect(self, rows: Mapping[str, str]) -> None:
        """The names that the rows themselves bring, by id: one may refer to another."""
        own = [widget for widget in self._ids if REFERRED[widget] is self.entity]
        for widget in own:
            for id, name in rows.items():
                known = self._ids[widget].setdefault(folded(name), [])
                if id not in known:
                    known.append(id)

    def values(self, cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The fields that the cells set, and what is wrong with the others."""
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for name, text in cells.items():
            try:
                if text.strip():
                    values[name] = self._value(name, text)
                else:
                    values |= self._emptied(name)
            except NotUnderstood as error:
                faults[name] = self._sentence(error.code, name)
            except _Unknown as error:
                faults[name] = str(error)
        return values, faults

    def _value(self, name: str, text: str) -> Any:
        meta = self.metas[name]
        if meta.several:
            names = table_cells.names_in(text, self._ids[meta.widget].keys())
            return [self._id(meta.widget, one) for one in names]
        if meta.widget in self._ids:
            return self._id(meta.widget, " ".join(text.split()))
        if meta.widget == "check":
            return table_cells.yes_of(text)
        if meta.choices:
            return table_cells.word_of(text, self._codes[name])
        read = _SIMPLE.get(meta.widget)
        return read(text) if read else text

    def _emptied(self, name: str) -> dict[str, Any]:
        """An empty cell empties the field; one that always has a value keeps it."""
        info, meta = self.entity.fields.model_fields[name], self.metas[name]
        if meta.several:
            return {name: []}
        if meta.widget == "check":
            return {name: False}
        if type(None) in get_args(info.annotation):
            return {name: None}
        if meta.choices or meta.widget in _SIMPLE:
            return {}
        return {name: ""}

    def _id(self, widget: str, name: str) -> str:
        there = self._ids[widget]
        found = there.get(folded(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise _Unknown(gettext("Several are called «%(name)s».") % {"name": name})
        if any(name in known for known in there.values()):
            return name  # an id
        if REFERRED[widget] is PEOPLE and self.add_people:
            placeholder = ids.derived_id(self.kickoff_id, f"person {folded(name)}")
            self.added.setdefault(placeholder, name)
            return placeholder
        sentence = gettext("«%(name)s» is not among «%(list)s».")
        raise _Unknown(sentence % {"name": name, "list": gettext(REFERRED[widget].many)})

    def _sentence(self, code: str, name: str) -> str:
        match code:
            case "date":
                return gettext("This is not a date, such as 31.12.2026.")
            case "figure":
                return gettext("This must be a number.")
            case "whole":
                return gettext("This must be a whole number.")
            case "time":
                return gettext("This is not a time, such as 09:30.")
            case "yes":
                return gettext("Write yes or no.")
            case _:
                choices = ", ".join(gettext(word) for _, word in self.metas[name].choices)
                return gettext("Write one of: %(choices)s.") % {"choices": choices}


class _Unknown(Exception):
    """A name that is nobody's, or several's: its sentence."""


def _codes(meta: Meta) -> dict[str, str]:
    codes = {folded(code): code for code, _ in meta.choices}
    for language in LANGUAGES:
        with speaking(language):
            codes |= {folded(gettext(word)): code for code, word in meta.choices}
    return codes


def _named(session: Session, entity: Entity, kickoff_id: str) -> dict[str, list[str]]:
    name = getattr(entity.table, entity.name_field)
    wanted = select(entity.child.id, name).where(col(entity.child.kickoff_id) == kickoff_id)
    found: dict[str, list[str]] = defaultdict(list)
    for id, called in session.execute(wanted).all():
        found[folded(str(called))].append(id)
    return dict(found)
