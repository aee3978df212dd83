"""The night: every date once, oldest first, whoever runs it and however late; what it writes is a pure function of the facts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from lending.actions import night_cases, night_history
from lending.actions.arrears import NightFailed, close_date
from lending.actions.groups import assign_officer
from lending.actions.undoing import undo_record
from lending.database import is_postgresql, session, transaction
from lending.domain.collection import Shortfall, ShortReason
from lending.jobs.nightly import close_days, look_over
from lending.models import ArrearsCase, ArrearsSnapshot, BrokenPromise, Group, JobRun, PortfolioDay, Unit
from lending.queries import operations
from lending.queries.portfolio import line_of_weeks
from tests.furnished import LENT_ON, House, a_record, a_running_loan, a_uuid, all_at_once, day, only_sqlite, statements

A_DAY = timedelta(days=1)


def history() -> list[tuple[Any, ...]]:
    """All that the nights have written, moments apart."""
    late = select(
        ArrearsSnapshot.as_of,
        ArrearsSnapshot.loan_id,
        ArrearsSnapshot.days_late,
        ArrearsSnapshot.quality,
        ArrearsSnapshot.overdue,
        ArrearsSnapshot.outstanding_principal,
    ).order_by(ArrearsSnapshot.as_of, ArrearsSnapshot.loan_id)
    totals = select(
        PortfolioDay.as_of,
        PortfolioDay.group_id,
        PortfolioDay.officer_id,
        PortfolioDay.loans,
        PortfolioDay.outstanding_principal,
        PortfolioDay.par_0,
        PortfolioDay.par_7,
        PortfolioDay.par_30,
        PortfolioDay.par_60,
        PortfolioDay.par_90,
        PortfolioDay.late_loans,
    ).order_by(PortfolioDay.as_of, PortfolioDay.group_id)
    cases = select(ArrearsCase.loan_id, ArrearsCase.opened_on, ArrearsCase.closed_on).order_by(ArrearsCase.loan_id, ArrearsCase.opened_on)
    broken = select(BrokenPromise.loan_id, BrokenPromise.promise_on, BrokenPromise.as_of).order_by(BrokenPromise.loan_id)
    nights = select(JobRun.job, JobRun.for_date, JobRun.finished_at.is_not(None), JobRun.result).order_by(JobRun.job, JobRun.for_date)
    session.rollback()
    return [tuple(row) for question in (late, totals, cases, broken, nights) for row in session.execute(question)]


def cases(loan_id: int) -> list[tuple[date, date | None]]:
    """When the loan's cases opened and closed."""
    session.rollback()
    question = select(ArrearsCase.opened_on, ArrearsCase.closed_on).where(ArrearsCase.loan_id == loan_id)
    return [(row.opened_on, row.closed_on) for row in session.execute(question.order_by(ArrearsCase.opened_on))]


def test_it_closes_every_date_from_the_first_disbursement_once(house: House):
    a_record(house, 1, paid={house.women[0]: 0})
    yesterday = day(2)
    closed = close_days(yesterday)
    assert closed == [LENT_ON + timedelta(days=n) for n in range((yesterday - LENT_ON).days + 1)]
    written = history()
    assert close_days(yesterday) == []
    assert history() == written
    assert close_days(yesterday + timedelta(days=1)) == [yesterday + timedelta(days=1)]
    state = operations.night_state(yesterday + timedelta(days=3))
    assert (state.last_closed, state.late_days) == (yesterday + timedelta(days=1), 2)


def test_it_writes_who_was_late_and_how_each_group_stood(house: House):
    a_record(house, 1, paid={house.women[0]: 0, house.women[1]: 20_000})
    night = close_date(day(1) + timedelta(days=8), "test")
    assert night is not None
    assert (night.late_loans, night.groups) == (12, 1)
    late, totals = history()[:12], history()[12]
    assert late[0] == (day(1) + timedelta(days=8), house.loans[0], 8, "lancar", 100_000, 2_000_000)
    assert late[1][2:] == (8, "lancar", 80_000, 1_990_000)
    assert late[2][2:] == (1, "lancar", 50_000, 1_960_000)
    outstanding = 2_000_000 + 1_990_000 + 10 * 1_960_000
    assert totals[2:] == (house.people["officer"].user_id, 12, outstanding, outstanding, 3_990_000, 0, 0, 0, 12)


