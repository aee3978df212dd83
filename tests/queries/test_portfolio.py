"""The portfolio laid out by whatever the reader compares: what fell due, what came, from whom, what is at risk."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lending.actions.admin import add_product
from lending.actions.groups import assign_officer
from lending.actions.undoing import undo_record
from lending.domain.access import Actor
from lending.domain.refusals import NotAllowed
from lending.queries.portfolio import SMALL_CELL, Portfolio, PortfolioRow, portfolio
from tests.domain.tables import MEKAAR
from tests.furnished import (
    LENT_ON,
    TALANG_BAKUNG,
    House,
    a_record,
    a_report,
    a_running_loan,
    a_uuid,
    day,
    keep,
    meeting_of,
    only_sqlite,
)


def unit_row(house: House, on: date, *, seen: date | None = None) -> PortfolioRow:
    (row,) = portfolio(house.head(seen or max(on, day(9))), on, "unit").items
    return row


def test_before_anybody_is_due_everything_is_outstanding_and_nothing_at_risk(house: House):
    row = unit_row(house, LENT_ON)
    assert (row.key, row.name, row.loans, row.outstanding_principal) == ("JMB", "Kota Jambi", 12, 24_000_000)
    assert set(row.par.values()) == {0}
    assert (row.due_period, row.collected_period, row.own_payment_rate, row.collection_rate) == (0, 0, None, None)
    assert unit_row(house, day(1)).due_period == 600_000
    assert portfolio(house.head(day(1)), LENT_ON - timedelta(days=1), "unit").items == ()


def test_the_period_is_the_seven_days_that_end_that_evening(house: House):
    helped, giver, ahead = house.women[0], house.women[1], house.women[2]
    a_record(house, 1, paid={helped: 0, ahead: 150_000}, renteng={helped: [(giver, 50_000)]})
    for on in (day(1), day(2) - timedelta(days=1)):
        row = unit_row(house, on)
        # Money paid ahead counts when it came, and renteng is collected, but not from her own purse.
        assert (row.due_period, row.collected_period, row.renteng_period) == (600_000, 700_000, 50_000)
        assert row.own_payment_rate == Decimal("0.9286")
        assert row.collection_rate == Decimal("1.1667")
    row = unit_row(house, day(2))
    assert (row.due_period, row.collected_period, row.own_payment_rate) == (600_000, 0, None)


def test_an_undone_week_is_taken_from_the_period_of_its_undo(house: House):
    kept = a_record(house, 1, paid={house.women[0]: 0}, renteng={house.women[0]: [(house.women[1], 50_000)]})
    undo_record(kept.uuid, house.head(day(3)), reason="salah")
    assert (unit_row(house, day(1)).collected_period, unit_row(house, day(1)).renteng_period) == (600_000, 50_000)
    assert (unit_row(house, day(2)).collected_period, unit_row(house, day(2)).renteng_period) == (0, 0)
    assert (unit_row(house, day(3)).collected_period, unit_row(house, day(3)).renteng_period) == (-600_000, -50_000)


def test_a_loan_repaid_early_still_fell_due_and_is_in_no_sum_of_what_is_owed(house: House):
    a_record(house, 1, paid={house.women[0]: 2_500_000})
    row = unit_row(house, day(2))
    assert (row.loans, row.due_period) == (11, 600_000)
    assert row.outstanding_principal == 11 * 1_960_000


def test_each_layout_has_its_keys_and_the_same_whole(house: House):
    a_running_loan(house, house.others[0], principal=5_000_000, weeks=25, product="MEKAAR-SYARIAH")
    a_record(house, 1, everybody=False)
    head = house.head(day(3))
    asked = {by: portfolio(head, day(3), by) for by in ("unit", "officer", "group", "kelurahan", "product", "cycle")}
    keys = {by: [(row.key, row.loans) for row in found.items] for by, found in asked.items()}
    assert keys == {
        "unit": [("JMB", 13)],
        "officer": [("officer", 12), ("officer2", 1)],
        "group": [(house.melati, 12), (house.kenanga, 1)],
        "kelurahan": [(TALANG_BAKUNG, 13)],
        "product": [("MEKAAR", 12), ("MEKAAR-SYARIAH", 1)],
        "cycle": [(1, 13)],
    }
    assert asked["kelurahan"].items[0].name == "Talang Bakung"
    wholes = [_sums(found) for found in asked.values()]
    assert wholes == [wholes[0]] * 6
    assert wholes[0] == (13, 29_000_000, 29_000_000, 29_000_000, 825_000, 0)


def _sums(found: Portfolio) -> tuple[int, ...]:
    whole = found.whole
    return whole.loans, whole.outstanding_principal, whole.par[0], whole.par[7], whole.due_period, whole.collected_period


def test_a_row_belongs_to_the_officer_of_that_day(house: House):
    assign_officer(house.melati, "officer2", house.head(day(2)), reason="pindah")
    head = house.head(day(3))
    assert [row.key for row in portfolio(head, day(2) - timedelta(days=1), "officer").items] == ["officer"]
    assert [row.key for row in portfolio(head, day(2), "officer").items] == ["officer2"]


def test_classes_and_provision_by_weeks_late(house: House):
    for evening, expected in (
        (day(1) + timedelta(weeks=4), ("lancar", 0)),
        (day(1) + timedelta(weeks=4, days=1), ("diragukan", 12_000_000)),
        (day(1) + timedelta(weeks=8), ("diragukan", 12_000_000)),
        (day(1) + timedelta(weeks=8, days=1), ("macet", 24_000_000)),
    ):
        row = unit_row(house, evening)
        assert (row.classes, row.provision) == ({expected[0]: (12, 24_000_000)}, expected[1])


@only_sqlite
def test_the_city_sees_kelurahan_only_and_no_small_row(house: House):
    city = house.person("city", day(1))
    (row,) = portfolio(city, day(1), "kelurahan").items
    assert row.loans == 12
    for laid_out_by in ("unit", "officer", "group", "product", "cycle"):
        with pytest.raises(NotAllowed):
            portfolio(city, day(1), laid_out_by)


@only_sqlite
def test_rows_of_fewer_than_five_loans_are_hidden_from_the_city(house: House):
    # All but four are repaid.
    paid = dict.fromkeys(house.women[: 12 - (SMALL_CELL - 1)], 2_500_000)
    a_record(house, 1, paid=paid, everybody=False)
    assert portfolio(house.person("city", day(1)), day(1), "kelurahan").items == ()
    assert portfolio(house.head(day(1)), day(1), "kelurahan").items[0].loans == 4
    a_running_loan(house, house.others[0], day(1))
    assert portfolio(house.person("city", day(1)), day(1), "kelurahan").items[0].loans == 5


@only_sqlite
def test_whose_rows_go_into_it(house: House):
    def loans(by: Actor, laid_out_by: str) -> int:
        return portfolio(by, day(1), laid_out_by).whole.loans

    assert loans(house.officer(day(1)), "group") == 12
    assert loans(house.person("officer2", day(1)), "group") == 0
    assert loans(house.person("srg-head", day(1)), "unit") == 0
    assert loans(house.person("auditor", day(1)), "unit") == 12
    assert loans(house.person("admin", day(1)), "unit") == 12
    for username, laid_out_by in (("admin", "group"), ("cashier", "unit"), ("mentor", "group")):
        with pytest.raises(NotAllowed):
            portfolio(house.person(username, day(1)), day(1), laid_out_by)
    assert portfolio(house.person("auditor", day(1)), day(1), "unit", unit="SRG").items == ()


@only_sqlite
def test_due_and_collected_of_a_fortnightly_loan(house: House):
    add_product(replace(MEKAAR, code="DUA-MINGGU", weeks=(50,), every_weeks=2), LENT_ON, house.person("admin", LENT_ON))
    woman = house.others[0]
    a_running_loan(house, woman, product="DUA-MINGGU")
    officer = house.person("officer2", day(2))
    off_week = meeting_of(house.kenanga, 3)
    keep(a_uuid(7), off_week, a_report(officer, off_week, held_on=day(2)), officer)
    found = {on: portfolio(house.head(day(9)), on, "product").items[0] for on in (day(1), day(2), day(3))}
    assert [(row.key, row.due_period, row.collected_period) for row in found.values()] == [
        ("DUA-MINGGU", 100_000, 0),
        ("DUA-MINGGU", 0, 100_000),
        ("DUA-MINGGU", 100_000, 0),
    ]
