"""The one screen where parts are wired."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.routing import WebSocketRoute

import app.models  # noqa: F401 -- registers every table
from app import rendering, routers
from app.database import Database
from app.live import dashboards
from app.live.live import Live
from app.live.way_in import endpoint
from app.notify.courier import Courier
from app.notify.duty_rounds import DutyRounds
from app.operations import all_duties
from app.outputs import qr
from app.routers.description import describe
from app.routers.identity import actor_from, reader_of
from app.settings import Settings
from app.web import checks, wiring


def create_app(settings: Settings) -> FastAPI:
    """The product as one ASGI application; nothing runs before its lifespan starts."""
    database = Database(settings.database_url)
    all_duties.install()

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        guesses = application.state.guess_budget
        live = Live(settings, database, guesses, partial(actor_from, database, settings))
        application.state.live = live
        application.state.health.register("bus", partial(_bus_check, live))
        courier = application.state.courier = Courier(settings, database)
        duties = application.state.duties = DutyRounds(database)
        live.start()
        courier.start()
        duties.start()
        async with wiring.running(application, count_rooms=live.rooms.count):
            yield
        await duties.stop()
        await courier.stop()
        await live.stop()
        database.dispose()

    application = FastAPI(
        title="Kickoff",
        version="1",
        lifespan=lifespan,
        docs_url=None,  # our own page: the stock one loads its script from elsewhere
        openapi_url="/api/v1/openapi.json",
        redoc_url=None,
        separate_input_output_schemas=False,  # one name for one thing
    )
    application.state.settings = settings
    application.state.database = database
    application.state.reader_of = reader_of
    wiring.install(application, settings, database)
    rendering.environment().globals["qr"] = qr.svg
    routers.include_all(application)
    describe(application)
    application.router.routes.insert(0, WebSocketRoute("/live/{code}", endpoint))
    application.router.routes.insert(
        0, WebSocketRoute("/live/kickoffs/{kickoff_id}", dashboards.endpoint)
    )
    return application


def from_environment() -> FastAPI:
    """For servers that start processes by name."""
    return create_app(Settings())


async def _bus_check(live: Live) -> checks.Report:
    # Without the bus rooms look by themselves every two seconds: slower, never wrong.
    return (
        checks.OK
        if await live.bus.answers()
        else checks.Report(checks.State.DEGRADED, "the bus is away")
    )
