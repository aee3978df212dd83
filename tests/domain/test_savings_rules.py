"""What a woman can take out, so that her book was below zero on no line."""

from datetime import date

import pytest

from lending.domain.refusals import Refusal
from lending.domain.savings import Moved, can_be_taken, check_savings, check_upj


def book(*rows: tuple[int, int]) -> list[Moved]:
    """Movements of November: (day, amount)."""
    return [Moved(date(2026, 11, day), amount) for day, amount in rows]


@pytest.mark.parametrize(
    ("movements", "on", "left"),
    [
        (book(), 10, 0),
        (book((3, 50_000)), 2, 0),
        (book((3, 50_000)), 3, 50_000),
        (book((3, 50_000), (9, 20_000)), 5, 50_000),
        (book((3, 50_000), (9, 20_000)), 9, 70_000),
        (book((3, 50_000), (9, -30_000)), 5, 20_000),
        (book((3, 50_000), (9, -50_000), (12, 80_000)), 5, 0),
        (book((3, 50_000), (9, -50_000), (12, 80_000)), 12, 80_000),
        # Kept late: booked last, of an earlier day.
        (book((9, 20_000), (3, 50_000)), 5, 50_000),
        # Of one day the order of booking holds: after the first of them there were 10,000.
        (book((3, 50_000), (9, -40_000), (9, 40_000)), 5, 10_000),
    ],
)
def test_no_balance_since_then_falls_below_zero(movements: list[Moved], on: int, left: int) -> None:
    day = date(2026, 11, on)
    assert can_be_taken(movements, day) == left
    if left:
        check_savings(movements, day, left)
        check_upj(movements, day, left)
    for check, code in ((check_savings, "not_enough_savings"), (check_upj, "not_enough_upj")):
        with pytest.raises(Refusal) as no:
            check(movements, day, left + 1)
        assert (no.value.code, no.value.facts["left"], no.value.faults[0].at) == (code, left, "amount")
