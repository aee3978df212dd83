"""The rules of risk as data: the shipped ones are what they were, a tolerance helps as far as it says, nonsense is refused at its field."""

from datetime import date
from typing import Any

import pytest

from lending.domain.arrears import REGIMES, LatenessUnit, QualityClass, QualityRegime, classify
from lending.domain.portfolio import Standing as On
from lending.domain.portfolio import bucket_names, by_lateness, provision
from lending.domain.risk_rules import CLASS_RATES, SHIPPED, check_terms, check_valid_from, rules_of, shipped_terms
from tests.domain.tables import table
from tests.makers import faults, refused


def test_what_is_shipped_and_stored_is_what_holds() -> None:
    assert rules_of({}) == SHIPPED
    assert rules_of(shipped_terms()) == SHIPPED
    for code, terms in shipped_terms().items():
        check_terms(code, terms)


WEEKLY, BANK = ({"counts": one.unit.value} for one in (REGIMES["weekly_lender"], REGIMES["bank"]))
TOLERANT = QualityRegime("bank", LatenessUnit.DAYS, REGIMES["bank"].bounds, QualityClass.MACET, tolerance_days=3, tolerance_rupiah=10_000)

# Days late, overdue, its class at a bank that tolerates 3 days or Rp10,000, and at one that tolerates nothing.
TOLERANCE = """
     0        0  lancar         lancar
     1   50_000  lancar         dpk
     3   50_000  lancar         dpk
     4   50_000  dpk            dpk
     4   10_000  lancar         dpk
     4   10_001  dpk            dpk
    91   10_000  lancar         kurang_lancar
    91   50_000  kurang_lancar  kurang_lancar
   181   10_001  macet          macet
"""


@pytest.mark.parametrize(("days", "overdue", "tolerant", "strict"), table(TOLERANCE))
def test_within_a_tolerance_of_days_or_rupiah_a_loan_is_of_the_best_class(days: str, overdue: str, tolerant: str, strict: str) -> None:
    assert classify(int(days), TOLERANT, int(overdue)) == tolerant
    assert classify(int(days), REGIMES["bank"], int(overdue)) == strict


def test_a_tolerance_of_nothing_helps_nobody_who_owes_nothing_now() -> None:
    assert classify(200, REGIMES["bank"], 0) is QualityClass.MACET


def regime(upper: dict[str, int], **more: int) -> dict[str, Any]:
    return {**BANK, "upper": upper, "beyond": "macet", "tolerance_days": 0, "tolerance_rupiah": 0, **more}


def rates(*found: int | None) -> dict[str, Any]:
    return {"rates_bp": dict(zip((one.value for one in QualityClass), found, strict=True))}


@pytest.mark.parametrize(("code", "terms", "told"), [
    ("bank", regime({"dpk": 90}), [("upper.lancar", "required")]),
    ("bank", regime({"lancar": 10, "dpk": 10}), [("upper.dpk", "must_rise")]),
    ("bank", regime({"lancar": 0, "dpk": 90, "diragukan": 60}), [("upper.diragukan", "must_rise")]),
    ("bank", regime({"lancar": 3_651}), [("upper.lancar", "out_of_range")]),
    ("weekly_lender", {**regime({"lancar": 521}), **WEEKLY}, [("upper.lancar", "out_of_range")]),
    ("bank", regime({"lancar": 0}, tolerance_days=31, tolerance_rupiah=100_001), [
        ("tolerance_days", "out_of_range"), ("tolerance_rupiah", "out_of_range"),
    ]),
    (CLASS_RATES, rates(0, 500, 400, 5_000, 10_001), [("rates_bp.kurang_lancar", "must_rise"), ("rates_bp.macet", "out_of_range")]),
    (CLASS_RATES, rates(0, 500, None, 5_000, 10_000), [("rates_bp.kurang_lancar", "required")]),
    ("sa_dhan", {"upper_days": [0, 30], "rates_bp": [0, 100]}, [("rates_bp", "one_rate_a_bucket")]),
    ("sa_dhan", {"upper_days": [30, 30], "rates_bp": [0, 100, 200]}, [("upper_days", "must_rise")]),
    ("sa_dhan", {"upper_days": [30, 60], "rates_bp": [0, 200, 100]}, [("rates_bp", "must_rise")]),
    ("sa_dhan", {"upper_days": [], "rates_bp": [0]}, [("upper_days", "out_of_range")]),
])  # fmt: skip
def test_terms_that_make_no_sense_are_refused_at_their_field(code: str, terms: dict[str, Any], told: list[tuple[str, str]]) -> None:
    assert faults(refused(lambda: check_terms(code, terms))) == told


def test_a_version_begins_tomorrow_at_the_earliest() -> None:
    check_valid_from(date(2026, 3, 2), date(2026, 3, 1))
    assert faults(refused(lambda: check_valid_from(date(2026, 3, 1), date(2026, 3, 1)))) == [("valid_from", "from_tomorrow")]


def test_a_scheme_of_ones_own_worked_out() -> None:
    # 1,000,000 current, 400,000 at 20 days, 300,000 at 45, 200,000 at 91: 1 % of what is up to 45 days, 60 % of the rest.
    loans = [On(1_000_000, 0), On(400_000, 20), On(300_000, 45), On(200_000, 91)]
    scheme = rules_of({"sa_dhan": {"upper_days": [0, 45], "rates_bp": [0, 100, 6_000]}}).schemes["sa_dhan"]
    assert bucket_names(scheme.upper_days) == ["0", "1-45", ">45"]
    buckets = by_lateness(loans, scheme.upper_days)
    assert buckets == [1_000_000, 700_000, 200_000]
    assert provision(buckets, scheme.rates_bp) == 7_000 + 120_000
