"""The portfolio as pages: for the unit, for the city (by kelurahan, small cells hidden), for head office (by unit)."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from lending.domain.access import Permission
from lending.domain.portfolio import PAR_DAYS
from lending.queries import at_risk as loans_at_risk
from lending.queries import portfolio
from lending.queries.portfolio import Portfolio
from lending.web import charts, filters
from lending.web.guards import needs
from lending.web.login import me
from lending.web.reports.forms import AtRiskForm, PortfolioForm

pages = Blueprint("reports", __name__)

Shown = str | tuple[str, int]


@pages.get("/portfolio")
@needs(Permission.SEE_PORTFOLIO)
def index() -> Shown:
    """The portfolio of her groups or unit, at the end of any day."""
    return _shown("group")


@pages.get("/portfolio/loans")
@needs(Permission.SEE_PORTFOLIO)
def at_risk() -> Shown:
    """The loans behind one figure of the portfolio: of one row, or of all; all of them, or those in one PAR."""
    by = me()
    form = AtRiskForm(request.args or None, on=by.today)
    form.by.choices = [("", ""), *_layouts().items()]
    form.par.choices = [("", _("Semua pinjaman")), *((str(days), _("PAR > %(days)s hari", days=days)) for days in PAR_DAYS)]
    valid = not request.args or form.validate()
    on: date = min((form.on.data if valid else None) or by.today, by.today)
    more_than = int(form.par.data) if valid and form.par.data else None
    named = bool(valid and form.by.data)
    rows = loans_at_risk.loans(by, on, laid_out_by=form.by.data if named else None, key=form.key.data or "", more_than=more_than)
    page = render_template(
        "reports/at_risk.html",
        form=form,
        on=on,
        rows=rows[: loans_at_risk.MOST],
        count=len(rows),
        most=loans_at_risk.MOST,
        overdue=sum(row.overdue for row in rows),
        outstanding=sum(row.outstanding_principal for row in rows),
        layout_name=_layouts().get(form.by.data or "") if named else None,
        query=urlencode({name: value for name, value in request.args.items() if value}),
    )
    return page if valid else (page, 400)


@pages.get("/portfolio/late-facts")
@needs(Permission.SEE_PORTFOLIO)
def late_facts() -> Shown:
    """What came after an evening's night and counts from a day before it: why that evening's figures changed."""
    by = me()
    form = AtRiskForm(request.args or None, on=by.today)
    form.by.choices = form.par.choices = [("", "")]
    valid = not request.args or form.validate()
    on: date = min((form.on.data if valid else None) or by.today, by.today)
    page = render_template("reports/late_facts.html", form=form, on=on, rows=loans_at_risk.late_facts(by, on), most=loans_at_risk.MOST)
    return page if valid else (page, 400)


@pages.get("/reach")
@needs(Permission.SEE_REACH)
def reach() -> Shown:
    """What the city sees: loans by kelurahan, no names, no row of fewer than five loans."""
    return _shown("kelurahan", fixed=True)


@pages.get("/units")
@needs(Permission.SEE_UNIT_TOTALS)
def units() -> Shown:
    """Every unit, side by side."""
    return _shown("unit", fixed=True)


def _layouts() -> dict[str, str]:
    return {
        "group": _("kelompok"),
        "officer": _("petugas"),
        "kelurahan": _("kelurahan"),
        "product": _("produk"),
        "cycle": _("siklus"),
        "unit": _("unit"),
    }


def _shown(layout: str, *, fixed: bool = False) -> Shown:
    by = me()
    layouts = _layouts()
    form = PortfolioForm(request.args or None, on=by.today, by=layout)
    form.by.choices = list(layouts.items())
    valid = not request.args or form.validate()
    on: date = min((form.on.data if valid else None) or by.today, by.today)
    laid_out_by = layout if fixed or not valid else form.by.data or layout
    found = portfolio.portfolio(by, on, laid_out_by)
    page = render_template(
        "reports/portfolio.html",
        form=form,
        fixed=fixed,
        on=on,
        found=found,
        whole=found.whole,
        laid_out_by=laid_out_by,
        layout_name=layouts[laid_out_by],
        chart=_chart(found, layouts[laid_out_by]),
        par_days=PAR_DAYS,
        query=f"?on={on.isoformat()}&by={laid_out_by}",
    )
    return page if valid else (page, 400)


def _chart(found: Portfolio, layout_name: str) -> charts.Ranking | None:
    """Where the arrears are, the largest first; none where nobody is late."""
    rows = sorted((row for row in found.items if row.par[0]), key=lambda row: row.par[0], reverse=True)[:10]
    if not rows:
        return None
    return charts.ranking(
        "par-by",
        _("Sisa pokok yang menunggak, menurut %(layout)s", layout=layout_name),
        _("Yang terbesar dulu; seluruhnya %(sum)s.", sum=filters.rupiah(found.whole.par[0])),
        [(row.name or "–", row.par[0]) for row in rows],
        form=lambda amount: filters.rupiah(int(amount)),
    )
