"""What a loan would cost, told before anybody promises anything."""

from datetime import date

import pytest

from lending.domain.refusals import Refusal
from lending.queries.quotes import Quote, quote
from tests.furnished import House, only_sqlite

pytestmark = only_sqlite

THURSDAY = date(2026, 2, 5)


def asked(principal: int = 2_000_000, weeks: int = 50, **more: object) -> Quote:
    return quote(principal, weeks, today=THURSDAY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("principal", "weeks", "margin", "instalment", "upj"),
    [
        (2_000_000, 50, 500_000, 50_000, 100_000),
        (2_000_000, 25, 250_000, 90_000, 100_000),
        (3_500_000, 50, 875_000, 87_500, 175_000),
        (5_000_000, 25, 625_000, 225_000, 250_000),
    ],
)
def test_the_published_rows(house: House, principal: int, weeks: int, margin: int, instalment: int, upj: int):
    found = asked(principal, weeks)
    assert (found.margin, found.instalment, found.upj, found.received) == (margin, instalment, upj, principal - upj)
    assert len(found.instalments) == weeks
    assert sum(one.total for one in found.instalments) == principal + margin
    assert found.instalments[-1].balance == 0


def test_the_first_instalment_is_in_a_week_or_on_the_day_of_the_group(house: House):
    assert asked().instalments[0].due_on == date(2026, 2, 12)
    assert asked(weekday=4).instalments[0].due_on == date(2026, 2, 12)
    assert asked(weekday=5).instalments[0].due_on == date(2026, 2, 6)
    assert asked(weekday=1).instalments[0].due_on == date(2026, 2, 9)
    assert quote(2_000_000, 50, today=date(2026, 2, 8)).instalments[0].due_on == date(2026, 2, 16)
    assert asked(first_due=date(2025, 2, 3)).instalments[0].due_on == date(2025, 2, 3)
    assert asked(first_due=date(2026, 2, 9), weekday=1).instalments[0].due_on == date(2026, 2, 9)


def test_a_national_holiday_moves_the_rest_by_a_week_and_costs_nothing(house: House):
    # 17 February 2026 is Imlek, a Tuesday.
    found = asked(first_due=date(2026, 2, 10))
    assert [one.due_on for one in found.instalments[:3]] == [date(2026, 2, 10), date(2026, 2, 24), date(2026, 3, 3)]
    assert found.margin == 500_000


def test_what_is_not_offered_is_refused(house: House):
    for code, at, more in (
        ("no_such_product", "product", {"product": "KUR"}),
        ("principal_not_offered", "principal", {"principal": 2_100_000}),
        ("weeks_not_offered", "weeks", {"weeks": 52}),
        ("unlawful_day", "weekday", {"weekday": 7}),
        ("unlawful_day", "weekday", {"weekday": 0}),
        ("unlawful_day", "first_due", {"first_due": date(2026, 2, 8)}),
        ("weekday_differs", "weekday", {"first_due": date(2026, 2, 9), "weekday": 2}),
    ):
        with pytest.raises(Refusal) as no:
            asked(**more)
        assert (no.value.code, [fault.at for fault in no.value.faults]) == (code, [at])
