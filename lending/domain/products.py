"""Whether a product's terms make sense, before anybody is offered them (api-detail part 2 *Products*)."""

from lending.domain.identity import check_name
from lending.domain.money import check_amount
from lending.domain.refusals import Gathered, Refusal
from lending.domain.schedule import WHOLE, CycleLimit, ProductTerms

LONGEST_WEEKS = 260
LONGEST_YEAR = 60
"""Weeks in the year that the margin rate speaks of; PNM Mekaar's has 50."""


def check_terms(terms: ProductTerms) -> None:
    """Refuse terms without sense, all faults at once: `out_of_range` (with `smallest`, `largest`), `too_small`, `too_large`,
    `max_below_min`, `weeks_not_offered` (none, or one twice), `weeks_not_whole` (no whole number of instalments), `cycle_twice`."""
    found = Gathered()
    with found:
        check_name(terms.name)
    for at, amount in (("min_principal", terms.min_principal), ("step", terms.step), ("coin", terms.coin)):
        with found:
            check_amount(amount, at)
    with found:
        check_amount(terms.max_principal, "max_principal")
        if terms.max_principal < terms.min_principal:
            raise Refusal("max_below_min", at="max_principal", smallest=terms.min_principal)
    for at, number, smallest, largest in (
        ("every_weeks", terms.every_weeks, 1, 2),
        ("margin_bp", terms.margin_bp, 0, WHOLE),
        ("upj_bp", terms.upj_bp, 0, WHOLE),
        ("year_weeks", terms.year_weeks, 1, LONGEST_YEAR),
        ("block_days_late", terms.block_days_late or 0, 0, 3_650),
    ):
        with found:
            _check_range(at, number, smallest, largest)
    with found:
        _check_weeks(terms)
    for place, limit in enumerate(terms.by_cycle):
        with found:
            _check_cycle(limit, f"by_cycle.{place}")
    with found:
        if len({limit.cycle for limit in terms.by_cycle}) < len(terms.by_cycle):
            raise Refusal("cycle_twice", at="by_cycle")
    found.refuse()


def _check_range(at: str, number: int, smallest: int, largest: int) -> None:
    if not smallest <= number <= largest:
        raise Refusal("out_of_range", at=at, smallest=smallest, largest=largest)


def _check_weeks(terms: ProductTerms) -> None:
    if not terms.weeks or len(set(terms.weeks)) < len(terms.weeks):
        raise Refusal("weeks_not_offered", at="weeks", weeks=terms.weeks)
    for place, weeks in enumerate(terms.weeks):
        _check_range(f"weeks.{place}", weeks, 1, LONGEST_WEEKS)
        if weeks % max(1, terms.every_weeks):
            raise Refusal("weeks_not_whole", at=f"weeks.{place}", weeks=weeks, every_weeks=terms.every_weeks)


def _check_cycle(limit: CycleLimit, at: str) -> None:
    _check_range(f"{at}.cycle", limit.cycle, 1, 1_000)
    for name, amount in (("min_principal", limit.min_principal), ("max_principal", limit.max_principal)):
        if amount is not None:
            check_amount(amount, f"{at}.{name}")
    if limit.min_principal is not None and limit.max_principal is not None and limit.max_principal < limit.min_principal:
        raise Refusal("max_below_min", at=f"{at}.max_principal", smallest=limit.min_principal)
