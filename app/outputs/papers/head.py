"""What stands on every paper: whose kickoff it is, when and where, and when it was printed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from app import clock
from app.i18n import gettext as _
from app.models.fields import OfKickoff
from app.models.kickoffs import Kickoff
from app.models.organisations import Organisation
from app.models.people import Person
from app.rendering import day, figure

Row = TypeVar("Row", bound=OfKickoff)
ELLIPSIS = "…"


def head(session: Session, kickoff: Kickoff) -> Mapping[str, Any]:
    when = [day(kickoff.day) if kickoff.day else "", kickoff.venue]
    printed = day(clock.now(), "medium")
    return {
        "kickoff": kickoff.title,
        "organisation": session.get_one(Organisation, kickoff.organisation_id).name,
        "when": " · ".join(part for part in when if part),
        # Paper does not change with the plan: whoever finds it in a drawer sees how old it is.
        "printed": _("The plan as of %(day)s") % {"day": printed},
        "page_of": _("Page {page} of {pages}"),
    }


def rows_of(session: Session, table: type[Row], kickoff_id: str) -> Sequence[Row]:
    """A kickoff's records, in their order where they have one."""
    wanted = select(table).where(col(table.kickoff_id) == kickoff_id)
    place = (col(getattr(table, "position")),) if "position" in table.model_fields else ()  # noqa: B009
    return session.exec(wanted.order_by(*place, col(table.id))).all()


def names_of(session: Session, kickoff_id: str) -> Mapping[str, str]:
    """Of people, by id."""
    wanted = select(Person.id, Person.name).where(col(Person.kickoff_id) == kickoff_id)
    return {row[0]: row[1] for row in session.execute(wanted)}


def titles(rows: Sequence[SQLModel]) -> dict[str, str]:
    return {getattr(row, "id"): getattr(row, "title") for row in rows}  # noqa: B009


def short_day(value: date | None) -> str:
    return day(value, "short") if value else ""


def with_unit(value: float | None, unit: str) -> str:
    """ "54 %", "11 dager"; a dash where nobody has said yet."""
    return f"{figure(value)} {unit}".strip() if value is not None else "–"


def shortened(text: str, most: int) -> str:
    """At most so many letters, cut between words."""
    whole = " ".join(text.split())
    if len(whole) <= most:
        return whole
    cut = whole[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(".,;:–- ") + ELLIPSIS
