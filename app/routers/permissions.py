"""What a route asks of whoever calls it: every route says so, or the product does not start.

`needs(Permission.EDIT_PLAN)` finds out who asks, loads the kickoff of the path through what that
actor may see, and asks the table. An unknown kickoff and somebody else's are the same answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, FastAPI, Path, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from sqlmodel import select
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount, Route

from app.access import NOBODY, OF_THE_ORGANISATION, Actor, Permission, allowed, require
from app.database import Database
from app.errors import NotFound, NotSignedIn
from app.models.kickoffs import Kickoff
from app.routers.identity import current_actor

# Open to everybody, and no route of ours: FastAPI's own pages and the plain probes.
OPEN_PATHS = frozenset(
    {
        "/api/v1/openapi.json",
        "/api/docs",
        "/api/docs/oauth2-redirect",
        "/docs/oauth2-redirect",
        "/healthz",
        "/readyz",
        "/metrics",
    }
)
_ID = re.compile(r"[0-9a-f-]{36}")

KickoffId = Annotated[str, Path(description="the kickoff", max_length=36)]
RecordId = Annotated[str, Path(description="the record", max_length=36)]


@dataclass(frozen=True)
class Asked:
    """Who asks, about which kickoff (None where the path names none), with what to answer from."""

    actor: Actor
    database: Database
    kickoff: Kickoff | None = None

    @property
    def its_kickoff(self) -> Kickoff:
        assert self.kickoff is not None, "the path of this route names no kickoff"
        return self.kickoff

    def require_also(self, permission: Permission) -> None:
        """Ask for a second permission, of the organisation."""
        require(self.actor, permission)

    def may(self, permission: Permission) -> bool:
        """Whether the table grants something more, for what a page shows."""
        if self.kickoff is None:
            return allowed(self.actor, permission)
        return allowed(
            self.actor,
            permission,
            kickoff_id=self.kickoff.id,
            organisation_id=self.kickoff.organisation_id,
        )


@dataclass(frozen=True)
class Needs:
    """The dependency behind `needs`; `check_routes` looks for it on every route."""

    permission: Permission

    def __call__(self, request: Request) -> Asked:
        actor = current_actor(request)
        database: Database = request.app.state.database
        if self.permission in (Permission.PUBLIC, Permission.JOIN):
            return Asked(actor, database)
        if actor == NOBODY:
            raise _sign_in_first(request)
        if self.permission in OF_THE_ORGANISATION:
            require(actor, self.permission)
            return Asked(actor, database)
        kickoff = _kickoff(database, request.path_params.get("kickoff_id", ""))
        require(
            actor,
            self.permission,
            kickoff_id=kickoff.id,
            organisation_id=kickoff.organisation_id,
        )
        return Asked(actor, database, kickoff)


@dataclass(frozen=True)
class AsksItself(Needs):
    """For routes that find the kickoff another way (a room's code) and then call `require`."""

    def __call__(self, request: Request) -> Asked:
        return Asked(current_actor(request), request.app.state.database)


def needs(permission: Permission) -> Any:
    """`asked: Asked = needs(Permission.SEE_PLAN)` in an endpoint's signature."""
    return Depends(Needs(permission))


def asks_itself(permission: Permission) -> Any:
    """As `needs`, where the endpoint itself calls `require` with this permission."""
    return Depends(AsksItself(permission))


def declared_permission(dependant: Dependant) -> Permission | None:
    """The permission that a route's dependencies declare."""
    if isinstance(dependant.call, Needs):
        return dependant.call.permission
    found = (declared_permission(inner) for inner in dependant.dependencies)
    return next((permission for permission in found if permission), None)


def check_routes(application: FastAPI) -> None:
    """Refuse to start with a route that declares no permission."""
    undeclared = sorted(set(_undeclared(application.routes)))
    if undeclared:
        raise RuntimeError(f"these routes declare no permission: {', '.join(undeclared)}")


def _undeclared(routes: Sequence[BaseRoute]) -> Iterator[str]:
    for context in iter_route_contexts(routes):
        route, path = context.original_route, str(context.path)
        if isinstance(route, Mount) or not isinstance(route, Route) or path in OPEN_PATHS:
            continue
        dependant = getattr(context, "dependant", None)
        if dependant is None or declared_permission(dependant) is None:
            yield f"{'/'.join(sorted(route.methods or ()))} {path}"


def _sign_in_first(request: Request) -> Exception:
    """A person is shown the way in, and comes back afterwards; a program is told."""
    if request.url.path.startswith("/api/") or request.method != "GET":
        return NotSignedIn()
    return HTTPException(303, headers={"location": f"/sign-in?next={quote(request.url.path)}"})


def _kickoff(database: Database, kickoff_id: str) -> Kickoff:
    """The kickoff of the path. Its permission is asked right after; nothing is told before."""
    if not _ID.fullmatch(kickoff_id):
        raise NotFound
    with database.reading() as session:
        kickoff = session.scalars(select(Kickoff).where(Kickoff.id == kickoff_id)).first()
    if kickoff is None:
        raise NotFound
    return kickoff
