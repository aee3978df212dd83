"""How restructured loans stand on any day: worked out by the rules themselves, for they are few, and told to SQL as rows.

Regular loans are worked out in SQL and stay as fast as they are (`standings`); both kinds meet there.
"""

import json
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    String,
    and_,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

from lending.database import is_postgresql, session
from lending.domain import arrears
from lending.domain.allocation import allocate
from lending.domain.ledger import CREDITED, NO_PAYMENT, EntryKind
from lending.domain.money import Rupiah
from lending.domain.plan import CLEAN_ENOUGH, Plan, clean_payments
from lending.domain.schedule import cumulative_due, cumulative_margin
from lending.models import Entry, Loan, Meeting, Posting, Restructuring
from lending.queries.plans import as_agreed, terms


@dataclass(frozen=True)
class Restructured:
    """When a loan was last restructured, and how many instalments in a row were paid whole and on time since."""

    on: date
    clean_payments: int

    @property
    def is_flagged(self) -> bool:
        """Whether the loan is at risk by this alone, however punctual it is."""
        return self.clean_payments < CLEAN_ENOUGH


@dataclass(frozen=True)
class IrregularStanding:
    """A loan that is or was to be restructured, at the end of a day. `restructured` is None for a day before that."""

    loan_id: int
    plan: Plan
    paid: Rupiah
    outstanding_principal: Rupiah
    next_due: date | None
    overdue: Rupiah
    overdue_principal: Rupiah
    restructured: Restructured | None

    @property
    def is_flagged(self) -> bool:
        """Whether it is in every bucket of PAR: restructured, owing, and not yet paid on time often enough."""
        return self.restructured is not None and self.restructured.is_flagged and self.next_due is not None


def standings(on: date, loan_ids: Collection[int] | None = None) -> list[IrregularStanding]:
    """Every loan that was ever restructured and had been paid out by then (or those of them that are named), at the end of `on`."""
    ever = select(Restructuring.loan_id)
    if loan_ids is not None:
        ever = ever.where(Restructuring.loan_id.in_(loan_ids))
    loans = session.scalars(select(Loan).where(Loan.id.in_(ever), Loan.disbursed_on <= on).order_by(Loan.id)).all()
    if not loans:
        return []
    evenly = {loan.id: Plan(terms(loan), loan.first_seq) for loan in loans if loan.first_seq is not None}
    agreed, days, paid, last = as_agreed(evenly, on), _calendars(ever), _payments(ever, on), _last_agreed(ever, on)
    return [_stands(loan, agreed[loan.id], days[loan.group_id], paid.get(loan.id, []), last.get(loan.id), on) for loan in loans]


Ids = Any
"""A question for loan ids."""


def _last_agreed(ever: Ids, on: date) -> dict[int, date]:
    newest = func.max(Restructuring.on_day)
    question = select(Restructuring.loan_id, newest).where(Restructuring.loan_id.in_(ever), Restructuring.on_day <= on)
    return dict(session.execute(question.group_by(Restructuring.loan_id)).all())


def _calendars(ever: Ids) -> dict[int, tuple[int, list[date]]]:
    """The days of every meeting of these loans' groups, in order, and the number of the first."""
    groups = select(Loan.group_id).where(Loan.id.in_(ever))
    found: dict[int, tuple[int, list[date]]] = {}
    question = select(Meeting.group_id, Meeting.seq, Meeting.planned_on).where(Meeting.group_id.in_(groups))
    for group_id, seq, planned_on in session.execute(question.order_by(Meeting.group_id, Meeting.seq)):
        found.setdefault(group_id, (seq, []))[1].append(planned_on)
    return found


