"""Who may open a page: every view says one of these, and a test asks every view whether it did.

The mark stays on the view as `guarded_by`: a permission, `SIGNED_IN`, or the reason why anyone may.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from lending.domain.access import Permission
from lending.web.login import me

SIGNED_IN: Final = "signed in"

View = Callable[..., Any]


def needs(permission: Permission | None = None) -> Callable[[View], View]:
    """A view for those who hold the permission (403 for others); without one, for everybody who is signed in (else the sign-in page)."""

    def guarded(view: View) -> View:
        @wraps(view)
        def guard(*args: Any, **named: Any) -> Any:
            person = me()
            if permission is not None:
                person.require(permission)
            return view(*args, **named)

        return _marked(guard, permission or SIGNED_IN)

    return guarded


def open_to_anyone(why: str) -> Callable[[View], View]:
    """A view that asks nobody who they are; the reason is read by the test and by you."""

    def opened(view: View) -> View:
        return _marked(view, f"anyone: {why}")

    return opened


def guard_of(view: View) -> Permission | str | None:
    """What guards this view; None for a view that says nothing, which is a mistake."""
    return getattr(view, "guarded_by", None)


def _marked(view: View, guard: Permission | str) -> View:
    view.guarded_by = guard  # type: ignore[attr-defined]
    return view
