"""What /readyz asks: each part of the product that can fail registers how to ask it.

    application.state.health.register("bus", bus_check)

A check is an async function without arguments that returns a `Report`. One that does not answer
within two seconds is failing. `degraded` still serves; `failing` takes the process out of the
balancer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import NamedTuple

import structlog

from app.database import Database

log = structlog.get_logger("kickoff.health")
SECONDS = 2.0


class State(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"


class Report(NamedTuple):
    state: State
    why: str = ""


OK = Report(State.OK)
Check = Callable[[], Awaitable[Report]]
_WORST_LAST = list(State)


class Health:
    """The checks of one process."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def register(self, name: str, check: Check) -> None:
        self._checks[name] = check

    async def look(self) -> tuple[State, dict[str, Report]]:
        """Asks all at once; the whole is as well as its worst part."""
        names = list(self._checks)
        reports = await asyncio.gather(*(self._ask(name) for name in names))
        worst = max((report.state for report in reports), key=_WORST_LAST.index, default=State.OK)
        return worst, dict(zip(names, reports, strict=True))

    async def _ask(self, name: str) -> Report:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._checks[name]()
        except TimeoutError:
            return Report(State.FAILING, f"no answer within {SECONDS:g} s")
        except Exception:
            # Whatever a check trips over is a finding about the part, not about us.
            log.exception("health check failed", check=name)
            return Report(State.FAILING, "the check itself failed; see the log")


def database_check(database: Database) -> Check:
    """Whether the database answers a question now."""

    async def check() -> Report:
        if await asyncio.to_thread(database.answers):
            return OK
        return Report(State.FAILING, "the database does not answer")

    return check
