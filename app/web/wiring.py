"""Puts the layers of this package around the application, in their order.

    def create_app(settings):
        application = FastAPI(..., lifespan=lifespan)
        application.state.settings, application.state.database = settings, database
        web.wiring.install(application, settings, database)
        application.include_router(...)            # health and language among them

    async def lifespan(application):
        async with web.wiring.running(application, count_rooms=...):
            yield

From the outside in:
1. RequestContext   forwarded headers of trusted proxies, request id, language, the line in the log
2. SecurityHeaders  on every answer, refusals and faults included
3. UnexpectedErrors so that a fault's answer passes through the two above
4. HostGuard        before anything is served, files too
5. StaticFiles      before routing, which costs more than the file
6. BodyLimit        before anything reads a body
7. FormGuard        origin, form token, media type of the API
A WebSocket handshake passes 1 and 4 alone; its frames pass none of them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.database import Database
from app.errors import KickoffError
from app.rendering import STATIC, environment
from app.settings import Settings
from app.web import errors, logs, visit
from app.web.bodies import BodyLimit
from app.web.checks import Health, database_check
from app.web.csrf import FormGuard
from app.web.guessing import GuessBudget
from app.web.hosts import HostGuard
from app.web.impossible import ImpossibleAddresses
from app.web.link_budget import LinkBudget
from app.web.loop_lag import LoopLag
from app.web.request_context import RequestContext
from app.web.security_headers import SecurityHeaders
from app.web.static_files import StaticFiles


def install(application: FastAPI, settings: Settings, database: Database) -> None:
    """The layers, the error handlers, and in `application.state` what routes and the room ask:
    `health` (checks.Health), `guess_budget` (guessing.GuessBudget), `loop_lag`."""
    logs.prepare(settings)
    # Each one added goes around those before it.
    application.add_middleware(FormGuard, settings=settings)
    application.add_middleware(BodyLimit)
    application.add_middleware(StaticFiles, folder=STATIC)
    application.add_middleware(ImpossibleAddresses)
    application.add_middleware(HostGuard, settings=settings)
    application.add_middleware(errors.UnexpectedErrors)
    application.add_middleware(SecurityHeaders)
    application.add_middleware(RequestContext, settings=settings)

    application.add_exception_handler(KickoffError, errors.on_kickoff_error)
    application.add_exception_handler(RequestValidationError, errors.on_validation_error)
    application.add_exception_handler(HTTPException, errors.on_http_exception)

    environment().globals.update(csp_nonce=visit.csp_nonce, csrf_token=visit.csrf_token)

    application.state.loop_lag = LoopLag()
    application.state.guess_budget = GuessBudget(settings.redis_url)
    application.state.link_budget = LinkBudget()
    application.state.health = Health()
    application.state.health.register("database", database_check(database))
    application.state.health.register("event_loop", application.state.loop_lag.check)
    application.state.health.register("room_codes", application.state.guess_budget.check)


@asynccontextmanager
async def running(application: FastAPI, *, count_rooms: Callable[[], int]) -> AsyncIterator[None]:
    """The tasks of this package. `count_rooms` says how many rooms have a valid code (it may
    block).
    """
    logs.configure_unless_done(application.state.settings)
    tasks = [
        asyncio.create_task(application.state.loop_lag.run(), name="loop lag"),
        asyncio.create_task(application.state.guess_budget.run(count_rooms), name="guess budget"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
