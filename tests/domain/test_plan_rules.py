"""A restructured loan: the rows that were paid, then what was left on new meetings; and how many of those were paid on time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.domain.allocation import allocate, next_unpaid, outstanding_principal, paid_by_instalment
from lending.domain.plan import CLEAN_ENOUGH, NewDue, Plan, check_left, clean_payments, evenly, rearranged
from lending.domain.refusals import Refusal
from lending.domain.schedule import PaymentOrder, cumulative_due, schedule
from tests.domain.tables import a_loan, any_terms, as_rows, numbers, steady, table, weekly

FIRST = 2
"""The meeting of the first instalment."""

# Rp2,000,000 for 25 weeks: Rp90,000 of 80,000 + 10,000. Three are paid, and 50,000 of the fourth (10,000 margin first, 40,000 principal):
# 1,930,000 is left, of it 210,000 margin. From the seventh meeting on: 500,000 a week. The margin is spread as the sums are:
# 210,000 × 500,000 ÷ 1,930,000 = 54,404.1; × 1,000,000 = 108,808.3; × 1,500,000 = 163,212.4.
AGREED = """
    1  80.000 10.000  90.000 2.410.000
    2  80.000 10.000  90.000 2.320.000
    3  80.000 10.000  90.000 2.230.000
    4  40.000 10.000  50.000 2.180.000
"""


def restructured(paid: int, totals: list[int], first_new: int, *, held: int, weeks: int = 25, late: bool = True, **product: object) -> Plan:
    plan = Plan(a_loan(2_000_000, weeks, **product), FIRST)
    dues = [NewDue(first_new + nth, total) for nth, total in enumerate(totals)]
    return rearranged(plan, paid, dues, held_seq=held, late_since=plan.counted_from(paid) if late else None)


def test_what_is_paid_stays_in_its_rows_and_the_rest_lies_on_new_meetings():
    plan = restructured(320_000, [500_000, 500_000, 500_000, 430_000], 9, held=8)
    rows = as_rows(schedule(plan.terms, weekly(date(2026, 2, 9), 8)))
    assert [row[:4] for row in rows[:4]] == [row[:4] for row in numbers(AGREED)]
    assert [row[1:] for row in rows[4:]] == [
        [445_596, 54_404, 500_000, 1_430_000],
        [445_596, 54_404, 500_000, 930_000],
        [445_596, 54_404, 500_000, 430_000],
        [383_212, 46_788, 430_000, 0],
    ]
    assert plan.seqs == (2, 3, 4, 5, 9, 10, 11, 12)
    assert (plan.kept, plan.late_since, plan.last_seq) == (4, 5, 12)


WHEN = """
    paid      number counted_from
    320.000   5      5
    819.999   5      5
    820.000   6      10
    2.249.999 8      12
    270.000   4      5
    100.000   2      3
"""


@pytest.mark.parametrize(("paid", "number", "seq"), [[int(cell.replace(".", "")) for cell in row] for row in table(WHEN)[1:]])
def test_days_late_go_on_from_the_oldest_old_date_until_the_first_new_one_is_paid(paid: int, number: int, seq: int):
    plan = restructured(320_000, [500_000, 500_000, 500_000, 430_000], 9, held=8)
    assert (next_unpaid(plan.terms, paid), plan.counted_from(paid)) == (number, seq)


def test_whoever_was_not_late_begins_with_the_first_new_date():
    plan = restructured(320_000, [1_000_000, 930_000], 9, held=5, late=False)
    assert plan.counted_from(320_000) == 9
    assert plan.counted_from(plan.terms.total) is None


SHEET = """
    seq number due     arrears
    5   4      0       0
    8   -      0       0
    9   5      400.000 0
    10  6      500.000 400.000
    12  8      430.000 1.400.000
    13  -      0       1.830.000
