"""Restructuring a loan: kept, refused, twice; and everything that asks where it stands, on any day and by any door of the house."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lending.actions import endings, loans
from lending.actions.arrears import close_date
from lending.actions.calendars import move_meeting, shift_meetings
from lending.actions.restructuring import restructure
from lending.actions.undoing import undo_record
from lending.database import session
from lending.domain.access import Actor
from lending.domain.ledger import Account
from lending.domain.lifecycle import LoanState
from lending.domain.portfolio import PAR_DAYS
from lending.models import ArrearsSnapshot, AuditEvent, Entry, Loan, LoanEvent, PortfolioDay, Restructuring, ScheduleRow
from lending.queries import collection as meetings
from lending.queries import loans as questions
from lending.queries.arrears import worklist
from lending.queries.check import differences
from lending.queries.portfolio import portfolio
from lending.queries.restructuring import NewTerms, propose
from tests.furnished import LENT_ON, House, a_record, a_running_loan, a_uuid, a_woman, day, meeting, only_sqlite, paid_out, planned, refused

WHEN = day(5) + timedelta(days=2)
"""A Wednesday: the first woman has paid two of five instalments, and Rp20,000 of the third."""

LEFT = 2_500_000 - 120_000


@pytest.fixture
def late(house: House) -> int:
    """The first woman's loan, two weeks late; everybody else has paid everything."""
    first = house.women[0]
    for nth, paid in enumerate((50_000, 50_000, 20_000, 0, 0), 1):
        a_record(house, nth, paid={first: paid})
    return house.loans[0]


def agreed(house: House, loan_id: int, terms: NewTerms | None = None, on: date = WHEN, by: Actor | None = None) -> None:
    restructure(loan_id, by or house.head(on), terms or NewTerms(weeks=40), reason="sakit, warung tutup sebulan")


def seen(house: House, loan_id: int, on: date, today: date | None = None) -> questions.LoanAsOf:
    return questions.as_of(house.head(today or on), loan_id, on)


def test_what_is_left_lies_on_new_meetings_and_nothing_else_changes(house: House, late: int):
    entries, before = session.scalars(select(Entry.id)).all(), seen(house, late, WHEN)
    agreed(house, late)
    after = seen(house, late, WHEN)
    assert (before.state, after.state) == (LoanState.RUNNING, LoanState.RESTRUCTURED)
    assert (after.paid, after.outstanding_principal, after.outstanding_total) == (120_000, before.outstanding_principal, LEFT)
    # Rp2,380,000 in 40 parts: 59,500.
    rows = [(one.number, one.due_on, one.total, one.paid) for one in after.instalments]
    assert rows[:4] == [(1, day(1), 50_000, 50_000), (2, day(2), 50_000, 50_000), (3, day(3), 20_000, 20_000), (4, day(6), 59_500, 0)]
    assert rows[-1] == (43, planned(house.melati, 46), 59_500, 0)
    assert sum(one.total for one in after.instalments) == 2_500_000
    assert sum(one.principal for one in after.instalments) == 2_000_000
    # Days late go on from the third instalment; by the new plan nothing is due yet.
    assert (after.next_due, after.days_late, after.overdue) == (day(3), 16, 0)
    assert after.restructured is not None
    assert (after.restructured.on, after.restructured.clean_payments) == (WHEN, 0)
    assert session.scalars(select(Entry.id)).all() == entries
    assert differences(WHEN) == []
    step = session.scalars(select(LoanEvent).where(LoanEvent.loan_id == late).order_by(LoanEvent.id.desc())).first()
    assert step is not None
    assert (step.state, step.reason, step.details) == (
        LoanState.RESTRUCTURED,
        "sakit, warung tutup sebulan",
        {"version": 1, "left": LEFT, "instalments": 40, "first": day(6).isoformat(), "last": planned(house.melati, 46).isoformat()},
    )
    told = session.scalars(select(AuditEvent).where(AuditEvent.act == "loans.restructure")).one()
    assert (told.row, told.reason) == (f"loan:{late}", step.reason)


@only_sqlite
def test_the_days_before_it_are_as_they_were(house: House, late: int):
    evenings = [day(1) + timedelta(days=days) for days in range(0, 30, 3)]
    before = [seen(house, late, on, WHEN) for on in evenings]
    agreed(house, late)
    after = [seen(house, late, on, WHEN) for on in evenings]
    assert [replace(one, loan=before[0].loan) for one in after] == [replace(one, loan=before[0].loan) for one in before]


