"""How the columns of a spreadsheet are read: which field of an entity each one is."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n import LANGUAGES, gettext, speaking
from app.models.fields import COMPOSED, Meta, meta_of
from app.operations.entities import Entity
from app.rules.table_cells import folded

ID = "id"


@dataclass(frozen=True)
class Column:
    """`field` is what the column is used as; "" is left out, because it is not known (`title`
    says what it is called), or `worked_out` by the product itself."""

    number: int
    title: str
    field: str
    worked_out: bool = False


def writable(entity: Entity) -> dict[str, Meta]:
    """The fields that a spreadsheet can bring: not the private ones, nor what has parts."""
    metas = {name: meta_of(entity.fields, name) for name in entity.fields.model_fields}
    return {
        name: meta
        for name, meta in metas.items()
        if meta and not meta.private and meta.widget not in COMPOSED
    }


def columns_of(entity: Entity, heading: Sequence[str]) -> list[Column]:
    """By their words in bokmål or English, in any order; each field once."""
    known, taken, columns = _words(entity), set[str](), []
    derived = {word for one in entity.derived for word in _said(one.label)}
    for number, title in enumerate(heading, start=1):
        word = folded(title).strip(":*")
        field = known.get(word, "")
        if field in taken:
            field = ""
        taken |= {field}
        if title.strip():
            columns.append(Column(number, title.strip(), field, word in derived and not field))
    return columns


def _words(entity: Entity) -> dict[str, str]:
    """What the fields are called, by any of their words. A name that two have is the first's."""
    found = {ID: ID}
    for name, meta in writable(entity).items():
        for word in [*_said(meta.label), folded(name)]:
            found.setdefault(word, name)
    return found


def _said(label: str) -> set[str]:
    words = set()
    for language in LANGUAGES:
        with speaking(language):
            words.add(folded(gettext(label)))
    return words