def test_late_is_as_good_as_on_time_and_several_at_once_as_good_as_one(house: House):
    for nth in (1, 2):
        a_record(house, nth, paid={house.women[nth]: 10_000})
    found = all_at_once([lambda: close_days(day(3))] * 3)
    dates = sorted(on for one in found for on in one)
    assert dates == [LENT_ON + timedelta(days=n) for n in range((day(3) - LENT_ON).days + 1)]
    at_once = history()
    assert {row.finished_at is not None for row in session.scalars(select(JobRun))} == {True}
    assert len(at_once) > 30


def test_a_night_that_dies_half_way_leaves_nothing_and_is_taken_up_again(house: House, monkeypatch: pytest.MonkeyPatch):
    a_record(house, 1, paid={house.women[0]: 0})

    def power_cut(*_: object) -> int:
        raise OSError("power")

    with monkeypatch.context() as cut:
        cut.setattr(night_cases, "follow", power_cut)
        with pytest.raises(OSError, match="power"):
            close_date(day(2), "test")
    assert history() == []
    assert session.scalars(select(JobRun)).all() == []
    assert close_date(day(2), "test") is not None


# ---- cases -----------------------------------------------------------------------------------------------------------------------------


def test_a_case_opens_on_the_first_late_evening_and_closes_on_the_first_that_is_not(house: House):
    late, undone = house.loans[0], house.loans[1]
    a_record(house, 1, paid={house.women[0]: 0})
    close_days(day(2) - A_DAY)
    assert cases(late) == [(day(1) + A_DAY, None)]
    assert cases(undone) == []
    kept = a_record(house, 2)
    close_days(day(2))
    assert cases(late) == [(day(1) + A_DAY, day(2))]
    undo_record(kept.uuid, house.head(day(2) + 2 * A_DAY), reason="tertukar")
    close_days(day(2) + 3 * A_DAY)
    # What was paid is taken back, and both are late again: for her it is another case.
    assert cases(late) == [(day(1) + A_DAY, day(2)), (day(2) + 2 * A_DAY, None)]
    assert cases(undone) == [(day(2) + 2 * A_DAY, None)]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM arrears_case",
        "UPDATE arrears_case SET closed_on = NULL",
        "UPDATE arrears_case SET opened_on = closed_on",
        "UPDATE arrears_case SET closed_on = opened_on WHERE closed_on IS NOT NULL",
    ],
)
def test_a_case_only_closes_and_once(house: House, sql: str):
    a_record(house, 1, paid={house.women[0]: 0})
    close_days(day(1) + A_DAY)
    a_record(house, 2)
    close_days(day(2))
    with pytest.raises(DBAPIError, match="only closes, and once"), transaction():
        session.execute(text(sql))


# ---- promises --------------------------------------------------------------------------------------------------------------------------


def broken_promises() -> list[tuple[int, date, date]]:
    """The loan, the day promised, and the evening that found it broken."""
    session.rollback()
    question = select(BrokenPromise.loan_id, BrokenPromise.promise_on, BrokenPromise.as_of).order_by(BrokenPromise.promise_on)
    return [(row.loan_id, row.promise_on, row.as_of) for row in session.execute(question)]


