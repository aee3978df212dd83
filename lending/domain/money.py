"""Whole rupiah: how they are typed, and how a share of them is rounded. No float ever comes near."""

import re
from dataclasses import dataclass
from typing import Annotated

from lending.domain.refusals import Refusal


@dataclass(frozen=True)
class Meaning:
    """What a plain value stands for, where the type alone does not say it."""

    of: str


Rupiah = Annotated[int, Meaning("whole rupiah")]
"""An amount in whole rupiah; in tables a BIGINT. The annotation tells SQLAlchemy the column type, and the reader the unit."""

LARGEST_AMOUNT: Rupiah = 100_000_000_000
"""No single amount above Rp100 billion makes sense (api-detail, part 4, *Amounts*)."""

LARGEST_SHAPE: Rupiah = 999_999_999_999_999
"""Fifteen digits: what has more is not an amount of ours at all."""

_TYPED = re.compile(r"(?:Rp\.?\s*)?(\d{1,3}(?:\.\d{3})+|\d+)", re.ASCII | re.IGNORECASE)


def parse_rupiah(text: str) -> Rupiah:
    """Read an amount as Indonesians write it: `1250000`, `1.250.000`, `Rp1.250.000`.

    Everything else is refused (`amount_format`): signs, decimals, commas, `1.25`, other scripts' digits, more than 15 digits. A library's
    number parser would read `20.000` as twenty.
    """
    found = _TYPED.fullmatch(text.strip(" "))
    if found is None:
        raise Refusal("amount_format", typed=text[:40])
    digits = found[1].replace(".", "")
    if len(digits) > 15:
        raise Refusal("amount_format", typed=text[:40])
    return int(digits)


def check_amount(amount: Rupiah, at: str, smallest: Rupiah = 1) -> None:
    """Refuse an amount without sense: below `smallest` (`too_small`) or above Rp100 billion (`too_large`), at the field `at`."""
    if amount < smallest:
        raise Refusal("too_small", at=at, smallest=smallest)
    if amount > LARGEST_AMOUNT:
        raise Refusal("too_large", at=at, largest=LARGEST_AMOUNT)


def divide_half_up(numerator: int, denominator: int) -> int:
    """`numerator ÷ denominator`, rounded half up to the whole rupiah; both non-negative, in integers throughout."""
    return (2 * numerator + denominator) // (2 * denominator)
