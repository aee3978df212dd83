"""What is written down about a woman after she was enrolled: consents, eligibility, training, her leaving; and her NIK, seen once."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions import members as acts
from lending.domain.access import Permission
from lending.domain.eligibility import BEST_HOUSE, MOST_IN_HOUSEHOLD, TRAINING_DAYS, Purpose
from lending.i18n import words
from lending.queries import members as questions
from lending.web.filters import short_date
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me
from lending.web.members import forms
from lending.web.members.routes import Shown, pages

YES = "yes"


@pages.route("/members/<int:member_id>/consents", methods=["GET", "POST"])
@needs(Permission.MANAGE_MEMBERS)
def consent(member_id: int) -> Shown:
    """Write down what she agrees to or takes back."""
    by = me()
    member = questions.member(by, member_id)
    form = forms.ConsentForm(purpose=request.args.get("purpose"), on=by.today)
    form.purpose.choices = choices_of(Purpose, kind="consent")
    if form.done(lambda: acts.record_consent(member_id, form.purpose.data, by, given=form.given.data == YES, on=form.on.data)):
        flash(_("Dicatat."), "good")
        return _back_to(member_id)
    return render_template("members/consent.html", form=form, member=member), form.answer_status


@pages.route("/members/<int:member_id>/eligibility", methods=["GET", "POST"])
@needs(Permission.MANAGE_MEMBERS)
def eligibility(member_id: int) -> Shown:
    """Keep what was found at her home (uji kelayakan)."""
    by = me()
    member = questions.member(by, member_id)
    form = forms.EligibilityForm(on=by.today)
    kept: list[acts.EligibilityKept] = []
    if form.done(lambda: kept.append(acts.record_eligibility(member_id, _found(form), by))):
        flash(_("Uji kelayakan disimpan, berlaku sampai %(day)s.", day=short_date(kept[0].valid_until)), "good")
        for doubt in kept[0].warnings:
            flash(words.warning(doubt.code, language()), "watch")
        return _back_to(member_id)
    page = render_template("members/eligibility.html", form=form, member=member, most_in_household=MOST_IN_HOUSEHOLD, best_house=BEST_HOUSE)
    return page, form.answer_status


def _found(form: forms.EligibilityForm) -> acts.HomeVisit:
    return acts.HomeVisit(
        on=form.on.data,
        household_size=form.household_size.data,
        income_per_month=form.income_per_month.data,
        house_index=form.house_index.data,
        passed=form.passed.data == YES,
        other_debt_weekly=form.other_debt_weekly.data or 0,
        note=form.note.data or "",
    )


@pages.route("/members/<int:member_id>/training", methods=["GET", "POST"])
@needs(Permission.MANAGE_MEMBERS)
def training(member_id: int) -> Shown:
    """Add days of training to those already kept."""
    by = me()
    member = questions.member(by, member_id)
    form = forms.TrainingForm()
    kept: list[acts.TrainingKept] = []
    if form.done(lambda: kept.append(acts.record_training(member_id, form.days, by))):
        flash(_("Pelatihan dicatat: %(days)s dari %(needed)s hari.", days=len(kept[0].days), needed=TRAINING_DAYS), "good")
        return _back_to(member_id)
    page = render_template(
        "members/training.html", form=form, member=member, days=questions.training_days(by, member_id), needed=TRAINING_DAYS
    )
    return page, form.answer_status


@pages.route("/members/<int:member_id>/nik", methods=["GET", "POST"])
@needs(Permission.SHOW_NIK)
def nik(member_id: int) -> Shown:
    """Her NIK in full, this once: the answer to the form, never at an address of its own."""
    by = me()
    member = questions.member(by, member_id)
    form = forms.NikForm()
    seen: list[str] = []
    form.done(lambda: seen.append(acts.show_nik(member_id, form.reason.data, by)))
    return render_template("members/nik.html", form=form, member=member, nik=seen[0] if seen else None), form.answer_status


@pages.route("/members/<int:member_id>/leave", methods=["GET", "POST"])
@needs(Permission.RELEASE_MEMBERS)
def leave(member_id: int) -> Shown:
    """She leaves her group."""
    by = me()
    member = questions.member(by, member_id)
    form = forms.LeaveForm(on=by.today)
    if form.done(lambda: acts.leave(member_id, form.on.data, form.reason.data, by)):
        flash(_("Keluarnya anggota dicatat."), "watch")
        return _back_to(member_id)
    return render_template("members/leave.html", form=form, member=member), form.answer_status


def _back_to(member_id: int) -> Response:
    return redirect(url_for("members.detail", member_id=member_id), 303)
