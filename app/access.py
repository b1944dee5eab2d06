"""Who may do what: one table, asked by routes and room alike.

An `Actor` is who asks. `require` answers for one permission on one kickoff, loaded from the
database by the caller; what is not the asker's to see is `NotFound`, so that nobody learns that it
exists.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, false, or_
from sqlmodel import col, select

from app.errors import NotAllowed, NotFound
from app.models.kickoffs import Kickoff


class Role(StrEnum):
    OWNER = "owner"
    FACILITATOR = "facilitator"
    CONTRIBUTOR = "contributor"
    VIEWER = "viewer"
    ATTENDEE = "attendee"
    PROJECTOR = "projector"


# What an owner can give to somebody who signs in.
MEMBER_ROLES = (Role.OWNER, Role.FACILITATOR, Role.CONTRIBUTOR, Role.VIEWER)


class Scope(StrEnum):
    """What an API token is good for."""

    READ = "read"
    WRITE = "write"
    FACILITATE = "facilitate"
    WEBHOOKS = "webhooks"


class Permission(StrEnum):
    # A kickoff and its plan
    SEE_PLAN = "see_plan"
    EDIT_PLAN = "edit_plan"
    MANAGE_KICKOFF = "manage_kickoff"
    MANAGE_ACCESS = "manage_access"
    MANAGE_WEBHOOKS = "manage_webhooks"
    # The room
    SEE_ROOM = "see_room"
    SEE_PROJECTOR = "see_projector"
    SUBMIT = "submit"
    FACILITATE = "facilitate"
    SEE_NOTES = "see_notes"
    # Anybody
    JOIN = "join"
    PUBLIC = "public"
    # Whoever signed in or bears a token, and the organisation
    SIGNED_IN = "signed_in"
    CREATE_KICKOFF = "create_kickoff"
    MANAGE_ORGANISATION = "manage_organisation"


_VIEWER = {Permission.SEE_PLAN, Permission.SEE_ROOM, Permission.SEE_PROJECTOR}
_CONTRIBUTOR = _VIEWER | {Permission.EDIT_PLAN}
_FACILITATOR = _CONTRIBUTOR | {Permission.FACILITATE, Permission.SEE_NOTES}
_OWNER = _FACILITATOR | {
    Permission.MANAGE_KICKOFF,
    Permission.MANAGE_ACCESS,
    Permission.MANAGE_WEBHOOKS,
}

TABLE: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(_OWNER),
    Role.FACILITATOR: frozenset(_FACILITATOR),
    Role.CONTRIBUTOR: frozenset(_CONTRIBUTOR),
    Role.VIEWER: frozenset(_VIEWER),
    Role.ATTENDEE: frozenset({Permission.SEE_ROOM, Permission.SUBMIT}),
    Role.PROJECTOR: frozenset({Permission.SEE_PROJECTOR}),
}
# A token is a program's: it never gives access to others. To be told of every change is reading on,
# past the token's own end, and so a scope of its own.
SCOPES: dict[Scope, frozenset[Permission]] = {
    Scope.READ: frozenset(_VIEWER),
    Scope.WRITE: frozenset(_CONTRIBUTOR | {Permission.MANAGE_KICKOFF}),
    Scope.FACILITATE: frozenset(_VIEWER | {Permission.FACILITATE, Permission.SEE_NOTES}),
    Scope.WEBHOOKS: frozenset(_VIEWER | {Permission.MANAGE_WEBHOOKS}),
}
EVERYBODY = frozenset({Permission.JOIN, Permission.PUBLIC})
OF_THE_ORGANISATION = frozenset(
    {Permission.SIGNED_IN, Permission.CREATE_KICKOFF, Permission.MANAGE_ORGANISATION}
)


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: a user, an API token, a phone in a room, a projector, or nobody known.

    `roles` maps a kickoff's id to the actor's role in it; an administrator is owner of every
    kickoff of the own organisation. `scopes` is a token's, which is bound to `kickoff_id` or good
    for all of the organisation's. `room_id` binds attendees and projectors to their one room.
    """

    id: str = ""
    name: str = ""
    organisation_id: str | None = None
    administrator: bool = False
    roles: dict[str, Role] = field(default_factory=dict)
    room_id: str | None = None
    scopes: frozenset[Scope] | None = None
    kickoff_id: str | None = None

    @property
    def is_token(self) -> bool:
        return self.scopes is not None

    def role_in(self, kickoff_id: str, organisation_id: str | None = None) -> Role | None:
        """The role, for what differs by view; a token has the nearest one. Rights: `allowed`."""
        if self.scopes is not None:
            return self._token_role(kickoff_id, organisation_id)
        if self.administrator and organisation_id and organisation_id == self.organisation_id:
            return Role.OWNER
        return self.roles.get(kickoff_id)

    def permissions_in(
        self, kickoff_id: str, organisation_id: str | None = None
    ) -> frozenset[Permission]:
        role = self.role_in(kickoff_id, organisation_id)
        if role is None:
            return frozenset()
        if self.scopes is not None:
            return frozenset[Permission]().union(*(SCOPES[scope] for scope in self.scopes))
        return TABLE[role]

    def _token_role(self, kickoff_id: str, organisation_id: str | None) -> Role | None:
        scopes = self.scopes or frozenset()
        foreign = not organisation_id or organisation_id != self.organisation_id
        if foreign or self.kickoff_id not in (None, kickoff_id) or not scopes:
            return None
        if Scope.FACILITATE in scopes:
            return Role.FACILITATOR
        return Role.CONTRIBUTOR if Scope.WRITE in scopes else Role.VIEWER


