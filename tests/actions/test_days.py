"""Closing a day: counted, named, in order, for ever; and what comes after it is booked on another day."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lending.actions import loans
from lending.actions.cash import Handover, Transfer, hand_over, transfer
from lending.actions.days import Count, close_day, closing
from lending.actions.undoing import undo_record
from lending.database import session, transaction
from lending.domain.chain import GENESIS
from lending.domain.ledger import Account, EntryKind
from lending.models import Entry
from lending.queries import books, day_sheet, days, operations
from lending.queries.check import differences
from tests.furnished import (
    BEGINNING,
    LENT_ON,
    House,
    a_record,
    a_uuid,
    all_at_once,
    an_approved_loan,
    balance,
    codes,
    day,
    loan,
    only_sqlite,
    paid_out,
    refused,
    rows,
)  # fmt: skip


def vault(house: House, on: date) -> int:
    return days.vault_on(house.unit_id, on)


def closed(house: House, on: date, *, today: date | None = None, more: int = 0, **words: Any) -> days.ClosedDay:
    """That day closed by the head with the vault as the books have it, or that much `more`."""
    return close_day(Count(on, vault(house, on) + more, **words), house.head(today or on))


@pytest.fixture
def up_to_date(house: House) -> House:
    """The days of the house's beginning are closed; Melati's first meeting is the next."""
    closed(house, BEGINNING)
    closed(house, LENT_ON)
    return house


def test_a_day_is_closed_with_what_was_counted(house: House):
    lies = vault(house, BEGINNING)
    first = closed(house, BEGINNING, notes={100_000: lies // 100_000})
    assert (first.on, first.expected, first.counted, first.difference, first.reason) == (BEGINNING, lies, lies, 0, None)
    assert (first.previous_hash, first.by, first.unit_code) == (GENESIS, "head", "JMB")
    assert first.notes == {100_000: lies // 100_000}
    assert first.entries == len(books.journal(house.head(LENT_ON), first=BEGINNING, last=BEGINNING))
    second = closed(house, LENT_ON)
    assert (second.previous_hash, len(second.hash)) == (first.hash, 64)
    assert days.closed_days(house.head(LENT_ON), first=BEGINNING, last=LENT_ON) == [first, second]
    assert days.closed_days(house.person("srg-head", LENT_ON), first=BEGINNING, last=LENT_ON) == []
    assert days.closed_up_to(house.unit_id) == LENT_ON
    assert differences(LENT_ON) == []


@pytest.mark.parametrize("more", [-7_000, 3_000])
def test_a_difference_is_named_and_booked_on_that_day(house: House, more: int):
    lies = vault(house, BEGINNING)
    with refused("reason_needed", at="reason", status=422):
        closed(house, BEGINNING, more=more)
    day_closed = closed(house, BEGINNING, more=more, reason="dihitung dua kali")
    assert (day_closed.expected, day_closed.counted, day_closed.difference) == (lies, lies + more, more)
    assert vault(house, BEGINNING) == lies + more
    assert balance(Account.OVER_SHORT, user_id=house.people["head"].user_id) == -more
    entry = books.journal(house.head(LENT_ON), first=BEGINNING, last=BEGINNING)[-1]
    assert (entry.kind, entry.on, entry.happened_on, entry.reason) == (EntryKind.OVER_SHORT, BEGINNING, BEGINNING, "dihitung dua kali")
    assert differences(LENT_ON) == []


def test_what_a_close_would_do_is_told_before_and_leaves_nothing(house: House):
    a_record(house, 1)
    before, by, lies = rows(), house.head(day(1)), vault(house, day(1))
    would = closing(Count(day(1), lies - 7_000, earlier_too=True), by)
    assert (would.expected, would.counted, would.difference, would.earlier) == (lies, lies - 7_000, -7_000, (BEGINNING, LENT_ON))
    assert [(one.officer, one.amount) for one in would.holding] == [("officer", 600_000)]
    assert [(leg.account, leg.amount) for leg in would.legs] == [(Account.VAULT_CASH, -7_000), (Account.OVER_SHORT, 7_000)]
    assert would.needs_reason
    assert not closing(Count(BEGINNING, vault(house, BEGINNING)), by).needs_reason
    with refused("earlier_day_open", at="date", status=422):
        closing(Count(day(1), lies), by)
    with refused("not_allowed", status=403):
        closing(Count(day(1), lies), house.person("cashier", day(1)))
    assert rows() == before


def test_what_was_booked_since_she_compared_is_shown_before_it_is_closed(house: House):
    lies = vault(house, BEGINNING)
    with refused("cash_changed", status=409) as no:
        closed(house, BEGINNING, shown=lies - 1)
    assert no.value.facts == {"expected": lies, "shown": lies - 1}
    assert closed(house, BEGINNING, shown=lies).counted == lies


def test_the_sheet_of_a_day_says_officer_by_officer_what_was_expected_counted_and_posted(up_to_date: House):
    house, on = up_to_date, day(1)
    a_record(house, 1)
    hand_over(Handover(a_uuid(77), "officer", on, 590_000, None, "kurang sepuluh ribu"), house.person("cashier", on))
    a_record(house, 2, on=day(2))
    sheet = day_sheet.day_sheet(house.head(day(2)), on)
    (officer,) = sheet.officers
    assert (officer.username, officer.expected, officer.counted, officer.posted) == ("officer", 600_000, 590_000, 600_000)
    assert (officer.difference, officer.held, sheet.closed, sheet.chains) == (-10_000, 0, None, None)
    assert [(move.kind, move.amount) for move in sheet.vault_moves] == [(EntryKind.HANDOVER, 590_000)]
    assert sheet.expected == vault(house, on)
    closed(house, on, more=-5_000, reason="dihitung dua kali")
    shut = day_sheet.day_sheet(house.person("auditor", day(2)), on, "JMB")
    assert shut.closed == days.closed_day(house.unit_id, on)
    assert shut.chains is not None
    assert (shut.expected, shut.entries) == (shut.closed.expected, shut.closed.entries)
    assert shut.debit == shut.credit == sheet.debit + 5_000
    assert shut.vault_moves == sheet.vault_moves  # what the count itself booked is the difference, and no move of the day
    (later,) = day_sheet.day_sheet(house.head(day(2)), day(2)).officers
    assert (later.opening, later.held) == (0, 600_000)


def test_days_are_closed_in_order_and_once(house: House):
    with refused("earlier_day_open", at="date", status=422) as no:
        closed(house, LENT_ON)
    assert no.value.facts == {"day": BEGINNING}
    with refused("future_date", at="date", status=422):
        closed(house, LENT_ON, today=BEGINNING)
    closed(house, BEGINNING)
    with refused("already_closed", at="date", status=409):
        closed(house, BEGINNING)
    # Nothing was booked on the days between, so they need no closing of their own; once a later one is closed they are, too.
    closed(house, LENT_ON)
    with refused("already_closed", at="date", status=409):
        closed(house, LENT_ON - timedelta(days=1))


def test_days_that_nobody_closed_in_time_are_closed_along_uncounted(house: House):
    closed(house, LENT_ON, earlier_too=True)
    first, second = days.closed_days(house.head(LENT_ON), first=BEGINNING, last=LENT_ON)
    assert (first.on, first.counted, first.difference, first.expected) == (BEGINNING, None, 0, vault(house, BEGINNING))
    assert (second.on, second.counted, second.previous_hash) == (LENT_ON, vault(house, LENT_ON), first.hash)
    assert differences(LENT_ON) == []


def test_no_officer_goes_home_with_cash_unless_somebody_says_why(up_to_date: House):
    a_record(up_to_date, 1)
    with refused("officer_holds_cash", at="reason", status=422) as no:
        closed(up_to_date, day(1))
    assert no.value.facts == {"officers": "officer"}
    # Handed over the next morning, it was still hers that night.
    hand_over(Handover(a_uuid(77), "officer", day(1) + timedelta(days=1), 600_000, None, None), up_to_date.person("cashier", day(2)))
    with refused("officer_holds_cash"):
        closed(up_to_date, day(1), today=day(2))
    closed(up_to_date, day(1), today=day(2), reason="kasir sudah pulang")
    closed(up_to_date, day(1) + timedelta(days=1), today=day(2))


def test_after_that_every_other_act_of_the_day_is_refused(up_to_date: House):
    house, waiting = up_to_date, an_approved_loan(up_to_date.others[0], up_to_date.person("officer2", LENT_ON), up_to_date.head(LENT_ON))
    cashier = house.person("cashier", LENT_ON + timedelta(days=1))
    moved = Transfer(a_uuid(70), LENT_ON, 5_000_000, "vault", "bank", "setor")
    with refused("day_closed", at="on", status=422):
        transfer(moved, cashier)
    with refused("day_closed", at="on", status=422):
        hand_over(Handover(a_uuid(71), "officer", LENT_ON, 0, None, None), cashier)
    with refused("day_closed", at="on", status=422):
        loans.disburse(waiting, cashier, paid_out(LENT_ON))
    loans.disburse(waiting, cashier, paid_out(cashier.today))
    transfer(replace(moved, on=cashier.today), cashier)
    assert vault(house, LENT_ON) == days.closed_day(house.unit_id, LENT_ON).counted


def test_a_record_that_comes_after_its_day_is_kept_counts_from_its_day_and_is_booked_today(up_to_date: House):
    house, later = up_to_date, day(1) + timedelta(days=2)
    closed(house, day(1))
    before = books.trial_balance(house.head(later), day(1))
    kept = a_record(house, 1, on=later)
    entries = books.journal(house.head(later), first=BEGINNING, last=later, record=kept.uuid)
    assert {(entry.on, entry.happened_on) for entry in entries} == {(later, day(1))}
    assert books.trial_balance(house.head(later), day(1)) == before
    assert loan(house.loans[0]).next_due == day(2)
    assert differences(later) == []


def test_what_comes_after_today_was_closed_is_booked_tomorrow(up_to_date: House):
    house, on = up_to_date, day(1)
    kept = a_record(house, 1)
    hand_over(Handover(a_uuid(77), "officer", on, 600_000, None, None), house.person("cashier", on))
    closed(house, on)
    before = books.trial_balance(house.head(on), on)
    undo_record(kept.uuid, house.officer(on), reason="salah kelompok")
    a_record(house, 1, uuid=a_uuid(9))
    tomorrow = on + timedelta(days=1)
    entries = books.journal(house.head(on), first=tomorrow, last=tomorrow)
    assert {entry.happened_on for entry in entries} == {on}
    assert len(entries) == 24
    assert books.trial_balance(house.head(on), on) == before
    assert operations.newest_business_date() == on
    assert differences(on) == []


def test_the_database_itself_books_nothing_on_a_closed_day(up_to_date: House):
    for on in (LENT_ON, BEGINNING, LENT_ON - timedelta(days=3)):
        with pytest.raises(DBAPIError, match="the day is closed"), transaction():
            session.execute(
                text(
                    "INSERT INTO entry (unit_id, kind, on_day, happened_on, recorded_at, actor_id, control_total)"
                    " VALUES (:unit, 'transfer', :day, :day, '2026-02-05 00:00:00', 1, 5)"
                ),
                {"unit": up_to_date.unit_id, "day": on.isoformat()},
            )


def test_two_who_close_at_once_close_it_once(house: House):
    lies = vault(house, BEGINNING)
    found = all_at_once([lambda: close_day(Count(BEGINNING, lies), house.head(BEGINNING))] * 4)
    assert codes(found) == ["already_closed"] * 3 + ["kept"]


def test_a_day_that_is_closed_while_somebody_books_on_it(house: House):
    """Either the cash is in the count of the day, or it was refused: never booked behind the count."""
    closed(house, BEGINNING)
    lies = vault(house, LENT_ON)
    cashier, head = house.person("cashier", LENT_ON), house.head(LENT_ON)

    def move(nth: int) -> Any:
        return transfer(Transfer(a_uuid(70 + nth), LENT_ON, 1_000, "bank", "vault", "isi kas"), cashier)

    all_at_once([lambda: close_day(Count(LENT_ON, lies, reason="sibuk"), head), *(partial(move, nth) for nth in range(4))])
    assert vault(house, LENT_ON) == lies
    assert differences(LENT_ON) == []


def test_two_units_close_at_once(house: House):
    srg, heads = 2, (house.head(BEGINNING), house.person("srg-head", BEGINNING))
    counts = (Count(BEGINNING, vault(house, BEGINNING)), Count(BEGINNING, days.vault_on(srg, BEGINNING)))
    found = all_at_once([partial(close_day, count, head) for count, head in zip(counts, heads, strict=True)])
    assert codes(found) == ["kept", "kept"]
    assert differences(LENT_ON) == []


@only_sqlite
def test_what_makes_no_sense_is_refused(house: House):
    for code, status, count in (
        ("too_small", 422, Count(BEGINNING, -1)),
        ("too_large", 422, Count(BEGINNING, 10**12)),
    ):
        with refused(code, at="total", status=status):
            close_day(count, house.head(BEGINNING))
    before = rows()
    closed(house, BEGINNING)
    assert {name: many - before[name] for name, many in rows().items() if many != before[name]} == {
        "chain_seal": 1, "day_close": 1, "audit_event": 1, "day_balance": len(Account),
    }  # fmt: skip
    assert session.scalar(select(Entry.id).where(Entry.kind == EntryKind.OVER_SHORT)) is None


@only_sqlite
@pytest.mark.parametrize("username", ["officer", "mentor", "cashier", "auditor", "city", "admin"])
def test_only_the_head_closes(house: House, username: str):
    with refused("not_allowed", status=403):
        close_day(Count(BEGINNING, 0), house.person(username, BEGINNING))


def test_not_less_than_was_taken_out_since(house: House):
    taken = Transfer(a_uuid(70), LENT_ON, vault(house, LENT_ON), "vault", "bank", "setor")
    transfer(taken, house.person("cashier", LENT_ON))
    with refused("not_enough_cash", at="total", status=422):
        closed(house, BEGINNING, more=-1_000, today=LENT_ON, reason="hilang")
    assert closed(house, BEGINNING, more=1_000, today=LENT_ON, reason="ketemu").difference == 1_000
