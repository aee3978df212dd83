"""What we keep for a member: her savings, and the UPJ that she left with us. Both are hers, and neither was ever less than nothing.

Source: api-detail part 4 (*UPJ*, *Who, and out of which purse*); domain.md §1.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate

from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal


class SavingsKind(StrEnum):
    """Money that she brings to the unit, or takes out there; at a meeting it is a part of the record."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"


class UpjKind(StrEnum):
    """What becomes of her UPJ when no loan of hers runs: into her hand, or into her savings."""

    REFUND = "refund"
    TO_SAVINGS = "to_savings"


@dataclass(frozen=True)
class Moved:
    """So much more, or less, on one day."""

    on: date
    amount: Rupiah


def can_be_taken(movements: Iterable[Moved], on: date) -> Rupiah:
    """How much can be taken out as of `on`, so that no balance since then was below zero: 0 where nothing can.

    A withdrawal that is dated back takes from every later balance too, so the smallest since then is what there is. Movements of one day
    come in the order in which they were booked.
    """
    ordered = sorted(movements, key=lambda moved: moved.on)
    after = list(accumulate(moved.amount for moved in ordered))
    by_then = sum(moved.on <= on for moved in ordered)
    return max(0, min([after[by_then - 1] if by_then else 0, *after[by_then:]]))


def check_savings(movements: Iterable[Moved], on: date, amount: Rupiah) -> None:
    """Refuse (`not_enough_savings`, with `left`) to take out more than she had."""
    if amount > (left := can_be_taken(movements, on)):
        raise Refusal("not_enough_savings", at="amount", left=left)


def check_upj(movements: Iterable[Moved], on: date, amount: Rupiah) -> None:
    """Refuse (`not_enough_upj`, with `left`) to give out more UPJ than she left."""
    if amount > (left := can_be_taken(movements, on)):
        raise Refusal("not_enough_upj", at="amount", left=left)
