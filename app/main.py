"""The one screen where parts are wired."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import app.models  # noqa: F401 -- registers every table
from app.database import Database
from app.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The product as one ASGI application; nothing is opened before its lifespan starts."""
    database = Database(settings.database_url)

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        yield
        database.dispose()

    application = FastAPI(
        title="Kickoff",
        lifespan=lifespan,
        docs_url="/api/docs",
        openapi_url="/api/v1/openapi.json",
        redoc_url=None,
    )
    application.state.settings = settings
    application.state.database = database
    return application
