"""How late a loan is, and what class of quality that makes it. Thresholds are data: they belong to the licence, not to the house.

Source: domain.md §5.1, §5.2; api-detail part 1 (`weeks_late`, `class`, `overdue`).
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lending.domain.money import Rupiah
from lending.domain.schedule import LoanTerms, cumulative_due

SATURDAY = 6
FIRST_HOUR, LAST_HOUR = 8, 20
"""The hours within which a member may be called about arrears."""


def days_late(next_due: date | None, on: date) -> int:
    """Days since the oldest due date not fully paid; 0 on that day itself, before it, and for a loan repaid (None)."""
    return 0 if next_due is None else max(0, (on - next_due).days)


def weeks_late(days: int) -> int:
    """Days late in weeks, rounded up: 1 to 7 days is 1."""
    return -(-days // 7)


def may_contact(at: datetime, holidays: Container[date]) -> bool:
    """Whether a member may be called about arrears at this local moment: Monday to Saturday, 08:00–20:00, on no national holiday.

    Source: POJK 22/2023 art. 62 (domain.md §9); another hour needs her own consent first.
    """
    return at.isoweekday() <= SATURDAY and FIRST_HOUR <= at.hour < LAST_HOUR and at.date() not in holidays


def overdue(terms: LoanTerms, due_before: int, total_paid: Rupiah) -> Rupiah:
    """The unpaid part of the first `due_before` instalments: those due on a day *before* the one asked about, never that day's own."""
    return max(0, cumulative_due(terms, due_before) - total_paid)


class QualityClass(StrEnum):
    """Kolektibilitas, from the best to the worst."""

    LANCAR = "lancar"
    DPK = "dpk"
    KURANG_LANCAR = "kurang_lancar"
    DIRAGUKAN = "diragukan"
    MACET = "macet"


class LatenessUnit(StrEnum):
    """What a regime counts."""

    WEEKS = "weeks"
    DAYS = "days"


@dataclass(frozen=True)
class QualityRegime:
    """One licence's classes: each holds up to its bound, included; `beyond` what is later than all of them.

    Within a tolerance, of days or of rupiah overdue, a loan is of the best class all the same. It changes no day and no PAR.
    """

    code: str
    unit: LatenessUnit
    bounds: tuple[tuple[int, QualityClass], ...]
    beyond: QualityClass
    tolerance_days: int = 0
    tolerance_rupiah: Rupiah = 0

    @property
    def best(self) -> QualityClass:
        """The class of a loan that is not late."""
        return self.bounds[0][1]


REGIMES: Mapping[str, QualityRegime] = {
    regime.code: regime
    for regime in (
        # POJK 62/2015, Lampiran III: weekly instalments.
        QualityRegime("weekly_lender", LatenessUnit.WEEKS, ((4, QualityClass.LANCAR), (8, QualityClass.DIRAGUKAN)), QualityClass.MACET),
        # POJK 40/2019, SLIK: Kol 1 to 5.
        QualityRegime(
            "bank",
            LatenessUnit.DAYS,
            (
                (0, QualityClass.LANCAR),
                (90, QualityClass.DPK),
                (120, QualityClass.KURANG_LANCAR),
                (180, QualityClass.DIRAGUKAN),
            ),
            QualityClass.MACET,
        ),
    )
}
"""The regimes that the programme ships, by code; what holds on a day is a row (`queries/risk_rules.py`)."""


def classify(days: int, regime: QualityRegime, overdue: Rupiah | None = None) -> QualityClass:
    """The class of a loan that is `days` late with this much overdue; without an amount, that tolerance does not help it."""
    is_little = overdue is not None and regime.tolerance_rupiah > 0 and overdue <= regime.tolerance_rupiah
    if is_little or days <= regime.tolerance_days:
        return regime.best
    late = weeks_late(days) if regime.unit is LatenessUnit.WEEKS else days
    return next((quality for upper, quality in regime.bounds if late <= upper), regime.beyond)
