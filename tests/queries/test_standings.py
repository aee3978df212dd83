"""How loans stand on any day: the published oracle as real loans, and yesterday's history equal to what the facts say of yesterday."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lending import clock
from lending.actions import journal
from lending.actions.arrears import close_date
from lending.actions.calendars import move_meeting
from lending.actions.undoing import undo_record
from lending.database import session, transaction
from lending.domain import ledger
from lending.domain.access import Actor
from lending.domain.allocation import next_unpaid, outstanding_principal
from lending.domain.arrears import REGIMES, classify, days_late, overdue
from lending.domain.collection import Shortfall, ShortReason
from lending.domain.ledger import Account, EntryKind
from lending.models import ArrearsSnapshot, Loan, Meeting
from lending.queries import loans as loan_questions
from lending.queries import standings
from lending.queries.arrears import LateLoan, worklist
from lending.queries.plans import terms
from lending.queries.portfolio import portfolio
from tests.furnished import (
    LENT_ON,
    House,
    a_record,
    a_report,
    a_running_loan,
    a_uuid,
    day,
    keep,
    meeting_of,
    planned,
)

MAY_11 = date(2026, 5, 11)

Five = dict[str, int]


def pays_until(house: House, counts: Mapping[int, int], nth: int, by: Actor) -> None:
    """Kenanga's meeting of instalment `nth`: each woman pays it in full as long as her count lasts."""
    paid = {woman: 50_000 if nth <= count else 0 for woman, count in counts.items()}
    meeting_id = meeting_of(house.kenanga, nth + 1)
    keep(a_uuid(2_000 + nth), meeting_id, a_report(by, meeting_id, held_on=by.today, paid=paid, everybody=False), by)


@pytest.fixture
def five(house: House) -> Five:
    """Oracle 5: five loans of Rp2,000,000 that have paid 14, 13, 12, 8 and no instalments, by name."""
    women = house.others[:5]
    loans = [a_running_loan(house, woman) for woman in women]
    counts = dict(zip(women, (14, 13, 12, 8, 0), strict=True))
    for nth in range(1, 15):
        pays_until(house, counts, nth, house.person("officer2", planned(house.kenanga, nth + 1)))
    return dict(zip(("L1", "L2", "L3", "L4", "L5"), loans, strict=True))


def test_the_published_example_of_five_loans(house: House, five: Five):
    head = house.head(MAY_11)
    expected = {
        "L1": (None, date(2026, 5, 18), 0, 1_440_000, 0, "lancar"),
        "L2": (None, MAY_11, 0, 1_480_000, 0, "lancar"),
        "L3": (1, date(2026, 5, 4), 7, 1_520_000, 50_000, "lancar"),
        "L4": (5, date(2026, 4, 6), 35, 1_680_000, 250_000, "diragukan"),
        "L5": (13, date(2026, 2, 9), 91, 2_000_000, 650_000, "macet"),
    }
    for name, loan_id in five.items():
        asked = loan_questions.as_of(head, loan_id, MAY_11)
        weeks, next_due, late, outstanding, behind, quality = expected[name]
        assert (asked.next_due, asked.days_late, asked.outstanding_principal, asked.overdue, asked.quality.value) == (
            next_due,
            late,
            outstanding,
            behind,
            quality,
        )
        listed = next((one for one in worklist(head, MAY_11, group_id=house.kenanga) if one.loan_id == loan_id), None)
        if weeks is None:
            assert listed is None
        else:
            assert listed is not None
            assert (
                listed.days_late,
                listed.weeks_late,
                listed.quality,
                listed.overdue,
                listed.outstanding_principal,
                listed.oldest_due,
            ) == (
                late,
                weeks,
                quality,
                behind,
                outstanding,
                next_due,
            )


