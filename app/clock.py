"""The only reader of the clock. Everything else is told what time it is, or asks here."""

import time
from datetime import UTC, date, datetime


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """This day, in UTC."""
    return now().date()


def now_ms() -> int:
    """This instant in milliseconds since 1970, as frames carry it."""
    return int(time.time() * 1000)


def monotonic() -> float:
    """Seconds that never go backwards: for rates and waits, never for people."""
    return time.monotonic()
