"""Organisations (hard walls between them), users, what they may do where, and how they prove it."""

import hashlib
from datetime import datetime

from sqlalchemy import JSON, Select, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select

from app.models.fields import Record, UtcDateTime, foreign


class Organisation(Record, table=True):
    __tablename__ = "organisation"
    name: str = Field(max_length=200)


class User(Record, table=True):
    """Somebody who signs in. `password_hash` is argon2id, or None before the first sign-in."""

    __tablename__ = "user_account"
    organisation_id: str = foreign("organisation.id")
    email: str = Field(max_length=200, unique=True)
    name: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, max_length=300)
    administrator: bool = False
    # Whoever made this user may hand out another link until somebody has been in.
    invited_by: str | None = foreign("user_account.id", default=None)
    language: str | None = Field(default=None, max_length=2)


class Membership(SQLModel, table=True):
    """A user's role in one kickoff."""

    __tablename__ = "membership"
    kickoff_id: str = Field(
        foreign_key="kickoff.id", primary_key=True, max_length=36, ondelete="CASCADE"
    )
    user_id: str = Field(
        foreign_key="user_account.id", primary_key=True, max_length=36, ondelete="CASCADE"
    )
    role: str = Field(max_length=20)


class SignIn(SQLModel, table=True):
    """One browser that is signed in. The cookie holds the secret, the row only its hash."""

    __tablename__ = "sign_in"
    secret_hash: str = Field(primary_key=True, max_length=64)
    user_id: str = foreign("user_account.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class OneTimeLink(SQLModel, table=True):
    """A link that signs its user in once: the first administrator's, an invitation."""

    __tablename__ = "one_time_link"
    secret_hash: str = Field(primary_key=True, max_length=64)
    user_id: str = foreign("user_account.id")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiToken(Record, table=True):
    """Bearer token of an integrator, shown once, stored hashed.

    No kickoff means all of the organisation's.
    """

    __tablename__ = "api_token"
    organisation_id: str = foreign("organisation.id")
    kickoff_id: str | None = foreign("kickoff.id", default=None, ondelete="CASCADE")
    created_by: str | None = foreign("user_account.id", default=None)
    name: str = Field(max_length=200)
    secret_hash: str = Field(max_length=64, unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProjectorLink(Record, table=True):
    """Opens the projector view of one room and nothing else; can be revoked."""

    __tablename__ = "projector_link"
    room_id: str = foreign("room.id")
    name: str = Field(default="", max_length=200)
    secret_hash: str = Field(max_length=64, unique=True)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotentAnswer(SQLModel, table=True):
    """What a POST with an Idempotency-Key was answered; a second asker gets the same for a day."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (UniqueConstraint("actor", "key"),)
    id: str = Field(primary_key=True, max_length=36)
    actor: str = Field(max_length=80)
    key: str = Field(max_length=200)
    digest: str = Field(max_length=64)
    status: int
    etag: str = Field(default="", max_length=20)
    location: str = Field(default="", max_length=200)
    body: str
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


def hashed(secret: str) -> str:
    """What is stored of a secret: 128 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def user_with_email(email: str) -> Select[User]:
    return select(User).where(User.email == email)


def signed_in_user(secret: str, now: datetime) -> Select[User]:
    """The user whose browser holds this secret, while the sign-in lasts."""
    return (
        select(User)
        .join(SignIn, col(SignIn.user_id) == User.id)
        .where(SignIn.secret_hash == hashed(secret), SignIn.expires_at > now)
    )


def valid_token(secret: str) -> Select[ApiToken]:
    return select(ApiToken).where(
        ApiToken.secret_hash == hashed(secret), col(ApiToken.revoked_at).is_(None)
    )


def valid_projector_link(secret: str) -> Select[ProjectorLink]:
    return select(ProjectorLink).where(
        ProjectorLink.secret_hash == hashed(secret), col(ProjectorLink.revoked_at).is_(None)
    )


def memberships_of(user_id: str) -> Select[Membership]:
    return select(Membership).where(Membership.user_id == user_id)


def members_of(kickoff_id: str) -> Select[Membership, User]:
    return (
        select(Membership, User)
        .join(User, col(Membership.user_id) == User.id)
        .where(Membership.kickoff_id == kickoff_id)
        .order_by(User.name, User.id)
    )


def tokens_of(kickoff_id: str) -> Select[ApiToken]:
    """Tokens bound to one kickoff that still work."""
    return (
        select(ApiToken)
        .where(ApiToken.kickoff_id == kickoff_id, col(ApiToken.revoked_at).is_(None))
        .order_by(ApiToken.id)
    )


def projector_links_of(room_ids: list[str]) -> Select[ProjectorLink]:
    return (
        select(ProjectorLink)
        .where(col(ProjectorLink.room_id).in_(room_ids), col(ProjectorLink.revoked_at).is_(None))
        .order_by(ProjectorLink.id)
    )
