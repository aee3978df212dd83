"""May this woman have a loan? The gates, one after the other; the first that is shut gives the answer.

Asked when she applies and again at approval and disbursement (api-detail part 3, *Gates: when?*). Source: design §6; domain.md §2.1, §2.2.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lending.domain.identity import OLDEST, YOUNGEST, age_on
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal

NEEDED_CONSENTS = frozenset({"credit", "group"})
SMALLEST_GROUP, LARGEST_GROUP = 10, 30
ELIGIBILITY_DAYS = 180
"""So long a passed test of eligibility holds, its own day not counted."""
TRAINING_DAYS = 5
"""Compulsory training before a first loan."""


@dataclass(frozen=True)
class Applicant:
    """What is known of her and her group on the day asked about.

    `eligibility` is her latest test, (day, passed); `cycle` that of the loan asked for; `group_worst_days_late` the latest running loan
    of the group; `block_days_late` the product's bound, None where it has none.
    """

    birth_date: date
    is_woman: bool
    consents: AbstractSet[str]
    training_days: int
    eligibility: tuple[date, bool] | None
    cycle: int
    group_size: int
    has_leader: bool
    has_running_loan: bool
    group_worst_days_late: int
    block_days_late: int | None


def check_gates(applicant: Applicant, on: date) -> None:
    """Refuse by the first gate that fails: `not_a_woman age_out_of_range consent_missing group_too_small group_too_large leader_missing
    eligibility_missing eligibility_failed training_incomplete loan_running group_in_arrears`, all 422."""
    if not applicant.is_woman:
        raise Refusal("not_a_woman")
    if not YOUNGEST <= age_on(applicant.birth_date, on) <= OLDEST:
        raise Refusal("age_out_of_range", youngest=YOUNGEST, oldest=OLDEST)
    if missing := sorted(NEEDED_CONSENTS - applicant.consents):
        raise Refusal("consent_missing", missing=missing)
    if applicant.group_size < SMALLEST_GROUP:
        raise Refusal("group_too_small", size=applicant.group_size, smallest=SMALLEST_GROUP)
    if applicant.group_size > LARGEST_GROUP:
        raise Refusal("group_too_large", size=applicant.group_size, largest=LARGEST_GROUP)
    if not applicant.has_leader:
        raise Refusal("leader_missing")
    if applicant.eligibility is None or (on - applicant.eligibility[0]).days > ELIGIBILITY_DAYS:
        raise Refusal("eligibility_missing", days=ELIGIBILITY_DAYS)
    if not applicant.eligibility[1]:
        raise Refusal("eligibility_failed", tested_on=applicant.eligibility[0])
    if applicant.cycle == 1 and applicant.training_days < TRAINING_DAYS:
        raise Refusal("training_incomplete", days=applicant.training_days, needed=TRAINING_DAYS)
    if applicant.has_running_loan:
        raise Refusal("loan_running")
    if applicant.block_days_late is not None and applicant.group_worst_days_late > applicant.block_days_late:
        raise Refusal("group_in_arrears", days=applicant.group_worst_days_late, allowed=applicant.block_days_late)


class Purpose(StrEnum):
    """What a woman can agree to, each by itself (domain.md §9, *Consent forms*)."""

    CREDIT = "credit"
    GROUP = "group"
    """That the women of her group see each other's arrears, without which there is no tanggung renteng."""
    PHOTO = "photo"
    """Photos and the place they were taken."""
    CITY = "city"
    """Sharing with the city's poverty programmes."""


def check_purpose(text: str, at: str) -> None:
    """Refuse what is not a purpose of consent (`consent_unknown`)."""
    if text not in set(Purpose):
        raise Refusal("consent_unknown", at=at, purposes=[purpose.value for purpose in Purpose])


@dataclass(frozen=True)
class Welfare:
    """The bounds of a prasejahtera household: income a head and month, and the house index (0–20, low is poor), both at most."""

    income_per_head: Rupiah
    house_index: int


MEKAAR_WELFARE = Welfare(income_per_head=800_000, house_index=10)
"""PNM Mekaar: Rp800,000 a head and month *and* a low house index (domain.md §2.1); where "low" ends is not published: half is ours."""

MOST_IN_HOUSEHOLD, BEST_HOUSE = 30, 20


def is_within(bounds: Welfare, *, household_size: int, income_per_month: Rupiah, house_index: int) -> bool:
    """What the rule alone says of a household; the officer's finding may differ, and then has to be explained."""
    return income_per_month <= bounds.income_per_head * household_size and house_index <= bounds.house_index
