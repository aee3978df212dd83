"""One woman's line undone by itself: her money goes back, the rest of the record stands; and what no undo may touch."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from lending.actions.cash import Handover, hand_over
from lending.actions.collection import Kept, record_meeting
from lending.actions.endings import Settlement, record_death, settle, write_off
from lending.actions.savings import SavingsMoved, move_savings
from lending.actions.undoing import undo_line, undo_record
from lending.domain.access import Role
from lending.domain.collection import CashDifference
from lending.domain.ledger import Account
from lending.domain.savings import SavingsKind
from lending.queries import cards, records
from lending.queries.check import differences
from lending.queries.portfolio import portfolio
from tests.furnished import (
    House,
    a_record,
    a_report,
    a_uuid,
    all_at_once,
    assert_books_agree,
    balance,
    codes,
    day,
    loan,
    only_sqlite,
    refused,
    rows,
)


def test_her_money_goes_back_and_the_rest_of_the_record_stands(house: House):
    saver, helped, giver = house.women[:3]
    kept = a_record(
        house,
        1,
        paid={helped: 10_000},
        renteng={helped: [(giver, 40_000)]},
        savings={saver: 5_000, helped: 2_000},
        difference=CashDifference(-1_000, "hilang"),
    )
    a_record(house, 2)
    head = house.head(day(2))
    answer = undo_line(kept.uuid, helped, head, reason="uang orang lain")
    assert answer.loans == ({"id": house.loans[1], "next_due": day(2).isoformat(), "outstanding_total": 2_450_000},)
    assert len(answer.entries) == 2
    assert [loan(one).total_paid for one in house.loans[:3]] == [100_000, 50_000, 100_000]
    assert balance(Account.SAVINGS, member_id=helped) == 0
    assert balance(Account.SAVINGS, member_id=saver) == -5_000
    assert balance(Account.OFFICER_CASH) == 600_000 + 5_000 + 2_000 - 1_000 + 600_000 - 52_000
    lines = {line.member_id: line for line in records.lines(kept.uuid)}
    assert (lines[helped].undone_by, lines[helped].undone_reason, lines[helped].stands) == ("head", "uang orang lain", 0)
    assert lines[giver].undone_at is None
    assert records.record(head, kept.uuid).undone_at is None
    (row,) = [one for one in portfolio(head, day(2), "group").items if one.key == house.melati]
    assert row.renteng_period == -40_000
    (card,) = [one for one in cards.group_cards(head, house.melati, "https://x") if one.member_name == "Melati 02"]
    assert [one.paid for one in card.rows[:2]] == [50_000, 0]
    assert_books_agree(*house.loans)
    assert differences(day(2)) == []


def test_the_whole_record_undone_after_one_of_its_lines_takes_back_what_still_stood(house: House):
    kept = a_record(house, 1, savings={house.women[1]: 5_000})
    officer = house.officer(day(1))
    undo_line(kept.uuid, house.women[0], officer, reason="salah")
    assert {one.name for one in records.undo_effect(kept.uuid)} == {f"Melati {nth:02}" for nth in range(2, 13)}
    undo_record(kept.uuid, officer, reason="semua salah")
    assert balance(Account.OFFICER_CASH) == balance(Account.SAVINGS) == 0
    assert [loan(one).total_paid for one in house.loans] == [0] * 12
    with refused("already_undone", status=409):
        undo_line(kept.uuid, house.women[1], officer, reason="lagi")
    assert a_record_again(house, kept.uuid).undone is True
    a_record(house, 1, uuid=a_uuid(9))
    assert_books_agree(*house.loans)
    assert differences(day(1)) == []


def test_sent_again_the_record_gives_its_first_answer_and_nothing_comes_back(house: House):
    kept = a_record(house, 1)
    undo_line(kept.uuid, house.women[0], house.officer(day(1)), reason="salah")
    before = rows()
    again = a_record_again(house, kept.uuid)
    assert (again.replay, again.undone, again.lines) == (True, False, kept.lines)
    assert rows() == before


def a_record_again(house: House, uuid: str) -> Kept:
    """The very body that was kept, once more."""
    known, officer = records.record_anywhere(uuid), house.officer(day(1))
    assert known is not None
    return record_meeting(uuid, known.meeting_id, a_report(officer, known.meeting_id, held_on=day(1)), known.body, officer)


def test_after_the_hand_over_her_money_comes_out_of_the_vault(house: House):
    kept = a_record(house, 1)
    hand_over(Handover(a_uuid(70), "officer", day(1), 600_000, None, None), house.person("cashier", day(1)))
    before = balance(Account.VAULT_CASH)
    undo_line(kept.uuid, house.women[0], house.head(day(2)), reason="salah")
    assert balance(Account.VAULT_CASH) == before - 50_000
    assert balance(Account.OFFICER_CASH) == 0
    assert differences(day(2)) == []


def test_who_undoes_a_line_and_when(house: House):
    kept, woman = a_record(house, 1), house.women[0]
    for username in ("mentor", "cashier", "auditor"):
        with refused("not_allowed", status=403):
            undo_line(kept.uuid, woman, house.person(username, day(1)), reason="salah")
    with refused("not_found", status=404):
        undo_line(kept.uuid, woman, house.person("officer2", day(1)), reason="salah")
    with refused("not_found", status=404):
        undo_line(kept.uuid, house.others[0], house.officer(day(1)), reason="salah")
    with refused("not_the_same_day", status=403):
        undo_line(kept.uuid, woman, house.officer(day(1) + timedelta(days=1)), reason="salah")
    with refused("reason_needed", at="reason"):
        undo_line(kept.uuid, woman, house.officer(day(1)), reason=" ")
    her_own = replace(house.people["officer"], role=Role.HEAD, today=day(2))
    for act in (partial(undo_line, kept.uuid, woman), partial(undo_record, kept.uuid)):
        with refused("same_person", status=403):
            act(her_own, reason="salah")
    undo_line(kept.uuid, woman, house.officer(day(1)), reason="salah")
    with refused("already_undone", status=409):
        undo_line(kept.uuid, woman, house.head(day(2)), reason="salah")


@only_sqlite
def test_a_line_that_brought_nothing_has_nothing_to_undo(house: House):
    kept = a_record(house, 1, paid={house.women[0]: 0})
    with refused("nothing_to_undo", status=422):
        undo_line(kept.uuid, house.women[0], house.officer(day(1)), reason="salah")


@pytest.mark.parametrize("ended", ["settled", "written off", "dead"])
def test_nothing_is_taken_back_from_a_loan_that_has_ended(house: House, ended: str):
    kept, first, head = a_record(house, 1), house.loans[0], house.head(day(2))
    if ended == "settled":
        settle(first, house.person("cashier", day(2)), Settlement(None, 90_000))
    elif ended == "written off":
        write_off(first, head, reason="hilang")
    else:
        record_death(first, head, reason="sakit", claim=True)
    for act in (partial(undo_record, kept.uuid), partial(undo_line, kept.uuid, house.women[0])):
        with refused("loan_ended", status=409) as no:
            act(head, reason="salah")
        assert no.value.facts["members"] == [house.women[0]]
    assert [one.name for one in records.undo_effect(kept.uuid) if one.has_ended] == ["Melati 01"]
    undo_line(kept.uuid, house.women[1], head, reason="salah")
    assert loan(house.loans[1]).total_paid == 0
    assert differences(day(2)) == []


def test_savings_that_were_paid_out_since_are_not_taken_back(house: House):
    kept = a_record(house, 1, savings={house.women[0]: 30_000})
    out = SavingsMoved(a_uuid(700), house.women[0], day(1), 10_000, SavingsKind.WITHDRAWAL)
    move_savings(out, house.person("cashier", day(1)))
    officer = house.officer(day(1))
    for act in (partial(undo_record, kept.uuid), partial(undo_line, kept.uuid, house.women[0])):
        with refused("savings_spent", status=422) as no:
            act(officer, reason="salah")
        assert no.value.facts["members"] == [house.women[0]]


def test_a_line_and_its_record_undone_at_once_are_reversed_once(house: House):
    kept, head = a_record(house, 1), house.head(day(2))
    line = partial(undo_line, kept.uuid, house.women[0], head, reason="salah")
    whole = partial(undo_record, kept.uuid, head, reason="salah")
    found = codes(all_at_once([line, line, whole, line, line, whole]))
    assert found.count("kept") in {1, 2}
    assert set(found) == {"kept", "already_undone"}
    assert balance(Account.OFFICER_CASH) == 0
    assert [loan(one).total_paid for one in house.loans] == [0] * 12
    assert differences(day(2)) == []
