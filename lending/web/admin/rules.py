"""The rules of risk as pages: what holds today, every version there was, and adding one."""

import re
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions.risk_rules import add_version
from lending.domain.access import Permission
from lending.domain.arrears import REGIMES, LatenessUnit, QualityClass
from lending.domain.portfolio import bucket_names
from lending.domain.refusals import Refusal
from lending.domain.risk_rules import CLASS_RATES, CODES, Terms
from lending.i18n import words
from lending.queries import risk_rules
from lending.web import filters
from lending.web.admin.forms import ClassRatesForm, RegimeForm, SchemeForm
from lending.web.admin.routes import pages
from lending.web.forms import HouseForm
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me

Shown = str | Response | tuple[str, int]


@pages.get("/settings/rules")
@needs(Permission.MANAGE_ADMIN)
def rules() -> str:
    """Each rule with what it says today, what is to come, and what was."""
    return render_template("admin/rules.html", rules=risk_rules.versions(), today=me().today, said=said)


@pages.route("/settings/rules/<code>", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def new_rule(code: str) -> Shown:
    """The next version of one rule, begun with what the newest says."""
    if code not in CODES:
        abort(404)
    by = me()
    newest = next(iter(risk_rules.versions()[code]), None)
    form = _form(code, newest.terms if newest else {}, by.today + timedelta(days=1))
    if form.done(lambda: add_version(code, form.valid_from.data, _terms(code, form), by, reason=form.reason.data)):
        flash(_("Versi baru disimpan; berlaku mulai %(day)s.", day=filters.long_date(form.valid_from.data)), "good")
        return redirect(url_for("admin.rules"), 303)
    counts = REGIMES[code].unit if code in REGIMES else None
    unit = {LatenessUnit.WEEKS: _("minggu"), LatenessUnit.DAYS: _("hari"), None: ""}[counts]
    return render_template("admin/new_rule.html", form=form, code=code, unit=unit), form.answer_status


def _form(code: str, terms: Terms, from_on: Any) -> Any:
    if code in REGIMES:
        tolerated = {name: terms.get(name, 0) for name in ("tolerance_days", "tolerance_rupiah")}
        return RegimeForm(**terms.get("upper", {}), **tolerated, valid_from=from_on)
    if code == CLASS_RATES:
        return ClassRatesForm(**terms.get("rates_bp", {}), valid_from=from_on)
    listed = {name: ", ".join(str(one) for one in terms.get(name, ())) for name in ("upper_days", "rates_bp")}
    return SchemeForm(**listed, valid_from=from_on)


def _terms(code: str, form: HouseForm) -> dict[str, Any]:
    if code in REGIMES:
        shipped = REGIMES[code]
        return {
            "counts": shipped.unit.value,
            "upper": {one.value: bound for one in list(QualityClass)[:-1] if (bound := form[one.value].data) is not None},
            "beyond": QualityClass.MACET.value,
            "tolerance_days": form["tolerance_days"].data,
            "tolerance_rupiah": form["tolerance_rupiah"].data,
        }
    if code == CLASS_RATES:
        return {"rates_bp": {one.value: form[one.value].data for one in QualityClass}}
    return {name: _numbers(form[name].data, name) for name in ("upper_days", "rates_bp")}


def _numbers(text: str, at: str) -> list[int]:
    found = re.split(r"[\s,;]+", text.strip())
    if not all(one.isascii() and one.isdigit() and len(one) <= 5 for one in found):
        raise Refusal("number_list", at=at)
    return [int(one) for one in found]


def said(version: risk_rules.Version) -> list[str]:
    """What a version says, a line for each class or bucket, as an accountant would write it."""
    terms = version.terms
    if version.code == CLASS_RATES:
        return [f"{filters.word(one)}: {filters.basis_points(terms['rates_bp'][one.value])}" for one in QualityClass]
    if version.code not in REGIMES:
        upper = terms["upper_days"]
        names = bucket_names(upper)
        rates = zip(names, terms["rates_bp"], strict=True)
        return [f"{words.word(name, 'lateness', language())}: {filters.basis_points(rate)}" for name, rate in rates]
    unit = _("minggu") if terms["counts"] == LatenessUnit.WEEKS.value else _("hari")
    lines, after = [], 0
    for one in list(QualityClass)[:-1]:
        if one.value in terms["upper"]:
            upper_bound = terms["upper"][one.value]
            reach = f"{after}–{upper_bound}" if upper_bound > after else str(upper_bound)
            lines.append(f"{filters.word(one)}: {reach} {unit}")
            after = upper_bound + 1
    lines.append(_("%(name)s: lebih dari %(bound)s %(unit)s", name=filters.word(QualityClass(terms["beyond"])), bound=after - 1, unit=unit))
    if terms["tolerance_days"]:
        lines.append(_("Terlambat sampai %(days)s hari tetap lancar", days=terms["tolerance_days"]))
    if terms["tolerance_rupiah"]:
        lines.append(_("Tunggakan sampai %(sum)s tetap lancar", sum=filters.rupiah(terms["tolerance_rupiah"])))
    return lines