def test_par_of_the_published_example(house: House, five: Five):
    (row,) = [one for one in portfolio(house.head(MAY_11), MAY_11, "group").items if one.key == house.kenanga]
    assert row.outstanding_principal == 8_120_000
    assert row.par == {0: 5_200_000, 7: 3_680_000, 30: 3_680_000, 60: 2_000_000, 90: 2_000_000}
    assert {days: str(share) for days, share in row.par_ratio.items()} == {
        0: "0.6404",
        7: "0.4532",
        30: "0.4532",
        60: "0.2463",
        90: "0.2463",
    }
    assert row.overdue_principal == 760_000
    assert row.classes == {"lancar": (3, 4_440_000), "diragukan": (1, 1_680_000), "macet": (1, 2_000_000)}
    assert row.provision == 840_000 + 2_000_000


def test_every_evening_of_the_past_is_what_its_night_wrote_down(house: House):
    counts = dict(zip(house.others[:5], (14, 5, 3, 1, 0), strict=True))
    for woman in counts:
        a_running_loan(house, woman)
    for evening in _days(LENT_ON, day(7)):
        nth = (evening - day(1)).days // 7 + 1
        if evening == day(nth) and nth >= 1:
            pays_until(house, counts, nth, house.person("officer2", evening))
        assert close_date(evening, "test") is not None
    for evening in _days(LENT_ON, day(7)):
        written = {
            row.loan_id: (row.days_late, row.quality.value, row.overdue, row.outstanding_principal)
            for row in session.scalars(select(ArrearsSnapshot).where(ArrearsSnapshot.as_of == evening))
        }
        asked = {
            one.loan_id: (one.days_late, one.quality, one.overdue, one.outstanding_principal)
            for one in worklist(house.head(day(9)), evening)
        }
        assert written == asked == _recomputed(evening)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _recomputed(on: date) -> dict[int, tuple[int, str, int, int]]:
    """Late loans at the end of a day, from payments and calendar, in plain Python."""
    found = {}
    period = standings.credited(until=on)
    paid = {row.loan_id: row.amount for row in session.execute(select(period))}
    days = {(one.group_id, one.seq): one.planned_on for one in session.execute(select(Meeting.group_id, Meeting.seq, Meeting.planned_on))}
    for loan in session.scalars(select(Loan).where(Loan.disbursed_on <= on)):
        assert loan.first_seq is not None
        of, total = terms(loan), paid.get(loan.id, 0)
        dates = [days[loan.group_id, loan.first_seq + k * of.every_weeks] for k in range(of.count)]
        number = next_unpaid(of, total)
        late = days_late(None if number is None else dates[number - 1], on)
        if late:
            behind = overdue(of, sum(due < on for due in dates), total)
            found[loan.id] = (late, classify(late, REGIMES["weekly_lender"]).value, behind, outstanding_principal(of, total))
    return found


def test_the_night_writes_what_the_day_already_said_and_late_facts_restate_it(house: House):
    a_record(house, 1, everybody=False)
    evening = day(2)
    head = house.head(day(5))
    before = worklist(head, evening)
    assert len(before) == 12
    close_date(evening, "test")
    assert worklist(head, evening) == before
    assert portfolio(head, evening, "unit").restated is False
    a_record(house, 2, on=day(5), held_on=day(2))
    assert worklist(head, evening) == []
    assert portfolio(head, evening, "unit").restated is True
    assert portfolio(head, evening, "unit").items[0].par[0] == 0
    # What the night wrote stays what it knew.
    assert len(session.scalars(select(ArrearsSnapshot).where(ArrearsSnapshot.as_of == evening)).all()) == 12


def test_another_units_late_fact_does_not_restate_ours(house: House):
    close_date(day(2), "test")
    theirs = house.person("srg-officer", day(3))
    assert theirs.unit_id is not None
    legs = ledger.transfer(1_000, Account.HEAD_OFFICE, Account.BANK)
    with transaction():
        journal.post([journal.NewEntry(EntryKind.OPENING, day(1), legs)], unit_id=theirs.unit_id, on_day=day(3), at=clock.now(), by=theirs)
    assert portfolio(house.head(day(3)), day(2), "unit").restated is False
    assert portfolio(house.person("auditor", day(3)), day(2), "unit").restated is True


def test_an_undo_leaves_the_days_before_it_as_they_were(house: House):
    kept = a_record(house, 1)
    undo_record(kept.uuid, house.head(day(3)), reason="salah")
    head = house.head(day(4))
    assert worklist(head, day(1) + timedelta(days=1)) == []
    assert {one.days_late for one in worklist(head, day(3))} == {14}
    assert {one.oldest_due for one in worklist(head, day(3))} == {day(1)}


