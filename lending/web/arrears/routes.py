"""Arrears as a list of people to talk to, in the order in which a call today can still help."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from lending import clock
from lending.domain.access import Actor, Permission
from lending.domain.arrears import may_contact
from lending.domain.calendar import HolidayKind
from lending.domain.collection import ShortReason
from lending.queries import admin, arrears, groups
from lending.queries.arrears import LateLoan
from lending.web import filters
from lending.web.arrears.forms import WorklistForm
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("arrears", __name__)

BROKEN = "broken"
MOST_GROUPS = 500
SPANS: dict[str, tuple[int, int | None]] = {"1": (1, 1), "2": (2, 4), "5": (5, 8), "9": (9, None)}
"""Weeks late, from and to: the first week, two to four, five to eight, and beyond."""


@pages.get("/arrears")
@needs(Permission.SEE_ARREARS)
def index() -> str | tuple[str, int]:
    """Everybody who is late that day and is hers to see, filtered as asked; counts of the whole stand above."""
    by = me()
    form = WorklistForm(request.args or None, on=by.today)
    whole = arrears.worklist(by, by.today)
    form.late.choices = [("", _("Semua")), (BROKEN, _("Janji lewat")), *((span, _span_name(span)) for span in SPANS)]
    form.reason.choices = choices_of(ShortReason, empty=_("Semua"))
    seen = groups.groups(by, limit=MOST_GROUPS)
    form.officer.choices = [("", _("Semua")), *_by_label({(one.officer, one.officer_name or "") for one in seen if one.officer})]
    form.group.choices = [("", _("Semua")), *_by_label({(str(one.id), one.name) for one in seen})]
    valid = not request.args or form.validate()
    on = (form.on.data if valid else None) or by.today
    on = min(on, by.today)
    if on != by.today:
        whole = arrears.worklist(by, on)
    shown = [row for row in whole if _asked_for(row, form)] if valid else whole
    page = render_template(
        "arrears/index.html",
        form=form,
        on=on,
        rows=shown,
        counts=_counts(whole),
        spans={span: _span_name(span) for span in SPANS},
        may_call=_may_call(by),
        whatsapp=_whatsapp,
    )
    return page if valid else (page, 400)


def _by_label(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda one: one[1])


def _span_name(span: str) -> str:
    first, last = SPANS[span]
    if last is None:
        return str(_("lebih dari %(weeks)s minggu", weeks=first - 1))
    return str(_("minggu pertama") if first == last else _("%(first)s–%(last)s minggu", first=first, last=last))


def _in_span(row: LateLoan, span: str) -> bool:
    first, last = SPANS[span]
    return row.weeks_late >= first and (last is None or row.weeks_late <= last)


def _asked_for(row: LateLoan, form: WorklistForm) -> bool:
    late = form.late.data
    return (
        (not form.officer.data or row.officer == form.officer.data)
        and (not form.group.data or str(row.group_id) == form.group.data)
        and (not form.reason.data or str(row.reason) == form.reason.data)
        and (not late or (row.promise_broken if late == BROKEN else _in_span(row, late)))
    )


def _counts(rows: Sequence[LateLoan]) -> Counter[str]:
    counts: Counter[str] = Counter({BROKEN: sum(row.promise_broken for row in rows)})
    for row in rows:
        counts.update(span for span in SPANS if _in_span(row, span))
    return counts


def _may_call(by: Actor) -> bool:
    """Whether the law lets her call now: by the wall clock of her unit, on its business date."""
    wall = clock.now().astimezone(ZoneInfo(by.zone))
    national = {day for day, holiday in admin.holiday_calendar().items() if holiday.kind is HolidayKind.NATIONAL}
    return may_contact(datetime.combine(by.today, wall.time()), national)


def _whatsapp(row: LateLoan) -> str | None:
    """The link that opens WhatsApp with a polite text; no amount of others, no NIK, nothing that shames."""
    if row.phone is None:
        return None
    text = _(
        "Assalamualaikum Ibu %(name)s, angsuran kelompok %(group)s yang jatuh tempo %(day)s masih kurang %(sum)s. "
        "Kapan Ibu bisa membayarnya? Bila ada kesulitan, mari kita bicarakan.",
        name=row.member_name.split()[0],
        group=row.group_name,
        day=filters.short_date(row.oldest_due),
        sum=filters.rupiah(row.overdue),
    )
    return f"https://wa.me/{row.phone.lstrip('+')}?text={quote(text)}"
