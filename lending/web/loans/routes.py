"""Loans as pages: ask a question or do an act, then show it. Every step's button stands only where its act would be allowed."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions import loans as acts
from lending.domain import lifecycle
from lending.domain.access import Actor, Permission, Role
from lending.domain.lifecycle import LoanState, LoanStep
from lending.domain.refusals import Refusal
from lending.queries import accounts, admin, calendars, members, quotes
from lending.queries import loans as questions
from lending.queries.endings import ending
from lending.web.addresses import whole_number
from lending.web.filters import long_date
from lending.web.forms import HouseForm, choices_of
from lending.web.guards import needs
from lending.web.loans import forms
from lending.web.loans.offers import step_offered, ways_offered
from lending.web.login import me

pages = Blueprint("loans", __name__)

Shown = str | Response | tuple[str, int]

PAGE = 50


@pages.get("/loans")
@needs(Permission.SEE_LOANS)
def index() -> str:
    """The loans she may see: those that wait for a step first, then the rest by state."""
    form = forms.FilterForm(request.args)
    form.state.choices = choices_of(forms.STATES_OFFERED, empty=_("Semua"))
    chosen = _state_asked()
    found = questions.loans(me(), states=(chosen,) if chosen else (), after_id=_cursor(), limit=PAGE + 1)
    following = found[PAGE - 1].id if len(found) > PAGE else None
    waiting = [] if chosen or _cursor() else questions.waiting(me())
    return render_template("loans/index.html", form=form, loans=found[:PAGE], waiting=waiting, next=following)


def _state_asked() -> LoanState | None:
    asked = request.args.get("state")
    return LoanState(asked) if asked in {state.value for state in LoanState} else None


def _cursor() -> int:
    return whole_number(request.args.get("cursor", "")) or 0


@pages.route("/members/<int:member_id>/apply", methods=["GET", "POST"])
@needs(Permission.APPLY_FOR_LOAN)
def propose(member_id: int) -> Shown:
    """Ask for a loan for this woman."""
    by = me()
    member = members.member(by, member_id)
    products = admin.products(by.today)
    form = forms.ProposalForm()
    form.product.choices = [(one.terms.code, one.terms.name) for one in products]
    form.weeks.choices = _weeks_offered(products)
    asked_for: list[int] = []

    def act() -> None:
        proposal = acts.Proposal(member_id, form.product.data, form.principal.data, form.weeks.data, form.purpose.data)
        asked_for.append(acts.apply(proposal, by))

    if form.done(act):
        flash(_("Pengajuan disimpan. Berikutnya: musyawarah kelompok."), "good")
        return redirect(url_for("loans.detail", loan_id=asked_for[0]), 303)
    return render_template("loans/propose.html", form=form, member=member), form.answer_status


def _weeks_offered(products: list[admin.ProductVersion]) -> list[tuple[int, str]]:
    weeks = sorted({weeks for product in products for weeks in product.terms.weeks})
    return [(one, _("%(weeks)s minggu", weeks=one)) for one in weeks]


@pages.get("/loans/<int:loan_id>")
@needs(Permission.SEE_LOANS)
def detail(loan_id: int) -> str:
    """One loan as of a day: terms, schedule with what was paid, its life, and the step that comes next."""
    return _detail(loan_id)


def _detail(loan_id: int, form: HouseForm | None = None) -> str:
    by = me()
    on = _day_asked(by.today)
    seen = questions.as_of(by, loan_id, on)
    steps = [step for step in lifecycle.STEPS if step_offered(by, seen.loan, step)] if on == by.today else []
    fresh = {step: make(seen.loan, by) for step, make in _FORMS.items() if step in steps}
    if form is not None:
        fresh.update({step: form for step, made in _FORMS.items() if type(form) is _TYPES[step]})
    naming = _naming_form(by, seen.loan)
    if isinstance(form, forms.VerifierForm):
        naming = form
    how = ending(seen)
    return render_template(
        "loans/detail.html",
        seen=seen,
        loan=seen.loan,
        history=questions.history(loan_id),
        forms_of=fresh,
        steps=steps,
        naming=naming,
        how=how,
        ways=ways_offered(by, seen.loan, how) if on == by.today else [],
    )


def _day_asked(today: date) -> date:
    try:
        return min(date.fromisoformat(request.args.get("on", "")), today)
    except ValueError:
        return today


def _recommend_form(loan: questions.LoanRow, by: Actor) -> HouseForm:
    return forms.RecommendForm(formdata=None)


def _verify_form(loan: questions.LoanRow, by: Actor) -> HouseForm:
    return forms.VerifyForm(formdata=None)


def _approve_form(loan: questions.LoanRow, by: Actor) -> HouseForm:
    return forms.ApproveForm(formdata=None, principal=loan.terms.principal)


def _disburse_form(loan: questions.LoanRow, by: Actor) -> HouseForm:
    form = forms.DisburseForm(formdata=None, on=by.today)
    form.first_due.choices = _meetings_ahead(loan, by)
    return form


def _meetings_ahead(loan: questions.LoanRow, by: Actor) -> list[tuple[str, str]]:
    ahead = [one.planned_on for one in calendars.calendar(by, loan.group_id) if one.planned_on > by.today]
    return [(day.isoformat(), long_date(day)) for day in ahead[:8]]


_FORMS: dict[LoanStep, Callable[[questions.LoanRow, Actor], HouseForm]] = {
    LoanStep.RECOMMEND: _recommend_form,
    LoanStep.VERIFY: _verify_form,
    LoanStep.APPROVE: _approve_form,
    LoanStep.DISBURSE: _disburse_form,
}
_TYPES: dict[LoanStep, type[HouseForm]] = {
    LoanStep.RECOMMEND: forms.RecommendForm,
    LoanStep.VERIFY: forms.VerifyForm,
    LoanStep.APPROVE: forms.ApproveForm,
    LoanStep.DISBURSE: forms.DisburseForm,
}


def _naming_form(by: Actor, loan: questions.LoanRow) -> forms.VerifierForm | None:
    """The head may name an officer, never the maker, while the loan still waits to be verified."""
    if by.role is not Role.HEAD or by.unit_id is None or loan.state not in (LoanState.APPLIED, LoanState.RECOMMENDED):
        return None
    form = forms.VerifierForm(formdata=None)
    officers = accounts.roles_of_unit(by.unit_id, Role.OFFICER)
    form.officer.choices = [(one.username, one.name) for one in officers if one.user_id != loan.maker_id]
    return form


def _after(loan_id: int, form: HouseForm, act: Callable[[], None], said: str) -> Shown:
    """Do the step and go back to the loan; refused or misspelt, the loan's page with what was typed."""
    if not form.done(act):
        return _detail(loan_id, form), form.answer_status
    flash(said, "good")
    return redirect(url_for("loans.detail", loan_id=loan_id), 303)


