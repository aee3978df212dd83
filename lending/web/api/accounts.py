"""Whoever asks, told who she is."""

from flask_wtf.csrf import generate_csrf

from lending.domain.access import Actor
from lending.web import login
from lending.web.api.door import Column, Guard
from lending.web.api.messages.accounts import Me, Session

column = Column("accounts", "Whoever asks")


@column.call("GET", "/me", needs=Guard.SIGNED_IN)
def me(by: Actor) -> Me:
    """Who asks, in which role, on which business date.

    A browser also learns until when its session lasts, and the `X-CSRFToken` that goes with every call that changes something.
    """
    visitor = login.visitor()
    opened = visitor.opened if visitor else None
    return Me(
        username=by.username,
        name=by.name,
        roles=[by.role.value],
        unit=by.unit_code,
        today=by.today,
        session=Session(idle_until=opened.idle_until, until=opened.until) if opened else None,
        csrf=generate_csrf() if opened else None,
    )
