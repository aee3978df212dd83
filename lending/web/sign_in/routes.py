"""The cover of the book: who are you? And the way out."""

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from lending.domain.refusals import Refusal
from lending.queries import accounts
from lending.web import login
from lending.web.addresses import local_path
from lending.web.errors import retry_after
from lending.web.guards import open_to_anyone
from lending.web.sign_in.forms import SignInForm

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
        status = form.blame(refusal)
        return _cover(form), status, retry_after(refusal)
    person = login.signed_in()
    assert person is not None, "whoever has just entered is known"
    welcome.headers["Location"] = _next() or login.landing(person.role)
    return welcome


@pages.post("/sign-out")
@open_to_anyone("leaving twice is no fault")
def sign_out() -> Response:
    """End the session on the server and go back to the cover."""
    login.leave()
    return redirect("/sign-in", 303)


def _next() -> str | None:
    """Where she wanted to go, if that is a place in this house."""
    return local_path(request.values.get("next"))


def _cover(form: SignInForm) -> str:
    password = current_app.config.get("LENDING_DEMO_PASSWORD")
    people = accounts.demo_people() if password else []
    return render_template("sign_in.html", form=form, next=_next(), people=people, demo_password=password)
