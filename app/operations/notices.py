"""Tell somebody something, once: the notice commits with what it tells of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app import clock, ids
from app.models.notices import Notice
from app.operations.insertion import insert_once
from app.operations.notice_kinds import KINDS


def post(
    session: Session,
    *,
    kickoff_id: str,
    kind: str,
    key: str,
    person_id: str | None = None,
    data: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Whether this is news: the same kind and key is told to nobody twice.

    Without a person it goes to the kickoff's common channels. `data` is what its template says, as
    JSON. Two who post the same at the same moment are one notice; the constraint sees to it.
    """
    assert kind in KINDS, f"no kind of notice: {kind}"
    now = clock.now()
    return insert_once(
        session,
        Notice,
        id=ids.new_id(),
        kickoff_id=kickoff_id,
        kind=kind,
        key=key,
        recipient=person_id or "",
        data=dict(data or {}),
        at=now,
        due_at=max(not_before or now, now),
    )
