"""A table as somebody wants to see it: those whose name holds some words, or that have an owner or
a state, in the order of one column. By plain GET: the address of a view can be sent to somebody.

It is advice to a page: what an address asks for that there is not is left out, and not refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select
from sqlmodel import Session

from app.i18n import gettext
from app.models.fields import Meta, meta_of
from app.models.text import LINE_MAX, clean_line
from app.operations import listing
from app.operations.entities import Entity
from app.operations.records import references_of
from app.routers.cells import Column
from app.routers.declared import kind_of, may_be_none
from app.routers.forms import Choices

MOST_CHOICES = 3  # what one finds one's way in; REST has all of them
NOTHING = "-"  # asks for those without
WORTH_IT = 6  # fewer rows are seen at a glance
_FIRST = ("state", "status", "owner_id", "person_id")

Query = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """A field by which the table is narrowed; `chosen` is one of the options, or ""."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Narrowed:
    """What is asked for. `sort` is a column's name, after a minus from its end."""

    has_words: bool
    words: str
    choices: Sequence[Choice]
    sort: str
    sortable: frozenset[str]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words) or any(one.chosen for one in self.choices)

    @property
    def query(self) -> dict[str, str]:
        asked = {one.name: one.chosen for one in self.choices} | {"sort": self.sort}
        return {name: value for name, value in {"q": self.words, **asked}.items() if value}

    def address(self, here: str, **changed: str) -> str:
        asked = {name: value for name, value in {**self.query, **changed}.items() if value}
        return f"{here}?{urlencode(asked)}" if asked else here

    def order_of(self, column: str) -> str:
        """As aria-sort has it; "" for a column that is not sorted by."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "")

    def sorted_by(self, here: str, column: str) -> str:
        """Where a click on the column's head leads: from its start, from its end, as it was."""
        following = {column: f"-{column}", f"-{column}": ""}.get(self.sort, column)
        return self.address(here, sort=following)

    def of(self, session: Session, entity: Entity, statement: Select[Any]) -> Select[Any]:
        wanted = {
            one.name: None if one.chosen == NOTHING else one.chosen
            for one in self.choices
            if one.chosen
        }
        statement = listing.filtered(entity, statement, wanted)
        if self.words:
            statement = listing.searched(session, entity, statement, self.words)
        return statement

    def keys(self, entity: Entity, usual: Sequence[Any]) -> Sequence[Any]:
        return listing.keys_of(entity, [self.sort]) if self.sort else usual


def narrowed(entity: Entity, columns: Sequence[Column], choices: Choices, query: Query) -> Narrowed:
    sortable = frozenset(one.name for one in columns if _has_order(entity, one))
    sort = query.get("sort", "")
    has_words = entity.name_field not in _chosen_fields(entity) and (
        kind_of(entity.fields.model_fields[entity.name_field]) is str
    )
    return Narrowed(
        has_words=has_words,
        words=_words(query.get("q", "")) if has_words else "",
        choices=_choices(entity, columns, choices, query),
        sort=sort if sort.removeprefix("-") in sortable else "",
        sortable=sortable,
    )


def _words(text: str) -> str:
    try:
        return clean_line(text)[:LINE_MAX]
    except ValueError:
        return ""


def _choices(
    entity: Entity, columns: Sequence[Column], choices: Choices, query: Query
) -> list[Choice]:
    narrowing = [one for one in columns if isinstance(one.about, Meta) and one.name in _of(entity)]
    first = sorted(narrowing, key=lambda one: one.name not in _FIRST)[:MOST_CHOICES]
    found = []
    for column in (one for one in narrowing if one in first):
        options = _options(entity, column, choices)
        chosen = query.get(column.name, "")
        known = chosen if chosen in dict(options) else ""
        found.append(Choice(column.name, column.label, options, known))
    return found


def _options(entity: Entity, column: Column, choices: Choices) -> list[tuple[str, str]]:
    about = column.about
    options = [(str(code), gettext(word)) for code, word in about.choices] or list(
        choices.get(about.widget, ())
    )
    without = may_be_none(entity.fields.model_fields[column.name])
    return [*options, (NOTHING, gettext("None"))] if without else options


def _of(entity: Entity) -> frozenset[str]:
    """The fields that are chosen from among a few, but for what the record is called by."""
    return frozenset(listing.filters_of(entity)) & _chosen_fields(entity) - {entity.name_field}


def _chosen_fields(entity: Entity) -> frozenset[str]:
    found = set()
    for name in entity.fields.model_fields:
        meta = meta_of(entity.fields, name)
        if meta and not meta.several and (meta.choices or name in references_of(entity)):
            found.add(name)
    return frozenset(found)


def _has_order(entity: Entity, column: Column) -> bool:
    """Words, figures and dates have one; what is chosen is stored by its code or id."""
    return column.name in listing.sorts_of(entity) and column.name not in _chosen_fields(entity)