"""


def test_the_sheet_asks_for_the_new_dues():
    plan = restructured(320_000, [500_000, 500_000, 500_000, 430_000], 9, held=8)
    asked = [[str(seq), *(str(one) if one is not None else "-" for one in plan.asked(seq, 420_000))] for seq in (5, 8, 9, 10, 12, 13)]
    assert asked == [[cell.replace(".", "") for cell in row] for row in table(SHEET)[1:]]


def test_rows_paid_ahead_of_their_meetings_count_as_due_on_the_last_one():
    plan = restructured(900_000, [675_000, 675_000], 7, held=6, weeks=25)
    assert plan.seqs == (2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 7, 8)
    assert plan.asked(7, 900_000) == (11, 675_000, 0)


def test_a_loan_on_which_nothing_was_paid_has_only_new_rows():
    plan = restructured(0, [1_250_000, 1_000_000], 4, held=3)
    assert (plan.kept, plan.seqs, plan.terms.explicit, plan.counted_from(0)) == (0, (4, 5), (1_250_000, 2_250_000), 2)


def test_restructured_twice():
    once = restructured(320_000, [500_000, 500_000, 500_000, 430_000], 9, held=8)
    twice = rearranged(once, 900_000, [NewDue(14, 700_000), NewDue(15, 650_000)], held_seq=13, late_since=once.counted_from(900_000))
    assert (twice.kept, twice.seqs, twice.late_since) == (6, (2, 3, 4, 5, 9, 10, 14, 15), 10)
    assert paid_by_instalment(twice.terms, 900_000) == [90_000, 90_000, 90_000, 50_000, 500_000, 80_000, 0, 0]
    assert allocate(twice.terms, 900_000) == allocate(once.terms, 900_000)


EVENLY = """
    left      count coin each    last
    1.930.000 10    500  193.000 193.000
    1.930.000 7     500  276.000 274.000
    1.000     3     500  400     200
    10        6     500  2       2
