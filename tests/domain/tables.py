"""What the domain's tests are written with: tables as an accountant would write them, and one maker a thing."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from lending.domain.calendar import Holiday, HolidayKind, HolidayRule
from lending.domain.schedule import Akad, Instalment, LoanTerms, PaymentOrder, ProductTerms, terms_of

steady = settings(derandomize=True, deadline=None)
"""Properties try the same examples every time: a test that fails today fails tomorrow."""

MEKAAR = ProductTerms(
    code="MEKAAR",
    name="Mekaar",
    akad=Akad.CONVENTIONAL,
    min_principal=2_000_000,
    max_principal=5_000_000,
    step=500_000,
    weeks=(25, 50),
    every_weeks=1,
    margin_bp=2_500,
    year_weeks=50,
    coin=500,
    upj_bp=500,
    payment_order=PaymentOrder.MARGIN_FIRST,
    block_days_late=28,
)


def a_loan(principal: int = 2_000_000, weeks: int = 50, **product: object) -> LoanTerms:
    """Terms under `MEKAAR`, with whatever of the product is said otherwise."""
    known = {field.name for field in fields(ProductTerms)}
    assert product.keys() <= known
    return terms_of(replace(MEKAAR, **product), principal, weeks)  # type: ignore[arg-type]


def weekly(first: date, count: int) -> list[date]:
    return [first + timedelta(weeks=week) for week in range(count)]


def table(text: str) -> list[list[str]]:
    """The cells of a table written in the text, blank lines apart."""
    return [line.split() for line in text.strip().splitlines() if line.strip()]


def numbers(text: str) -> list[list[int]]:
    return [[int(cell.replace(".", "")) for cell in row] for row in table(text)]


def as_rows(instalments: Iterable[Instalment]) -> list[list[int]]:
    """Number, principal, margin, total, balance."""
    return [[row.number, row.principal, row.margin, row.total, row.balance] for row in instalments]


def holidays(text: str) -> Mapping[date, Holiday]:
    """`2026-03-19 national skip Nyepi`, one a line."""
    found = {}
    for day, kind, rule, *name in table(text):
        on = date.fromisoformat(day)
        found[on] = Holiday(on, " ".join(name), HolidayKind(kind), HolidayRule(rule))
    return found


any_order = st.sampled_from(PaymentOrder)


@st.composite
def any_terms(draw: st.DrawFn) -> LoanTerms:
    """Loans of every shape a product may have: odd sums, coarse coins, years of 1 to 60 weeks, weekly or every second week."""
    every_weeks = draw(st.sampled_from((1, 2)))
    return a_loan(
        principal=draw(st.integers(1, 20_000_000)),
        weeks=draw(st.integers(1, 60)) * every_weeks,
        every_weeks=every_weeks,
        margin_bp=draw(st.integers(0, 10_000)),
        year_weeks=draw(st.integers(1, 60)),
        coin=draw(st.sampled_from((1, 50, 100, 500, 700, 1_000, 5_000))),
        payment_order=draw(any_order),
    )


@st.composite
def any_irregular(draw: st.DrawFn) -> LoanTerms:
    """A loan with its own dues, as a restructuring leaves it."""
    parts = draw(st.lists(st.integers(1, 500_000), min_size=1, max_size=40))
    cumulative = tuple(sum(parts[: k + 1]) for k in range(len(parts)))
    margin = draw(st.integers(0, cumulative[-1] - 1))
    return LoanTerms(cumulative[-1] - margin, margin, len(parts), 1, len(parts), parts[0], draw(any_order), cumulative)


@st.composite
def any_payments(draw: st.DrawFn, terms: LoanTerms) -> list[int]:
    """Payments that together do not exceed the loan."""
    cuts = sorted(draw(st.lists(st.integers(0, terms.total), max_size=12)))
    return [after - before for before, after in zip([0, *cuts], cuts, strict=False)]