@only_sqlite
def test_an_agreed_schedule_of_its_own_sums(house: House, late: int):
    terms = NewTerms(schedule=((day(8), 1_000_000), (day(9), 380_000), (day(12), 1_000_000)))
    agreed(house, late, terms)
    after = seen(house, late, day(8))
    assert [(one.due_on, one.total) for one in after.instalments[3:]] == list(terms.schedule or ())
    assert (after.next_due, after.days_late, after.overdue) == (day(3), 35, 0)
    assert (seen(house, late, day(9)).overdue, seen(house, late, day(13)).overdue) == (1_000_000, LEFT)


@only_sqlite
def test_the_calendar_is_laid_out_to_the_last_new_meeting(house: House, late: int):
    shown = propose(house.head(WHEN), late, NewTerms(weeks=200))
    agreed(house, late, NewTerms(weeks=200))
    rows = seen(house, late, WHEN).instalments
    assert tuple(one.due_on for one in rows) == tuple(one.due_on for one in shown.new)
    assert (len(rows), rows[-1].due_on) == (203, shown.new[-1].due_on)
    assert (shown.left, len(shown.old), sum(one.total for one in shown.new)) == (LEFT, 50, 2_500_000)
    assert differences(WHEN) == []


# ---- refused ---------------------------------------------------------------------------------------------------------------------------

Totals = list[tuple[int, int]]


@pytest.mark.parametrize(
    ("totals", "code", "at"),
    [
        ([(6, LEFT - 1)], "schedule_differs", "schedule"),
        ([(6, LEFT), (7, 0)], "too_small", "schedule.1.total"),
        ([(5, LEFT)], "not_a_meeting", "schedule.0.due_on"),
        ([(7, 1_000_000), (6, LEFT - 1_000_000)], "dates_not_rising", "schedule.1.due_on"),
        ([(7, 1_000_000), (7, LEFT - 1_000_000)], "dates_not_rising", "schedule.1.due_on"),
        ([], "schedule_differs", "schedule"),
    ],
)
@only_sqlite
def test_plans_that_are_refused(house: House, late: int, totals: Totals, code: str, at: str):
    with refused(code, at=at, status=422):
        agreed(house, late, NewTerms(schedule=tuple((day(nth), total) for nth, total in totals)))


@only_sqlite
def test_a_day_without_a_meeting_is_refused(house: House, late: int):
    with refused("not_a_meeting", at="schedule.0.due_on"):
        agreed(house, late, NewTerms(schedule=((day(6) + timedelta(days=1), LEFT),)))


@pytest.mark.parametrize("weeks", [0, 251])
@only_sqlite
def test_instalments_without_end_are_refused(house: House, late: int, weeks: int):
    with refused("instalments_out_of_range", at="weeks"):
        agreed(house, late, NewTerms(weeks=weeks))


@only_sqlite
def test_who_may_not_and_when_not(house: House, late: int):
    for username in ("officer", "cashier", "auditor", "mentor", "admin"):
        with refused("not_allowed", status=403):
            agreed(house, late, by=house.person(username, WHEN))
    with refused("not_found", status=404):
        agreed(house, late, by=house.person("srg-head", WHEN))
    with refused("not_found", status=404):
        agreed(house, 9_999)
    with refused("reason_needed", at="reason"):
        restructure(late, house.head(WHEN), NewTerms(weeks=40), reason=" ")
    with refused("future_date", at="on"):
        restructure(late, house.head(WHEN), NewTerms(weeks=40), reason="sakit", on=WHEN + timedelta(days=1))
    with refused("out_of_order", at="on"):
        # She paid on the day of the third meeting.
        restructure(late, house.head(WHEN), NewTerms(weeks=40), reason="sakit", on=day(2))
    waiting = loans.apply(loans.Proposal(house.others[0], "MEKAAR", 2_000_000, 50, "warung"), house.person("officer2", WHEN))
    with refused("wrong_state", status=409):
        agreed(house, waiting)


@only_sqlite
def test_the_head_who_paid_it_out_does_not_restructure_it(house: House):
    loan_id = a_running_loan(house, house.others[0])
    by = house.person("officer2", LENT_ON)
    other = loans.apply(loans.Proposal(house.others[1], "MEKAAR", 2_000_000, 50, "warung"), by)
    loans.recommend(other, by, in_favour=10, present=10)
    loans.verify(other, house.head(LENT_ON))
    loans.approve(other, house.head(LENT_ON))
    loans.disburse(other, house.head(LENT_ON), paid_out(LENT_ON))
    agreed(house, loan_id)
    with refused("same_person", status=403):
        agreed(house, other)


# ---- the meeting -----------------------------------------------------------------------------------------------------------------------


