"""How late, how much of it, and which class."""

from datetime import date

import pytest

from lending.domain.arrears import REGIMES, QualityClass, classify, days_late, overdue, weeks_late
from tests.domain.tables import a_loan, numbers, table

LATE = """
    2026-05-11 2026-05-10  0
    2026-05-11 2026-05-11  0
    2026-05-11 2026-05-12  1
    2026-05-04 2026-05-11  7
    2026-04-06 2026-05-11 35
    2026-02-09 2026-05-11 91
    2024-02-28 2024-03-01  2
    -          2026-05-11  0
"""


@pytest.mark.parametrize(("next_due", "on", "days"), table(LATE))
def test_days_late_count_from_the_oldest_unpaid_due_date(next_due, on, days):
    due = None if next_due == "-" else date.fromisoformat(next_due)
    assert days_late(due, date.fromisoformat(on)) == int(days)


def test_weeks_late_round_up():
    assert [weeks_late(days) for days in (0, 1, 6, 7, 8, 14, 15, 91)] == [0, 1, 1, 1, 2, 2, 3, 13]


# instalments due before the day, total paid, overdue
OVERDUE = """
     0         0         0
     1         0    50.000
     1    20.000    30.000
     1    50.000         0
    13   600.000    50.000
    13   400.000   250.000
    13   700.000         0
    50 2.450.000    50.000
    80 2.450.000    50.000
    80 2.500.000         0
"""


@pytest.mark.parametrize(("due_before", "paid", "late"), numbers(OVERDUE))
def test_overdue_is_what_earlier_days_left_unpaid(due_before, paid, late):
    assert overdue(a_loan(), due_before, paid) == late


# days, class at a weekly lender (4, 8 weeks), class at a bank (0, 90, 120, 180 days)
CLASSES = """
      0 lancar    lancar
      1 lancar    dpk
     28 lancar    dpk
     29 diragukan dpk
     35 diragukan dpk
     56 diragukan dpk
     57 macet     dpk
     90 macet     dpk
     91 macet     kurang_lancar
    120 macet     kurang_lancar
    121 macet     diragukan
    180 macet     diragukan
    181 macet     macet
    999 macet     macet
"""


@pytest.mark.parametrize(("days", "at_a_weekly_lender", "at_a_bank"), table(CLASSES))
def test_the_licence_decides_the_class(days, at_a_weekly_lender, at_a_bank):
    assert classify(int(days), REGIMES["weekly_lender"]) is QualityClass(at_a_weekly_lender)
    assert classify(int(days), REGIMES["bank"]) is QualityClass(at_a_bank)