def test_a_moved_meeting_moves_days_late_and_nothing_else(house: House):
    a_record(house, 1)
    head = house.head(day(1))
    loan_id = house.loans[0]
    before = loan_questions.as_of(house.head(day(9)), loan_id, day(1))
    move_meeting(house.melati, 3, day(2) + timedelta(days=2), "banjir", head)
    late = house.head(day(9))
    assert [one.days_late for one in worklist(late, day(2) + timedelta(days=2), group_id=house.melati)] == []
    assert {one.days_late for one in worklist(late, day(3), group_id=house.melati)} == {5}
    after = loan_questions.as_of(late, loan_id, day(1))
    assert (after.paid, after.outstanding_principal, after.instalments[0]) == (
        before.paid,
        before.outstanding_principal,
        before.instalments[0],
    )
    assert [one.total for one in after.instalments] == [one.total for one in before.instalments]
    assert [one.due_on for one in after.instalments[2:]] == [one.due_on for one in before.instalments[2:]]
    assert (after.instalments[1].due_on, after.instalments[1].moved_from) == (day(2) + timedelta(days=2), day(2))


def test_the_worklist_calls_broken_promises_first_then_the_first_week_then_the_oldest(house: House):
    broken, fresh, old, *others = house.women
    others_pay = dict.fromkeys(others, 50_000)
    a_record(house, 1, everybody=False, paid={**others_pay, broken: 50_000, fresh: 50_000})
    a_record(
        house,
        2,
        everybody=False,
        paid={**others_pay, fresh: 50_000},
        shortfalls={broken: Shortfall(ShortReason.SAKIT, day(3)), old: Shortfall(ShortReason.MENOLAK, day(9))},
    )
    a_record(house, 3, everybody=False, paid=others_pay, shortfalls={broken: Shortfall(ShortReason.LUPA, day(3) + timedelta(days=1))})
    listed = worklist(house.head(day(9)), day(3) + timedelta(days=2))
    assert [one.member_id for one in listed] == [broken, fresh, old]
    assert [(one.urgency, one.days_late) for one in listed] == [(0, 9), (1, 2), (2, 16)]
    assert [(one.reason, one.promise, one.promise_broken) for one in listed] == [
        (ShortReason.LUPA, day(3) + timedelta(days=1), True),
        (ShortReason.LAIN, None, False),
        (ShortReason.LAIN, None, False),
    ]
    # As of the evening before, that promise had not been given yet, and the earlier one was not broken.
    earlier = {one.member_id: one for one in worklist(house.head(day(9)), day(3) - timedelta(days=1))}
    assert (earlier[broken].reason, earlier[broken].promise_broken) == (ShortReason.SAKIT, False)
    assert (earlier[old].reason, earlier[old].promise) == (ShortReason.MENOLAK, day(9))


def test_words_of_an_undone_record_are_not_heard_any_more(house: House):
    kept = a_record(house, 1, everybody=False, shortfalls={house.women[0]: Shortfall(ShortReason.SAKIT, None)})
    assert _first(worklist(house.head(day(2)), day(2))).reason is ShortReason.SAKIT
    undo_record(kept.uuid, house.head(day(2)), reason="salah")
    assert _first(worklist(house.head(day(2)), day(2))).reason is None
    assert _first(worklist(house.head(day(2)), day(2) - timedelta(days=1))).reason is ShortReason.SAKIT


def _first(listed: list[LateLoan]) -> LateLoan:
    return min(listed, key=lambda one: one.loan_id)


def test_whose_worklist_it_is(house: House):
    for username, expected in (("officer", 12), ("officer2", 0), ("head", 12), ("auditor", 12), ("srg-head", 0)):
        assert len(worklist(house.person(username, day(2)), day(2))) == expected
    assert len(worklist(house.head(day(2)), day(2), officer="officer")) == 12
    assert len(worklist(house.head(day(2)), day(2), officer="officer2")) == 0
