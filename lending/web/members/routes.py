"""The women as pages: finding one, enrolling one, and her own page. What is written down about her afterwards: `record.py`."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions import enrolment
from lending.actions import members as acts
from lending.domain.access import Actor, Permission
from lending.domain.eligibility import ELIGIBILITY_DAYS, TRAINING_DAYS, Purpose, check_gates
from lending.domain.groups import MemberState
from lending.domain.identity import age_on
from lending.domain.refusals import Refusal
from lending.i18n import words
from lending.queries import admin, applicants, groups, loans, mentoring
from lending.queries import members as questions
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me
from lending.web.members import forms

pages = Blueprint("members", __name__)

Shown = str | Response | tuple[str, int]

PAGE = 30
LAST_VISITS = 5


@pages.route("/members", methods=["GET", "POST"])
@needs(Permission.SEARCH_MEMBERS)
def index() -> Shown:
    """Find a woman. What is looked for is posted, since a NIK must not stand in an address."""
    by = me()
    form = forms.SearchForm()
    found: list[questions.MemberFound] = []

    def act() -> None:
        after = request.form.get("after", "0")
        after_id = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
        told = {"name": form.name.data, "number": form.number.data, "nik": form.nik.data}
        found.extend(acts.search(by, **told, limit=PAGE + 1, after_id=after_id))

    if searched := form.done(act):
        form.nik.typed = ""  # it has served; the answer need not carry it
    rows = found[:PAGE]
    return render_template(
        "members/index.html",
        form=form,
        searched=searched,
        found=rows,
        following=rows[-1].id if len(found) > PAGE else None,
        places=admin.region_names(one.kelurahan for one in rows),
    ), form.answer_status


@pages.route("/groups/<int:group_id>/enrol", methods=["GET", "POST"])
@needs(Permission.MANAGE_MEMBERS)
def enrol(group_id: int) -> Shown:
    """Enrol one woman; then her page, or the next one."""
    by = me()
    about = groups.group(by, group_id).about
    form = forms.EnrolForm(kelurahan=about.kelurahan)
    form.kelurahan.choices = [(one.code, one.name) for one in admin.served(by.unit_id)] if by.unit_id is not None else []
    form.consents.choices = choices_of(Purpose, kind="consent")
    enrolled: list[enrolment.Enrolled] = []
    if form.done(lambda: enrolled.append(enrolment.enrol(group_id, _told(form), by))):
        (one,) = enrolled
        flash(_("%(name)s terdaftar dengan nomor %(number)s.", name=form.name.data, number=one.number), "good")
        for doubt in one.warnings:
            flash(words.warning(doubt.code, language()), "watch")
        if request.form.get("then") == "next":
            return redirect(url_for("members.enrol", group_id=group_id), 303)
        return redirect(url_for("members.detail", member_id=one.id), 303)
    return render_template("members/enrol.html", form=form, about=about), form.answer_status


def _told(form: forms.EnrolForm) -> enrolment.NewMember:
    return enrolment.NewMember(
        name=form.name.data,
        nik=form.nik.data,
        birth_date=form.birth_date.data,
        address=form.address.data,
        rt=form.rt.data,
        rw=form.rw.data,
        kelurahan=form.kelurahan.data,
        consents=tuple(form.consents.data or ()),
        kk=form.kk.data,
        phone=form.phone.data,
        sub_group=form.sub_group.data,
        joined_on=form.joined_on.data,
    )


@pages.get("/members/<int:member_id>")
@needs(Permission.SEE_MEMBERS)
def detail(member_id: int) -> str:
    """One woman: who she is, what she agreed to, what was found at her home, what she borrowed, and what is still missing for a loan."""
    by = me()
    member = questions.member(by, member_id)
    consents = questions.consents(by, member_id)
    return render_template(
        "members/detail.html",
        member=member,
        age=age_on(member.birth_date, by.today),
        active=member.state is MemberState.ACTIVE,
        purposes=tuple(Purpose),
        consents=consents,
        newest={one.purpose: one for one in reversed(consents)},
        tests=questions.eligibility_tests(by, member_id),
        holds_days=ELIGIBILITY_DAYS,
        training=questions.training_days(by, member_id),
        days_needed=TRAINING_DAYS,
        loans=loans.loans(by, member_id=member_id) if by.may(Permission.SEE_LOANS) else [],
        visits=mentoring.visits(by, member_id=member_id, limit=LAST_VISITS) if by.may(Permission.SEE_VISITS) else [],
        gate=_gate(by, member),
    )


@dataclass(frozen=True)
class _Gate:
    """Whether a loan may be asked for today; `shut_by` says what is missing, where it is not simply that one runs or waits already."""

    is_open: bool
    shut_by: str | None = None


def _gate(by: Actor, member: questions.MemberDetail) -> _Gate:
    """By the rules of the act, asked without doing it, and by the strictest product."""
    if member.group is None or applicants.has_open_proposal(member.id):
        return _Gate(is_open=False)
    blocks = [one.terms.block_days_late for one in admin.products(by.today) if one.terms.block_days_late is not None]
    applicant = applicants.applicant(
        member.id, member.group, cycle=applicants.next_cycle(member.id), block_days_late=min(blocks, default=None), on=by.today
    )
    if applicant.has_running_loan:
        return _Gate(is_open=False)
    try:
        check_gates(applicant, by.today)
    except Refusal as no:
        return _Gate(is_open=False, shut_by=words.refusal(no.code, no.facts, language()).detail)
    return _Gate(is_open=True)
