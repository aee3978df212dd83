"""Programs' tokens."""

from datetime import date, datetime

from msgspec import UNSET

from lending.domain.access import Scope
from lending.web.api.messages.fields import Answer, Body, Day, Id, Maybe, Name, Question


class TokensAsked(Question, frozen=True, kw_only=True):
    """Whose; everybody's when left out."""

    username: Maybe[Name] = UNSET


class NewToken(Body, frozen=True, kw_only=True):
    """What it may, until the end of which day, and as whom it acts; as whoever asks when left out."""

    scope: Scope
    expires_on: Day
    username: Maybe[Name] = UNSET


class Token(Answer, frozen=True, kw_only=True):
    """A token without its key. `expires_on` is null for one that holds until it is revoked, `used_on` for one that was never used."""

    id: Id
    username: str
    name: str
    scope: Scope
    made_at: datetime
    expires_on: date | None
    used_on: date | None
    revoked_at: datetime | None


class NewlyMadeToken(Token, frozen=True, kw_only=True):
    """A new token with its key, told this once."""

    token: str
