"""Faults that come back with every look: one line a second in the log, however often they
happen."""

from typing import Any

import structlog

from app import clock

log = structlog.get_logger()

_EVERY = 1.0
_said_at: dict[str, float] = {}
_unsaid: dict[str, int] = {}


def note(event: str, **fields: Any) -> None:
    """Log a fault, unless one of this name was logged this second; then it is only counted."""
    now = clock.monotonic()
    if now - _said_at.get(event, -_EVERY) < _EVERY:
        _unsaid[event] = _unsaid.get(event, 0) + 1
        return
    _said_at[event] = now
    log.error(event, unsaid=_unsaid.pop(event, 0), **fields)