@pages.post("/loans/<int:loan_id>/recommend")
@needs(Permission.APPLY_FOR_LOAN)
def recommend(loan_id: int) -> Shown:
    """Record the group's vote."""
    form = forms.RecommendForm()
    return _after(
        loan_id,
        form,
        lambda: acts.recommend(loan_id, me(), in_favour=form.in_favour.data, present=form.present.data),
        _("Rekomendasi kelompok dicatat. Berikutnya: pemeriksaan oleh orang lain."),
    )


@pages.post("/loans/<int:loan_id>/verifier")
@needs(Permission.DECIDE_LOAN)
def name_verifier(loan_id: int) -> Shown:
    """Name the officer who verifies."""
    by = me()
    form = forms.VerifierForm()
    if by.unit_id is not None:
        form.officer.choices = [(one.username, one.name) for one in accounts.roles_of_unit(by.unit_id, Role.OFFICER)]
    return _after(loan_id, form, lambda: acts.name_verifier(loan_id, by, officer=form.officer.data), _("Pemeriksa ditunjuk."))


@pages.post("/loans/<int:loan_id>/verify")
@needs(Permission.VERIFY_LOAN)
def verify(loan_id: int) -> Shown:
    """Verified at her home."""
    form = forms.VerifyForm()
    return _after(
        loan_id,
        form,
        lambda: acts.verify(loan_id, me(), override_reason=form.override_reason.data),
        _("Pemeriksaan dicatat. Berikutnya: persetujuan kepala unit."),
    )


@pages.post("/loans/<int:loan_id>/approve")
@needs(Permission.DECIDE_LOAN)
def approve(loan_id: int) -> Shown:
    """Approved, in full or less."""
    form = forms.ApproveForm()
    return _after(
        loan_id,
        form,
        lambda: acts.approve(loan_id, me(), principal=form.principal.data, reason=form.reason.data),
        _("Pinjaman disetujui. Berikutnya: pencairan oleh kasir."),
    )


@pages.route("/loans/<int:loan_id>/<any(reject, cancel):step>", methods=["GET", "POST"])
@needs(Permission.SEE_LOANS)
def end(loan_id: int, step: str) -> Shown:
    """Reject or withdraw a proposal: a page of its own, since it needs a reason and cannot be taken back."""
    by = me()
    taken = LoanStep(step)
    loan = questions.loan(by, loan_id)
    permission = lifecycle.STEPS[taken].permission
    if permission is not None:
        by.require(permission)
    form = forms.ReasonForm()
    act = acts.reject if taken is LoanStep.REJECT else acts.cancel
    if form.done(lambda: act(loan_id, by, reason=form.reason.data)):
        flash(_("Pengajuan ditolak.") if taken is LoanStep.REJECT else _("Pengajuan dibatalkan."), "watch")
        return redirect(url_for("loans.detail", loan_id=loan_id), 303)
    return render_template("loans/end.html", form=form, loan=loan, step=taken), form.answer_status


@pages.post("/loans/<int:loan_id>/disburse")
@needs(Permission.DISBURSE_LOAN)
def disburse(loan_id: int) -> Shown:
    """Paid out of the vault into her hand."""
    by = me()
    form = forms.DisburseForm()
    form.first_due.choices = _meetings_ahead(questions.loan(by, loan_id), by)

    def act() -> None:
        how = acts.Disbursement(form.on.data, date.fromisoformat(form.first_due.data), form.confirmed.data)
        acts.disburse(loan_id, by, how)

    return _after(loan_id, form, act, _("Pinjaman dicairkan. Kartu angsuran sudah bisa dicetak."))


@pages.get("/quote")
@needs(Permission.QUOTE)
def quote() -> Shown:
    """What a loan would cost, for anybody who is asked: nothing is stored, so the answer has an address of its own."""
    by = me()
    products = admin.products(by.today)
    form = forms.QuoteForm(request.args or None)
    form.product.choices = [(one.terms.code, one.terms.name) for one in products]
    form.weeks.choices = _weeks_offered(products)
    if not request.args:
        return render_template("loans/quote.html", form=form, quoted=None)
    if not form.validate():
        return render_template("loans/quote.html", form=form, quoted=None), 400
    try:
        quoted = quotes.quote(
            form.principal.data, form.weeks.data, today=by.today, product=form.product.data, first_due=form.first_due.data
        )
    except Refusal as no:
        status = form.blame(no)
        return render_template("loans/quote.html", form=form, quoted=None), status
    return render_template("loans/quote.html", form=form, quoted=quoted)
