"""Where Alembic finds the models and the connection. Run by `app.migrate`, never by hand."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString, SQLModel

import app.models  # noqa: F401 -- registers every table
from app.models.fields import UtcDateTime


def plain_type(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types: ours may change, what was migrated may not."""
    if kind != "type":
        return False
    if isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, AutoString):
        return f"sa.String({thing.length or ''})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=plain_type,
    transactional_ddl=True,
    transaction_per_migration=False,
)
# No transaction of its own: `app.migrate` holds one, and the lock in it.
context.run_migrations()
