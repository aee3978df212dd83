"""The days of the books as pages: which are open, one of them on one sheet, and closing it: counted, compared, and only then closed."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions import days as acts
from lending.domain.access import Actor, Permission
from lending.domain.chain import in_fours, spoken
from lending.domain.collection import NOTES
from lending.domain.days import Holding
from lending.domain.ledger import CODES
from lending.domain.refusals import NotFound, Refusal
from lending.queries import books, day_sheet
from lending.queries import days as questions
from lending.queries.day_sheet import DaySheet
from lending.web.books.forms import CloseForm, DaysForm
from lending.web.books.routes import PAGE, offer_units, pages, read, unit_of
from lending.web.guards import needs
from lending.web.login import me
from lending.web.purse import with_purse

Shown = str | Response | tuple[str, int]

MOST_OPEN = 31
"""So many open days are listed; whoever has more closes the last of them along with all before it."""


@pages.get("/days")
@needs(Permission.SEE_BOOKS)
def days() -> Shown:
    """The days that are not closed yet, and those that are, newest first."""
    by = me()
    form = DaysForm(request.args or None, last=by.today, first=by.today.replace(day=1))
    offer_units(form.unit, by)
    unit = unit_of(form.unit)
    first, last = read(form, lambda: form.period(by)) or (by.today.replace(day=1), by.today)
    after = _day(request.args.get("cursor", ""))
    found = questions.closed_days(by, first=first, last=last, unit=unit, after=after, limit=PAGE + 1, newest_first=True)
    rows, open_days = found[:PAGE], questions.still_open(by, unit)
    asked = {"from": first.isoformat(), "to": last.isoformat(), "unit": unit}
    page = render_template(
        "books/days.html",
        form=form,
        rows=rows,
        open_days=open_days,
        most=MOST_OPEN,
        unit=unit,
        first=first,
        last=last,
        spoken=spoken,
        next=rows[-1].on.isoformat() if len(found) > PAGE else None,
        query="?" + urlencode({name: value for name, value in asked.items() if value}),
    )
    return page, form.answer_status


@pages.get("/days/<on>")
@needs(Permission.SEE_BOOKS)
def day(on: str) -> str:
    """One day on one sheet: closed, with its hash; or open, with what still stands in the way."""
    by = me()
    which = _which(on, by)
    unit = request.args.get("unit") or None
    sheet = day_sheet.day_sheet(by, which, unit)
    unit_id, _code = books.unit_asked(by, unit)
    return render_template(
        "books/day.html",
        sheet=sheet,
        unit=unit,
        earlier=[] if sheet.closed else questions.open_days(unit_id, before=which),
        # Whoever counts the vault is not told beside the question what it should hold (decision 0011).
        shows_vault=sheet.closed is not None or not by.may(Permission.CLOSE_DAY),
        holding=_named(sheet.holding, sheet),
        spoken=spoken,
        in_fours=in_fours,
        notes=NOTES,
    )


@pages.route("/days/<on>/close", methods=["GET", "POST"])
@needs(Permission.CLOSE_DAY)
def close(on: str) -> Shown:
    """Count the vault without knowing what is expected; compare, see what would happen; close. Each step is a page."""
    by = me()
    which = _which(on, by)
    sheet = day_sheet.day_sheet(by, which)
    if sheet.closed and not request.form:
        return redirect(url_for("books.day", on=on), 303)
    form, step = with_purse(CloseForm), request.form.get("step")
    if form.is_submitted() and step != "count" and form.done(form.require_count):
        notes = form.notes if form.by_note else None
        count = acts.Count(which, form.counted, notes, form.reason.data, form.earlier_too.data, form.shown.data)
        if step == "store" and form.done(lambda: acts.close_day(count, by)):
            flash(_("Hari ini ditutup untuk selamanya. Cetak lembarnya, tanda tangani, dan simpan."), "good")
            return redirect(url_for("books.day", on=on), 303)
        would = _compared(form, count, by)
        if would is not None:
            holding = _named(would.holding, sheet)
            page = render_template("books/close.html", form=form, sheet=sheet, would=would, codes=CODES, holding=holding)
            return page, form.answer_status
    earlier = questions.open_days(by.unit_id, before=which) if by.unit_id is not None else []
    return render_template("books/close_count.html", form=form, sheet=sheet, earlier=earlier), form.answer_status


def _compared(form: CloseForm, count: acts.Count, by: Actor) -> acts.Closing | None:
    """What closing would do; None where this count cannot close the day, and the form says why. An earlier refusal stays in the form."""
    would: list[acts.Closing] = []
    if form.answer_status == 200:
        form.done(lambda: would.append(acts.closing(count, by)))
    else:
        with suppress(Refusal):
            would.append(acts.closing(count, by))
    return would[0] if would else None


def _named(holding: Sequence[Holding], sheet: DaySheet) -> str:
    """Who still holds cash, by the names that people call them."""
    names = {one.username: one.name for one in sheet.officers}
    return ", ".join(names.get(one.officer, one.officer) for one in holding)


def _which(on: str, by: Actor) -> date:
    """The day that an address names. Refused: `not_found` for what is no day, or has not come."""
    found = _day(on)
    if found is None or found > by.today:
        raise NotFound
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
