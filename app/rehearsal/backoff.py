"""When a client that lost its line comes back: full jitter, so that a room does not return in one
second.
"""

from __future__ import annotations

from random import Random

FIRST_SECONDS = 1.0
GROWTH = 3
"""not twice: a room whose server is back after four seconds would come by a third in one second"""
CAP_SECONDS = 10.0
"""no higher: whoever waits within 15 s comes later than 10 s after the server in one of nine
cases (T10)"""
CAP_OF_THE_FIRST_SECONDS = 1.5
"""for a facilitator or a projector, of which there are few: they come back before the room does"""


def delay_seconds(
    attempt: int, rng: Random, *, told_ms: int | None = None, cap: float = CAP_SECONDS
) -> float:
    """Uniform in a span that grows from 1 s to 10 s; a good-bye may have told another (D16)."""
    if told_ms is not None:
        return rng.uniform(0, told_ms / 1000)
    return rng.uniform(0, min(cap, FIRST_SECONDS * GROWTH ** min(attempt, 10)))
