"""A table as somebody wants to see it: those whose name holds some words, or that have an owner, a
state or whatever else is chosen in their form, in the order of one column. By plain GET: the
address of a view can be sent to somebody.

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

AT_ONCE = 3  # choices that are seen at once; the rest are behind a word
NOTHING = "-"  # asks for those without
YES, NO = "true", "false"
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

    @property
    def value(self) -> str | bool | None:
        """As it is stored."""
        return {NOTHING: None, YES: True, NO: False}.get(self.chosen, self.chosen)


@dataclass(frozen=True)
class Narrowed:
    """What is asked for. `sort` is a column's name, after a minus from its end."""

    has_words: bool
    words: str
    choices: Sequence[Choice]
    sort: str
    sortable: frozenset[str]

    @property
    def at_once(self) -> Sequence[Choice]:
        return self.choices[:AT_ONCE]

    @property
    def behind(self) -> Sequence[Choice]:
        return self.choices[AT_ONCE:]

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
        wanted = {one.name: one.value for one in self.choices if one.chosen}
        statement = listing.filtered(entity, statement, wanted)
        if self.words:
            statement = listing.searched(session, entity, statement, self.words)
        return statement

    def keys(self, entity: Entity, usual: Sequence[Any]) -> Sequence[Any]:
        return listing.keys_as_read(entity, [self.sort]) if self.sort else usual


def narrowed(entity: Entity, columns: Sequence[Column], choices: Choices, query: Query) -> Narrowed:
    sortable = frozenset(one.name for one in columns if one.name in listing.sorts_of(entity))
    sort = query.get("sort", "")
    has_words = not _is_chosen(entity, entity.name_field) and (
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
    """Who and how it stands first, and what the table shows before what only the form does."""
    shown = [one.name for one in columns]
    names = [name for name in listing.filters_of(entity) if _is_chosen(entity, name)]
    names.sort(key=lambda name: (name not in _FIRST, name not in shown))
    found = []
    for name in names:
        meta = meta_of(entity.fields, name)
        if meta and (options := _options(entity, name, meta, choices)):
            chosen = query.get(name, "")
            known = chosen if chosen in dict(options) else ""
            found.append(Choice(name, gettext(meta.label), options, known))
    return found


def _options(entity: Entity, name: str, meta: Meta, choices: Choices) -> list[tuple[str, str]]:
    info = entity.fields.model_fields[name]
    if kind_of(info) is bool:
        return [(YES, gettext("Yes")), (NO, gettext("No"))]
    options = [(str(code), gettext(word)) for code, word in meta.choices]
    options = options or list(choices.get(meta.widget, ()))
    without = options and (may_be_none(info) or meta.several)
    return [*options, (NOTHING, gettext("None"))] if without else options


def _is_chosen(entity: Entity, name: str) -> bool:
    """Whether its form has a list of what it can be, or yes and no."""
    meta = meta_of(entity.fields, name)
    if meta is None:
        return False
    of_a_few = bool(meta.choices) or name in references_of(entity)
    return of_a_few or kind_of(entity.fields.model_fields[name]) is bool