def test_a_promise_is_broken_on_the_first_evening_after_its_day_if_she_is_late_still(house: House):
    late, paid, undone = house.women[:3]
    thursday = day(1) + 3 * A_DAY
    told = {woman: Shortfall(ShortReason.SAKIT, thursday) for woman in (late, paid)}
    a_record(house, 1, paid=dict.fromkeys((late, paid), 0), shortfalls=told)
    close_days(thursday)
    assert broken_promises() == []
    close_days(day(2) - A_DAY)
    assert broken_promises() == [(house.loans[0], thursday, thursday + A_DAY), (house.loans[1], thursday, thursday + A_DAY)]
    # She says another day at the next meeting; the record of which is undone, and with it what she said.
    again = {undone: Shortfall(ShortReason.LUPA, day(2) + A_DAY), late: Shortfall(ShortReason.SAKIT, day(2) + A_DAY)}
    kept = a_record(house, 2, paid={late: 0, undone: 0}, shortfalls=again)
    undo_record(kept.uuid, house.officer(day(2)), reason="tertukar")
    a_record(house, 2, uuid=a_uuid(9), paid={late: 0}, shortfalls={late: Shortfall(ShortReason.SAKIT, day(3) - A_DAY)})
    close_days(day(3) + 3 * A_DAY)
    assert broken_promises()[2:] == [(house.loans[0], day(3) - A_DAY, day(3))]


def test_a_promise_that_came_late_from_a_phone_is_marked_by_the_next_night(house: House):
    close_days(day(1) + 4 * A_DAY)
    told = {house.women[0]: Shortfall(ShortReason.SAKIT, day(1) + A_DAY)}
    a_record(house, 1, on=day(1) + 5 * A_DAY, paid={house.women[0]: 0}, shortfalls=told)
    close_days(day(1) + 6 * A_DAY)
    assert broken_promises() == [(house.loans[0], day(1) + A_DAY, day(1) + 5 * A_DAY)]


# ---- units -----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_units(house: House) -> House:
    """Kenanga belongs to Serang, which has moved to Papua: it lent a week later, and two women pay."""
    for woman in house.others[:2]:
        a_running_loan(house, woman, day(1))
    a_record(house, 1, paid={house.women[0]: 0})
    with transaction():
        session.execute(update(Unit).where(Unit.code == "SRG").values(zone="Asia/Jayapura"))
        session.execute(
            update(Group).where(Group.id == house.kenanga).values(unit_id=select(Unit.id).where(Unit.code == "SRG").scalar_subquery())
        )
    return house


def closed_by(unit: str) -> list[date]:
    """The dates that this unit has closed."""
    session.rollback()
    done = JobRun.finished_at.is_not(None)
    return list(session.scalars(select(JobRun.for_date).where(JobRun.job == f"night:{unit}", done).order_by(JobRun.for_date)))


def test_a_unit_closes_its_own_dates_and_a_date_counts_once_all_have_it(two_units: House):
    newest = {"Asia/Jakarta": day(2), "Asia/Jayapura": day(2) + A_DAY}
    assert close_days(newest.__getitem__) == [LENT_ON + n * A_DAY for n in range(15)]
    assert (closed_by("JMB")[-1], closed_by("SRG")[0], closed_by("SRG")[-1]) == (day(2), day(1), day(2) + A_DAY)
    groups = select(PortfolioDay.group_id).where(PortfolioDay.as_of == day(2) + A_DAY)
    assert session.scalars(groups).all() == [two_units.kenanga]
    # Two hours later the day is over in Jambi too: nothing of Papua's is written again, and its cases stay as they are.
    before = session.execute(select(ArrearsCase.loan_id, ArrearsCase.opened_on).order_by(ArrearsCase.loan_id)).all()
    assert close_days(day(2) + A_DAY) == [day(2) + A_DAY]
    session.rollback()
    assert sorted(session.scalars(groups)) == [two_units.melati, two_units.kenanga]
    found = session.execute(select(ArrearsCase.loan_id, ArrearsCase.opened_on).order_by(ArrearsCase.loan_id)).all()
    assert set(found) - set(before) == {(loan, day(2) + A_DAY) for loan in two_units.loans[1:]}
    run = {one.unit: one.result for one in operations.runs(two_units.person("auditor", day(3)), limit=2)}
    assert run == {
        "JMB": {"late_loans": 12, "groups": 1, "opened": 11, "closed": 0, "broken": 0},
        "SRG": {"late_loans": 2, "groups": 1, "opened": 2, "closed": 0, "broken": 0},
    }


