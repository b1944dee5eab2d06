"""Who may do what in one kickoff: give a role, take it back, revoke what was handed out."""

from datetime import datetime

from sqlmodel import Session, col, select

from app import clock
from app.access import MEMBER_ROLES, Actor, Role
from app.errors import Conflict, Fault, Invalid, NotFound
from app.i18n import gettext, mark
from app.models.kickoffs import Kickoff
from app.models.organisations import (
    ApiToken,
    Membership,
    OneTimeLink,
    ProjectorLink,
    User,
    user_with_email,
)
from app.models.rooms import Room
from app.models.text import LINE_MAX, clean_line
from app.operations.accounts import give_role, new_sign_in_link, new_user, normal_email


def invite(
    session: Session, kickoff: Kickoff, *, by: Actor, email: str, name: str, role: str
) -> tuple[User, str | None]:
    """Give somebody a role; for who is new, also the secret of a one-time link to hand over.

    Another organisation's user is told from nobody by no more than that the address is not taken.
    """
    given = _role(role)
    address = normal_email(email)
    user = session.scalars(user_with_email(address)).first()
    if user is not None and user.organisation_id != kickoff.organisation_id:
        raise Invalid(faults=[Fault("/email", gettext("This address cannot be used here."))])
    is_new = user is None
    if user is None:
        called = clean_line(name)[:LINE_MAX]
        user = new_user(
            session, organisation_id=kickoff.organisation_id, email=address, name=called
        )
        user.invited_by = by.id
    handed_out = is_new or _may_send_again(session, user, by)
    secret = new_sign_in_link(session, user.id) if handed_out else None
    _keep_an_owner(session, kickoff.id, user.id, given)
    give_role(session, kickoff_id=kickoff.id, user_id=user.id, role=given)
    return user, secret


def change_role(session: Session, kickoff: Kickoff, *, user_id: str, role: str) -> None:
    """Another role for a member; "" takes it away."""
    member = session.get(Membership, (kickoff.id, user_id), with_for_update=True)
    if member is None:
        raise NotFound
    given = _role(role) if role else None
    _keep_an_owner(session, kickoff.id, user_id, given)
    if given is None:
        session.delete(member)
    else:
        member.role = given.value


def revoke_token(session: Session, kickoff: Kickoff, token_id: str) -> None:
    token = session.scalars(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.kickoff_id == kickoff.id)
    ).first()
    _revoke(token)


def revoke_projector_link(session: Session, kickoff: Kickoff, link_id: str) -> None:
    link = session.scalars(
        select(ProjectorLink)
        .join(Room, col(Room.id) == ProjectorLink.room_id)
        .where(ProjectorLink.id == link_id, Room.kickoff_id == kickoff.id)
    ).first()
    _revoke(link)


def _revoke(given: ApiToken | ProjectorLink | None) -> None:
    if given is None:
        raise NotFound
    now: datetime = clock.now()
    given.revoked_at = given.revoked_at or now


def _may_send_again(session: Session, user: User, by: Actor) -> bool:
    """A link opens the account, whatever else that may do: whoever owns a kickoff must not come by
    one to somebody who is there already. A lost one is replaced by whoever made the user, as long
    as nobody has been in, or by an administrator; an administrator's only on the server itself."""
    if user.administrator or user.password_hash is not None:
        return False
    used = select(OneTimeLink.user_id).where(
        OneTimeLink.user_id == user.id, col(OneTimeLink.used_at).is_not(None)
    )
    has_been_in = session.scalars(used).first() is not None
    return by.administrator or (user.invited_by == by.id and not has_been_in)


def _role(text: str) -> Role:
    if text not in MEMBER_ROLES:
        raise Invalid(faults=[Fault("/role", gettext("Choose one of the given values."))])
    return Role(text)


def _keep_an_owner(session: Session, kickoff_id: str, user_id: str, given: Role | None) -> None:
    """A kickoff without an owner could be given to nobody any more."""
    owners = session.scalars(
        select(Membership.user_id).where(
            Membership.kickoff_id == kickoff_id, Membership.role == Role.OWNER.value
        )
    ).all()
    if given is not Role.OWNER and list(owners) == [user_id]:
        raise Conflict(mark("Somebody must own the kickoff. Make another person owner first."))
