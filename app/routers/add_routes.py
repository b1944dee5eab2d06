"""Routers put together without building their routes again."""

from fastapi import APIRouter, FastAPI


def add_routes(target: FastAPI | APIRouter, *routers: APIRouter) -> None:
    """The routes of `routers` behind those of `target`, with the paths that they have.

    `include_router` builds every route anew, once for each level and again when it is listed: with
    nine hundred of them that is more than half of the time from the start to the first answer. It
    is for a prefix or dependencies given from outside; a router here has its own.
    """
    for router in routers:
        target.routes.extend(router.routes)
