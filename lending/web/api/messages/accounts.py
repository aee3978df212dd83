"""Whoever asks, as she stands."""

from datetime import date, datetime

from lending.web.api.messages.fields import Answer


class Session(Answer, frozen=True, kw_only=True):
    """How long a browser's session lasts."""

    idle_until: datetime
    until: datetime


class Me(Answer, frozen=True, kw_only=True):
    """Who asks, on which business date; `session` and `csrf` are null for a program with a token."""

    username: str
    name: str
    roles: list[str]
    unit: str | None
    today: date
    session: Session | None
    csrf: str | None
