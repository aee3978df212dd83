"""The portfolio's figures against three worked examples: Sa-Dhan 2003, CGAP, and five Mekaar loans (oracles 3, 4, 5)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from lending.domain.allocation import next_unpaid, outstanding_principal
from lending.domain.arrears import REGIMES, classify, days_late, overdue
from lending.domain.portfolio import PROVISION_SCHEMES, Standing, annual_loss, by_lateness, gross, par, provision, ratio
from tests.domain.tables import a_loan, numbers, table, weekly

# Oracle 3. Days late, outstanding, provision.
SA_DHAN = """
      0 128.000     0
     29  17.500 1.750
     45  10.000 2.500
     75   5.000 2.500
    120   3.500 2.625
    200   2.500 2.250
    400   1.500 1.500
"""


class TestSaDhan:
    rows = numbers(SA_DHAN)
    standings = tuple(Standing(outstanding, days) for days, outstanding, _ in rows)
    scheme = PROVISION_SCHEMES["sa_dhan"]

    def test_portfolio_at_risk(self):
        assert gross(self.standings) == 168_000
        shares = {days: ratio(par(self.standings, days), 168_000) for days in (0, 30, 60, 90)}
        assert shares == {0: Decimal("0.2381"), 30: Decimal("0.1339"), 60: Decimal("0.0744"), 90: Decimal("0.0446")}

    def test_provision_by_bucket(self):
        buckets = by_lateness(self.standings, self.scheme.upper_days)
        assert buckets == [outstanding for _, outstanding, _ in self.rows]
        for (_, outstanding, expected), rate in zip(self.rows, self.scheme.rates_bp, strict=True):
            assert provision([outstanding], [rate]) == expected
        assert provision(buckets, self.scheme.rates_bp) == 13_125

    def test_provision_against_portfolio_and_against_risk(self):
        assert ratio(13_125, 168_000) == Decimal("0.0781")
        assert par(self.standings, 30) == 22_500
        assert ratio(13_125, 22_500) == Decimal("0.5833")

    def test_shares_of_the_whole(self):
        shares = [ratio(outstanding, 168_000) for _, outstanding, _ in self.rows]
        assert shares == [Decimal(share) for share in ("0.7619", "0.1042", "0.0595", "0.0298", "0.0208", "0.0149", "0.0089")]


@pytest.mark.parametrize(("days", "rate"), [(0, 0), (90, 0), (91, 5_000), (180, 5_000), (181, 10_000)])
def test_microbanking_bulletin_provides_half_from_90_days(days, rate):
    scheme = PROVISION_SCHEMES["microbanking_bulletin"]
    assert provision(by_lateness([Standing(10_000, days)], scheme.upper_days), scheme.rates_bp) == rate


# Oracle 4. Collection rate in per cent, term in years, loss a year in per cent to one decimal.
@pytest.mark.parametrize(
    ("collected", "term", "lost"),
    [
        (95, Fraction(3, 12), "40.0"),  # "almost 40 %", published
        (97, Fraction(2, 12), "36.0"),
        (97, Fraction(3, 12), "24.0"),
        (98, Fraction(50, 52), "4.2"),
        (97, Fraction(50, 52), "6.2"),
        (97, Fraction(25, 52), "12.5"),
        (100, Fraction(50, 52), "0.0"),
    ],
)
def test_a_good_collection_rate_loses_much_in_a_year(collected, term, lost):
    loss = annual_loss(Fraction(collected, 100), term) * 100
    assert round(loss, 1) == Fraction(lost)


# Oracle 5. Rp2,000,000 over 50 weeks, first due Monday 9 February 2026; on Monday 11 May instalment 14 falls due.
# loan, instalments paid, oldest unpaid due, days late, outstanding principal, overdue, class, class at a bank
FIVE_LOANS = """
    L1 14 2026-05-18  0 1440000      0 lancar    lancar
    L2 13 2026-05-11  0 1480000      0 lancar    lancar
    L3 12 2026-05-04  7 1520000  50000 lancar    dpk
    L4  8 2026-04-06 35 1680000 250000 diragukan dpk
    L5  0 2026-02-09 91 2000000 650000 macet     kurang_lancar
"""


class TestFiveMekaarLoans:
    on = date(2026, 5, 11)
    dates = weekly(date(2026, 2, 9), 50)
    loan = a_loan()

    def oldest_unpaid(self, paid, dates):
        number = next_unpaid(self.loan, paid)
        return None if number is None else dates[number - 1]

    def standing(self, paid):
        return Standing(outstanding_principal(self.loan, paid), days_late(self.oldest_unpaid(paid, self.dates), self.on))

    @pytest.mark.parametrize(("loan", "count", "oldest", "days", "outstanding", "late", "quality", "at_a_bank"), table(FIVE_LOANS))
    def test_each_loan(self, loan, count, oldest, days, outstanding, late, quality, at_a_bank):
        paid = int(count) * 50_000
        assert self.oldest_unpaid(paid, self.dates) == date.fromisoformat(oldest)
        assert self.standing(paid) == Standing(int(outstanding), int(days))
        due_before = sum(day < self.on for day in self.dates)
        assert overdue(self.loan, due_before, paid) == int(late)
        assert classify(int(days), REGIMES["weekly_lender"]) == quality
        assert classify(int(days), REGIMES["bank"]) == at_a_bank

    def test_the_portfolio(self):
        standings = [self.standing(int(row[1]) * 50_000) for row in table(FIVE_LOANS)]
        assert gross(standings) == 8_120_000
        assert {days: par(standings, days) for days in (0, 7, 30, 90)} == {0: 5_200_000, 7: 3_680_000, 30: 3_680_000, 90: 2_000_000}
        shares = {days: ratio(par(standings, days), gross(standings)) for days in (0, 7, 30, 90)}
        assert shares == {0: Decimal("0.6404"), 7: Decimal("0.4532"), 30: Decimal("0.4532"), 90: Decimal("0.2463")}

    def test_overdue_principal_is_not_par(self):
        late = sum(int(row[5]) // 50_000 * 40_000 for row in table(FIVE_LOANS))
        assert (late, ratio(late, 8_120_000)) == (760_000, Decimal("0.0936"))

    def test_a_week_of_holiday_makes_nobody_late(self):
        """The same payments, with the meetings from 11 May on moved by a week: day 11 May has no due, and no loan is later for it."""
        moved = [day + timedelta(weeks=1) if day >= self.on else day for day in self.dates]
        for count in (14, 13, 12, 8, 0):
            paid = count * 50_000
            assert days_late(self.oldest_unpaid(paid, moved), self.on) == self.standing(paid).days_late


def test_restructured_loans_stay_at_risk_in_every_bucket():
    standings = [Standing(1_000_000, 0), Standing(500_000, 0, restructured=True), Standing(250_000, 31)]
    assert [par(standings, days) for days in (0, 30, 90)] == [750_000, 750_000, 500_000]


def test_ratios_round_half_up_and_have_no_value_over_nothing():
    assert ratio(1, 20_000) == Decimal("0.0001")
    assert ratio(3, 20_000) == Decimal("0.0002")
    assert ratio(1, 20_001) == Decimal("0.0000")
    assert ratio(2, 3) == Decimal("0.6667")
    assert ratio(5, 5) == Decimal("1.0000")
    assert ratio(0, 0) is None
    assert ratio(10**15, 3 * 10**15) == Decimal("0.3333")


def test_provision_wants_a_rate_for_each_bucket_and_rounds_half_up():
    assert provision([1, 3], [5_000, 5_000]) == 1 + 2
    with pytest.raises(ValueError, match="argument"):
        provision([1, 2], [5_000])
