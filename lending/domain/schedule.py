"""What a loan costs and how it falls into instalments, in whole rupiah to the last one.

Flat margin on the product's own year (50 weeks at PNM Mekaar, not 52); every instalment alike, rounded up to the coin, the last one
smaller by the rest. There are no instalment rows: everything below is computed from `LoanTerms`. Source: design §4a; api-detail part 2
*Products*; domain.md §1.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lending.domain.money import Rupiah, divide_half_up
from lending.domain.refusals import Refusal

SMALLER_COINS = (500, 100, 50, 1)
"""Where the product's coin is too coarse for a loan, it steps down through these."""

WHOLE = 10_000
"""Basis points in 100 %."""


class PaymentOrder(StrEnum):
    """Which part of an instalment a payment fills first."""

    MARGIN_FIRST = "margin_first"
    PRINCIPAL_FIRST = "principal_first"


class Akad(StrEnum):
    """The kind of contract; it changes the words on paper, never a sum."""

    CONVENTIONAL = "conventional"
    MURABAHAH = "murabahah"


@dataclass(frozen=True)
class CycleLimit:
    """The principal offered in one cycle; None leaves that end to the product. A cycle without its own limit has the product's."""

    cycle: int
    min_principal: Rupiah | None
    max_principal: Rupiah | None


@dataclass(frozen=True)
class ProductTerms:
    """One version of a product. Rates in basis points; `weeks` are the lengths offered; a loan keeps the version it began with."""

    code: str
    name: str
    akad: Akad
    min_principal: Rupiah
    max_principal: Rupiah
    step: Rupiah
    weeks: tuple[int, ...]
    every_weeks: int
    margin_bp: int
    year_weeks: int
    coin: Rupiah
    upj_bp: int
    payment_order: PaymentOrder
    by_cycle: tuple[CycleLimit, ...] = ()
    block_days_late: int | None = None


@dataclass(frozen=True)
class LoanTerms:
    """All that a loan's sums follow from. `count` instalments of `instalment`, the last one the rest.

    `explicit` belongs to an irregular loan: what must be paid in all after each of its instalments; `explicit_margin`, where it is given,
    how much of that is margin. A restructured loan has both (`domain.plan`): the rows paid before, then what was left, on new days.
    """

    principal: Rupiah
    margin: Rupiah
    weeks: int
    every_weeks: int
    count: int
    instalment: Rupiah
    payment_order: PaymentOrder
    explicit: tuple[Rupiah, ...] = ()
    explicit_margin: tuple[Rupiah, ...] = ()

    @property
    def total(self) -> Rupiah:
        """Principal and margin."""
        return self.principal + self.margin


@dataclass(frozen=True)
class Instalment:
    """One row of a schedule; `balance` is what is still owed, principal and margin, after it is paid."""

    number: int
    due_on: date
    principal: Rupiah
    margin: Rupiah
    total: Rupiah
    balance: Rupiah


def check_offered(product: ProductTerms, principal: Rupiah, weeks: int, cycle: int | None) -> None:
    """Refuse what the product does not offer: `principal_not_offered` (range of the product, or of her cycle; whole steps), then
    `weeks_not_offered`. Without a cycle, as in a quote, the product's own range holds."""
    smallest, largest = product.min_principal, product.max_principal
    for limit in product.by_cycle:
        if limit.cycle == cycle:
            smallest = smallest if limit.min_principal is None else max(smallest, limit.min_principal)
            largest = largest if limit.max_principal is None else min(largest, limit.max_principal)
    if not smallest <= principal <= largest or principal % product.step:
        raise Refusal("principal_not_offered", at="principal", smallest=smallest, largest=largest, step=product.step)
    if weeks not in product.weeks:
        raise Refusal("weeks_not_offered", at="weeks", weeks=product.weeks)


def margin_of(product: ProductTerms, principal: Rupiah, weeks: int) -> Rupiah:
    """The whole margin: principal × rate × weeks ÷ the product's year, rounded half up to the rupiah."""
    return divide_half_up(principal * product.margin_bp * weeks, WHOLE * product.year_weeks)


def upj_of(product: ProductTerms, principal: Rupiah) -> Rupiah:
    """What the member leaves in safekeeping at disbursement (UPJ): hers, never income. Rounded half up."""
    return divide_half_up(principal * product.upj_bp, WHOLE)


def terms_of(product: ProductTerms, principal: Rupiah, weeks: int) -> LoanTerms:
    """The loan that `principal` for `weeks` gives under this product. Whether it is offered at all is `check_offered`'s to say."""
    margin = margin_of(product, principal, weeks)
    count = weeks // product.every_weeks
    instalment = equal_instalment(principal + margin, count, product.coin)
    return LoanTerms(principal, margin, weeks, product.every_weeks, count, instalment, product.payment_order)


def cumulative_due(terms: LoanTerms, k: int) -> Rupiah:
    """What must be paid in all once instalment `k` is due: 0 before the first, the whole loan from the last one on."""
    if k <= 0:
        return 0
    if k >= terms.count:
        return terms.total
    return terms.explicit[k - 1] if terms.explicit else min(k * terms.instalment, terms.total)


def cumulative_margin(terms: LoanTerms, k: int) -> Rupiah:
    """How much of `cumulative_due(terms, k)` is margin; the rest is principal.

    Margin × k ÷ count, rounded half up. One case beyond the papers: where the coin rounds instalments up far (Rp1,002,000 over 50 weeks in
    coins of Rp500), dues run ahead of the margin, and the principal would be repaid before the last instalment and a later one would have
    to give some back. There the principal stops at the principal and margin takes the rest, so that no part is ever negative; what a woman
    pays each week is the same. An irregular loan's margin follows its dues (margin × due ÷ total), for its instalments are not alike.
    """
    due = cumulative_due(terms, k)
    if k <= 0:
        return 0
    if terms.explicit_margin:
        return terms.explicit_margin[min(k, terms.count) - 1]
    if terms.explicit:
        return divide_half_up(terms.margin * due, terms.total)
    return max(divide_half_up(terms.margin * min(k, terms.count), terms.count), due - terms.principal)


def schedule(terms: LoanTerms, due_dates: Sequence[date]) -> list[Instalment]:
    """Every instalment with its parts, on the dates given: exactly one for each instalment (`ValueError` otherwise)."""
    rows = []
    for number, due_on in zip(range(1, terms.count + 1), due_dates, strict=True):
        due = cumulative_due(terms, number)
        total = due - cumulative_due(terms, number - 1)
        margin = cumulative_margin(terms, number) - cumulative_margin(terms, number - 1)
        rows.append(Instalment(number, due_on, total - margin, margin, total, terms.total - due))
    return rows


def equal_instalment(total: Rupiah, count: int, coin: Rupiah) -> Rupiah:
    """The equal instalment: rounded up to the coin, or to the first smaller one that leaves the last instalment something.

    A loan of fewer rupiah than it would take even in single ones ends early: its last instalments are 0.
    """
    for unit in (coin, *(smaller for smaller in SMALLER_COINS if smaller < coin)):
        instalment = -(-total // (count * unit)) * unit
        if total - (count - 1) * instalment > 0:
            break
    return instalment
