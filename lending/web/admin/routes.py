"""Head office as pages."""

import re
from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions import accounts
from lending.actions import admin as acts
from lending.actions.reference import NewHoliday, add_holiday
from lending.actions.replanning import CalendarChange
from lending.domain.access import Permission, Role
from lending.domain.arrears import REGIMES
from lending.domain.calendar import HolidayKind, HolidayRule
from lending.domain.refusals import Refusal
from lending.domain.schedule import Akad, PaymentOrder, ProductTerms
from lending.queries import admin
from lending.web.addresses import whole_number
from lending.web.admin import forms
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("admin", __name__)

Shown = str | Response | tuple[str, int]

MANY = 200
PAGE = 50
MOVES_SHOWN = 60


@pages.get("/settings")
@needs(Permission.MANAGE_ADMIN)
def index() -> str:
    """People and units."""
    by = me()
    return render_template("admin/index.html", users=admin.users(by, limit=MANY), units=admin.units(by, limit=MANY))


@pages.route("/settings/users/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def new_user() -> Shown:
    """Give somebody an account; the password is shown on the answer and nowhere else."""
    by = me()
    form = forms.UserForm()
    form.role.choices = choices_of(Role)
    form.unit.choices = [("", _("Kantor pusat")), *((unit.code, unit.name) for unit in admin.units(by, limit=MANY))]
    added: list[acts.AddedUser] = []

    def act() -> None:
        role, unit, member = Role(form.role.data), form.unit.data or None, form.member.data or None
        added.append(acts.add_user(acts.NewUser(form.username.data, form.name.data, role, unit, member=member), by))

    if form.done(act):
        return render_template("admin/password.html", user=added[0])
    return render_template("admin/new_user.html", form=form), form.answer_status


@pages.post("/settings/users/<name>/reset")
@needs(Permission.MANAGE_ADMIN)
def reset_password(name: str) -> str:
    """First what it would do; the same with `sure` gives a code, shown on this answer and nowhere else."""
    if request.form.get("sure") != "1":
        return render_template("admin/new_code.html", name=name)
    return render_template("admin/code.html", given=accounts.reset_password(name, me()))


@pages.post("/settings/users/<name>/end-sessions")
@needs(Permission.MANAGE_ADMIN)
def end_sessions(name: str) -> Shown:
    """Her phone is lost: end all her sessions."""
    ended = accounts.end_sessions(name, me())
    flash(_("%(count)s sesi %(name)s diakhiri.", count=ended, name=name), "good")
    return redirect(url_for("admin.index"), 303)


@pages.route("/settings/units/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def new_unit() -> Shown:
    """Open a unit; kelurahan codes one a line."""
    form = forms.UnitForm()
    form.zone.choices = [(zone, zone) for zone in acts.ZONES]
    form.regime.choices = choices_of(REGIMES, kind="risk_rule")

    def act() -> None:
        codes = tuple(re.split(r"[\s,;]+", form.kelurahan.data.strip())) if form.kelurahan.data else ()
        regime = form.regime.data or next(iter(REGIMES))
        acts.add_unit(acts.NewUnit(form.code.data, form.name.data, form.zone.data, codes, regime=regime), me())

    if form.done(act):
        flash(_("Unit %(name)s dibuka.", name=form.name.data), "good")
        return redirect(url_for("admin.index"), 303)
    return render_template("admin/new_unit.html", form=form), form.answer_status


@pages.route("/settings/holidays/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def new_holiday() -> Shown:
    """Declare a day off: first which meetings would move, then the same day and rule again with `sure`."""
    by = me()
    form = forms.HolidayForm()
    form.kind.choices = choices_of(HolidayKind)
    form.rule.choices = choices_of(HolidayRule, empty=_("Seperti biasanya untuk jenis ini"))
    shown = f"{request.form.get('date')}/{request.form.get('rule')}"
    sure = request.form.get("sure") == shown
    changes: list[CalendarChange] = []

    def act() -> None:
        rule = HolidayRule(form.rule.data) if form.rule.data else None
        new = NewHoliday(form.date.data, form.name.data, HolidayKind(form.kind.data), rule, form.source.data)
        changes.append(add_holiday(new, by, dry_run=not sure))

    if form.done(act) and sure:
        flash(_("Hari libur disimpan; %(count)s pertemuan pindah.", count=len(changes[0].meetings)), "good")
        return redirect(url_for("admin.reference", year=form.date.data.year), 303)
    change = changes[0] if changes else None
    moves = sorted(Counter((one.from_on, one.to_on) for one in change.meetings).items()) if change else []
    page = render_template("admin/new_holiday.html", form=form, change=change, moves=moves[:MOVES_SHOWN], shown=shown)
    return page, form.answer_status


@pages.route("/settings/products/new", methods=["GET", "POST"])
@needs(Permission.MANAGE_ADMIN)
def new_product() -> Shown:
    """A product or its next version; running loans keep the terms they began with."""
    by = me()
    known = next((one for one in admin.products(by.today) if one.terms.code == request.args.get("code")), None)
    start = {}
    if known is not None:
        terms = known.terms
        start = {name: getattr(terms, name) for name in forms.ProductForm()._fields if hasattr(terms, name) and name != "weeks"}
        start["weeks"] = ", ".join(str(weeks) for weeks in terms.weeks)
    form = forms.ProductForm(**start)
    form.akad.choices, form.payment_order.choices = choices_of(Akad), choices_of(PaymentOrder)
    form.every_weeks.choices = [(1, _("minggu")), (2, _("dua minggu"))]
    if form.done(lambda: acts.add_product(_terms(form), form.valid_from.data, by)):
        flash(_("Produk %(code)s disimpan.", code=form.code.data), "good")
        return redirect(url_for("admin.reference"), 303)
    return render_template("admin/new_product.html", form=form), form.answer_status


def _terms(form: forms.ProductForm) -> ProductTerms:
    weeks = re.split(r"[\s,;]+", form.weeks.data.strip())
    if not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in weeks):
        raise Refusal("weeks_list", at="weeks")
    return ProductTerms(
        code=form.code.data,
        name=form.name.data,
        akad=Akad(form.akad.data),
        min_principal=form.min_principal.data,
        max_principal=form.max_principal.data,
        step=form.step.data,
        weeks=tuple(int(one) for one in weeks),
        every_weeks=form.every_weeks.data,
        margin_bp=form.margin_bp.data,
        year_weeks=form.year_weeks.data,
        coin=form.coin.data,
        upj_bp=form.upj_bp.data,
        payment_order=PaymentOrder(form.payment_order.data),
        block_days_late=form.block_days_late.data,
    )


@pages.get("/reference")
@needs(Permission.SEE_REFERENCE)
def reference() -> Shown:
    """Products of today, the days off of a year, and the kelurahan of her unit."""
    by = me()
    form = forms.YearForm(request.args or None, year=by.today.year)
    valid = not request.args or form.validate()
    year = (form.year.data if valid else None) or by.today.year
    if not 2000 <= year <= 2100:
        year = by.today.year
    served = admin.served(by.unit_id) if by.unit_id is not None else []
    page = render_template(
        "admin/reference.html",
        form=form,
        year=year,
        products=admin.products(by.today),
        holidays=admin.holidays(year, limit=MANY),
        served=served,
    )
    return page if valid else (page, 400)


@pages.get("/audit")
@needs(Permission.SEE_AUDIT)
def audit() -> Shown:
    """Who did what, to what, when and why; newest last, as it was written."""
    by = me()
    form = forms.AuditForm(request.args or None, first=by.today, last=by.today)
    valid = not request.args or form.validate()
    found = admin.audit(
        by,
        from_on=(form.first.data if valid else None) or by.today,
        to_on=(form.last.data if valid else None) or by.today,
        actor=(form.actor.data if valid else None) or None,
        row=(form.row.data if valid else None) or None,
        act=(form.act.data if valid else None) or None,
        after_id=whole_number(request.args.get("cursor", "")) or 0,
        limit=PAGE + 1,
    )
    following = found[PAGE - 1].id if len(found) > PAGE else None
    page = render_template("admin/audit.html", form=form, events=found[:PAGE], next=following)
    return page if valid else (page, 400)
