"""Column kinds and field metadata that every entity shares.

An entity is declared once (`class GoalFields(Fields)`), and table, REST schemas, form and table
view are derived from that declaration. `Meta` is what a person needs to see of a field.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints
from sqlalchemy import BigInteger, DateTime, Dialect, TypeDecorator
from sqlmodel import Field, SQLModel

from app import clock, ids

LINE_MAX = 200
PROSE_MAX = 4000
INTEGER_MAX = 2**31 - 1

# Bidirectional controls: isolated by the browser's <bdi>, but overrides would reach other text.
_BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True)
class Meta:
    """What a person sees of a field. `label` and `help` are English message ids."""

    label: str
    help: str = ""
    widget: str = ""  # "", area, date, time, select, person, team, number, email, hidden
    section: str = ""
    in_table: bool = True
    choices: tuple[tuple[str, str], ...] = field(default=())  # (code, English message id)


def clean_text(value: str) -> str:
    """Text as it may be stored (RELIABILITY D11): NFC, no NUL, no control but newline and tab."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("contains half of a character")
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    value = value.translate(_BIDI)
    return "".join(c for c in value if c in "\n\t" or not _is_control(c)).strip()


def clean_line(value: str) -> str:
    """One line of text: newlines and tabs become spaces."""
    return " ".join(clean_text(value).split())


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


Line = Annotated[str, StringConstraints(max_length=LINE_MAX), AfterValidator(clean_line)]
Prose = Annotated[str, StringConstraints(max_length=PROSE_MAX), AfterValidator(clean_text)]
Whole = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX)]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, read back aware (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


Milliseconds = BigInteger  # column type of instants that travel in frames


class Fields(SQLModel):
    """Base of an entity's own fields."""


class Record(SQLModel):
    """What every record has beside its own fields. `version` is its ETag and grows by one a write."""

    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    version: int = Field(default=1)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)


def meta_of(model: type[SQLModel], name: str) -> Meta | None:
    """The Meta of one field, if it declares one."""
    return next((m for m in model.model_fields[name].metadata if isinstance(m, Meta)), None)


def foreign(key: str, **options: Any) -> Any:
    """A foreign key column, named by string so that models need not import each other."""
    return Field(foreign_key=key, max_length=36, index=True, **options)
