"""Users, how they prove who they are, and the secrets that stand for them.

Every secret is returned once, to be shown once; the database keeps its hash.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Annotated

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import AfterValidator
from sqlalchemy import delete
from sqlmodel import Session, col, select

from app import clock
from app.access import Role, Scope
from app.errors import Fault, Invalid
from app.i18n import gettext
from app.models.faults import validated
from app.models.fields import Email, Fields, Title
from app.models.organisations import (
    ApiToken,
    Membership,
    OneTimeLink,
    Organisation,
    ProjectorLink,
    SignIn,
    User,
    hashed,
    user_with_email,
    valid_projector_link,
)
from app.models.text import not_empty

PASSWORD_MIN = 12
PASSWORD_MAX = 200
SIGNED_IN_FOR = timedelta(days=14)
LINK_LASTS = timedelta(days=3)
# Who is there before anybody has said who they are: a name to be replaced at the first sign-in.
NOBODYS_EMAIL = "administrator@kickoff.example"
NOBODYS_NAME = "Administrator"
NOBODYS_ORGANISATION = "Kickoff"

_passwords = PasswordHash((Argon2Hasher(),))


def new_organisation(session: Session, name: str) -> Organisation:
    organisation = Organisation(name=name)
    session.add(organisation)
    session.flush()
    return organisation


def new_user(
    session: Session,
    *,
    organisation_id: str,
    email: str,
    name: str = "",
    administrator: bool = False,
    password: str | None = None,
) -> User:
    """A user of an organisation. `Invalid` when the address is taken."""
    address = normal_email(email)
    if session.scalars(user_with_email(address)).first():
        raise Invalid(faults=[Fault("/email", gettext("Somebody has this address already."))])
    user = User(
        organisation_id=organisation_id,
        email=address,
        name=name or address.partition("@")[0],
        administrator=administrator,
        password_hash=password_hash(password) if password else None,
    )
    session.add(user)
    session.flush()
    return user


def first_administrator(session: Session) -> User | None:
    """Made where there is no user at all; found again until they have said who they are, so that
    a link that got lost can be followed by another. None: somebody is at home here."""
    if session.scalars(select(User.id)).first() is None:
        organisation = new_organisation(session, NOBODYS_ORGANISATION)
        return new_user(
            session,
            organisation_id=organisation.id,
            email=NOBODYS_EMAIL,
            name=NOBODYS_NAME,
            administrator=True,
        )
    user = session.scalars(user_with_email(NOBODYS_EMAIL)).first()
    return user if user and user.password_hash is None else None


def is_nobody_yet(user: User) -> bool:
    """Whether the user still has the e-mail of the first start, which is nobody's."""
    return user.email == NOBODYS_EMAIL


def introduce(
    session: Session, user: User, *, name: str, email: str, password: str, organisation: str | None
) -> None:
    """Who somebody is, at the first sign-in; `organisation` None leaves its name alone.

    All that is wrong is told at once: nobody should have to ask four times.
    """
    faults: list[Fault] = []
    with _gathering(faults):
        if organisation is not None:
            rename_organisation(session, user.organisation_id, organisation)
    with _gathering(faults):
        change_details(session, user, name=name, email=email)
    with _gathering(faults):
        user.password_hash = password_hash(password)
    if faults:
        raise Invalid(faults=faults)


def change_details(session: Session, user: User, *, name: str, email: str) -> None:
    checked = validated(_Details, {"name": name, "email": email})
    address = checked.email.lower()
    taken = session.scalars(user_with_email(address)).first()
    if taken is not None and taken.id != user.id:
        raise Invalid(faults=[Fault("/email", gettext("Somebody has this address already."))])
    if address == NOBODYS_EMAIL:
        sentence = gettext("This address is nobody's. Write the one you want to sign in with.")
        raise Invalid(faults=[Fault("/email", sentence)])
    user.name, user.email = checked.name, address


def rename_organisation(session: Session, organisation_id: str, name: str) -> None:
    checked = validated(_OrganisationName, {"organisation": name})
    session.get_one(Organisation, organisation_id).name = checked.organisation


