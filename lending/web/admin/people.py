"""One person's account as a page: her role and unit, what still hangs on her, her programs' keys, the door that is closed behind her."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending import clock
from lending.actions.people import Changed, change_user
from lending.actions.tokens import MadeToken, issue_token, revoke_token
from lending.domain.access import Permission, Role, Scope
from lending.domain.people import Change, doubts
from lending.i18n import words
from lending.queries import admin, people, tokens
from lending.web.admin.forms import CloseForm, PersonForm, TokenForm
from lending.web.admin.routes import MANY, pages
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me

A_YEAR = timedelta(days=365)
"""For so long a key is offered; she may say another day."""

Shown = str | Response | tuple[str, int]


@pages.route("/settings/users/<name>", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def person(name: str) -> Shown:
    """Who she is and what hangs on her; sent, another role or unit."""
    by = me()
    about = people.person(by, name)
    form = PersonForm(role=about.role.value, unit=about.unit or "", member=about.member)
    form.role.choices = choices_of(Role)
    form.unit.choices = [("", _("Kantor pusat")), *((unit.code, unit.name) for unit in admin.units(by, limit=MANY))]
    changed: list[Changed] = []

    def act() -> None:
        change = Change(role=Role(form.role.data), unit=form.unit.data or None, member=form.member.data or None)
        changed.append(change_user(name, change, by))

    if form.done(act):
        (now,) = changed
        role, unit = words.word(now.role, language=language()), now.unit or _("Kantor pusat")
        return _said(
            now, _("%(name)s: %(role)s, %(unit)s. %(count)s sesi diakhiri.", name=now.name, role=role, unit=unit, count=now.sessions_ended)
        )
    page = render_template(
        "admin/person.html",
        form=form,
        about=about,
        ties=people.ties(about.id, about.role, by.today, clock.now()),
        keys=tokens.tokens(by, username=name, limit=MANY),
        today=by.today,
        is_me=about.id == by.user_id,
    )
    return page, form.answer_status


@pages.route("/settings/users/<name>/close", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def close_account(name: str) -> Shown:
    """First what would follow and what must be settled before; sent, she is shut out."""
    by = me()
    about = people.person(by, name)
    if not about.active:
        return redirect(url_for("admin.person", name=name), 303)
    form = CloseForm()
    changed: list[Changed] = []
    if form.done(lambda: changed.append(change_user(name, Change(active=False), by))):
        (now,) = changed
        told = _("Akun %(name)s ditutup: %(sessions)s sesi dan %(tokens)s token berakhir.",
                 name=now.name, sessions=now.sessions_ended, tokens=now.tokens_revoked)  # fmt: skip
        return _said(now, told)
    ties = people.ties(about.id, about.role, by.today, clock.now())
    left = [words.warning(one.code, language()) for one in doubts(ties, about.role, "active")]
    return render_template(
        "admin/close.html", form=form, about=about, ties=ties, left=left, is_me=about.id == by.user_id
    ), form.answer_status


@pages.post("/settings/users/<name>/open")
@needs(Permission.MANAGE_ADMIN)
def open_account(name: str) -> Shown:
    """Let her in again, with the password she had."""
    now = change_user(name, Change(active=True), me())
    return _said(now, _("Akun %(name)s dibuka lagi.", name=now.name))


@pages.route("/settings/users/<name>/tokens/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def new_token(name: str) -> Shown:
    """A key for a program that acts as her, shown on the answer and nowhere else."""
    by = me()
    about = people.person(by, name)
    form = TokenForm(scope=Scope.READ.value, expires_on=by.today + A_YEAR)
    form.scope.choices = choices_of(Scope)
    made: list[MadeToken] = []
    if form.done(lambda: made.append(issue_token(name, by, scope=Scope(form.scope.data), expires_on=form.expires_on.data))):
        return render_template("admin/token.html", about=about, made=made[0], token=tokens.token(by, made[0].id))
    return render_template("admin/new_token.html", form=form, about=about), form.answer_status


@pages.route("/settings/tokens/<int:token_id>/revoke", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def revoke(token_id: int) -> Shown:
    """First whose it is; sent, it is dead."""
    by = me()
    token = tokens.token(by, token_id)
    if request.method == "GET" and token.revoked_at is None:
        return render_template("admin/revoke.html", token=token)
    if request.method == "POST":
        revoke_token(token_id, by)
        flash(_("Token nomor %(number)s dicabut.", number=token_id), "good")
    return redirect(url_for("admin.person", name=token.username), 303)


def _said(now: Changed, told: str) -> Response:
    flash(told, "good")
    for one in now.warnings:
        flash(words.warning(one.code, language()), "watch")
    return redirect(url_for("admin.person", name=now.username), 303)
