"""How late the load generator itself is: a ticker that should fire each 5 ms."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter

TICK_SECONDS = 0.005
VOID_ABOVE_MS = 20.0


@dataclass(slots=True)
class Lag:
    """Collects the lateness of each tick while it runs; a generator that is late measures itself,
    not the server.
    """

    late_ms: list[float] = field(default_factory=list)
    _handle: asyncio.TimerHandle | None = None
    _due: float = 0.0

    def start(self) -> None:
        self.late_ms.clear()
        self._due = perf_counter() + TICK_SECONDS
        self._handle = asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)

    def stop(self) -> dict[str, float]:
        if self._handle is not None:
            self._handle.cancel()
        ordered = sorted(self.late_ms) or [0.0]
        return {"max_ms": ordered[-1], "p99_ms": ordered[int(len(ordered) * 0.99) - 1]}

    def _tick(self) -> None:
        now = perf_counter()
        self.late_ms.append(max(0.0, now - self._due) * 1000)
        self._due = now + TICK_SECONDS
        self._handle = asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)
