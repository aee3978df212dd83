"""The card's rows: payments written into instalments, oldest first, her own before what others gave."""

from datetime import date, timedelta

import pytest

from lending.actions.calendars import move_meeting
from lending.actions.endings import Settlement, settle, write_off
from lending.actions.restructuring import restructure
from lending.actions.undoing import undo_record
from lending.domain.refusals import NotFound
from lending.domain.schedule import cumulative_due
from lending.queries import cards
from lending.queries.cards import CardRow, Payment, fill_in
from lending.queries.restructuring import NewTerms
from tests.domain.tables import a_loan, numbers, weekly
from tests.furnished import LENT_ON, House, a_record, day, only_sqlite

URL = "https://maju.example"
FIRST = date(2026, 2, 9)


def filled(payments: str) -> list[tuple[int, int, int, int, int]]:
    """Rows that were touched, as (number, paid, renteng, savings, week of its latest payment), of Rp50,000 a week.

    Payments as `week own renteng savings`, one a line.
    """
    of = a_loan()
    rows = [
        CardRow(number, due_on, None, cumulative_due(of, number) - cumulative_due(of, number - 1), of.total - cumulative_due(of, number))
        for number, due_on in enumerate(weekly(FIRST, of.count), 1)
    ]
    told = [Payment(FIRST + timedelta(weeks=week - 1), own, renteng, savings) for week, own, renteng, savings in numbers(payments)]
    return [
        (row.number, row.paid, row.renteng, row.savings, (row.paid_on - FIRST).days // 7 + 1)
        for row in fill_in(of, rows, told)
        if row.paid_on is not None
    ]


def test_a_week_paid_in_full_fills_its_row():
    assert filled("1 50.000 0 5.000 \n 2 50.000 0 0") == [(1, 50_000, 0, 5_000, 1), (2, 50_000, 0, 0, 2)]


def test_a_part_waits_for_the_rest_and_the_row_carries_the_later_day():
    assert filled("1 20.000 0 0 \n 2 80.000 0 1.000") == [(1, 50_000, 0, 1_000, 2), (2, 50_000, 0, 0, 2)]


def test_of_one_meetings_money_her_own_comes_first():
    assert filled("1 30.000 20.000 0") == [(1, 50_000, 20_000, 0, 1)]
    assert filled("1 30.000 40.000 0") == [(1, 50_000, 20_000, 0, 1), (2, 20_000, 20_000, 0, 1)]
    assert filled("1 60.000 40.000 0") == [(1, 50_000, 0, 0, 1), (2, 50_000, 40_000, 0, 1)]


def test_money_paid_ahead_fills_the_rows_to_come():
    assert filled("1 125.000 0 0 \n 4 25.000 0 0") == [(1, 50_000, 0, 0, 1), (2, 50_000, 0, 0, 1), (3, 50_000, 0, 0, 4)]


def test_a_paid_up_card_leaves_nothing():
    touched = filled("1 2.500.000 0 0")
    assert len(touched) == 50
    assert sum(paid for _, paid, *_ in touched) == 2_500_000


def test_the_card_of_a_real_loan(house: House):
    helped, giver = house.women[:2]
    a_record(house, 1, savings={helped: 5_000})
    a_record(house, 2, paid={helped: 20_000}, renteng={helped: [(giver, 30_000)]})
    card = cards.card(house.officer(day(2)), house.loans[0], URL)
    assert (card.member_name, card.member_number, card.group_name, card.sub_group, card.weekday) == (
        "Melati 01",
        "JMB-0001-01",
        "Melati",
        1,
        1,
    )
    assert (card.principal, card.margin, card.total, card.upj, card.weeks, card.instalment) == (
        2_000_000, 500_000, 2_500_000, 100_000, 50, 50_000,
    )  # fmt: skip
    assert (card.disbursed_on, card.as_of, card.outstanding_total, card.version) == (LENT_ON, day(2), 2_400_000, "A")
    assert card.check_url == f"{URL}/v/{card.check_code}"
    assert [(row.due_on, row.paid, row.renteng, row.savings, row.paid_on) for row in card.rows[:3]] == [
        (day(1), 50_000, 0, 5_000, day(1)),
        (day(2), 50_000, 30_000, 0, day(2)),
        (day(3), 0, 0, 0, None),
    ]
    assert [row.balance_after for row in card.rows[:2]] == [2_450_000, 2_400_000]
    assert card.rows[-1].balance_after == 0


def test_an_undone_meeting_is_not_on_the_card_and_a_moved_one_shows_its_first_day(house: House):
    kept = a_record(house, 1)
    undo_record(kept.uuid, house.officer(day(1)), reason="salah")
    move_meeting(house.melati, 4, day(3) + timedelta(days=1), "banjir", house.head(day(1)))
    card = cards.card(house.officer(day(1)), house.loans[0], URL)
    assert all(row.paid == 0 for row in card.rows)
    assert (card.rows[2].due_on, card.rows[2].moved_from, card.version) == (day(3) + timedelta(days=1), day(3), "B")
    assert card.rows[1].moved_from is None


@only_sqlite
def test_the_groups_cards_come_by_sub_group_and_name(house: House):
    every = cards.group_cards(house.officer(day(1)), house.melati, URL)
    assert [card.member_name for card in every] == [f"Melati {nth:02}" for nth in range(1, 13)]
    some = cards.group_cards(house.officer(day(1)), house.melati, URL, [house.loans[3], house.loans[1]])
    assert [card.member_name for card in some] == ["Melati 02", "Melati 04"]
    a_record(house, 1, paid={house.women[0]: 2_500_000})
    assert len(cards.group_cards(house.officer(day(1)), house.melati, URL)) == 11
    assert cards.card(house.officer(day(1)), house.loans[0], URL).outstanding_total == 0


@only_sqlite
def test_somebody_elses_card_is_not_there(house: House):
    for username in ("officer2", "srg-officer", "city", "admin"):
        with pytest.raises(NotFound):
            cards.card(house.person(username, day(1)), house.loans[0], URL)
    with pytest.raises(NotFound):
        cards.group_cards(house.officer(day(1)), house.melati, URL, [house.loans[0], 4_711])


def test_a_restructured_loan_has_its_history_and_its_new_rows_and_the_next_letter(house: House):
    first = house.women[0]
    for nth, paid in enumerate((50_000, 20_000, 0), 1):
        a_record(house, nth, paid={first: paid})
    head = house.head(day(3))
    before = cards.card(head, house.loans[0], URL)
    restructure(house.loans[0], head, NewTerms(weeks=54), reason="sakit")
    after = cards.card(head, house.loans[0], URL)
    assert (before.version, before.restructured_on, after.version) == ("A", None, "B")
    assert (after.restructured_on, after.paid_before, len(after.rows)) == (day(3), 2, 56)
    assert [(row.number, row.due_on, row.amount, row.paid, row.balance_after) for row in after.rows[:3]] == [
        (1, day(1), 50_000, 50_000, 2_450_000),
        (2, day(2), 20_000, 20_000, 2_430_000),
        (3, day(4), 45_000, 0, 2_385_000),
    ]
    assert after.rows[-1].balance_after == 0
    assert (after.outstanding_total, after.check_code) == (before.outstanding_total, before.check_code)
    move_meeting(house.melati, 6, day(5) + timedelta(days=1), "banjir", head)
    assert cards.card(head, house.loans[0], URL).version == "C"
    assert [card.version for card in cards.group_cards(head, house.melati, URL)] == ["C", *["B"] * 11]


@only_sqlite
def test_what_settled_a_loan_fills_the_rest_of_its_card_and_one_written_off_asks_for_nothing(house: House):
    a_record(house, 1)
    head = house.head(day(2))
    settle(house.loans[0], head, Settlement(None, 90_000))
    write_off(house.loans[1], head, reason="hilang")
    settled, lost = (cards.card(head, loan_id, URL) for loan_id in house.loans[:2])
    assert [row.paid for row in settled.rows] == [row.amount for row in settled.rows]
    assert [row.paid_on for row in settled.rows[:2]] == [day(1), day(2)]
    assert (settled.outstanding_total, lost.outstanding_total) == (0, 0)
    assert [row.paid for row in lost.rows[:2]] == [50_000, 0]
    checked = cards.check(lost.check_code)
    assert checked is not None
    assert (checked.paid, checked.left) == (50_000, 0)
    assert {one.member_name for one in cards.group_cards(head, house.melati, URL)} == {f"Melati {nth:02}" for nth in range(3, 13)}
