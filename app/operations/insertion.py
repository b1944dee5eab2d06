"""A row that is there once, whoever comes first."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_once(session: Session, table: type[SQLModel], **values: Any) -> bool:
    """Whether it was this call that made the row. Who lost waits for the other's commit, and no
    transaction is broken by it."""
    found: Table = table.__table__  # type: ignore[attr-defined]  # of SQLModel's tables
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    wanted = (sqlite if on_sqlite else postgresql).insert(found).values(**values)
    made = wanted.on_conflict_do_nothing().returning(*found.primary_key)
    return session.execute(made).first() is not None
