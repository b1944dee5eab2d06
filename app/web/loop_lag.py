"""Measures how late the event loop wakes up: what makes every phone wait shows here first."""

import asyncio
from collections import deque

from app import clock
from app.web import metrics
from app.web.checks import OK, Report, State

# Odd, so that it does not beat in time with the rooms' ticks.
PERIOD = 0.173
_KEPT = int(10 / PERIOD)
SLOW = 1.0


class LoopLag:
    """`run()` is a task of the lifespan."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_KEPT)

    async def run(self) -> None:
        while True:
            due = clock.monotonic() + PERIOD
            await asyncio.sleep(PERIOD)
            lag = max(0.0, clock.monotonic() - due)
            self._recent.append(lag)
            metrics.loop_lag_seconds.observe(lag)
            metrics.loop_lag_recent.set(self.worst)

    @property
    def worst(self) -> float:
        """Seconds, of the last ten."""
        return max(self._recent, default=0.0)

    async def check(self) -> Report:
        if self.worst < SLOW:
            return OK
        return Report(State.DEGRADED, f"the event loop was {self.worst:.1f} s late")
