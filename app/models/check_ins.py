"""Check-ins (F4): what a key result stands at, and how sure its owner is that it will be reached.

What was said stays as it was said. A later one corrects it, and one that was wrong is withdrawn.
"""

from collections.abc import Collection
from datetime import date
from typing import Annotated

from sqlalchemy import Select
from sqlmodel import Field, col, select

from app.models.fields import Fields, Figure, Id, Line, Meta, OfKickoff, foreign, not_ahead

MOST_SURE = 10
Confidence = Annotated[int, Field(ge=0, le=MOST_SURE)]


class CheckInFields(Fields):
    value: Annotated[Figure, Meta("Value", "Where it stands now.", "decimal")]
    key_result_id: Annotated[Id, Meta("Key result", "", "key_result")] = foreign("key_result.id")
    confidence: Annotated[
        Confidence | None,
        Meta("Confidence", "How likely it is that the target is reached, from 0 to 10.", "number"),
    ] = None
    note: Annotated[Line, Meta("Note", "What explains it, or what stands in the way.")] = ""
    said_by_id: Annotated[Id | None, Meta("Said by", "", "person")] = foreign(
        "person.id", default=None
    )
    said_on: Annotated[date | None, Meta("Date", "Left empty: today.", "date")] = None
    withdrawn: Annotated[
        bool, Meta("Withdrawn", "It was wrong: it stays here and counts no more.", "check")
    ] = False


class CheckIn(CheckInFields, OfKickoff, table=True):
    __tablename__ = "check_in"

    def settle(self, _named: Collection[str], today: date) -> None:
        self.said_on = not_ahead("/said_on", self.said_on, today)


def check_ins_of(kickoff_id: str) -> Select[CheckIn]:
    """All of a kickoff's, the earliest first; of one day as they were said."""
    wanted = select(CheckIn).where(col(CheckIn.kickoff_id) == kickoff_id)
    return wanted.order_by(col(CheckIn.said_on), col(CheckIn.id))