def asked(house: House, nth: int, woman: int, on: date) -> tuple[int | None, int, int, int]:
    line = next(one for one in meetings.sheet(house.officer(on), meeting(house, nth)).lines if one.member_id == woman)
    return line.number, line.due, line.arrears, line.outstanding_total


def test_the_sheet_the_days_list_and_the_record_go_by_the_new_plan(house: House, late: int):
    first = house.women[0]
    agreed(house, late)
    assert asked(house, 5, first, WHEN) == (None, 0, 0, LEFT)
    assert asked(house, 6, first, WHEN) == (4, 59_500, 0, LEFT)
    assert asked(house, 7, first, WHEN) == (5, 59_500, 59_500, LEFT)
    (listed,) = meetings.meetings(house.officer(day(7)), day(7), officer="officer")
    assert listed.due == 11 * 100_000 + 119_000
    # Part of the first new instalment: she is as late as she was.
    kept = a_record(house, 6, paid={first: 19_500})
    line = next(one for one in kept.lines if one["member"] == first)
    assert (line["next_due"], line["days_late"]) == (day(3).isoformat(), (day(6) - day(3)).days)
    # 470,000 of the 2,380,000 left is margin: 59,500 of it holds 11,750, and margin is filled first.
    assert (line["allocated_margin"], line["allocated_principal"]) == (11_750, 7_750)
    kept = a_record(house, 7)
    line = next(one for one in kept.lines if one["member"] == first)
    assert (line["paid"], line["next_due"], line["days_late"]) == (99_500, day(8).isoformat(), 0)
    assert asked(house, 8, first, day(7)) == (6, 59_500, 0, LEFT - 119_000)
    assert differences(day(7)) == []


@only_sqlite
def test_nothing_paid_is_told_too(house: House, late: int):
    agreed(house, late)
    kept = a_record(house, 6, everybody=False)
    line = next(one for one in kept.lines if one["member"] == house.women[0])
    assert (line["next_due"], line["days_late"]) == (day(3).isoformat(), 21)


def test_the_last_rupiah_repays_it_and_taking_it_back_lets_it_run_as_it_ran(house: House, late: int):
    first = house.women[0]
    agreed(house, late)
    kept = a_record(house, 6, paid={first: LEFT})
    assert seen(house, late, day(6)).state is session.get_one(Loan, late).state is LoanState.REPAID
    assert seen(house, late, day(5), day(6)).state is LoanState.RUNNING
    undo_record(kept.uuid, house.head(day(7)), reason="salah")
    assert session.get_one(Loan, late).state is LoanState.RESTRUCTURED
    assert seen(house, late, day(7)).outstanding_total == LEFT
    assert seen(house, late, day(6), day(7)).state is LoanState.REPAID
    assert differences(day(7)) == []


def test_a_payment_of_before_may_be_taken_back_or_come_late(house: House, late: int):
    first = house.women[0]
    agreed(house, late)
    undo_record(a_uuid(1_002), house.head(day(6)), reason="tertukar")
    # Rp70,000 are paid: the second instalment is missing again, and is late since its own day.
    back = seen(house, late, day(6))
    assert (back.paid, back.next_due, back.days_late, back.overdue) == (70_000, day(2), 28, 50_000)
    assert asked(house, 6, first, day(6)) == (4, 59_500, 50_000, LEFT + 50_000)
    a_record(house, 2, uuid=a_uuid(77), on=day(6), held_on=day(2), paid={first: 130_000})
    again = seen(house, late, day(6))
    assert (again.paid, again.next_due, again.days_late) == (200_000, day(7), 0)
    assert differences(day(6)) == []


@only_sqlite
def test_her_moved_meetings_move_her_new_dates(house: House, late: int):
    agreed(house, late)
    shift_meetings(house.melati, 8, 2, "panen", house.head(WHEN))
    move_meeting(house.melati, 7, day(6) + timedelta(days=1), "melayat", house.head(WHEN))
    rows = seen(house, late, WHEN).instalments
    assert [one.due_on for one in rows[3:6]] == [day(6) + timedelta(days=1), day(9), day(10)]
    assert rows[3].moved_from == day(6)
    assert (rows[2].due_on, seen(house, late, WHEN).days_late) == (day(3), 16)
    assert differences(WHEN) == []


# ---- at risk ---------------------------------------------------------------------------------------------------------------------------


def in_par(house: House, on: date, today: date | None = None) -> dict[int, int]:
    (row,) = [one for one in portfolio(house.head(today or on), on, "group").items if one.key == house.melati]
    return row.par