@contextmanager
def _gathering(faults: list[Fault]) -> Iterator[None]:
    try:
        yield
    except Invalid as error:
        faults += error.faults


def password_hash(password: str) -> str:
    """argon2id, or `Invalid` for a password that is too short to be one."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        sentence = gettext("Use %(n)d characters or more.") % {"n": PASSWORD_MIN}
        raise Invalid(faults=[Fault("/password", sentence)])
    return _passwords.hash(password)


def password_fits(password: str, user: User | None) -> bool:
    """Whether it is this user's password; takes as long for nobody as for somebody."""
    stored = user.password_hash if user else None
    nobodys = _nobodys_hash()  # asked for either way: the first of all answers takes longer
    fits = _passwords.verify(password[:PASSWORD_MAX], stored or nobodys)
    return fits and stored is not None


@cache
def _nobodys_hash() -> str:
    """Compared against when the address is unknown."""
    return _passwords.hash(secrets.token_urlsafe(16))


def sign_in(session: Session, user_id: str) -> str:
    """The secret for a browser's cookie."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    session.execute(delete(SignIn).where(col(SignIn.expires_at) < now))
    session.add(
        SignIn(
            secret_hash=hashed(secret),
            user_id=user_id,
            created_at=now,
            expires_at=now + SIGNED_IN_FOR,
        )
    )
    return secret


def sign_in_anew(session: Session, user_id: str) -> str:
    """Out everywhere and in again here: what a changed password is for."""
    session.execute(delete(SignIn).where(col(SignIn.user_id) == user_id))
    return sign_in(session, user_id)


def sign_out(session: Session, secret: str) -> None:
    session.execute(delete(SignIn).where(col(SignIn.secret_hash) == hashed(secret)))


def new_sign_in_link(session: Session, user_id: str) -> str:
    """The secret of a link that signs its user in once."""
    secret = secrets.token_urlsafe(32)
    expires_at = clock.now() + LINK_LASTS
    session.add(OneTimeLink(secret_hash=hashed(secret), user_id=user_id, expires_at=expires_at))
    return secret


def use_sign_in_link(session: Session, secret: str) -> User | None:
    """The link's user, the first time; afterwards, and for a wrong or old link, nobody."""
    link = session.get(OneTimeLink, hashed(secret), with_for_update=True)
    now = clock.now()
    if link is None or link.used_at is not None or link.expires_at < now:
        return None
    link.used_at = now
    return session.get(User, link.user_id)


def new_token(
    session: Session,
    *,
    organisation_id: str,
    name: str,
    scopes: Iterable[Scope],
    kickoff_id: str | None = None,
    created_by: str | None = None,
) -> tuple[ApiToken, str]:
    """An API token and its secret."""
    secret = "kick_" + secrets.token_urlsafe(32)
    token = ApiToken(
        organisation_id=organisation_id,
        kickoff_id=kickoff_id,
        created_by=created_by,
        name=name,
        secret_hash=hashed(secret),
        scopes=sorted(scopes),
    )
    session.add(token)
    session.flush()
    return token, secret


def new_projector_link(session: Session, room_id: str, name: str = "") -> tuple[ProjectorLink, str]:
    """A link that opens one room's projector view, and its secret."""
    secret = secrets.token_urlsafe(16)
    link = ProjectorLink(room_id=room_id, name=name, secret_hash=hashed(secret))
    session.add(link)
    session.flush()
    return link, secret


def projector_link_holds(session: Session, secret: str) -> bool:
    return session.scalars(valid_projector_link(secret)).first() is not None


def give_role(session: Session, *, kickoff_id: str, user_id: str, role: Role) -> None:
    member = session.get(Membership, (kickoff_id, user_id))
    if member is None:
        session.add(Membership(kickoff_id=kickoff_id, user_id=user_id, role=role))
    else:
        member.role = role


def normal_email(text: str) -> str:
    """An address as it is stored and looked up, or `Invalid`."""
    return validated(_Address, {"email": text}).email.lower()


class _Address(Fields):
    email: Annotated[Email, AfterValidator(not_empty)]


class _Details(Fields):
    name: Title
    email: Annotated[Email, AfterValidator(not_empty)]


class _OrganisationName(Fields):
    organisation: Title
