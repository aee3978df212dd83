"""The books as pages."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from lending.domain.access import Actor, Permission
from lending.domain.ledger import Account
from lending.queries import books
from lending.web.books.forms import DayForm, JournalForm
from lending.web.forms import PickField, choices_of
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("books", __name__)

Shown = str | tuple[str, int]

PAGE = 50


@pages.get("/journal")
@needs(Permission.SEE_BOOKS)
def index() -> Shown:
    """The journal, entry by entry, by the books' own day."""
    by = me()
    form = JournalForm(request.args or None, first=by.today.replace(day=1), last=by.today)
    form.account.choices = choices_of(Account, empty=_("Semua"))
    _offer_units(form.unit, by)
    valid = not request.args or form.validate()
    first = (form.first.data if valid else None) or by.today.replace(day=1)
    last = (form.last.data if valid else None) or by.today
    account = Account(form.account.data) if valid and form.account.data else None
    cursor = request.args.get("cursor", "0")
    after_id = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 16 else 0
    unit = (form.unit.data if valid else None) or None
    found = books.journal(by, first=first, last=last, unit=unit, account=account, after_id=after_id, limit=PAGE + 1)
    following = found[PAGE - 1].id if len(found) > PAGE else None
    asked = {"from": first.isoformat(), "to": last.isoformat(), "account": account, "unit": unit}
    query = "?" + urlencode({name: value for name, value in asked.items() if value})
    page = render_template(
        "books/journal.html", form=form, entries=found[:PAGE], first=first, last=last, account=account, next=following, query=query
    )
    return page if valid else (page, 400)


@pages.get("/trial-balance")
@needs(Permission.SEE_BOOKS)
def trial_balance() -> Shown:
    """Every account at the end of a day; both sides are equal, or something is very wrong."""
    by = me()
    form = DayForm(request.args or None, on=by.today)
    _offer_units(form.unit, by)
    valid = not request.args or form.validate()
    on = (form.on.data if valid else None) or by.today
    unit = (form.unit.data if valid else None) or None
    balance = books.trial_balance(by, on, unit)
    page = render_template("books/trial_balance.html", form=form, balance=balance, on=on, unit=unit)
    return page if valid else (page, 400)


def _offer_units(field: PickField, by: Actor) -> None:
    """The auditor chooses a unit; everybody else has her own."""
    field.choices = [("", _("Unit sendiri")), *(books.units_read(by) if by.reads_every_unit else [])]
