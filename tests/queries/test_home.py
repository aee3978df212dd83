"""What the first page shows of the week: due and collected day by day, whose cash since when, what waits on phones."""

from datetime import date, timedelta

import pytest

from lending.actions.cash import Handover, hand_over
from lending.actions.groups import assign_officer
from lending.domain.access import Actor
from lending.queries import home
from lending.queries.home import Sums
from tests.furnished import House, a_record, a_running_loan, a_uuid, day, only_sqlite, statements
from tests.reported import column, made, total

THURSDAY = day(3) + timedelta(days=3)


def whole(week: home.Week) -> tuple[int, int, int, int]:
    so_far = week.so_far
    return so_far.due, so_far.collected, so_far.planned, so_far.held


def test_the_week_is_what_the_reports_say_of_it(house: House):
    a_running_loan(house, house.others[0], day(1))
    a_record(house, 1, paid={house.women[0]: 20_000})
    a_record(house, 2)
    a_record(house, 3, paid={house.women[1]: 0, house.women[2]: 150_000}, on=THURSDAY)
    head = house.head(THURSDAY)
    week = home.week(head)
    assert [on.weekday() for on in week.days] == [0, 1, 2, 3, 4, 5]
    days = made(head, "collection", "day", first=week.monday, last=THURSDAY)
    assert [week.days[row.key].due for row in days.rows] == column(days, "due")
    assert [week.days[row.key].collected for row in days.rows] == column(days, "collected")
    attendance = made(head, "attendance", "officer", first=week.monday, last=THURSDAY)
    assert whole(week) == (650_000, 650_000, 2, 1)
    assert whole(week)[2:] == (total(attendance, "planned"), total(attendance, "held"))
    officers = made(head, "collection", "officer", first=week.monday, last=THURSDAY)
    assert {row.key: (row.due, row.collected) for row in officers.rows} == {
        name: (sums.due, sums.collected) for name, sums in week.officers.items()
    }


@only_sqlite
def test_a_day_to_come_has_what_is_planned_and_no_officer_is_behind_for_it(house: House):
    week = home.week(house.head(day(3) - timedelta(days=7)))
    assert week.days[day(2)] == Sums(600_000, 0, 1, 0)
    tuesday = home.week(house.head(day(2) + timedelta(days=1)))
    assert whole(tuesday) == (600_000, 0, 1, 0)
    sunday = home.week(house.head(day(2) - timedelta(days=1)))
    assert whole(sunday)[0] == 600_000
    assert sum(sums.due for sums in sunday.days.values()) == 600_000


@only_sqlite
def test_each_sees_her_own_week(house: House):
    a_record(house, 1)
    assert whole(home.week(house.officer(day(1))))[1] == 600_000
    assert whole(home.week(house.person("officer2", day(1)))) == (0, 0, 0, 0)
    assert whole(home.week(house.person("srg-head", day(1)))) == (0, 0, 0, 0)
    assert whole(home.week(house.person("auditor", day(1))))[1] == 600_000


def since(by: Actor) -> list[tuple[str, int, date | None]]:
    return [(one.held.username, one.held.amount, one.since) for one in home.purses(by)]


def test_since_when_an_officer_holds_cash(house: House):
    cashier = house.person("cashier", day(2))
    a_record(house, 1)
    assert since(cashier) == [("officer", 600_000, day(1))]
    a_record(house, 2)
    assert since(cashier) == [("officer", 1_200_000, day(1))]
    hand_over(Handover(a_uuid(9), "officer", day(2), 1_200_000, None, None), cashier)
    assert since(cashier) == []
    a_record(house, 3)
    a_record(house, 4)
    assert since(house.head(day(4))) == [("officer", 1_200_000, day(3))]
    (long_ago,) = home.purses(house.head(day(9)))
    assert (long_ago.since, long_ago.days) == (None, 14)
    assert since(house.person("officer2", day(4))) == []


@only_sqlite
def test_who_serves_how_many_groups(house: House):
    def served(on: date) -> list[tuple[str | None, set[int]]]:
        return [(one.username, set(one.groups)) for one in home.officers(house.head(on))]

    assert served(day(1)) == [("officer", {house.melati}), ("officer2", {house.kenanga})]
    assign_officer(house.melati, "officer2", house.head(day(2)), reason="pindah")
    assert served(day(2)) == [("officer2", {house.melati, house.kenanga})]


@only_sqlite
@pytest.mark.parametrize("size", [1, 12])
def test_the_week_takes_as_many_statements_whatever_the_size(house: House, size: int):
    for woman in house.others[: size - 1]:
        a_running_loan(house, woman, day(1))
    with statements() as seen:
        home.week(house.head(day(3)))
        home.purses(house.head(day(3)))
        home.officers(house.head(day(3)))
        home.phones(house.head(day(3)))
    assert len(seen) == 7
