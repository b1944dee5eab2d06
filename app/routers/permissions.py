"""What a route asks of whoever calls it: every route says so, or the product does not start.

`needs(Permission.EDIT_PLAN)` finds out who asks, loads the kickoff of the path through what that
actor may see, and asks the table. An unknown kickoff and somebody else's are the same answer.
Where the path has a `room_id` instead, the kickoff is the room's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import Depends, FastAPI, Path, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount, Route

from app.access import NOBODY, OF_THE_ORGANISATION, Actor, Permission, allowed, require
from app.database import Database
from app.errors import NotFound, NotSignedIn
from app.models.kickoffs import Kickoff
from app.models.rooms import Room
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
Table = TypeVar("Table", Kickoff, Room)
_ID = re.compile(r"[0-9a-f-]{36}")

KickoffId = Annotated[str, Path(description="the kickoff", max_length=36)]
RecordId = Annotated[str, Path(description="the record", max_length=36)]


@dataclass(frozen=True)
class Asked:
    """Who asks, about which kickoff and room (None where the path names none)."""

    actor: Actor
    database: Database
    kickoff: Kickoff | None = None
    room: Room | None = None

    @property
    def its_kickoff(self) -> Kickoff:
        assert self.kickoff is not None, "the path of this route names no kickoff"
        return self.kickoff

    @property
    def its_room(self) -> Room:
        assert self.room is not None, "the path of this route names no room"
        return self.room

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
class Declaration:
    """What `check_routes` looks for on every route."""

    permission: Permission


@dataclass(frozen=True)
class Needs(Declaration):
    """The dependency behind `needs`."""

    def __call__(self, request: Request) -> Asked:
        actor = current_actor(request)
        # What is written on this actor's behalf says so in its history.
        database: Database = request.app.state.database.by(actor)
        if self.permission in (Permission.PUBLIC, Permission.JOIN):
            return Asked(actor, database)
        if actor == NOBODY:
            raise _sign_in_first(request)
        if self.permission in OF_THE_ORGANISATION:
            require(actor, self.permission)
            return Asked(actor, database)
        kickoff, room = _loaded(database, request.path_params)
        if actor.room_id and room and actor.room_id != room.id:
            raise NotFound
        asked = Asked(actor, database, kickoff, room)
        if asked.may(Permission.SEE_PLAN):
            # Whatever becomes of the request: its page is one of this kickoff's.
            request.state.asked = asked
        require(
            actor,
            self.permission,
            kickoff_id=kickoff.id,
            organisation_id=kickoff.organisation_id,
        )
        return asked


@dataclass(frozen=True)
class AsksItself(Needs):
    """For routes that find the kickoff another way (a room's code) and then call `require`."""

    def __call__(self, request: Request) -> Asked:
        actor = current_actor(request)
        return Asked(actor, request.app.state.database.by(actor))


@dataclass(frozen=True)
class Declares(Declaration):
    """Says what the endpoint itself will ask, and looks nothing up."""

    async def __call__(self) -> None:
        # Async though it awaits nothing: FastAPI would send a plain function to a thread, and on
        # the way in of a whole room that costs more than the rest of the request.
        return None


def declares(permission: Permission) -> Any:
    """For endpoints in the event loop, which find the room and ask in their own way."""
    return Depends(Declares(permission))


def needs(permission: Permission) -> Any:
    """`asked: Asked = needs(Permission.SEE_PLAN)` in an endpoint's signature."""
    return Depends(Needs(permission))


def asks_itself(permission: Permission) -> Any:
    """As `needs`, where the endpoint itself calls `require` with this permission."""
    return Depends(AsksItself(permission))


def declared_permission(dependant: Dependant) -> Permission | None:
    """The permission that a route's dependencies declare."""
    if isinstance(dependant.call, Declaration):
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


def _loaded(database: Database, path: Mapping[str, Any]) -> tuple[Kickoff, Room | None]:
    """What the path names. The permission is asked right after; nothing is told before."""
    kickoff_id, room_id = path.get("kickoff_id"), path.get("room_id")
    with database.reading() as session:
        room = _found(session, Room, room_id) if room_id is not None else None
        if room is not None and kickoff_id not in (None, room.kickoff_id):
            raise NotFound
        return _found(session, Kickoff, room.kickoff_id if room else kickoff_id), room


def _found(session: Session, table: type[Table], record_id: str | None) -> Table:
    found = None
    if record_id is not None and _ID.fullmatch(record_id):
        found = session.scalars(select(table).where(col(table.id) == record_id)).first()
    if found is None:
        raise NotFound
    return found
