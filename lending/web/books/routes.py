"""The books as pages: the journal, the trial balance, and all of it in a file. Accounts: `ledger.py`; days: `days.py`."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from lending.documents.books import ENDINGS, MEDIA
from lending.domain.access import Actor, Permission, Role
from lending.domain.ledger import Account, EntryKind
from lending.domain.refusals import NotFound, Refusal
from lending.queries import accounts, books, journal_narrowed
from lending.queries.journal_narrowed import Narrowed
from lending.queries.scope import as_of
from lending.web.addresses import whole_number
from lending.web.books.forms import DayForm, JournalForm
from lending.web.forms import HouseForm, PickField, choices_of, unit_choices
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("books", __name__)

Shown = str | tuple[str, int]

PAGE = 50

WRITES_IN_BOOKS = (Role.OFFICER, Role.CASHIER, Role.HEAD)
"""Whose user names stand in the journal."""


@pages.get("/journal")
@needs(Permission.SEE_BOOKS)
def index() -> Shown:
    """The journal, entry by entry, by the books' own day, narrowed down as she asks."""
    by = me()
    form = JournalForm(request.args or None, last=by.today, first=by.today.replace(day=1))
    offer_units(form.unit, by)
    unit = unit_of(form.unit)
    unit_id, _code = books.unit_asked(by, unit)
    form.kind.choices = choices_of(EntryKind, empty=_("Semua"))
    form.account.choices = choices_of(Account, empty=_("Semua"))
    people = [one for role in WRITES_IN_BOOKS for one in accounts.roles_of_unit(unit_id, role)]
    form.officer.choices = [("", _("Semua")), *((one.username, one.name) for one in people)]
    asked = read(form, lambda: (form.period(by), _narrowed(form, unit_id)))
    (first, last), narrowed = asked or ((by.today.replace(day=1), by.today), Narrowed())
    after_id = whole_number(request.args.get("cursor", "")) or 0
    found = books.journal(by, first=first, last=last, unit=unit, narrowed=narrowed, after_id=after_id, limit=PAGE + 1)
    page = render_template(
        "books/journal.html",
        form=form,
        entries=found[:PAGE],
        sums=journal_narrowed.sums(unit_id, first=first, last=last, narrowed=narrowed),
        first=first,
        last=last,
        unit=unit,
        narrowed=narrowed,
        next=found[PAGE - 1].id if len(found) > PAGE else None,
        query=_query(first, last, unit, narrowed),
    )
    return page, form.answer_status


def _narrowed(form: JournalForm, unit_id: int) -> Narrowed:
    """What the form says of the entries. Refused: `not_found` at the member."""
    return Narrowed(
        account=Account(form.account.data) if form.account.data else None,
        kind=EntryKind(form.kind.data) if form.kind.data else None,
        officer=form.officer.data or None,
        member=journal_narrowed.member_numbered(unit_id, form.member.data) if form.member.data else None,
        loan=form.loan.data,
        least=form.least.data,
        most=form.most.data,
        text=form.text.data,
    )


def _query(first: date, last: date, unit: str | None, narrowed: Narrowed) -> str:
    """The same question, as programs ask it."""
    asked = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "unit": unit,
        "account": narrowed.account,
        "kind": narrowed.kind,
        "officer": narrowed.officer,
        "member": narrowed.member,
        "loan": narrowed.loan,
        "least": narrowed.least,
        "most": narrowed.most,
        "reason": narrowed.text,
    }
    return "?" + urlencode({name: value for name, value in asked.items() if value is not None})


@pages.get("/trial-balance")
@needs(Permission.SEE_BOOKS)
def trial_balance() -> Shown:
    """Every account at the end of a day; both sides are equal, or something is very wrong."""
    by = me()
    form = DayForm(request.args or None, on=by.today)
    offer_units(form.unit, by)
    unit = unit_of(form.unit)
    on = read(form, lambda: as_of(by, form.on.data)) or by.today
    balance = books.trial_balance(by, on, unit)
    page = render_template("books/trial_balance.html", form=form, balance=balance, on=on, unit=unit)
    return page, form.answer_status


@pages.get("/books<ending>")
@needs(Permission.SEE_BOOKS)
def whole(ending: str) -> Response:
    """The unit's whole books up to a day, in a file for the accountant or the auditor."""
    by = me()
    if ending not in ENDINGS:
        raise NotFound
    form = DayForm(request.args or None, on=by.today)
    offer_units(form.unit, by)
    valid = not request.args or form.validate()
    on = as_of(by, form.on.data if valid else None)
    found = books.whole_books(books.unit_asked(by, (form.unit.data if valid else None) or None), first=None, last=on)
    response = Response(ENDINGS[ending](found), mimetype=MEDIA[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="books-{found.unit_code}-{on}{ending}"'
    return response


T = TypeVar("T")


def read(form: HouseForm, asked: Callable[[], T]) -> T | None:
    """What a filter asks; None where it cannot be asked, and the form says why. Nothing was sent: what it asks by itself."""
    if request.args and not form.validate():
        form.answer_status = 400
        return None
    try:
        return asked()
    except Refusal as no:
        form.answer_status = form.blame(no)
        return None


def offer_units(field: PickField, by: Actor) -> None:
    """Offer the units whose books she may read."""
    field.choices = unit_choices(by, books.units_read(by))


def unit_of(field: PickField) -> str | None:
    """The unit that was chosen, if it is one of those that were offered."""
    return field.data if field.data and field.data in {choice.value for choice in field.choices} else None