NOBODY = Actor()


def allowed(
    actor: Actor,
    permission: Permission,
    *,
    kickoff_id: str = "",
    organisation_id: str | None = None,
) -> bool:
    """Whether the table grants it."""
    if permission in EVERYBODY:
        return True
    if permission in OF_THE_ORGANISATION:
        return _allowed_in_organisation(actor, permission)
    return permission in actor.permissions_in(kickoff_id, organisation_id)


def require(
    actor: Actor,
    permission: Permission,
    *,
    kickoff_id: str = "",
    organisation_id: str | None = None,
) -> None:
    """Refuse unless allowed: as unknown to those who may not even see it, else as not allowed."""
    if allowed(actor, permission, kickoff_id=kickoff_id, organisation_id=organisation_id):
        return
    unknown = actor.role_in(kickoff_id, organisation_id) is None
    if unknown and permission not in OF_THE_ORGANISATION:
        raise NotFound
    raise NotAllowed


def visible_kickoffs(actor: Actor) -> Select[Any]:
    """The kickoffs that exist for this actor's lists; attendees and projectors have none."""
    granted = [id for id, role in actor.roles.items() if Permission.SEE_PLAN in TABLE[role]]
    statement = select(Kickoff)
    if actor.scopes is not None and actor.kickoff_id is not None:
        return statement.where(
            Kickoff.id == actor.kickoff_id, Kickoff.organisation_id == actor.organisation_id
        )
    if actor.administrator or actor.scopes:
        return statement.where(Kickoff.organisation_id == actor.organisation_id)
    return statement.where(or_(false(), col(Kickoff.id).in_(granted)))


def scopes_from(names: Iterable[str]) -> frozenset[Scope]:
    """The scopes among stored names; one that is no longer known grants nothing."""
    return frozenset(Scope(name) for name in names if name in set(Scope))


def _allowed_in_organisation(actor: Actor, permission: Permission) -> bool:
    if actor.organisation_id is None:
        return False
    if actor.scopes is not None:
        writes = Scope.WRITE in actor.scopes and actor.kickoff_id is None
        return permission == Permission.SIGNED_IN or (
            writes and permission == Permission.CREATE_KICKOFF
        )
    return actor.administrator or permission != Permission.MANAGE_ORGANISATION