def test_units_apart_or_together_write_the_same(two_units: House):
    apart = {"Asia/Jakarta": LENT_ON, "Asia/Jayapura": day(2)}
    close_days(apart.__getitem__)
    close_days(day(2))
    found = history()
    with transaction():
        for name in ("arrears_snapshot", "portfolio_day", "arrears_case", "broken_promise", "job_run"):
            _emptied(name)
    close_days(day(2))
    assert history() == found


def _emptied(table: str) -> None:
    """Take the night's rows away, past the guards, which go with them: the house is the test's own."""
    if is_postgresql():
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_delete"))
    session.execute(text(f"DELETE FROM {table}"))


def test_the_fault_of_one_unit_stops_no_other(two_units: House, monkeypatch: pytest.MonkeyPatch):
    serang = session.scalar(select(Unit.id).where(Unit.code == "SRG"))
    append = night_history.append

    def spoilt(on: date, units: Sequence[int] | None) -> tuple[int, int]:
        if serang in (units or ()) or (units is None and on >= day(1)):
            raise ArithmeticError("a figure that nobody can read")
        return append(on, units)

    with monkeypatch.context() as spoiling:
        spoiling.setattr(night_history, "append", spoilt)
        with pytest.raises(NightFailed):
            close_days(day(2))
    assert (closed_by("JMB")[-1], closed_by("SRG")) == (day(2), [])
    auditor = two_units.person("auditor", day(3))
    assert [(run.unit, run.for_date, run.fault) for run in operations.runs(auditor) if run.fault] == [("SRG", day(1), "ArithmeticError")]
    assert operations.night_state(day(2)).late_days == 8
    assert operations.night_state(day(2), unit_id=two_units.unit_id).late_days == 0
    assert close_days(day(2)) == [day(1) + n * A_DAY for n in range(8)]
    assert not any(run.fault for run in operations.runs(auditor))


def test_of_several_who_would_look_over_the_books_one_does(house: House):
    close_days(LENT_ON)
    assert sorted(all_at_once([lambda: look_over(LENT_ON)] * 3), key=str) == [None, None, True]
    assert look_over(LENT_ON) is None
    look = operations.newest_look()
    assert (look and look.for_date, look and look.is_good) == (LENT_ON, True)
    # While a date is open nobody looks: the newest one may be half written.
    assert look_over(LENT_ON + A_DAY) is None


def test_a_new_house_has_no_night_to_close(house: House):
    assert operations.night_state(LENT_ON - timedelta(days=1)).open_dates == ()
    assert close_days(LENT_ON - timedelta(days=1)) == []


@only_sqlite
def test_it_reads_the_entries_of_the_days_since_and_never_the_whole_journal(house: House):
    with statements() as sent:
        close_date(day(1), "test")
    night = [sql for sql in sent if "INSERT INTO arrears_snapshot" in sql or "INSERT INTO portfolio_day" in sql]
    assert len(night) == 2
    for sql in night:
        asked = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (day(1).isoformat(),) * sql.count("?"))
        plan = [row[3] for row in asked]
        assert any("ix_entry_happened_on" in step for step in plan)
        assert not any("SCAN posting" in step or "SCAN entry" in step for step in plan)


@only_sqlite
def test_a_groups_evening_stands_under_the_officer_of_that_day(house: House):
    assign_officer(house.melati, "officer2", house.head(day(2)), reason="pindah tugas")
    for evening in (day(2) - timedelta(days=1), day(2)):
        close_date(evening, "test")
    found = session.execute(select(PortfolioDay.as_of, PortfolioDay.officer_id).order_by(PortfolioDay.as_of)).all()
    assert [row.officer_id for row in found] == [house.people["officer"].user_id, house.people["officer2"].user_id]


@only_sqlite
def test_the_home_pages_line_is_drawn_from_the_nights(house: House):
    close_days(day(4))
    points = line_of_weeks(house.head(day(4) + timedelta(days=1)), day(4), weeks=4)
    assert [(point.on, point.outstanding_principal, point.par_0, point.par_30) for point in points] == [
        (LENT_ON, 24_000_000, 0, 0),
        (day(1), 24_000_000, 0, 0),
        (day(2), 24_000_000, 24_000_000, 0),
        (day(3), 24_000_000, 24_000_000, 0),
    ]