def _payments(ever: Ids, on: date) -> dict[int, list[tuple[date, Rupiah]]]:
    """What had been paid on each of these loans in all, by the end of each day on which that changed."""
    # Of a loan that was taken over, its opening entry says what was paid before, beside what was lent.
    opening = and_(Entry.kind == EntryKind.OPENING, Posting.amount < 0)
    question = (
        select(Posting.loan_id, Entry.happened_on, -func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id.in_(ever), Posting.account.in_(CREDITED), Entry.happened_on <= on)
        .where(or_(Entry.kind.not_in(NO_PAYMENT), opening))
        .group_by(Posting.loan_id, Entry.happened_on)
        .order_by(Posting.loan_id, Entry.happened_on)
    )
    found: dict[int, list[tuple[date, Rupiah]]] = {}
    for loan_id, day, amount in session.execute(question):
        assert loan_id is not None
        so_far = found.setdefault(loan_id, [])
        so_far.append((day, int(amount) + (so_far[-1][1] if so_far else 0)))
    return found


def _stands(
    loan: Loan,
    plan: Plan,
    calendar: tuple[int, list[date]],
    payments: Sequence[tuple[date, Rupiah]],
    agreed_on: date | None,
    on: date,
) -> IrregularStanding:
    of, (first, days) = plan.terms, calendar
    # Between the day of a meeting and the day it was undone and recorded anew, both records count; no loan is paid more than whole.
    paid = min(payments[-1][1], of.total) if payments else 0
    ended = loan.ended_on is not None and loan.ended_on <= on
    counted_from = None if ended else plan.counted_from(paid)
    next_due = None if counted_from is None else days[counted_from - first]
    principal = allocate(of, paid).principal
    fallen = plan.fallen_by(first + bisect_left(days, on) - 1)
    is_late = next_due is not None and next_due < on
    restructured = None
    if agreed_on is not None:
        dues = [(days[plan.seq_of(number) - first], cumulative_due(of, number)) for number in range(plan.kept + 1, of.count + 1)]
        restructured = Restructured(agreed_on, clean_payments(dues, payments, on))
    return IrregularStanding(
        loan_id=loan.id,
        plan=plan,
        paid=paid,
        outstanding_principal=0 if next_due is None else of.principal - principal,
        next_due=next_due,
        overdue=arrears.overdue(of, fallen, paid) if is_late else 0,
        overdue_principal=max(0, cumulative_due(of, fallen) - cumulative_margin(of, fallen) - principal) if is_late else 0,
        restructured=restructured,
    )


# ---- told to SQL -----------------------------------------------------------------------------------------------------------------------

_COLUMNS: dict[str, Any] = {
    "loan_id": BigInteger(),
    "paid": BigInteger(),
    "outstanding_principal": BigInteger(),
    "next_due": Date(),
    "overdue": BigInteger(),
    "overdue_principal": BigInteger(),
    "flagged": BigInteger(),
}


def told(on: date) -> str:
    """The same as one text of rows, for `as_rows`."""
    rows = [
        {
            "loan_id": one.loan_id,
            "paid": one.paid,
            "outstanding_principal": one.outstanding_principal,
            "next_due": one.next_due.isoformat() if one.next_due else None,
            "overdue": one.overdue,
            "overdue_principal": one.overdue_principal,
            "flagged": int(one.is_flagged),
        }
        for one in standings(on)
    ]
    return json.dumps(rows, separators=(",", ":"))


def as_rows(text: ColumnElement[str] | str) -> CTE:
    """Rows in a question from such a text, its value or a place for it: a row a loan, by `loan_id`."""
    given: ColumnElement[str] = literal(text, String) if isinstance(text, str) else text
    if is_postgresql():
        each = func.jsonb_to_recordset(cast(given, JSONB)).table_valued(*(column(name, kind) for name, kind in _COLUMNS.items()))
        row = each.render_derived(name="each_irregular", with_types=True).c
        return select(*(row[name] for name in _COLUMNS)).cte("irregular")
    each = func.json_each(given).table_valued("value")
    parts = ((name, kind, func.json_extract(each.c.value, literal_column(f"'$.{name}'"))) for name, kind in _COLUMNS.items())
    return select(*(type_coerce(part, kind).label(name) for name, kind, part in parts)).cte("irregular")
