"""The cover of the book: who are you? And the way out."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions.accounts import has_code
from lending.domain.refusals import Refusal
from lending.queries import accounts
from lending.web import login
from lending.web.addresses import local_path
from lending.web.errors import retry_after
from lending.web.forms import HouseForm
from lending.web.guards import needs, open_to_anyone
from lending.web.sign_in.forms import CodeForm, NewPasswordForm, SignInForm

pages = Blueprint("sign_in", __name__)


@pages.get("/sign-in")
@open_to_anyone("this is where people say who they are")
def ask() -> Response | str:
    """The sign-in page; somebody who is in already goes on to where she was going."""
    person = login.signed_in()
    if person:
        return redirect(_next() or login.landing(person.role), 303)
    return _cover(SignInForm(username=request.args.get("as", "")))


@pages.post("/sign-in")
@open_to_anyone("this is where people say who they are")
def answer() -> Response | tuple[str, int, dict[str, str]]:
    """Open a session, or say why not, in the same words for a wrong name and a wrong password."""
    form = SignInForm()
    if not form.validate():
        return _cover(form), 422, {}
    try:
        welcome = login.enter(form.username.data or "", form.password.data or "", redirect("/", 303))
    except Refusal as refusal:
        if refusal.status == 401 and has_code(form.username.data, form.password.data or ""):
            return redirect(url_for("sign_in.by_code", **{"as": form.username.data}), 303)
        status = form.blame(refusal)
        return _cover(form), status, retry_after(refusal)
    person = login.signed_in()
    assert person is not None, "whoever has just entered is known"
    welcome.headers["Location"] = _next() or login.landing(person.role)
    return welcome


@pages.route("/sign-in/code", methods=["GET", "POST"])
@open_to_anyone("whoever has lost her password is not in")
def by_code() -> Response | tuple[str, int, dict[str, str]]:
    """Choose a new password with the code that the admin gave out, and be in."""
    form = CodeForm(username=request.args.get("as", ""))
    welcome = redirect("/", 303)
    done, waits = _tried(form, lambda: login.enter_by_code(form.username.data, form.code.data, form.password.data or "", welcome))
    if done:
        person = login.signed_in()
        assert person is not None, "whoever has just entered is known"
        welcome.headers["Location"] = login.landing(person.role)
        return welcome
    return render_template("sign_in_code.html", form=form), form.answer_status, waits


@pages.post("/sign-out")
@open_to_anyone("leaving twice is no fault")
def sign_out() -> Response:
    """End the session on the server and go back to the cover."""
    login.leave()
    return redirect("/sign-in", 303)


@pages.route("/password", methods=["GET", "POST"])
@needs()
def new_password() -> Response | tuple[str, int, dict[str, str]]:
    """Change one's own password; every other phone and browser of hers must sign in anew."""
    form = NewPasswordForm()
    done, waits = _tried(form, lambda: login.change_password(form.old.data or "", form.password.data or ""))
    if done:
        flash(_("Kata sandi diganti. HP dan komputer lain harus masuk lagi dengan yang baru."), "good")
        return redirect("/", 303)
    return render_template("new_password.html", form=form), form.answer_status, waits


def _tried(form: HouseForm, act: Callable[[], object]) -> tuple[bool, dict[str, str]]:
    """Whether it is done now; and what the page that shows the form again says of how long to wait, after too many tries."""
    waits: dict[str, str] = {}

    def telling() -> None:
        try:
            act()
        except Refusal as refusal:
            waits.update(retry_after(refusal))
            raise

    return form.done(telling), waits


def _next() -> str | None:
    """Where she wanted to go, if that is a place in this house."""
    return local_path(request.values.get("next"))


def _cover(form: SignInForm) -> str:
    password = current_app.config.get("LENDING_DEMO_PASSWORD")
    people = accounts.demo_people() if password else []
    return render_template("sign_in.html", form=form, next=_next(), people=people, demo_password=password)
