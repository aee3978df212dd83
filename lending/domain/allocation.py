"""What has been paid, and what is therefore still due: only the total counts, oldest instalment first.

The order in which payments arrive does not matter, so a phone that sends last week's meeting after this week's needs no rule, and a
reversal is one more row. Source: design §2.3 and §4a; money above what is due pays the next instalments at once.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.domain.schedule import LoanTerms, PaymentOrder, cumulative_due, cumulative_margin


@dataclass(frozen=True)
class Allocation:
    """Money split into what it pays."""

    margin: Rupiah
    principal: Rupiah

    @property
    def total(self) -> Rupiah:
        """Both parts."""
        return self.margin + self.principal


@dataclass(frozen=True)
class Due:
    """An instalment that is not fully paid: its whole sum, and what of it is still open."""

    number: int
    due_on: date
    total: Rupiah
    unpaid: Rupiah


def allocate(terms: LoanTerms, total_paid: Rupiah) -> Allocation:
    """What a total paid has covered: whole instalments first, then the next one in the product's order of payment."""
    paid_up = _fully_paid(terms, total_paid)
    before = cumulative_margin(terms, paid_up)
    rest = total_paid - cumulative_due(terms, paid_up)
    of_margin = cumulative_margin(terms, paid_up + 1) - before
    if terms.payment_order is PaymentOrder.MARGIN_FIRST:
        margin = min(rest, of_margin)
    else:
        of_principal = cumulative_due(terms, paid_up + 1) - cumulative_due(terms, paid_up) - of_margin
        margin = max(0, rest - of_principal)
    return Allocation(before + margin, total_paid - before - margin)


def credit(terms: LoanTerms, paid_before: Rupiah, amount: Rupiah) -> Allocation:
    """How a payment is booked: the difference that it makes to `allocate`. A negative amount takes back, and gives the same with a minus.

    More than the whole loan still owes is refused: `pays_too_much` at `paid`, with `left`.
    """
    left = terms.total - paid_before
    if amount > left:
        raise Refusal("pays_too_much", at="paid", left=left)
    before, after = allocate(terms, paid_before), allocate(terms, paid_before + amount)
    return Allocation(after.margin - before.margin, after.principal - before.principal)


def outstanding_principal(terms: LoanTerms, total_paid: Rupiah) -> Rupiah:
    """The principal still owed, due or not: what PAR counts."""
    return terms.principal - allocate(terms, total_paid).principal


def next_unpaid(terms: LoanTerms, total_paid: Rupiah) -> int | None:
    """The number of the first instalment not fully paid; None when the loan is repaid."""
    paid_up = _fully_paid(terms, total_paid)
    return None if paid_up == terms.count else paid_up + 1


def remaining(terms: LoanTerms, due_dates: Sequence[date], total_paid: Rupiah) -> list[Due]:
    """Every instalment not fully paid, oldest first; `due_dates` are those of the whole loan, from its first instalment."""
    paid_up = _fully_paid(terms, total_paid)
    dues = []
    for number in range(paid_up + 1, terms.count + 1):
        start, end = cumulative_due(terms, number - 1), cumulative_due(terms, number)
        dues.append(Due(number, due_dates[number - 1], end - start, end - max(start, total_paid)))
    return dues


def paid_by_instalment(terms: LoanTerms, total_paid: Rupiah) -> list[Rupiah]:
    """What each instalment, from the first on, has received of the total."""
    covered = [min(cumulative_due(terms, k), total_paid) for k in range(terms.count + 1)]
    return [after - before for before, after in pairwise(covered)]


def due_and_arrears(terms: LoanTerms, number: int | None, total_paid: Rupiah) -> tuple[Rupiah, Rupiah]:
    """For the sheet: what is unpaid of instalment `number`, and of the earlier ones.

    Beyond the last instalment nothing is due and all that is unpaid is arrears; at 0 or below, or None (no loan yet due), both are 0. In
    the off week of a fortnightly loan ask with the number of the instalment before it and count both as arrears (`arrears.overdue`).
    """
    if number is None:
        return 0, 0
    unpaid = max(0, cumulative_due(terms, number) - total_paid)
    arrears = max(0, cumulative_due(terms, number - 1) - total_paid)
    return unpaid - arrears, arrears


def _fully_paid(terms: LoanTerms, total_paid: Rupiah) -> int:
    """How many instalments the total covers whole."""
    if not 0 <= total_paid <= terms.total:
        raise ValueError(f"{total_paid} paid on a loan of {terms.total}")
    if total_paid == terms.total:
        return terms.count
    return bisect_right(terms.explicit, total_paid) if terms.explicit else total_paid // terms.instalment