def test_it_is_in_every_bucket_until_eight_in_a_row_were_paid_on_time(house: House, late: int):
    first = house.women[0]
    assert in_par(house, WHEN) == {0: 1_910_000, 7: 1_910_000, 30: 0, 60: 0, 90: 0}
    agreed(house, late)
    assert in_par(house, WHEN) == dict.fromkeys(PAR_DAYS, 1_910_000)
    a_record(house, 6)
    a_record(house, 7, paid={first: 0})  # missed: it begins anew
    for nth in range(8, 16):
        a_record(house, nth)
        of_her = seen(house, late, day(nth))
        assert of_her.restructured is not None
        assert of_her.restructured.clean_payments == nth - 7
        assert (of_her.days_late, of_her.overdue) == (0, 0)
        assert in_par(house, day(nth)) == dict.fromkeys(PAR_DAYS, of_her.outstanding_principal if nth < 15 else 0)
    # Any evening can be asked again.
    assert in_par(house, day(14), day(15)) == dict.fromkeys(PAR_DAYS, seen(house, late, day(14), day(15)).outstanding_principal)
    assert in_par(house, WHEN - timedelta(days=1), day(15)) == {0: 1_910_000, 7: 1_910_000, 30: 0, 60: 0, 90: 0}
    # Late once more, it is late like any other.
    a_record(house, 16, paid={first: 0})
    par = in_par(house, day(17))
    assert (par[0] > 0, par[7], par[30]) == (True, 0, 0)


def test_the_portfolio_the_worklist_and_the_night_say_the_same_of_every_evening(house: House, late: int):
    first = house.women[0]
    agreed(house, late, NewTerms(schedule=((day(6), 1_000_000), (day(8), 1_380_000))))
    a_record(house, 6, paid={first: 999_999})
    a_record(house, 7, paid={first: 1})
    evenings = [WHEN - timedelta(days=1) + timedelta(days=nth) for nth in range(0, 25, 2)]
    for on in evenings:
        close_date(on, "test")
    head = house.head(evenings[-1])
    for on in evenings:
        of_her = seen(house, late, on, evenings[-1])
        row = next((one for one in worklist(head, on) if one.loan_id == late), None)
        snapshot = session.get(ArrearsSnapshot, (on, late))
        if of_her.days_late == 0:
            assert row is None
            assert snapshot is None
        else:
            assert row is not None
            assert snapshot is not None
            figures = (of_her.days_late, of_her.overdue, of_her.outstanding_principal)
            assert (row.days_late, row.overdue, row.outstanding_principal, row.oldest_due) == (*figures, of_her.next_due)
            assert (snapshot.days_late, snapshot.overdue, snapshot.outstanding_principal) == figures
            assert row.quality == snapshot.quality == of_her.quality
        stored = session.get_one(PortfolioDay, (on, house.melati))
        asked_now = next(one for one in portfolio(head, on, "group").items if one.key == house.melati)
        assert (stored.loans, stored.outstanding_principal, {days: getattr(stored, f"par_{days}") for days in PAR_DAYS}) == (
            asked_now.loans,
            asked_now.outstanding_principal,
            asked_now.par,
        )
        assert sum(loans for loans, _ in asked_now.classes.values()) == asked_now.loans == 12
    dues = {on: portfolio(head, on, "unit").whole.due_period for on in (day(6), day(7), day(8))}
    assert dues == {day(6): 550_000 + 1_000_000, day(7): 550_000, day(8): 550_000 + 1_380_000}
    assert differences(evenings[-1]) == []


@only_sqlite
def test_a_plan_agreed_after_the_night_restates_it_only_where_it_was_dated_back(house: House, late: int):
    close_date(WHEN, "test")
    restructure(late, house.head(WHEN + timedelta(days=1)), NewTerms(weeks=40), reason="sakit", on=WHEN)
    assert differences(WHEN + timedelta(days=1)) == []


# ---- twice, and to the end -------------------------------------------------------------------------------------------------------------


@only_sqlite
def test_restructured_again_it_begins_anew(house: House, late: int):
    agreed(house, late)
    for nth in range(6, 15):
        a_record(house, nth)
    assert in_par(house, day(14))[30] == 0
    agreed(house, late, NewTerms(weeks=50), on=day(14))
    again = seen(house, late, day(14))
    assert again.restructured is not None
    assert (again.restructured.on, again.restructured.clean_payments, again.days_late, again.next_due) == (day(14), 0, 0, day(15))
    assert in_par(house, day(14)) == dict.fromkeys(PAR_DAYS, again.outstanding_principal)
    assert (len(again.instalments), sum(one.total for one in again.instalments)) == (3 + 9 + 50, 2_500_000)
    assert session.scalars(select(Restructuring.version).where(Restructuring.loan_id == late)).all() == [1, 2]
    assert differences(day(14)) == []


