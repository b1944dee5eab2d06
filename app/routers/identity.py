"""Who asks: a bearer token, a signed-in browser, a phone in a room, a projector, or nobody known.

Works from plain headers and cookies, so that the WebSocket handshake asks here too. Reads the
database each time: what was revoked counts from the next question on.
"""

from collections.abc import Mapping
from typing import cast

from fastapi import Request
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from app import clock
from app.access import NOBODY, Actor, Role, scopes_from
from app.database import Database
from app.live import tokens
from app.live.way_in import PARTICIPANT_COOKIE
from app.models.kickoffs import Kickoff
from app.models.organisations import (
    ApiToken,
    User,
    memberships_of,
    signed_in_user,
    valid_projector_link,
    valid_token,
)
from app.models.rooms import Participant, Room
from app.settings import Settings
from app.web import cookies

SESSION_COOKIE = "kickoff_session"
PROJECTOR_COOKIE = "kickoff_projector"
COOKIES = (SESSION_COOKIE, PARTICIPANT_COOKIE, PROJECTOR_COOKIE)

_LONGEST = 300


def current_actor(request: Request) -> Actor:
    """Who asks by this request. Blocks on the database: for sync endpoints and dependencies."""
    if not hasattr(request.state, "actor"):
        state = request.app.state
        request.state.actor = actor_from(
            state.database, state.settings, request.headers, cookies_of(request.scope)
        )
    return cast(Actor, request.state.actor)


async def reader_of(request: Request) -> Actor:
    """Who reads a page, for its header; nobody is looked up who did not sign in."""
    if not cookies.read(request.scope, SESSION_COOKIE):
        return NOBODY
    return await run_in_threadpool(current_actor, request)


def cookies_of(scope: Scope) -> dict[str, str]:
    """The identities that a browser carries, of an HTTP request or a WebSocket handshake."""
    found = {name: cookies.read(scope, name) for name in COOKIES}
    return {name: value for name, value in found.items() if value}


def actor_from(
    database: Database,
    settings: Settings,
    headers: Mapping[str, str],
    carried: Mapping[str, str],
) -> Actor:
    """The first that holds of: bearer, signed-in user, participant, projector. Else `NOBODY`.

    A bearer token that does not hold is nobody, whatever the cookies say. `carried` is what
    `cookies_of` found; keys of `headers` are in lower case.
    """
    bearer = bearer_in(headers)
    with database.reading() as session:
        if bearer is not None:
            return of_token(session, bearer) or of_participant(session, settings, bearer) or NOBODY
        return (
            of_session(session, carried.get(SESSION_COOKIE, ""))
            or of_participant(session, settings, carried.get(PARTICIPANT_COOKIE, ""))
            or of_projector(session, carried.get(PROJECTOR_COOKIE, ""))
            or NOBODY
        )


def bearer_in(headers: Mapping[str, str]) -> str | None:
    """The token of an Authorization header; "" for one that is no bearer's."""
    header = headers.get("authorization")
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def of_token(session: Session, secret: str) -> Actor | None:
    token = session.scalars(valid_token(secret)).first() if _plausible(secret) else None
    return _token_actor(token) if token else None


def of_session(session: Session, secret: str) -> Actor | None:
    if not _plausible(secret):
        return None
    user = session.scalars(signed_in_user(secret, clock.now())).first()
    return _user_actor(session, user) if user else None


def of_participant(session: Session, settings: Settings, token: str) -> Actor | None:
    verified = tokens.verify(settings.signing_key, token) if _plausible(token) else None
    if verified is None:
        return None
    participant_id, room_id = verified
    statement = (
        select(Participant, Room, Kickoff)
        .join(Room, col(Participant.room_id) == Room.id)
        .join(Kickoff, col(Room.kickoff_id) == Kickoff.id)
        .where(Participant.id == participant_id, Participant.room_id == room_id)
        .where(col(Participant.removed).is_(False))
    )
    found = session.execute(statement).first()
    if found is None:
        return None
    participant, room, kickoff = found
    roles = {kickoff.id: Role.ATTENDEE}
    return Actor(id=participant.id, name=participant.name, roles=roles, room_id=room.id)


def of_projector(session: Session, secret: str) -> Actor | None:
    link = session.scalars(valid_projector_link(secret)).first() if _plausible(secret) else None
    room = session.get(Room, link.room_id) if link else None
    if link is None or room is None:
        return None
    roles = {room.kickoff_id: Role.PROJECTOR}
    return Actor(id=link.id, name=link.name, roles=roles, room_id=room.id)


def _plausible(secret: str) -> bool:
    return 0 < len(secret) <= _LONGEST


def _token_actor(token: ApiToken) -> Actor:
    return Actor(
        id=token.id,
        name=token.name,
        organisation_id=token.organisation_id,
        scopes=scopes_from(token.scopes),
        kickoff_id=token.kickoff_id,
    )


def _user_actor(session: Session, user: User) -> Actor:
    memberships = session.scalars(memberships_of(user.id)).all()
    return Actor(
        id=user.id,
        name=user.name,
        organisation_id=user.organisation_id,
        administrator=user.administrator,
        roles={member.kickoff_id: Role(member.role) for member in memberships},
    )
