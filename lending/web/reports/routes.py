"""The portfolio as pages: for the unit, for the city (by kelurahan, small cells hidden), for head office (by unit)."""

from datetime import date

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from lending.domain.access import Permission
from lending.domain.portfolio import PAR_DAYS
from lending.queries import portfolio
from lending.queries.portfolio import Portfolio
from lending.web import charts, filters
from lending.web.guards import needs
from lending.web.login import me
from lending.web.reports.forms import PortfolioForm

pages = Blueprint("reports", __name__)

Shown = str | tuple[str, int]


@pages.get("/portfolio")
@needs(Permission.SEE_PORTFOLIO)
def index() -> Shown:
    """The portfolio of her groups or unit, at the end of any day."""
    return _shown("group")


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
