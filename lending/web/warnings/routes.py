"""Signs that come before arrears, each with the facts it rests on; and the rules, with how often each was right."""

from collections import Counter
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from lending.actions.warnings import set_rule
from lending.domain.access import Permission
from lending.domain.warnings import HORIZON, LATER_THAN, THRESHOLDS, Sign
from lending.queries import groups, warning_rates, warnings
from lending.queries.warnings import Because
from lending.web import filters
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.login import me
from lending.web.warnings.forms import NUMBERS, RuleForm, SignsForm

pages = Blueprint("warnings", __name__)

MOST_GROUPS = 500


@pages.get("/warnings")
@needs(Permission.SEE_ARREARS)
def index() -> str | tuple[str, int]:
    """Who shows a sign, and why; filtered as asked, with counts of the whole above."""
    by = me()
    form = SignsForm(request.args or None, on=by.today)
    seen = groups.groups(by, limit=MOST_GROUPS)
    officers = sorted({(one.officer, one.officer_name or "") for one in seen if one.officer}, key=lambda one: one[1])
    form.officer.choices = [("", _("Semua")), *officers]
    form.group.choices = [("", _("Semua")), *sorted(((str(one.id), one.name) for one in seen), key=lambda one: one[1])]
    form.sign.choices = choices_of(Sign, empty=_("Semua"))
    valid = not request.args or form.validate()
    on = min((form.on.data if valid else None) or by.today, by.today)
    whole = warnings.warnings(by, on)
    shown = [
        one
        for one in whole
        if not valid
        or (
            (not form.officer.data or one.group.officer == form.officer.data)
            and (not form.group.data or str(one.group.id) == form.group.data)
            and (not form.sign.data or one.sign == form.sign.data)
        )
    ]
    asked = {"on": on.isoformat(), **({name: form[name].data for name in ("officer", "group", "sign")} if valid else {})}
    page = render_template(
        "warnings/index.html",
        form=form,
        on=on,
        rows=shown,
        outstanding=sum({one.loan.id: one.loan.outstanding_principal for one in shown if one.loan}.values()),
        counts=Counter(one.sign for one in whole),
        signs=list(Sign),
        said=said,
        query=urlencode({name: value for name, value in asked.items() if value}),
    )
    return page if valid else (page, 400)


@pages.get("/warnings/rules")
@needs(Permission.SEE_ARREARS)
def rules() -> str:
    """Each rule with its numbers, and what it was worth over the last half year."""
    by = me()
    found = warning_rates.rates(by)
    return render_template("warnings/rules.html", rates=found, numbers=NUMBERS, weeks=HORIZON.days // 7, later_than=LATER_THAN)


@pages.route("/warnings/rules/<sign>", methods=["GET", "POST"])
@needs(Permission.SET_WARNINGS)
def rule(sign: str) -> str | tuple[str, int] | Response:
    """Change the numbers of one rule, from today on."""
    by = me()
    try:
        asked = Sign(sign)
    except ValueError:
        abort(404)
    now = warnings.rules(by.unit_id, by.today)[asked]
    form = RuleForm(watched=now.watched, **now.numbers)
    form.keep_only(asked)
    if form.done(lambda: set_rule(form.rule(asked), by, reason=form.reason.data)):
        flash(_("Aturan disimpan dan berlaku mulai hari ini."))
        return redirect(url_for("warnings.rules"), 303)
    return render_template("warnings/rule.html", form=form, sign=asked, thresholds=THRESHOLDS[asked]), form.answer_status


def said(one: Because) -> str:
    """The fact as a sentence."""
    day = filters.short_date(one.on)
    paid = filters.rupiah(one.amount or 0)
    match one.what:
        case "attended":
            return f"{day}: {filters.word(one.attendance)}"
        case "short":
            return str(_("%(day)s: membayar %(sum)s, kurang (%(reason)s)", day=day, sum=paid, reason=filters.word(one.reason)))
        case "renteng":
            return str(_("%(day)s: %(sum)s dibayarkan kelompok", day=day, sum=paid))
        case "lender":
            return str(_("%(day)s: ternyata ada cicilan lain %(sum)s seminggu", day=day, sum=paid))
        case "leader":
            return str(_("%(day)s: ketua baru, %(name)s", day=day, name=one.name))
        case _:
            fall = one.fall
            before, now = (str(bp // 100) for bp in (fall.before_bp, fall.now_bp)) if fall else ("–", "–")
            return str(_("sampai %(day)s: dibayar sendiri %(now)s%%, sebelumnya %(before)s%%", day=day, now=now, before=before))
