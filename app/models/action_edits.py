"""Several actions changed at once, as they were before: so that it can be taken back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from app.models.fields import OfKickoff, UtcDateTime


class ActionEdit(OfKickoff, table=True):
    """`before`: of each action its fields as they were, and `versions` what it became."""

    __tablename__ = "action_edit"
    before: dict[str, dict[str, Any]] = Field(default_factory=dict, sa_type=JSON)
    versions: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
