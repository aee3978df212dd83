"""Arrears as a list of people to talk to, in the order in which a call today can still help; one next step each. One of them: `case.py`."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from lending.domain.access import Actor, Permission
from lending.domain.arrears import QualityClass
from lending.domain.cases import ContactMeans, ContactOutcome
from lending.domain.collection import ShortReason
from lending.domain.next_action import NextAction
from lending.queries import admin, books, case_history, cases, groups
from lending.queries.cases import BROKEN, SPANS, Case, Wanted
from lending.web.addresses import whole_number
from lending.web.arrears import contact
from lending.web.arrears.forms import WorklistForm, step_form
from lending.web.forms import choices_of, unit_choices
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("arrears", __name__)

PAGE = 20
MOST_GROUPS = 500
ASIDE = "aside"
MEANS = {NextAction.MESSAGE: ContactMeans.WHATSAPP, NextAction.VISIT: ContactMeans.MET}
A_DAY = timedelta(days=1)


@pages.get("/arrears")
@needs(Permission.SEE_ARREARS)
def index() -> str | tuple[str, int]:
    """Everybody who is late that day and is hers to see, filtered as asked; counts of the whole stand above."""
    by = me()
    form = WorklistForm(request.args or None, on=by.today)
    form.unit.choices = unit_choices(by, books.units_read(by))
    form.late.choices = [("", _("Semua")), (BROKEN, _("Janji lewat")), *((span, span_name(span)) for span in SPANS)]
    form.reason.choices = choices_of(ShortReason, empty=_("Semua"))
    form.quality.choices = choices_of(QualityClass, empty=_("Semua"))
    form.action.choices = choices_of(NextAction, empty=_("Semua"))
    on = _day_asked(by)
    unit = books.unit_asked(by, (by.reads_every_unit and request.args.get("unit")) or None)[1]
    whole = cases.cases(by, on, unit=unit)
    seen = [one for one in groups.groups(by, limit=MOST_GROUPS) if one.unit == unit]
    officers = {(one.officer, one.officer_name or one.officer) for one in seen if one.officer}
    form.officer.choices = _offered(officers | {(one.officer, one.officer_name or one.officer) for one in whole if one.officer})
    form.group.choices = _offered(
        {(str(one.id), one.name) for one in seen} | {(str(one.late.group_id), one.late.group_name) for one in whole}
    )
    form.kelurahan.choices = _offered(admin.region_names(one.late.kelurahan for one in whole).items())
    valid = not request.args or form.validate()
    aside = request.args.get("tab") == ASIDE
    wanted = _wanted(form, aside=aside) if valid else Wanted(aside=aside)
    found = [one for one in whole if wanted.fits(one)]
    page_no, pages_in_all = _page_asked(len(found))
    shown = found[(page_no - 1) * PAGE : page_no * PAGE]
    hours = contact.hours(by)
    works = by.may(Permission.WORK_CASES) and on == by.today
    page = render_template(
        "arrears/index.html",
        form=form,
        on=on,
        aside=aside,
        found=found,
        shown=shown,
        histories=case_history.histories(shown, on),
        forms_of={one.late.loan_id: quick_forms(by, one) for one in shown} if works else {},
        counts=cases.counted(whole),
        late=request.args.get("late", ""),
        spans={BROKEN: _("Janji lewat"), **{span: span_name(span) for span in SPANS}},
        hours=hours,
        whatsapp=lambda one: contact.whatsapp(one, hours),
        page_no=page_no,
        pages_in_all=pages_in_all,
        filtered=any(value for name, value in request.args.items() if name not in {"page", "tab", "late"}),
        query=_query(by, on, unit, wanted),
    )
    return page if valid else (page, 400)


def quick_forms(by: Actor, one: Case) -> dict[str, Any]:
    """The two things that are written down most: what came of a call, and what she promised."""
    means = MEANS.get(one.action, ContactMeans.CALL)
    return {
        "contact": step_form("contact", one.late.loan_id, means=means, outcome=ContactOutcome.TALKED),
        "promise": step_form("promise", one.late.loan_id, promise_on=by.today + A_DAY, amount=one.late.overdue),
    }


def _day_asked(by: Actor) -> date:
    form = WorklistForm(request.args or None, on=by.today)
    return min(form.on.data or by.today, by.today)


def _page_asked(count: int) -> tuple[int, int]:
    pages_in_all = max(1, -(-count // PAGE))
    number = whole_number(request.args.get("page", ""), digits=5) or 1
    return max(1, min(number, pages_in_all)), pages_in_all


def _offered(choices: Iterable[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    return [("", _("Semua")), *sorted(choices, key=lambda one: one[1])]


def span_name(span: str) -> str:
    """What people call a span of weeks."""
    first, last = SPANS[span]
    if last is None:
        return str(_("lebih dari %(weeks)s minggu", weeks=first - 1))
    return str(_("minggu pertama") if first == last else _("%(first)s–%(last)s minggu", first=first, last=last))


def _wanted(form: WorklistForm, *, aside: bool) -> Wanted:
    """What the form asks for; a choice that is not in its list was refused before."""

    def chosen(field: Any, kind: Callable[[str], Any] = str) -> Any:
        return kind(field.data) if field.data else None

    return Wanted(
        officer=chosen(form.officer),
        group=chosen(form.group, int),
        kelurahan=chosen(form.kelurahan),
        reason=chosen(form.reason, ShortReason),
        quality=chosen(form.quality, QualityClass),
        action=chosen(form.action, NextAction),
        late=chosen(form.late),
        words=chosen(form.q),
        aside=aside,
    )


def _query(by: Actor, on: date, unit: str, wanted: Wanted) -> str:
    """The same question, as programs ask it: for the files."""
    said = {
        "on": on.isoformat(),
        "unit": unit if by.reads_every_unit else None,
        "officer": wanted.officer,
        "group": wanted.group,
        "kelurahan": wanted.kelurahan,
        "reason": wanted.reason,
        "class": wanted.quality,
        "next": wanted.action,
        "late": wanted.late,
        "q": wanted.words,
        "aside": 1 if wanted.aside else None,
    }
    return urlencode({name: str(value) for name, value in said.items() if value is not None})
