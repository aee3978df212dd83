"""Who is at the door: a browser by its session's row, a program by its token.

The cookie holds nothing but a random token, signed; the session itself is a row on the server, so that signing out, a reset or a change of
role ends every copy of it at once. Flask-Login carries the token; what it means is asked anew at each request.
"""

from datetime import timedelta
from typing import cast

from flask import Flask, current_app, g, request, session
from flask import Response as FlaskResponse
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from lending import clock
from lending.actions import accounts as acts
from lending.actions import tokens
from lending.domain.access import HEAD_OFFICE_ZONE, Actor, Person, Role, Scope
from lending.domain.refusals import Busy, NotSignedIn, Refusal
from lending.queries import accounts
from lending.web.addresses import is_api, whole_number
from lending.web.headers import reference

csrf = CSRFProtect()
"""Guards every changing request that comes with a cookie; the API's door asks it itself, since calls with a token need none."""

_FIELD_ROLES = {Role.OFFICER, Role.MENTOR, Role.LEADER}
_LONGEST_SESSION = timedelta(days=30)
_BROWSER_KEPT = timedelta(days=400)


class Visitor(UserMixin):  # type: ignore[misc]
    """Somebody known to the door: the person, and the browser's session where she came with one."""

    def __init__(self, person: Person, token: str | None, opened: accounts.OpenSession | None, *, reads_only: bool = False) -> None:
        self.person = person
        self.token = token
        self.opened = opened
        self.reads_only = reads_only

    def get_id(self) -> str:
        """What Flask-Login puts into the cookie."""
        return self.token or ""


class _Sessions(SecureCookieSessionInterface):
    """Flask's own, but what is public neither sets a cookie nor varies by one: else a browser fetches every file again after a sign-in."""

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        """Write the cookie where the answer is somebody's own."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def set_up(app: Flask, *, production: bool) -> None:
    """Give the app its sessions and tokens."""
    prefix = "__Host-" if production else ""
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_NAME=f"{prefix}sesi",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=_LONGEST_SESSION,
        BROWSER_COOKIE_NAME=f"{prefix}peramban",
        WTF_CSRF_TIME_LIMIT=None,  # a sheet filled offline outlives any hour; the token ends with its session
        WTF_CSRF_SSL_STRICT=False,  # web/headers.py compares origins, with and without TLS
    )
    csrf.init_app(app)
    manager = LoginManager(app, add_context_processor=False)  # a page about a broken database must not ask it who is there
    manager.session_protection = None  # the row is what protects it: phones change their address all day
    manager.user_loader(_by_cookie)
    manager.request_loader(_by_token)
    app.jinja_env.globals.update(me=me, signed_in=signed_in)


def visitor() -> Visitor | None:
    """Whoever asks, or None when nobody is signed in."""
    found = current_user._get_current_object()  # noqa: SLF001  (the proxy itself would take a fault of the database for nobody)
    return found if isinstance(found, Visitor) else None


def signed_in() -> Person | None:
    """The person who asks, or None."""
    found = visitor()
    return found.person if found else None


def me() -> Actor:
    """The person who asks, on the business date of her unit: what every act and question wants as `by`.

    Refused (401): `not_signed_in`; by its own code a session that was ended on purpose, so that its phone takes the names away; and
    `token_ended`.
    """
    if "actor" not in g:
        person = signed_in()
        if person is None:
            raise NotSignedIn(_why_nobody() or "not_signed_in")
        g.actor = person.acting(clock.today(person.zone), request.remote_addr, reference())
    return cast(Actor, g.actor)


def _why_nobody() -> str | None:
    if by_token():
        return "token_ended" if accounts.was_a_token(acts.digest(_bearer())) else None
    token = session.get("_user_id", "")
    return accounts.why_ended(acts.digest(token)) if token else None


def zone() -> str:
    """The zone whose clock hangs on the wall of whoever looks."""
    person = signed_in()
    return person.zone if person else HEAD_OFFICE_ZONE


def reads_only() -> bool:
    """Whether this request comes with a token that may ask and change nothing."""
    found = visitor()
    return found is not None and found.reads_only


def by_token() -> bool:
    """Whether this request carries a program's token; then no cookie counts, and no CSRF token is needed."""
    return is_api() and request.headers.get("Authorization", "").lower().startswith("bearer ")


def enter(username: str, password: str, answer: Response) -> Response:
    """Sign her in, with a new session that shares nothing with what the browser held before. Refused as `actions.accounts.sign_in`."""
    return _let_in(acts.sign_in(username, password, browser_token=_browser()), answer)


def enter_by_code(username: str, code: str, new: str, answer: Response) -> Response:
    """The same with the code that lets her choose a new password. Refused as `actions.accounts.choose_password`."""
    return _let_in(acts.choose_password(username, code, new, browser_token=_browser()), answer)


def _browser() -> str | None:
    return request.cookies.get(current_app.config["BROWSER_COOKIE_NAME"])


def _let_in(opened: acts.SignedIn, answer: Response) -> Response:
    session.clear()
    session.permanent = opened.person.role in _FIELD_ROLES  # a phone keeps it when its browser closes; a desk does not
    login_user(Visitor(opened.person, opened.token, None))
    session.pop("_id")  # Flask-Login's digest of address and browser: not needed, since the row is what counts
    answer.set_cookie(
        current_app.config["BROWSER_COOKIE_NAME"],
        opened.browser_token,
        max_age=_BROWSER_KEPT,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def change_password(old: str, new: str) -> None:
    """Change her own password; this browser goes on under a new session, every other one is out. Refused as the act."""
    found = visitor()
    assert found is not None and found.token is not None, "a page is asked for with a session"  # noqa: PT018
    fresh = acts.change_password(old, new, me(), token=found.token, browser_token=_browser())
    session.clear()
    session.permanent = found.person.role in _FIELD_ROLES
    login_user(Visitor(found.person, fresh, None))
    session.pop("_id")


def leave() -> None:
    """End this session, here and wherever else its cookie may lie."""
    found = visitor()
    if found and found.token:
        acts.sign_out(found.token)
    logout_user()
    session.clear()


def landing(role: Role) -> str:
    """Where she finds herself after signing in: the officer in the field, the mentor too when she holds a phone, everybody else at home."""
    on_a_phone = "Mobi" in request.headers.get("User-Agent", "")
    return "/lapangan" if role is Role.OFFICER or (role is Role.MENTOR and on_a_phone) else "/"


def _by_cookie(token: str) -> Visitor | None:
    if by_token():
        return _by_token(request)
    opened = accounts.open_session(acts.digest(token), clock.now())
    if opened is None:
        return None
    try:
        acts.touch(token, opened.seen_at, unsent=_unsent(), unsent_before=opened.unsent)
    except Busy:
        pass  # reading goes on while another writes; the next request will say that she was here
    return Visitor(opened.person, token, opened)


def _unsent() -> int | None:
    """How many records the field page says it still holds; None where nobody says so, or says it unreadably."""
    return whole_number(request.headers.get("X-Unsent", ""), digits=4)


def _by_token(_request: object) -> Visitor | None:
    if not by_token():
        return None
    found = accounts.bearer(acts.digest(_bearer()))
    if found is None:
        return None
    today = clock.today(found.person.zone)
    if not found.holds(today):
        return None
    if found.used_on is None or found.used_on < today:
        try:
            tokens.mark_used(found.id, today)
        except Refusal:
            pass  # a store that is busy or full lets her read all the same
    return Visitor(found.person, None, None, reads_only=found.scope is Scope.READ)


def _bearer() -> str:
    return request.headers["Authorization"][7:].strip()
