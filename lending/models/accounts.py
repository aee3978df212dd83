"""People who sign in: users, their open sessions, their tokens, and the guesses against them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.access import Role, Scope
from lending.models.base import Base, RefId, RowId


class User(Base):
    """A person who signs in, in one role. A leader is tied to the member she is."""

    __tablename__ = "user_account"

    id: Mapped[RowId]
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[Role]
    unit_id: Mapped[RefId | None] = mapped_column(ForeignKey("unit.id"), index=True)
    member_id: Mapped[RefId | None] = mapped_column(ForeignKey("member.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    code_hash: Mapped[str | None] = mapped_column(String(200))
    """Of the code with which she may choose a new password once, until `code_until`; None where none was given out."""
    code_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SignIn(Base):
    """An open session. The browser holds the token, we only its hash; deleting the row ends every copy at once."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"), index=True)
    signed_in_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    until: Mapped[datetime]
    unsent: Mapped[int | None]
    """How many records her phone still held when it last spoke to us; None for a browser that says nothing of it."""
    ended: Mapped[str | None] = mapped_column(String(20))
    """Why it was ended before its time, as the refusal's code that its phone is told; None while it lives."""


class KnownBrowser(Base):
    """A browser that has signed in to this account before: a flood of guesses from elsewhere must not lock it out."""

    __tablename__ = "known_browser"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    since: Mapped[datetime]


class WrongPassword(Base):
    """One wrong guess; counted in the database, so that several processes count together."""

    __tablename__ = "wrong_password"

    id: Mapped[RowId]
    username: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_wrong_password_username_at", "username", "at"),)


class ApiToken(Base):
    """A program's key, shown once; we keep its hash."""

    __tablename__ = "api_token"

    id: Mapped[RowId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"), index=True)
    made_at: Mapped[datetime]
    scope: Mapped[Scope] = mapped_column(default=Scope.WRITE, server_default=Scope.WRITE.value)
    expires_on: Mapped[date | None]
    """The last day, in its person's unit, on which it opens anything; None for one that holds until it is revoked."""
    used_on: Mapped[date | None]
    """The last day on which it was used."""
    revoked_at: Mapped[datetime | None]
