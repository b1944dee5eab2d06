"""Who may do what: one table, asked by routes and room alike.

An `Actor` is who asks. `require` answers for one permission on one kickoff, loaded from the database
by the caller; what is not the asker's to see is `NotFound`, so that nobody learns that it exists.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from app.errors import NotAllowed, NotFound


class Role(StrEnum):
    OWNER = "owner"
    FACILITATOR = "facilitator"
    CONTRIBUTOR = "contributor"
    VIEWER = "viewer"
    ATTENDEE = "attendee"
    PROJECTOR = "projector"


class Permission(StrEnum):
    # A kickoff and its plan
    SEE_PLAN = "see_plan"
    EDIT_PLAN = "edit_plan"
    MANAGE_KICKOFF = "manage_kickoff"
    MANAGE_ACCESS = "manage_access"
    # The room
    SEE_ROOM = "see_room"
    SEE_PROJECTOR = "see_projector"
    SUBMIT = "submit"
    FACILITATE = "facilitate"
    SEE_NOTES = "see_notes"
    # Anybody
    JOIN = "join"
    PUBLIC = "public"
    # The organisation
    CREATE_KICKOFF = "create_kickoff"
    MANAGE_ORGANISATION = "manage_organisation"


_VIEWER = {Permission.SEE_PLAN, Permission.SEE_ROOM, Permission.SEE_PROJECTOR}
_CONTRIBUTOR = _VIEWER | {Permission.EDIT_PLAN}
_FACILITATOR = _CONTRIBUTOR | {Permission.FACILITATE, Permission.SEE_NOTES}
_OWNER = _FACILITATOR | {Permission.MANAGE_KICKOFF, Permission.MANAGE_ACCESS}

TABLE: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(_OWNER),
    Role.FACILITATOR: frozenset(_FACILITATOR),
    Role.CONTRIBUTOR: frozenset(_CONTRIBUTOR),
    Role.VIEWER: frozenset(_VIEWER),
    Role.ATTENDEE: frozenset({Permission.SEE_ROOM, Permission.SUBMIT}),
    Role.PROJECTOR: frozenset({Permission.SEE_PROJECTOR}),
}
EVERYBODY = frozenset({Permission.JOIN, Permission.PUBLIC})


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: a user, an API token, a phone in a room, a projector, or nobody known.

    `roles` maps a kickoff's id to the actor's role in it; an administrator is owner of every kickoff
    of the own organisation. `room_id` binds attendees and projectors to their one room.
    """

    id: str = ""
    name: str = ""
    organisation_id: str | None = None
    administrator: bool = False
    roles: dict[str, Role] = field(default_factory=dict)
    room_id: str | None = None
    may_write: bool = True
    bearer: bool = False

    def role_in(self, kickoff_id: str, organisation_id: str | None = None) -> Role | None:
        if self.administrator and organisation_id == self.organisation_id and organisation_id:
            return Role.OWNER
        return self.roles.get(kickoff_id)


NOBODY = Actor()


def allowed(actor: Actor, permission: Permission, *, kickoff_id: str = "", organisation_id: str | None = None) -> bool:
    """Whether the table grants it."""
    if permission in EVERYBODY:
        return True
    if permission in (Permission.CREATE_KICKOFF, Permission.MANAGE_ORGANISATION):
        return actor.organisation_id is not None and actor.may_write and (
            actor.administrator or permission is Permission.CREATE_KICKOFF
        )
    role = actor.role_in(kickoff_id, organisation_id)
    return role is not None and permission in TABLE[role]


def require(actor: Actor, permission: Permission, *, kickoff_id: str = "", organisation_id: str | None = None) -> None:
    """Refuse unless allowed: as unknown to those who may not even see it, as not allowed to others."""
    if allowed(actor, permission, kickoff_id=kickoff_id, organisation_id=organisation_id):
        return
    if actor.role_in(kickoff_id, organisation_id) is None:
        raise NotFound
    raise NotAllowed
