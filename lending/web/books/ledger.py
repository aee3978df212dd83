"""The chart of accounts, and one account as a page: leg by leg, with the balance after each."""

from datetime import date
from urllib.parse import urlencode

from flask import render_template, request
from flask_babel import gettext as _

from lending.domain.access import Permission
from lending.domain.ledger import CODES, Account, AccountClass, EntryKind
from lending.domain.refusals import NotFound
from lending.queries import ledger as questions
from lending.queries.ledger import Place
from lending.queries.scope import as_of
from lending.web.addresses import whole_number
from lending.web.books.forms import AccountsForm, LedgerForm
from lending.web.books.routes import PAGE, Shown, offer_units, pages, read, unit_of
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.login import me


@pages.get("/accounts")
@needs(Permission.SEE_BOOKS)
def accounts() -> Shown:
    """Every account by its code, and what stands on it at the end of a day."""
    by = me()
    form = AccountsForm(request.args or None, on=by.today)
    offer_units(form.unit, by)
    form.kind.choices = choices_of(AccountClass, empty=_("Semua"))
    unit = unit_of(form.unit)
    on = read(form, lambda: as_of(by, form.on.data)) or by.today
    kind = AccountClass(form.kind.data) if form.answer_status == 200 and form.kind.data else None
    asked = {"on": on.isoformat(), "unit": unit, "kind": kind}
    page = render_template(
        "books/accounts.html",
        form=form,
        rows=questions.accounts(by, on, unit, kind),
        on=on,
        unit=unit,
        query="?" + urlencode({name: value for name, value in asked.items() if value}),
    )
    return page, form.answer_status


@pages.get("/accounts/<account>")
@needs(Permission.SEE_BOOKS)
def ledger(account: str) -> Shown:
    """One account: what stood on it, each leg with the balance after it, and the sums of all that was asked for."""
    by = me()
    if account not in CODES:
        raise NotFound
    which = Account(account)
    form = LedgerForm(request.args or None, last=by.today, first=by.today.replace(day=1))
    offer_units(form.unit, by)
    form.kind.choices = choices_of(EntryKind, empty=_("Semua"))
    unit = unit_of(form.unit)
    first, last = read(form, lambda: form.period(by)) or (by.today.replace(day=1), by.today)
    kind = EntryKind(form.kind.data) if form.answer_status == 200 and form.kind.data else None
    asked = questions.ask(by, which, first=first, last=last, unit=unit, kind=kind)
    sums = questions.sums(asked)
    found = questions.lines(asked, after=_place(request.args.get("cursor", "")), limit=PAGE + 1, opening=sums.opening)
    rows = found[:PAGE]
    told = {"account": which.value, "from": first.isoformat(), "to": last.isoformat(), "unit": unit, "kind": kind}
    page = render_template(
        "books/ledger.html",
        form=form,
        account=which,
        code=CODES[which],
        rows=rows,
        sums=sums,
        first=first,
        last=last,
        unit=unit,
        kind=kind,
        next=_cursor(rows[-1].place) if len(found) > PAGE else None,
        query="?" + urlencode({name: value for name, value in told.items() if value}),
    )
    return page, form.answer_status


def _cursor(place: Place) -> str:
    on, entry_id, n = place
    return f"{on.isoformat()}.{entry_id}.{n}"


def _place(cursor: str) -> Place | None:
    """Where the page begins; from the beginning for whatever is no cursor of ours."""
    try:
        on, entry_id, n = cursor.split(".")
        day = date.fromisoformat(on)
    except ValueError:
        return None
    entry, leg = whole_number(entry_id), whole_number(n)
    return None if entry is None or leg is None else (day, entry, leg)
