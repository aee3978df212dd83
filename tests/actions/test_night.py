"""The night: every date once, oldest first, whoever runs it and however late; what it writes is a pure function of the facts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lending.actions import arrears
from lending.actions.arrears import close_date
from lending.actions.groups import assign_officer
from lending.database import session
from lending.jobs.nightly import close_days
from lending.models import ArrearsSnapshot, JobRun, PortfolioDay
from lending.queries import operations
from lending.queries.portfolio import line_of_weeks
from tests.furnished import LENT_ON, House, a_record, all_at_once, day, only_sqlite


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
    ).order_by(PortfolioDay.as_of, PortfolioDay.group_id)
    session.rollback()
    return [tuple(row) for question in (late, totals) for row in session.execute(question)]


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
    assert totals[2:] == (house.people["officer"].user_id, 12, outstanding, outstanding, 3_990_000, 0, 0, 0)


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
        cut.setattr(arrears, "_portfolio", power_cut)
        with pytest.raises(OSError, match="power"):
            close_date(day(2), "test")
    assert history() == []
    assert session.scalars(select(JobRun)).all() == []
    assert close_date(day(2), "test") is not None


def test_a_new_house_has_no_night_to_close(house: House):
    assert operations.night_state(LENT_ON - timedelta(days=1)).open_dates == ()
    assert close_days(LENT_ON - timedelta(days=1)) == []


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
