"""Logging a visit. Its address holds the key that the page made, so that a form sent twice is one visit."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lending.actions import mentoring as acts
from lending.domain.access import Actor, Permission
from lending.domain.mentoring import ActionState, VisitTrigger
from lending.domain.refusals import NotFound
from lending.i18n import words
from lending.queries import groups
from lending.queries import mentoring as questions
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me
from lending.web.mentoring import forms
from lending.web.mentoring.routes import Shown, groups_offered, pages

MOST_OPEN = 20


@pages.get("/visits/new")
@needs(Permission.LOG_VISITS)
def begin() -> Shown:
    """Which group was visited; then a form of its own, with a fresh key."""
    by = me()
    form = forms.GroupForm(request.args or None)
    offered = groups_offered(by)
    form.group.choices = [("", _("Pilih …")), *offered]
    if request.args and form.validate():
        member, trigger = request.args.get("member"), request.args.get("trigger")
        return redirect(url_for("mentoring.log", uuid=uuid4(), group=form.group.data, member=member, trigger=trigger), 303)
    page = render_template("mentoring/begin.html", form=form, offered=offered)
    return (page, 400) if form.errors else page


@pages.route("/visits/<uuid:uuid>/log", methods=["GET", "POST"])
@needs(Permission.LOG_VISITS)
def log(uuid: object) -> Shown:
    """Log the visit, with what became of the group's open promises and at most three new ones."""
    by = me()
    group_id = request.args.get("group", 0, type=int)
    found = groups.group(by, group_id)
    promised = _promised(by, group_id)
    trigger = request.args.get("trigger", "")
    form = forms.visit_form(
        promised,
        on=by.today,
        trigger=VisitTrigger(trigger) if trigger in set(VisitTrigger) else VisitTrigger.PLANNED,
        members=request.args.getlist("member", type=int),
    )
    form.members.choices = [(one.id, one.name) for one in found.members]
    kept: list[acts.VisitKept] = []
    if request.method == "GET" and _is_kept(by, str(uuid)):
        return redirect(url_for("mentoring.visit", uuid=uuid), 303)
    if form.done(lambda: kept.append(acts.log_visit(str(uuid), form.told(group_id, by.zone), by))):
        flash(_("Kunjungan disimpan."), "good")
        for doubt in kept[0].warnings:
            flash(words.warning(doubt.code, language()), "watch")
        return redirect(url_for("mentoring.visit", uuid=uuid), 303)
    return render_template("mentoring/log.html", form=form, about=found.about, promised=promised), form.answer_status


def _promised(by: Actor, group_id: int) -> list[questions.ActionListed]:
    """The group's open promises, overdue ones first."""
    overdue = questions.actions(by, state=ActionState.OVERDUE, group_id=group_id, limit=MOST_OPEN)
    return overdue + questions.actions(by, state=ActionState.OPEN, group_id=group_id, limit=MOST_OPEN)


def _is_kept(by: Actor, uuid: str) -> bool:
    try:
        questions.visit(by, uuid)
    except NotFound:
        return False
    return True
