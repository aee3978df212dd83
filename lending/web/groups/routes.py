"""Groups as pages: who belongs to one, who leads and serves it, and how it was formed. Its calendar: `calendar.py`;
an officer's groups given on together: `reassigning.py`."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions import groups as acts
from lending.domain.access import Actor, Permission, Role
from lending.domain.groups import LARGEST_GROUP, SMALLEST_GROUP, Duty
from lending.domain.lifecycle import RUNS
from lending.domain.mentoring import ActionState
from lending.domain.refusals import Warned
from lending.i18n import words
from lending.queries import accounts, admin, calendars, loans, mentoring
from lending.queries import groups as questions
from lending.web.filters import weekday
from lending.web.groups import forms
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me

pages = Blueprint("groups", __name__)

Shown = str | Response | tuple[str, int]

PAGE = 50
OPEN_ACTIONS = 5

_OF_SEVERAL = frozenset({Role.HEAD, Role.CASHIER, Role.AUDITOR})
"""Who sees the groups of more than one officer."""


@pages.get("/groups")
@needs(Permission.SEE_GROUPS)
def index() -> str:
    """The groups she may see, and where each meets next."""
    by = me()
    form = forms.FilterForm(request.args)
    officers = accounts.roles_of_unit(by.unit_id, Role.OFFICER) if by.unit_id is not None and by.role in _OF_SEVERAL else []
    form.officer.choices = [("", _("Semua")), *((one.username, one.name) for one in officers)]
    chosen = form.officer.data if form.validate() else None
    found = questions.groups(by, officer=chosen or None, limit=PAGE + 1, after_id=_cursor())
    following = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template(
        "groups/index.html",
        form=form,
        officers=officers,
        groups=found[:PAGE],
        next=following,
        query=f"?officer={chosen}" if chosen else "",
    )


def _cursor() -> int:
    asked = request.args.get("cursor", "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


@pages.route("/groups/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_GROUPS)
def new() -> Shown:
    """Form a group and lay out its first sixty meetings."""
    by = me()
    form = forms.GroupForm(officer=by.username)
    form.kelurahan.choices = _to_pick((one.code, one.name) for one in (admin.served(by.unit_id) if by.unit_id is not None else ()))
    form.weekday.choices = _to_pick((day, weekday(day)) for day in range(1, 7))
    form.officer.choices = _officers_offered(by)
    formed: list[acts.Formed] = []
    if form.done(lambda: formed.append(acts.form_group(_told(form), by, once=True))):
        flash(_("Kelompok %(code)s terbentuk. Berikutnya: daftarkan anggotanya.", code=formed[0].code), "good")
        _flash_doubts(formed[0].warnings)
        return redirect(url_for("groups.detail", group_id=formed[0].id), 303)
    return render_template("groups/new.html", form=form), form.answer_status


def _to_pick(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """These choices, none of them chosen yet: the first of a list must not be taken for an answer."""
    return [("", _("Pilih …")), *choices]


def _officers_offered(by: Actor) -> list[tuple[Any, str]]:
    """An officer forms groups for herself, the head for any officer of the unit."""
    if by.role is Role.OFFICER or by.unit_id is None:
        return [(by.username, by.name)]
    return _to_pick((one.username, one.name) for one in accounts.roles_of_unit(by.unit_id, Role.OFFICER))


def _told(form: forms.GroupForm) -> acts.NewGroup:
    return acts.NewGroup(
        name=form.name.data,
        kelurahan=form.kelurahan.data,
        weekday=form.weekday.data,
        time=f"{form.time.data:%H:%M}",
        place=form.place.data,
        officer=form.officer.data,
        first_meeting=form.first_meeting.data,
    )


def _flash_doubts(doubts: tuple[Warned, ...]) -> None:
    for doubt in doubts:
        flash(words.warning(doubt.code, language()), "watch")


@pages.get("/groups/<int:group_id>")
@needs(Permission.SEE_GROUPS)
def detail(group_id: int) -> str:
    """One group: its women by sub-group with what they owe, who leads and serves it, its next meeting, what was promised."""
    by = me()
    found = questions.group(by, group_id)
    running = loans.loans(by, group_id=group_id, states=RUNS) if by.may(Permission.SEE_LOANS) else []
    standing = {one.loan.member_id: one for one in loans.standing_now(running, by.today)}
    ahead = [one for one in calendars.calendar(by, group_id) if one.planned_on >= by.today and one.record is None]
    return render_template(
        "groups/detail.html",
        about=found.about,
        members=found.members,
        standing=standing,
        size_is_lawful=SMALLEST_GROUP <= found.about.size <= LARGEST_GROUP,
        bounds=(SMALLEST_GROUP, LARGEST_GROUP),
        meeting=ahead[0] if ahead else None,
        promised=_promised(by, group_id),
        to_come=questions.officers_to_come(by, group_id),
    )


def _promised(by: Actor, group_id: int) -> list[mentoring.ActionListed]:
    """The group's open actions, those that are overdue first."""
    if not by.may(Permission.SEE_VISITS):
        return []
    found: list[mentoring.ActionListed] = []
    for state in (ActionState.OVERDUE, ActionState.OPEN):
        found += mentoring.actions(by, state=state, group_id=group_id, limit=OPEN_ACTIONS)
    return found[:OPEN_ACTIONS]


@pages.route("/groups/<int:group_id>/leader", methods=["GET", "POST"])
@needs(Permission.MANAGE_GROUPS)
def name_leader(group_id: int) -> Shown:
    """Name the woman who leads the group."""
    by = me()
    found = questions.group(by, group_id)
    form = forms.LeaderForm(since=by.today)
    form.member.choices = _to_pick((one.id, f"{one.name} · {one.number}") for one in found.members if one.id != found.about.leader)
    if form.done(lambda: acts.name_leader(group_id, form.member.data, by, from_on=form.since.data)):
        flash(_("Ketua kelompok dicatat."), "good")
        return _back_to(group_id)
    return render_template("groups/leader.html", form=form, about=found.about), form.answer_status


@pages.route("/groups/<int:group_id>/<any(officer, mentor):duty>", methods=["GET", "POST"])
@needs(Permission.ASSIGN_STAFF)
def assign(group_id: int, duty: str) -> Shown:
    """Give the group to another officer or mentor."""
    by = me()
    about = questions.group(by, group_id).about
    if duty == Duty.OFFICER:
        form: forms.StaffForm = forms.OfficerForm(since=by.today)
        person, role, now = form["officer"], Role.OFFICER, about.officer
    else:
        form = forms.MentorForm(since=by.today)
        person, role, now = form["mentor"], Role.MENTOR, about.mentor
    staff = accounts.roles_of_unit(by.unit_id, role) if by.unit_id is not None else []
    others = [(one.username, one.name) for one in staff if one.username != now]
    person.choices = _to_pick(others)

    def act() -> None:
        give = acts.assign_officer if duty == Duty.OFFICER else acts.assign_mentor
        give(group_id, person.data, by, from_on=_since(form), reason=form.reason.data)

    if form.done(act):
        flash(_("Penugasan dicatat."), "good")
        return _back_to(group_id)
    page = render_template("groups/assign.html", form=form, who=person, about=about, duty=Duty(duty), others=others, today=by.today)
    return page, form.answer_status


def _since(form: forms.StaffForm) -> date:
    day: date = form.since.data
    return day


def _back_to(group_id: int) -> Response:
    return redirect(url_for("groups.detail", group_id=group_id), 303)