def test_pressed_twice_it_is_agreed_once(house: House, late: int):
    agreed(house, late)
    with refused("wrong_state", status=409):
        agreed(house, late)
    agreed(house, late, NewTerms(weeks=20))
    assert seen(house, late, WHEN).next_due == day(3)
    assert sum(one.total for one in seen(house, late, WHEN).instalments) == 2_500_000
    assert session.scalars(select(ScheduleRow.version).where(ScheduleRow.loan_id == late)).all().count(2) == 23
    assert differences(WHEN) == []


@only_sqlite
def test_money_that_came_after_the_page_was_shown_must_be_seen_first(house: House, late: int):
    with refused("moved_since", status=409):
        restructure(late, house.head(WHEN), NewTerms(weeks=40), reason="sakit", seen_left=LEFT + 50_000)


def test_a_restructured_loan_is_settled(house: House, late: int):
    agreed(house, late)
    a_record(house, 6)
    booked = endings.settle(late, house.person("cashier", day(7)), endings.Settlement(None, 400_000))
    assert booked.received == LEFT - 59_500 - 400_000
    after = seen(house, late, day(7))
    assert (after.state, after.outstanding_total, after.next_due, after.paid) == (LoanState.REPAID, 0, None, 2_500_000)
    assert in_par(house, day(7))[0] == 0
    assert in_par(house, day(6), day(7))[90] > 0
    assert differences(day(7)) == []


@pytest.mark.parametrize("way", ["write_off", "death"])
def test_a_restructured_loan_ends(house: House, late: int, way: str):
    agreed(house, late)
    a_record(house, 6)
    owed = seen(house, late, day(6)).outstanding_principal
    if way == "write_off":
        endings.write_off(late, house.head(day(7)), reason="pindah")
    else:
        endings.record_death(late, house.head(day(7)), reason="meninggal", claim=True)
    after = seen(house, late, day(7))
    assert (after.outstanding_principal, after.next_due, after.days_late, after.overdue) == (0, None, 0, 0)
    whole = portfolio(house.head(day(7)), day(7), "unit").whole
    assert (whole.loans, whole.par) == (11, dict.fromkeys(PAR_DAYS, 0))
    before = portfolio(house.head(day(7)), day(6), "unit").whole
    assert (before.loans, before.par[90], before.outstanding_principal) == (12, owed, owed + 11 * (2_000_000 - 6 * 40_000))
    close_date(day(6), "test")
    close_date(day(7), "test")
    assert differences(day(7)) == []


@only_sqlite
def test_a_group_with_her_in_it_blocks_a_new_loan_while_she_is_late(house: House, late: int):
    agreed(house, late)
    by = house.officer(day(9))
    another = a_woman(house.melati, house.officer(WHEN), "Baru")
    for nth in (6, 7, 8, 9):
        a_record(house, nth, paid={house.women[0]: 0})
    with refused("group_in_arrears"):
        loans.apply(loans.Proposal(another, "MEKAAR", 2_000_000, 50, "warung"), by)
    with refused("loan_running"):
        loans.apply(loans.Proposal(house.women[0], "MEKAAR", 2_000_000, 50, "warung"), by)
    assert session.scalars(select(Loan.next_due).where(Loan.id == late)).one() is None


@only_sqlite
def test_the_books_know_no_restructuring(house: House, late: int):
    kinds = set(session.scalars(select(Entry.kind)))
    agreed(house, late)
    assert set(session.scalars(select(Entry.kind))) == kinds
    assert Account.OPENING.value not in kinds


@only_sqlite
def test_an_officer_whose_group_it_is_sees_it_and_another_does_not(house: House, late: int):
    agreed(house, late)
    assert questions.as_of(house.officer(WHEN), late, WHEN).restructured is not None
    (listed,) = questions.standing_now([questions.loan(house.officer(WHEN), late)], WHEN)
    assert (listed.state, listed.next_due, listed.days_late, listed.overdue) == (LoanState.RESTRUCTURED, day(3), 16, 0)
    assert listed.restructured == questions.as_of(house.officer(WHEN), late, WHEN).restructured
    with refused("not_found"):
        propose(house.person("srg-head", WHEN), late, NewTerms(weeks=40))
    waiting = loans.apply(loans.Proposal(house.others[0], "MEKAAR", 2_000_000, 50, "warung"), house.person("officer2", WHEN))
    with refused("wrong_state"):
        propose(house.head(WHEN), waiting, NewTerms(weeks=4))
