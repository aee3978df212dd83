"""Putting a loan on new days, as a page: asked evenly or row by row, then shown beside the old plan, and only then agreed."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lending.actions.restructuring import restructure as agree
from lending.domain.access import Actor, Permission
from lending.domain.money import Rupiah
from lending.domain.plan import LONGEST
from lending.domain.schedule import Instalment
from lending.queries import calendars
from lending.queries import loans as questions
from lending.queries.restructuring import WorkedOut, propose
from lending.web.addresses import whole_number
from lending.web.filters import long_date
from lending.web.guards import needs
from lending.web.loans import forms
from lending.web.loans.routes import Shown, pages
from lending.web.login import me

FIRST_ROWS = 4
"""So many empty rows stand on a page that was opened to write rows."""


@pages.route("/loans/<int:loan_id>/restructure", methods=["GET", "POST"])
@needs(Permission.RESTRUCTURE_LOAN)
def restructure(loan_id: int) -> Shown:
    """Ask, show what would change, and only then agree it."""
    by = me()
    now = questions.as_of(by, loan_id, by.today)
    step = request.form.get("step", "ask")
    form = _form(by, now, step)

    def act() -> None:
        agree(loan_id, by, form.terms(), reason=form["reason"].data, seen_left=_left_seen())

    if step == "store" and form.done(act):
        flash(_("Jadwal baru disimpan. Cetak kartu yang baru dan ganti kartu lama."), "good")
        return redirect(url_for("loans.detail", loan_id=loan_id), 303)
    seen: list[WorkedOut] = []
    if step in ("preview", "rows") and form.done(lambda: seen.append(propose(by, loan_id, form.terms()))) and step == "rows":
        form = _filled(by, now, [(row.due_on, row.total) for row in seen[0].new[seen[0].after.kept :]], form["reason"].data)
        return _page(now, form, None), 200
    effect = _Effect.of(seen[0], now, last_laid_out=max(_ahead(by, now), default=by.today)) if seen else None
    return _page(now, form, effect), form.answer_status


def _page(now: questions.LoanAsOf, form: Any, effect: "_Effect | None") -> str:
    unpaid = sum(row.paid < row.total for row in now.instalments)
    return render_template("loans/restructure.html", seen=now, loan=now.loan, form=form, effect=effect, unpaid=unpaid)


def _form(by: Actor, now: questions.LoanAsOf, step: str) -> Any:
    """The form that was sent, or an empty one: by weeks, or by rows where there are rows."""
    if request.form.get("how") != "rows" and request.args.get("how") != "rows":
        return forms.RestructureForm(formdata=None) if step == "ask" else forms.RestructureForm()
    count = sum(f"schedule.{place}.total" in request.form for place in range(LONGEST)) or FIRST_ROWS
    if step == "add":
        count = min(LONGEST, count + FIRST_ROWS)
    form = forms.rows_form(count)()
    _offer(form, by, now)
    return form


def _filled(by: Actor, now: questions.LoanAsOf, rows: list[tuple[date, Rupiah]], reason: str) -> Any:
    """The form of these rows, to be changed one by one."""
    given: dict[str, Any] = {"reason": reason}
    for place, (due_on, total) in enumerate(rows):
        given |= {f"schedule.{place}.due_on": due_on.isoformat(), f"schedule.{place}.total": total}
    form = forms.rows_form(len(rows))(formdata=None, data=given)
    _offer(form, by, now)
    return form


def _offer(form: Any, by: Actor, now: questions.LoanAsOf) -> None:
    """The group's meetings to come, for each row."""
    choices = [("", "–"), *((day.isoformat(), long_date(day)) for day in _ahead(by, now))]
    for place in range(form.rows):
        form[f"schedule.{place}.due_on"].choices = choices


def _ahead(by: Actor, now: questions.LoanAsOf) -> list[date]:
    return [one.planned_on for one in calendars.calendar(by, now.loan.group_id) if one.planned_on > by.today]


def _left_seen() -> Rupiah | None:
    """What was left when the page was shown: money that came meanwhile must be seen first."""
    return whole_number(request.form.get("left", ""))


@dataclass(frozen=True)
class _Run:
    """Instalments in a row of the same sum, all of them late or none: their numbers, days and the sum of each."""

    first: Instalment
    last: Instalment
    each: Rupiah
    late: bool


def _runs(dues: list[tuple[Instalment, Rupiah]], on: date) -> tuple[_Run, ...]:
    """The instalments with what is to be paid of each, those alike told once: a page of eighty rows tells nobody what changes."""
    alike = groupby(dues, key=lambda due: (due[1], due[0].due_on < on))
    runs = []
    for (each, late), members in alike:
        rows = [row for row, _ in members]
        runs.append(_Run(rows[0], rows[-1], each, late))
    return tuple(runs)


@dataclass(frozen=True)
class _Effect:
    """What restructuring would change, for the page: what is still to be paid by the old plan and by the new one."""

    old: tuple[_Run, ...]
    new: tuple[_Run, ...]
    old_count: int
    new_count: int
    left: Rupiah
    late_since: date | None
    by_row: bool
    """Whether it can be changed row by row: as far as the calendar is laid out."""

    @classmethod
    def of(cls, seen: WorkedOut, now: questions.LoanAsOf, *, last_laid_out: date) -> "_Effect":
        """What `seen` means for the loan as it stands `now`."""
        old = [(row, paid.unpaid) for row, paid in zip(seen.old, now.instalments, strict=True) if paid.unpaid]
        late_since = now.next_due if seen.after.late_since is not None else None
        new = [(row, row.total) for row in seen.new[seen.after.kept :]]
        by_row = new[-1][0].due_on <= last_laid_out
        return cls(_runs(old, now.on), _runs(new, now.on), len(old), len(new), seen.left, late_since, by_row)
