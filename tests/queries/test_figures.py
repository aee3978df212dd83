"""One rule, two tongues: every figure said in SQL against its Python twin, on random loans and payments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, literal, select

from lending.database import session, transaction
from lending.domain.allocation import allocate
from lending.domain.arrears import REGIMES, classify
from lending.domain.lifecycle import LoanState
from lending.domain.schedule import LoanTerms, PaymentOrder, cumulative_due, cumulative_margin
from lending.models import Loan, Unit
from lending.queries import figures
from tests.domain.tables import any_terms
from tests.furnished import House

few = settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
"""Each example is a handful of loans in one statement, in a transaction that is never kept."""


class _NeverKept(Exception):
    """Takes the example's rows away again."""


@contextmanager
def these_loans(house: House, many: list[LoanTerms], **columns: list[Any]) -> Iterator[None]:
    """These loans, and no others, in the table for as long as the block lasts."""
    rows = [
        {
            "member_id": house.women[0],
            "group_id": house.melati,
            "product_id": 1,
            "cycle": 1,
            "purpose": "uji",
            "applied_on": date(2026, 2, 2),
            "maker_id": 1,
            "state": LoanState.RUNNING,
            **{
                name: getattr(one, name) for name in ("principal", "margin", "weeks", "every_weeks", "count", "instalment", "payment_order")
            },
            "upj": 0,
            "total_paid": 0,
            **{name: values[nth] for name, values in columns.items()},
        }
        for nth, one in enumerate(many)
    ]
    try:
        with transaction():
            session.execute(insert(Loan), rows)
            yield
            raise _NeverKept
    except _NeverKept:
        pass


def asked(house: House, *figures_asked: Any) -> list[tuple[Any, ...]]:
    """The figures of the example's loans, in their order."""
    question = select(*figures_asked).where(Loan.id > max(house.loans)).order_by(Loan.id)
    return [tuple(row) for row in session.execute(question)]


@st.composite
def loans_with_a_number(draw: st.DrawFn) -> list[tuple[LoanTerms, int]]:
    many = draw(st.lists(any_terms(), min_size=1, max_size=12))
    return [(one, draw(st.integers(-1, one.count + 2))) for one in many]


@few
@given(drawn=loans_with_a_number())
def test_dues_and_margins_are_those_of_the_schedule(house: House, drawn: list[tuple[LoanTerms, int]]):
    with these_loans(house, [of for of, _ in drawn], cycle=[k for _, k in drawn]):
        found = asked(house, figures.cumulative_due(Loan.cycle + 0), figures.cumulative_margin(Loan.cycle + 0), figures.TOTAL)
    assert found == [(cumulative_due(of, k), cumulative_margin(of, k), of.total) for of, k in drawn]


@st.composite
def loans_with_payments(draw: st.DrawFn) -> list[tuple[LoanTerms, int]]:
    many = draw(st.lists(any_terms(), min_size=1, max_size=12))
    edges = [st.sampled_from([0, min(one.instalment, one.total), one.total]) for one in many]
    return [(one, draw(st.integers(0, one.total) | edge)) for one, edge in zip(many, edges, strict=True)]


@few
@given(drawn=loans_with_payments())
def test_principal_paid_is_what_allocate_says(house: House, drawn: list[tuple[LoanTerms, int]]):
    with these_loans(house, [of for of, _ in drawn], total_paid=[paid for _, paid in drawn]):
        found = asked(house, figures.principal_paid(Loan.total_paid + 0))
    assert found == [(allocate(of, paid).principal,) for of, paid in drawn]


WEEKLY = LoanTerms(2_000_000, 500_000, 50, 1, 50, 50_000, PaymentOrder.MARGIN_FIRST)
FORTNIGHTLY = LoanTerms(2_000_000, 500_000, 50, 2, 25, 100_000, PaymentOrder.MARGIN_FIRST)


@pytest.mark.parametrize("of", [WEEKLY, FORTNIGHTLY])
def test_instalments_fallen_by_a_meeting(house: House, of: LoanTerms):
    firsts = list(range(1, 61))
    with these_loans(house, [of] * 60, first_seq=firsts):
        for seq in (0, 1, 2, 3, 30, 31, 130):
            found = asked(house, figures.fallen_by(literal(seq)))
            assert found == [(sum(first + k * of.every_weeks <= seq for k in range(200)),) for first in firsts]


def test_days_between_two_dates(house: House):
    dues = [date(2026, 2, 28) + timedelta(days=days) for days in (-400, -1, 0, 1, 7, 366)]
    with these_loans(house, [WEEKLY] * len(dues), next_due=dues):
        found = asked(house, figures.days_between(Loan.next_due, date(2026, 2, 28)))
    assert found == [((date(2026, 2, 28) - due).days,) for due in dues]


@pytest.mark.parametrize("regime", REGIMES)
def test_the_class_of_each_number_of_days(house: House, regime: str):
    with transaction():
        session.get_one(Unit, house.unit_id).regime = regime
    on = date(2026, 11, 25)
    each = [figures.quality(literal(on - timedelta(days=days)), on).label(f"after_{days}") for days in range(200)]
    found = session.execute(select(*each).where(Unit.id == house.unit_id)).one()
    assert list(found) == [classify(days, REGIMES[regime]) for days in range(200)]
