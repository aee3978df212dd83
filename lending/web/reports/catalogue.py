"""Every report as a page: the list of them, and one with its filters, its sums, and its files."""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.documents.reports import written
from lending.documents.reports.catalogue import REPORTS, attachments
from lending.documents.reports.columns import Column, Value
from lending.documents.reports.paper import report_pdf
from lending.documents.reports.report import Made, Report, make
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotAllowed, Refusal
from lending.i18n import words
from lending.i18n.catalogue import translated
from lending.queries import admin, books
from lending.queries.reports.asked import Asked, sees_totals_only
from lending.web.api.reports import PDF, imprint, named
from lending.web.forms import unit_choices
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me, zone
from lending.web.reports.forms import ReportForm

pages = Blueprint("report", __name__)

Shown = str | tuple[str, int]

ON_SCREEN = 300
"""More rows than that nobody scrolls through; the files have all."""

_LEADS: Mapping[str, Callable[[str], str]] = {
    "group": lambda key: url_for("groups.detail", group_id=key),
    "loan": lambda key: url_for("loans.detail", loan_id=key),
    "member": lambda key: url_for("members.detail", member_id=key),
    "officer": lambda key: url_for("arrears.index", officer=key),
}
"""Where a column's link goes, by its row's key."""


@pages.get("/reports")
@needs(Permission.SEE_REPORTS)
def index() -> str:
    """What reports there are for her."""
    return render_template("reports/list.html", reports=[report for report in REPORTS.values() if report.layouts_for(me())])


def title_of(name: str) -> str:
    """What a report is called."""
    return translated(REPORTS[name].title, language()) if name in REPORTS else name


@pages.get("/reports/<name>")
@needs(Permission.SEE_REPORTS)
def shown(name: str) -> Shown:
    """One report, asked as the form says."""
    by, report = me(), named(name)
    allowed = report.layouts_for(by)
    if not allowed:
        raise NotAllowed("not_allowed", role=by.role.value)
    usual = report.asked(by)
    form = ReportForm(request.args or None, to=by.today, by=allowed[0], from_=usual.first)
    form.by.choices = [(layout, words.word(layout, "group_by", language())) for layout in allowed]
    form.unit.choices = _units(by)
    asked = _asked(report, by, form) if request.args else usual
    valid, asked = asked is not None, asked or usual
    made = make(report, asked)
    page = render_template(
        "reports/report.html",
        form=form,
        report=report,
        made=made,
        columns=[column for column in made.columns if column.is_shown],
        rows=[_row(made, place) for place in range(min(len(made.rows), ON_SCREEN))],
        totals=_totals(made),
        head=[(written.label(column, language()), _said(column, value)) for column, value in made.head],
        attached=[(REPORTS[name], layout) for name, layout in report.followed_by if layout in REPORTS[name].layouts_for(by)],
        more=len(made.rows) > ON_SCREEN,
        unit_name=admin.unit_name(asked.unit_id) if asked.unit_id else _("Semua unit"),
        label=lambda column: written.label(column, language()),
        query=_query(made),
        offers_units=len(form.unit.choices) > 1,
    )
    return page if valid else (page, form.answer_status)


def _asked(report: Report, by: Actor, form: ReportForm) -> Asked | None:
    """What the form asks; None where it cannot be asked, and the form says why."""
    if not form.validate():
        form.answer_status = 400
        return None
    try:
        return report.asked(by, first=form.from_.data, last=form.to.data, layout=form.by.data or None, unit=form.unit.data or None)
    except Refusal as no:
        if not no.faults:
            raise
        form.answer_status = form.blame(no)
        return None


@pages.get("/reports/<name>.pdf")
@needs(Permission.SEE_REPORTS)
def on_paper(name: str) -> Response:
    """The same on A4, in the language of the page; what cannot be asked leads back to the form that says why."""
    by, report = me(), named(name)
    form = ReportForm(request.args or None)
    form.by.choices = [(layout, layout) for layout in report.layouts]
    form.unit.choices = _units(by)
    asked = _asked(report, by, form)
    if asked is None:
        return redirect(f"{url_for('report.shown', name=name)}?{request.query_string.decode()}", 303)
    made = make(report, asked)
    answer = Response(report_pdf(made, imprint(by, made), attachments(made)), mimetype=PDF)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _units(by: Actor) -> list[tuple[str, str]]:
    return [("", _("Semua unit")), *admin.unit_choices()] if sees_totals_only(by) else unit_choices(by, books.units_read(by))


def _query(made: Made) -> str:
    asked = made.asked
    told: dict[str, date | str] = {"to": asked.last, "by": asked.layout}
    if made.report.begins:
        told["from"] = asked.first
    if asked.unit_id is not None and (asked.by.reads_every_unit or sees_totals_only(asked.by)):
        told["unit"] = admin.unit_code(asked.unit_id)
    return "?" + urlencode({name: str(value) for name, value in told.items()})


def _row(made: Made, place: int) -> list[tuple[str, str | None]]:
    """The words of a row and where each leads."""
    cells = made.cells[place]
    key = next((value for column, value in zip(made.columns, cells, strict=True) if not column.is_shown), None)
    return [(_said(column, value), _leads(column, key, made)) for column, value in zip(made.columns, cells, strict=True) if column.is_shown]


def _totals(made: Made) -> list[str] | None:
    if made.totals is None:
        return None
    found = [_said(column, value) for column, value in zip(made.columns, made.totals, strict=True) if column.is_shown]
    return [_("Jumlah"), *found[1:]]


def _said(column: Column, value: Value) -> str:
    return written.said(column, value, language(), zone())


def _leads(column: Column, key: Value, made: Made) -> str | None:
    if column.leads is None or key is None or sees_totals_only(made.asked.by):
        return None
    return _LEADS[column.leads](str(key))
