"""What a database must not sort as people do: columns that are in byte order on each of them."""

from typing import Any

from sqlalchemy import Column, String, Table, event
from sqlmodel import SQLModel

POSITION_MAX = 250
ID_LENGTH = 36


def _in_byte_order(length: int) -> Any:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


# Fractional keys: a database that sorts as Norwegians do would mix them up.
PositionText: Any = _in_byte_order(POSITION_MAX)

# Ids sort by the time they were made. To a Norwegian database "aa" is "å", which comes after "z": a
# message whose id has it would be taken out of its turn, the newest would not be the newest, and
# who sorts ids in Python would have another order than the query.
IdText: Any = _in_byte_order(ID_LENGTH)


@event.listens_for(Column, "after_parent_attach")
def _ids_are_in_byte_order(column: Column[Any], table: Any) -> None:
    """Every text of an id's length is one, whoever declares it."""
    is_ours = isinstance(table, Table) and table.metadata is SQLModel.metadata
    if is_ours and getattr(column.type, "length", None) == ID_LENGTH:
        column.type = IdText
