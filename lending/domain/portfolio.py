"""The portfolio's figures: gross, at risk, provided for. PAR is the *whole* outstanding principal of late loans, never the overdue part.

Source: domain.md §5.1, §5.3 and its oracles 3 to 5; api-detail part 1 (`par_ratio`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lending.domain.arrears import QualityClass
from lending.domain.money import Rupiah, divide_half_up

PAR_DAYS = (0, 7, 30, 60, 90)
"""The bounds that reports show."""


@dataclass(frozen=True)
class Standing:
    """One running loan on one day. `restructured`: still within its eight clean payments, so at risk whatever its days."""

    outstanding_principal: Rupiah
    days_late: int
    restructured: bool = False


def gross(standings: Iterable[Standing]) -> Rupiah:
    """All outstanding principal."""
    return sum(standing.outstanding_principal for standing in standings)


def par(standings: Iterable[Standing], more_than_days: int) -> Rupiah:
    """Outstanding principal of the loans later than that many days (7 days is not *more than 7*), and of every restructured one."""
    return sum(standing.outstanding_principal for standing in standings if standing.restructured or standing.days_late > more_than_days)


def ratio(part: int, whole: int) -> Decimal | None:
    """`part ÷ whole` to four decimals, rounded half up; None when there is nothing to divide by."""
    if whole == 0:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


@dataclass(frozen=True)
class ProvisionScheme:
    """Rates by lateness, in basis points: one for each upper bound in days (included), and a last one for what lies beyond."""

    upper_days: tuple[int, ...]
    rates_bp: tuple[int, ...]


PROVISION_SCHEMES: Mapping[str, ProvisionScheme] = {
    "sa_dhan": ProvisionScheme((0, 30, 60, 90, 180, 365), (0, 1_000, 2_500, 5_000, 7_500, 9_000, 10_000)),
    "microbanking_bulletin": ProvisionScheme((90, 180), (0, 5_000, 10_000)),
}
"""Published schemes (domain.md §5.3) that the programme ships, by code; what holds on a day is a row (`queries/risk_rules.py`)."""


CLASS_RATES_BP: Mapping[str, int] = {
    QualityClass.LANCAR: 0,
    QualityClass.DPK: 500,
    QualityClass.KURANG_LANCAR: 1_500,
    QualityClass.DIRAGUKAN: 5_000,
    QualityClass.MACET: 10_000,
}
"""What each class asks to be set aside, in basis points of its outstanding principal, as the programme ships it."""


def by_lateness(standings: Iterable[Standing], upper_days: Sequence[int]) -> list[Rupiah]:
    """Outstanding principal in each bucket: up to each bound, and beyond the last."""
    buckets = [0] * (len(upper_days) + 1)
    for standing in standings:
        place = next((place for place, upper in enumerate(upper_days) if standing.days_late <= upper), len(upper_days))
        buckets[place] += standing.outstanding_principal
    return buckets


def bucket_names(upper_days: Sequence[int]) -> list[str]:
    """`0`, `1-7`, …, `>90` for these bounds."""
    names, after = [], 0
    for upper in upper_days:
        names.append(str(upper) if upper == after else f"{after}-{upper}")
        after = upper + 1
    return [*names, f">{upper_days[-1]}"]


def provision(outstanding_by_bucket: Sequence[Rupiah], rates_bp: Sequence[int]) -> Rupiah:
    """What is set aside against loss: each bucket at its rate (basis points), rounded half up."""
    return sum(divide_half_up(outstanding * rate, 10_000) for outstanding, rate in zip(outstanding_by_bucket, rates_bp, strict=True))


def annual_loss(collection_rate: Fraction, term_years: Fraction) -> Fraction:
    """The share of the portfolio lost in a year at that collection rate: (1 − rate) ÷ term × 2 (Rosenberg, CGAP Occasional Paper 3)."""
    return (1 - collection_rate) / term_years * 2
