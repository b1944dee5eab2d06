"""Column kinds and field metadata that every entity shares.

An entity is declared once (`class GoalFields(Fields)`), and table, REST schemas, form and table
view are derived from that declaration. `Meta` is what a person needs to see of a field.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, StringConstraints, field_validator
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, TypeDecorator
from sqlmodel import Field, SQLModel

from app import clock, ids
from app.errors import Fault, Invalid
from app.i18n import gettext
from app.models.byte_order import PositionText
from app.models.text import (
    EMAIL_MAX,
    FIGURE_MAX,
    INTEGER_MAX,
    LINE_MAX,
    PROSE_MAX,
    clean_line,
    clean_text,
    decimal_point,
    known_zone,
    mail_address,
    not_empty,
    once_each,
    still_within,
)

# Constraints have names, or a migration could not change them on SQLite.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


OUTCOME = "outcome"
# Widgets of fields with parts of their own: no cell of a table or spreadsheet holds them.
COMPOSED = frozenset({"phases", "program"})


@dataclass(frozen=True)
class Meta:
    """What a person sees of a field. `label` and `help` are English message ids.

    `widget` is what the form draws it with: "", area, date, time, select, number, decimal,
    check, email, phases, program, stated (a status that somebody answers for), or what it refers
    to: a word of `REFERRED` (operations/entities). `several`: it is a list of such references.
    `section`: what stands together in the form; "outcome" is what came of it, which no copy takes
    over. `private`: only those who may see the facilitator's notes read and write it.
    """

    label: str
    help: str = ""
    widget: str = ""
    section: str = ""
    in_table: bool = True
    choices: tuple[tuple[str, str], ...] = field(default=())  # (code, English message id)
    private: bool = False
    several: bool = False
    tones: tuple[tuple[str, str], ...] = field(default=())  # (code, colour) of a status


Line = Annotated[
    str,
    StringConstraints(max_length=LINE_MAX),
    AfterValidator(clean_line),
    AfterValidator(still_within(LINE_MAX)),
]
# A line that must say something: checked after cleaning, for a title of spaces is no title.
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LINE_MAX),
    AfterValidator(clean_line),
    AfterValidator(not_empty),
    AfterValidator(still_within(LINE_MAX)),
]
Prose = Annotated[
    str,
    StringConstraints(max_length=PROSE_MAX),
    AfterValidator(clean_text),
    AfterValidator(still_within(PROSE_MAX)),
]
Email = Annotated[
    str,
    StringConstraints(max_length=EMAIL_MAX),
    AfterValidator(clean_line),
    AfterValidator(mail_address),
]
TimeZone = Annotated[str, StringConstraints(max_length=60), AfterValidator(known_zone)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", max_length=5)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
Whole = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX)]
# A measured figure, typed with a point or a comma.
Figure = Annotated[float, BeforeValidator(decimal_point), Field(ge=-FIGURE_MAX, le=FIGURE_MAX)]
# References to several records, each once.
Ids = Annotated[list[Id], AfterValidator(once_each)]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, read back aware (SQLite forgets the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


Milliseconds = BigInteger  # column type of instants that travel in frames

YEARS = range(1900, 2200)


class Fields(SQLModel):
    """Base of an entity's own fields."""

    @field_validator("*", mode="after", check_fields=False)
    @classmethod
    def _of_our_time(cls, value: Any) -> Any:
        """A day of a year that somebody mistyped stands at the calendar's end, and nothing can be
        counted from it."""
        if isinstance(value, date) and value.year not in YEARS:
            raise ValueError("impossible_year")
        return value


class Record(SQLModel):
    """What every record has beside its own fields. `version` is its ETag, one more each write."""

    id: str = Field(default_factory=ids.new_id, primary_key=True, max_length=36)
    version: int = Field(default=1)
    created_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=clock.now, sa_type=UtcDateTime)

    def has_changed(self) -> None:
        """With every write of what is shown: whoever has the earlier ETag has something old."""
        self.version += 1
        self.updated_at = clock.now()

    def settle(self, named: Collection[str], today: date) -> None:
        """What follows from the fields that were set; `named` are those that somebody named, and
        `today` is the day where the kickoff is."""


def not_ahead(pointer: str, day: date | None, today: date) -> date:
    """The day of what was measured or said: today where none is named, and none that is ahead, for
    it would stand as the newest until then."""
    if day is not None and day > today:
        raise Invalid(faults=[Fault(pointer, gettext("The date is still ahead."))])
    return day or today


def meta_of(model: type[SQLModel], name: str) -> Meta | None:
    """The Meta of one field, if it declares one."""
    return next((m for m in model.model_fields[name].metadata if isinstance(m, Meta)), None)


def lists_of(model: type[SQLModel]) -> dict[str, str]:
    """The fields that refer to several records, and the widget that says to what."""
    metas = {name: meta_of(model, name) for name in model.model_fields}
    return {name: meta.widget for name, meta in metas.items() if meta and meta.several}


def foreign(key: str, **options: Any) -> Any:
    """A foreign key column, named by string so that models need not import each other.

    What belongs to a record goes with it; what only points at it forgets it.
    """
    options.setdefault("ondelete", "SET NULL" if "default" in options else "CASCADE")
    index = not options.get("primary_key")
    return Field(foreign_key=key, max_length=36, index=index, **options)


def several() -> Any:
    """A column of references to several records. The database does not hold these: whatever
    removes a record takes it out of the lists (`operations/records`)."""
    return Field(default_factory=list, sa_type=JSON, max_length=100)


def position() -> Any:
    """Where a record stands among its siblings: order by (position, id), see operations/order."""
    return Field(default="", sa_type=PositionText)


class OfKickoff(Record):
    """A record that belongs to one kickoff and goes with it."""

    kickoff_id: str = foreign("kickoff.id")


class Ordered(OfKickoff):
    """A record that has a place among its siblings."""

    position: str = position()


class Kept(OfKickoff):
    """A record that is never removed: `superseded_by_id` says what holds in its place. `falls_on`
    names the field with the day on which it fell: today, where nobody says another."""

    falls_on: ClassVar[str]
    superseded_by_id: str | None
    # Written in that room, and gone with its rehearsal (live/reset).
    source_room_id: str | None = foreign("room.id", default=None)

    def settle(self, _named: Collection[str], today: date) -> None:
        if getattr(self, self.falls_on) is None:
            setattr(self, self.falls_on, today)