"""


@pytest.mark.parametrize(
    ("left", "count", "coin", "each", "last"), [[int(cell.replace(".", "")) for cell in row] for row in table(EVENLY)[1:]]
)
def test_what_is_left_in_equal_parts(left: int, count: int, coin: int, each: int, last: int):
    parts = evenly(left, count, coin)
    assert (parts[0], parts[-1], sum(parts)) == (each, last, left)
    assert len(parts) <= count


@pytest.mark.parametrize(
    ("totals", "code", "at"),
    [
        ([50_000, 49_999], "schedule_differs", "schedule"),
        ([50_000, 50_001], "schedule_differs", "schedule"),
        ([], "schedule_differs", "schedule"),
        ([100_000, 0], "too_small", "schedule.1.total"),
        ([100_000_000_001], "too_large", "schedule.0.total"),
        ([1] * 251, "instalments_out_of_range", "schedule"),
    ],
)
def test_a_plan_asks_for_what_is_owed_and_nothing_else(totals: list[int], code: str, at: str):
    with pytest.raises(Refusal) as no:
        check_left(totals, 100_000)
    assert (no.value.code, no.value.faults[0].at) == (code, at)


@pytest.mark.parametrize("count", [0, 251, 1_001])
def test_instalments_without_end_are_refused(count: int):
    with pytest.raises(Refusal) as no:
        evenly(1_000, count, 500)
    assert no.value.code == "instalments_out_of_range"


@st.composite
def restructurings(draw: st.DrawFn) -> tuple[Plan, int, Plan]:
    of = draw(any_terms())
    plan, paid = Plan(of, draw(st.integers(1, 9))), draw(st.integers(0, of.total - 1))
    for _ in range(draw(st.integers(1, 3))):
        before = plan
        left = of.total - paid
        cuts = sorted({draw(st.integers(1, left)) for _ in range(draw(st.integers(0, 12)))} | {left})
        held = draw(st.integers(max(1, *plan.seqs[: plan.kept], 1), 80))
        seqs = sorted(draw(st.sets(st.integers(held + 1, held + 60), min_size=len(cuts), max_size=len(cuts))))
        dues = [NewDue(seq, after - start) for seq, start, after in zip(seqs, [0, *cuts], cuts, strict=False)]
        plan = rearranged(plan, paid, dues, held_seq=held, late_since=draw(st.sampled_from((None, plan.counted_from(paid)))))
        paid_then, paid = paid, draw(st.integers(paid, of.total - 1))
    return before, paid_then, plan


@steady
@given(drawn=restructurings())
def test_no_sum_changes_and_no_part_is_negative(drawn: tuple[Plan, int, Plan]):
    before, paid, plan = drawn
    of = plan.terms
    rows = schedule(of, weekly(date(2026, 1, 5), of.count))
    assert sum(row.total for row in rows) == of.total == before.terms.total
    assert sum(row.margin for row in rows) == before.terms.margin
    assert sum(row.total for row in rows[plan.kept :]) == before.terms.total - paid
    assert all(row.principal >= 0 and row.margin >= 0 and row.total > 0 for row in rows)
    assert list(plan.seqs) == sorted(plan.seqs)
    assert sum(paid_by_instalment(of, paid)[: plan.kept]) == paid
    # Whatever was paid until that day is booked as it was; what comes after never takes back.
    assert [allocate(of, amount) for amount in (0, paid // 3, paid)] == [allocate(before.terms, amount) for amount in (0, paid // 3, paid)]
    owed = [outstanding_principal(of, paid + nth * (of.total - paid) // 7) for nth in range(8)]
    assert owed == sorted(owed, reverse=True)
    assert owed[-1] == 0


@steady
@given(drawn=restructurings(), seq=st.integers(0, 150), share=st.integers(0, 10))
def test_the_sheet_asks_for_everything_that_has_fallen_due(drawn: tuple[Plan, int, Plan], seq: int, share: int):
    _, _, plan = drawn
    total_paid = plan.terms.total * share // 10
    number, due, arrears = plan.asked(seq, total_paid)
    fallen = sum(one <= seq for one in plan.seqs)
    assert due + arrears == max(0, cumulative_due(plan.terms, fallen) - total_paid)
    assert (number is not None) == (seq in plan.seqs)
    assert number is None or plan.seq_of(number) == seq


def test_a_regular_loan_is_asked_for_as_ever():
    weekly_plan, fortnightly = Plan(a_loan(), 5), Plan(a_loan(weeks=50, every_weeks=2), 5)
    assert [weekly_plan.asked(seq, 75_000) for seq in (4, 5, 6, 7, 54, 55)] == [
        (None, 0, 0),
        (1, 0, 0),
        (2, 25_000, 0),
        (3, 50_000, 25_000),
        (50, 50_000, 2_375_000),
        (None, 0, 2_425_000),
    ]
    assert [fortnightly.asked(seq, 0) for seq in (5, 6, 7)] == [(1, 100_000, 0), (None, 0, 100_000), (2, 100_000, 100_000)]
    assert (weekly_plan.last_seq, fortnightly.last_seq, fortnightly.counted_from(100_000)) == (54, 53, 7)


# ---- clean payments --------------------------------------------------------------------------------------------------------------------

MONDAY = date(2026, 3, 2)
DUES = [(MONDAY + timedelta(weeks=nth), 100 + 10 * (nth + 1)) for nth in range(12)]
"""Ten a week, after a hundred that were paid before."""


def on_time(*paid: tuple[int, int]) -> list[tuple[date, int]]:
    """What was paid in all by the end of each day: days after the first due date, and the sum."""
    return [(MONDAY - timedelta(days=50), 100), *((MONDAY + timedelta(days=days), 100 + amount) for days, amount in paid)]


CASES = {
    "nothing yet": ([], 6, 0),
    "each on its day": ([(0, 10), (7, 20), (14, 30)], 14, 3),
    "on its day counts that evening": ([(0, 10), (7, 20)], 7, 2),
    "the next is not due yet": ([(0, 10), (7, 20)], 13, 2),
    "not paid on its day": ([(0, 10), (7, 20)], 14, 0),
    "a day late starts over": ([(0, 10), (8, 20), (14, 30), (21, 40)], 21, 2),
    "half of it is not whole": ([(0, 10), (7, 15), (14, 30)], 14, 1),
    "paid ahead": ([(0, 40)], 0, 4),
    "as of an earlier day": ([(0, 10), (7, 20)], 3, 1),
    "eight in a row": ([(7 * nth, 10 * nth + 10) for nth in range(8)], 49, 8),
    "eight once are eight for ever": ([(7 * nth, 10 * nth + 10) for nth in range(8)], 80, 8),
    "taken back since": ([(0, 10), (7, 20), (9, 10)], 9, 0),
    "taken back and recorded anew": ([(0, 10), (7, 30), (9, 20)], 9, 2),
}


@pytest.mark.parametrize("case", CASES)
def test_whole_instalments_in_a_row_paid_on_time(case: str):
    paid, days, expected = CASES[case]
    on = MONDAY + timedelta(days=days)
    assert clean_payments(DUES, [one for one in on_time(*paid) if one[0] <= on], on) == expected


@steady
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 140)), max_size=12), st.integers(-5, 95))
def test_never_more_than_are_enough(drawn: list[tuple[int, int]], days: int):
    on = MONDAY + timedelta(days=days)
    paid = [one for one in on_time(*dict(sorted(drawn)).items()) if one[0] <= on]
    assert 0 <= clean_payments(DUES, paid, on) <= CLEAN_ENOUGH


def test_principal_first_keeps_its_order_within_the_new_rows():
    plan = restructured(0, [1_125_000, 1_125_000], 4, held=3, payment_order=PaymentOrder.PRINCIPAL_FIRST)
    assert allocate(plan.terms, 1_000_000).margin == 0
    assert allocate(replace(plan.terms, payment_order=PaymentOrder.MARGIN_FIRST), 1_000_000).margin == 125_000
