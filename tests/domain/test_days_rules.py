"""On which day something is booked, and when a day may be closed: tables that an accountant could check."""

from dataclasses import replace
from datetime import date

import pytest

from lending.domain.chain import GENESIS, Chain, link, prolonged
from lending.domain.days import Closed, Holding, check_cash, check_day, day_hash, day_in_books
from lending.domain.refusals import Refusal

MON, TUE, WED, THU, FRI = (date(2026, 11, 23 + nth) for nth in range(5))


@pytest.mark.parametrize(
    ("wanted", "today", "closed", "late_is_kept", "booked"),
    [
        (WED, THU, None, False, WED),
        (WED, THU, TUE, False, WED),
        (THU, THU, WED, False, THU),
        (TUE, THU, TUE, True, THU),  # a record that comes after its day was closed
        (MON, THU, TUE, True, THU),  # and one of an earlier day
        (WED, THU, TUE, True, WED),  # its day is open still
        (THU, THU, THU, True, FRI),  # today itself is closed: the next day is the open one
        (MON, THU, THU, True, FRI),
    ],
)
def test_the_day_of_the_books(wanted: date, today: date, closed: date | None, late_is_kept: bool, booked: date) -> None:
    assert day_in_books(wanted, today=today, closed_up_to=closed, late_is_kept=late_is_kept) == booked


@pytest.mark.parametrize(
    ("wanted", "closed", "late_is_kept", "code"),
    [(TUE, TUE, False, "day_closed"), (MON, TUE, False, "day_closed"), (THU, THU, False, "day_closed"), (FRI, None, True, "future_date")],
)
def test_a_day_that_takes_nothing(wanted: date, closed: date | None, late_is_kept: bool, code: str) -> None:
    with pytest.raises(Refusal) as no:
        day_in_books(wanted, today=THU, closed_up_to=closed, late_is_kept=late_is_kept)
    assert (no.value.code, [fault.at for fault in no.value.faults]) == (code, ["on"])


def test_a_day_is_closed_once_and_not_before_it_has_come() -> None:
    check_day(THU, today=THU, closed_up_to=WED)
    for on, closed, code, status in ((TUE, TUE, "already_closed", 409), (MON, TUE, "already_closed", 409), (FRI, None, "future_date", 422)):
        with pytest.raises(Refusal) as no:
            check_day(on, today=THU, closed_up_to=closed)
        assert (no.value.code, no.value.status) == (code, status)


def test_without_a_reason_every_rupiah_is_in_the_vault() -> None:
    check_cash(0, [], None)
    check_cash(-5_000, [Holding("officer", 20_000)], "menginap di petugas")
    for difference, holding, code in ((-1, [], "reason_needed"), (0, [Holding("officer", 20_000)], "officer_holds_cash")):
        with pytest.raises(Refusal) as no:
            check_cash(difference, holding, None)
        assert no.value.code == code
    assert no.value.facts == {"officers": "officer"}


def test_a_chain_is_the_same_walked_at_once_or_in_pieces() -> None:
    links = [(3, "a"), (5, "b"), (9, "c")]
    whole = prolonged(Chain(), links)
    assert whole == prolonged(prolonged(Chain(), links[:1]), links[1:])
    assert whole == Chain(3, 9, link(link(link(GENESIS, "a"), "b"), "c"))
    for other in (links[:-1], links[1:], [*links[:1], *links[2:]], links[::-1], [(3, "a"), (5, "x"), (9, "c")], [*links, (10, "d")]):
        assert prolonged(Chain(), other).head != whole.head


A_DAY = Closed("JMB", MON, 10, 10, {10: 1}, None, "head", 3, Chain(3, 3, "a" * 64), Chain(9, 12, "b" * 64))


def test_the_hash_of_a_day_hangs_on_all_that_is_printed_of_it() -> None:
    others = (
        replace(A_DAY, unit="SRG"),
        replace(A_DAY, on=TUE),
        replace(A_DAY, expected=9),
        replace(A_DAY, counted=None),
        replace(A_DAY, notes={5: 2}),
        replace(A_DAY, reason="x"),
        replace(A_DAY, by="other"),
        replace(A_DAY, entries=4),
        replace(A_DAY, books=Chain(3, 3, "c" * 64)),
        replace(A_DAY, books=Chain(4, 3, "a" * 64)),
        replace(A_DAY, acts=Chain(9, 12, "c" * 64)),
    )
    first = day_hash(GENESIS, A_DAY)
    assert len({first, day_hash(first, A_DAY), *(day_hash(GENESIS, other) for other in others)}) == len(others) + 2
