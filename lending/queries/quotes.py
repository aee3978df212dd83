"""What a loan would cost, and when it would fall due: the answer before anybody promises anything."""

from dataclasses import dataclass
from datetime import date, timedelta

from lending.domain.calendar import lay_out
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.domain.schedule import Instalment, check_offered, schedule, terms_of, upj_of
from lending.queries import admin

SUNDAY = 7
DEFAULT_PRODUCT = "MEKAAR"


@dataclass(frozen=True)
class Quote:
    """The terms and the schedule of a loan, as every door gives them; `received` is what she takes home, the principal less the UPJ."""

    product: str
    principal: Rupiah
    margin: Rupiah
    total: Rupiah
    instalment: Rupiah
    weeks: int
    upj: Rupiah
    received: Rupiah
    instalments: tuple[Instalment, ...]


def quote(
    principal: Rupiah,
    weeks: int,
    *,
    today: date,
    product: str = DEFAULT_PRODUCT,
    first_due: date | None = None,
    weekday: int | None = None,
) -> Quote:
    """The schedule that a new group's calendar would give, holidays skipped. `weekday` 1 Monday … 6 Saturday; `first_due` may be past.

    Refused: `no_such_product`, `principal_not_offered`, `weeks_not_offered`, `unlawful_day` (Sunday), `weekday_differs` (from `first_due`).
    """
    version = admin.product(product, today)
    if version is None:
        raise Refusal("no_such_product", at="product", product=product)
    check_offered(version.terms, principal, weeks, None)
    first = _first_due(today, first_due, weekday)
    terms = terms_of(version.terms, principal, weeks)
    meetings = lay_out(first, (terms.count - 1) * terms.every_weeks + 1, admin.holiday_calendar())
    dates = [meeting.planned_on for meeting in meetings[:: terms.every_weeks]]
    upj = upj_of(version.terms, principal)
    return Quote(
        product=product,
        principal=terms.principal,
        margin=terms.margin,
        total=terms.total,
        instalment=terms.instalment,
        weeks=terms.weeks,
        upj=upj,
        received=terms.principal - upj,
        instalments=tuple(schedule(terms, dates)),
    )


def _first_due(today: date, first_due: date | None, weekday: int | None) -> date:
    if weekday is not None and not 1 <= weekday < SUNDAY:
        raise Refusal("unlawful_day", at="weekday")
    if first_due is not None:
        if weekday is not None and first_due.isoweekday() != weekday:
            raise Refusal("weekday_differs", at="weekday", first_due=first_due)
        if first_due.isoweekday() == SUNDAY:
            raise Refusal("unlawful_day", at="first_due")
        return first_due
    if weekday is not None:
        return today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1)
    in_a_week = today + timedelta(days=7)
    return in_a_week + timedelta(days=1) if in_a_week.isoweekday() == SUNDAY else in_a_week
