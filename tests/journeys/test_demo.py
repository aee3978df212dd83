"""The demo: what the contract promises of it, what it must show to be believed, and that the same words give the same rows."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Select, func, select

from lending import demo
from lending.actions.accounts import sign_in
from lending.actions.reference import load_reference
from lending.database import session
from lending.demo.people import JAMBI, SERANG
from lending.demo.plan import LATE_PERCENT, GroupPlan, Planner
from lending.domain.access import Actor, Role
from lending.domain.calendar import Holiday, HolidayKind, HolidayRule, is_lawful
from lending.domain.collection import Attendance
from lending.domain.identity import parse_nik, parse_phone
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import WAITING, LoanState
from lending.domain.mentoring import ActionState
from lending.domain.refusals import Refusal
from lending.models import (
    Base,
    Leadership,
    Loan,
    LoanEvent,
    Meeting,
    MeetingLine,
    MeetingRecord,
    Member,
    Membership,
    RecordUndo,
    Renteng,
    Unit,
    User,
    Visit,
)
from lending.queries import accounts, arrears, books, check, collection, days, groups, mentoring, operations, portfolio
from lending.queries import loans as loan_questions
from lending.queries.admin import holiday_calendar
from lending.queries.calendars import calendar
from lending.reference import load
from tests.conftest import TODAY
from tests.furnished import opened

PASSWORD = "maju-bersama-demo"

SIGN_INS = {
    **{role.value: (role, "JMB") for role in Role},
    "officer2": (Role.OFFICER, "JMB"),
    **{f"srg-{role.value}": (role, "SRG") for role in Role if role not in {Role.ADMIN, Role.AUDITOR}},
}

YESTERDAY = TODAY - timedelta(days=1)


def built(*, groups: int, weeks: int, on: date = TODAY) -> dict[str, int]:
    """Build a demo in the empty database whose app's context is entered."""
    load_reference(on)
    return dict(demo.build(groups, weeks, on=on, password=PASSWORD))


def person(username: str, on: date = TODAY) -> Actor:
    account = accounts.account(username)
    assert account is not None, username
    return account.person.acting(on)


@pytest.fixture(scope="module")
def default(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """The demo as everybody first meets it, standing at a Thursday; tells what was built."""
    path = tmp_path_factory.mktemp("demo") / "lending.db"
    shutil.copy(sqlite_template, path)
    with opened(f"sqlite:///{path}"):
        yield built(groups=12, weeks=26)


@pytest.fixture
def empty(database: str) -> Iterator[str]:
    with opened(database):
        yield database


only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


# ---- what the contract promises --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("default")
class TestTheContract:
    def test_there_are_two_units_that_serve_their_whole_cities(self) -> None:
        units = {unit.code: unit for unit in session.scalars(select(Unit))}
        assert {code: (unit.name, unit.zone, unit.is_demo) for code, unit in units.items()} == {
            "JMB": ("Kota Jambi", "Asia/Jakarta", True),
            "SRG": ("Kota Serang", "Asia/Jakarta", True),
        }
        assert len(JAMBI.places("kelurahan")) == 68
        assert len(SERANG.places("kelurahan")) == 67

    def test_there_is_one_sign_in_a_role_and_one_officer_more_all_marked_and_with_the_common_password(self) -> None:
        people = {one.username: (one.role, one.unit_code) for one in accounts.demo_people()}
        assert people == SIGN_INS
        assert session.scalar(select(func.count()).where(User.active, ~User.is_demo)) == 0
        assert sign_in("officer", PASSWORD).person.role is Role.OFFICER
        assert sign_in("srg-leader", PASSWORD).person.unit_code == "SRG"

    def test_groups_go_to_the_officers_in_turn(self) -> None:
        officers = [group.officer for group in groups.groups(person("head"))]
        assert officers == ["officer", "officer2"] * 6

    def test_the_leader_leads_the_first_group_of_officer(self) -> None:
        first = groups.groups(person("officer"))[0]
        leader = person("leader")
        assert first.leader == leader.member_id
        assert [group.id for group in groups.groups(leader)] == [first.id]

    def test_officer_meets_today_and_the_meetings_of_today_are_open(self) -> None:
        today = collection.meetings(person("head"), TODAY)
        assert {meeting.officer for meeting in today} == {"officer", "officer2"}
        assert [meeting.record for meeting in today] == [None] * len(today)

    def test_every_meeting_before_today_is_recorded_and_none_after(self) -> None:
        assert collection.missed(person("head"), date.min) == []
        assert session.scalar(select(func.max(MeetingRecord.held_on))) == YESTERDAY
        assert session.scalar(select(func.max(MeetingRecord.recorded_on))) == YESTERDAY

    def test_the_night_has_closed_every_day_up_to_yesterday(self) -> None:
        state = operations.night_state(YESTERDAY)
        assert state.last_closed == YESTERDAY
        assert state.open_dates == ()
        assert operations.newest_business_date() == YESTERDAY
        assert len(portfolio.line_of_weeks(person("head"), TODAY)) == 12

    def test_the_books_and_every_stored_figure_follow_from_the_facts(self) -> None:
        assert check.prove(TODAY).differences == ()

    def test_the_vaults_hold_at_least_a_hundred_million(self) -> None:
        for username in ("cashier", "srg-cashier"):
            unit_id = person(username).unit_id
            assert unit_id is not None
            assert books.vault(unit_id) >= 100_000_000

    def test_no_meeting_stands_on_a_sunday_or_a_national_holiday(self) -> None:
        holidays = holiday_calendar()
        assert [day for day in session.scalars(select(Meeting.planned_on)) if not is_lawful(day, holidays)] == []

    def test_serials_of_every_nik_begin_with_nine(self) -> None:
        assert {last4[0] for last4 in session.scalars(select(Member.nik_last4))} == {"9"}

    def test_what_it_tells_is_what_there_is(self, default: dict[str, int]) -> None:
        jambi = person("head").unit_id
        undone = select(RecordUndo.record_uuid)
        assert default == {
            "units": 2,
            "groups": len(groups.groups(person("head"))),
            "members": session.scalar(select(func.count()).where(Member.unit_id == jambi)),
            "loans": len(loan_questions.loans(person("head"))),
            "meetings": session.scalar(
                select(func.count()).where(MeetingRecord.unit_id == jambi, MeetingRecord.uuid.not_in(undone))
            ),
        }  # fmt: skip
        assert default["groups"] == 12


# ---- what makes it believable ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("default")
class TestTheStory:
    def test_groups_have_fifteen_to_twenty_women_in_sub_groups_of_five(self) -> None:
        assert all(15 <= group.size <= 20 for group in groups.groups(person("head")))
        in_sub_groups = (
            select(func.count()).where(Membership.left_on.is_(None)).group_by(Membership.group_id, Membership.sub_group)
        )  # fmt: skip
        assert max(session.scalars(in_sub_groups)) <= 5

    def test_about_one_loan_in_twenty_five_is_late(self) -> None:
        head = person("head")
        running = len(loan_questions.loans(head, states=[LoanState.RUNNING]))
        late = len(arrears.worklist(head, TODAY))
        assert LATE_PERCENT - 1 <= 100 * late / running <= LATE_PERCENT + 1.5

    def test_one_group_is_in_trouble_with_loans_of_every_class(self) -> None:
        at_risk = {row.key: row.par[30] / row.outstanding_principal for row in portfolio.portfolio(person("head"), TODAY, "group").items}
        worst, *others = sorted(at_risk.values(), reverse=True)
        assert worst > 0.1
        assert set(others) == {0}
        assert {late.quality for late in arrears.worklist(person("head"), TODAY)} == {"lancar", "diragukan", "macet"}

    def test_some_have_promised_and_some_have_broken_their_promise(self) -> None:
        late = arrears.worklist(person("head"), TODAY)
        assert all(one.reason is not None for one in late)
        assert {one.promise_broken for one in late} == {True, False}

    def test_every_worklist_has_something(self) -> None:
        states = {loan.state for loan in loan_questions.loans(person("head"))}
        assert states >= {*WAITING, LoanState.RUNNING, LoanState.REPAID, LoanState.REJECTED, LoanState.CANCELLED}

    def test_loans_are_of_both_products_both_lengths_and_more_than_one_cycle(self) -> None:
        loans = loan_questions.loans(person("head"), states=[LoanState.RUNNING])
        assert {loan.product_code for loan in loans} == {"MEKAAR", "MEKAAR-SYARIAH"}
        assert {loan.terms.weeks for loan in loans} == {25, 50}
        assert {loan.cycle for loan in loans} >= {1, 2}
        assert all(2_000_000 <= loan.terms.principal <= 5_000_000 for loan in loans)

    def test_nineteen_in_twenty_pay_in_full_themselves(self) -> None:
        lines = select(func.count()).where(MeetingLine.loan_id.is_not(None))
        every = session.scalar(lines) or 0
        helped = session.scalar(lines.where(MeetingLine.renteng > 0)) or 0
        short = session.scalar(lines.where(MeetingLine.short_reason.is_not(None))) or 0
        assert 0.91 <= 1 - (helped + short) / every <= 0.97
        assert (session.scalar(select(func.count()).select_from(Renteng)) or 0) > helped

    def test_attendance_is_of_every_kind_but_mostly_good(self) -> None:
        times = dict(session.execute(select(MeetingLine.attendance, func.count()).group_by(MeetingLine.attendance)).all())
        assert set(times) == set(Attendance)
        assert times[Attendance.HADIR] > 0.8 * sum(times.values())

    def test_a_record_was_undone_a_meeting_moved_and_another_is_about_to_a_leader_changed_and_a_woman_left(self) -> None:
        assert session.scalar(select(func.count()).select_from(RecordUndo)) == 1
        moved = [meeting for group in groups.groups(person("head")) for meeting in calendar(person("head"), group.id) if meeting.reason]
        by_hand = [meeting for meeting in moved if meeting.reason not in {holiday.name for holiday in holiday_calendar().values()}]
        assert {meeting.state.value for meeting in by_hand} == {"held", "moved"}
        assert session.scalar(select(func.count()).where(Leadership.to_on.is_not(None))) == 1
        assert session.scalar(select(func.count()).where(Membership.left_on.is_not(None), Membership.member_id.not_in(self.dead()))) == 1

    def dead(self) -> Select[int]:
        return select(Loan.member_id).where(Loan.state == LoanState.CLEARED)

    def test_one_woman_has_died_and_one_has_paid_off_everything_at_once(self) -> None:
        entries = {row.kind: row for row in books.journal(person("head"), first=date.min, last=TODAY)}
        claim = next(one for one in books.trial_balance(person("head"), TODAY).accounts if one.account is Account.DEATH_CLAIM)
        assert claim.balance == sum(leg.amount for leg in entries[EntryKind.DEATH].legs if leg.amount > 0) > 0
        assert len(session.scalars(self.dead()).all()) == 1
        assert {leg.account for leg in entries[EntryKind.SETTLEMENT].legs} >= {Account.VAULT_CASH, Account.REBATE, Account.LOAN_PRINCIPAL}

    def test_past_days_are_closed_where_the_cash_agrees_and_the_last_ones_wait(self) -> None:
        for username in ("head", "srg-head"):
            head = person(username)
            closed = days.closed_days(head, first=date.min, last=TODAY)
            assert all(day.difference == 0 and day.reason is None for day in closed)
            assert {day.counted is None for day in closed} == {True, False}
            assert TODAY - timedelta(days=20) < closed[-1].on < TODAY - timedelta(days=7)
            assert 1 <= len(days.still_open(head)) <= 8

    def test_days_off_have_drawn_calendars_out(self) -> None:
        reasons = set(session.scalars(select(Meeting.reason).where(Meeting.planned_on < TODAY, Meeting.reason.is_not(None))))
        assert {"Iduladha 1447 H", "Proklamasi Kemerdekaan"} & reasons

    def test_some_women_belong_without_a_loan(self) -> None:
        never = select(func.count()).where(Membership.left_on.is_(None), Membership.member_id.not_in(select(Loan.member_id)))
        assert (session.scalar(never) or 0) >= 3

    def test_what_was_agreed_at_visits_is_done_open_dropped_and_overdue(self) -> None:
        agreed = mentoring.actions(person("head"), limit=1000)
        assert {action.state for action in agreed} == set(ActionState)
        assert (session.scalar(select(func.count()).select_from(Visit)) or 0) > 60
        assert {visit.by for visit in mentoring.visits(person("head"), limit=1000)} == {"mentor", "officer", "officer2"}

    def test_officer_has_handed_over_all_cash_and_her_colleague_not_yet(self) -> None:
        assert [held.username for held in books.cash_in_hand(person("head"))] == ["officer2"]

    def test_whoever_proposed_a_loan_neither_verified_nor_approved_nor_paid_it_out(self) -> None:
        by_the_maker = (
            select(func.count())
            .select_from(LoanEvent)
            .join(Loan, Loan.id == LoanEvent.loan_id)
            .where(LoanEvent.actor_id == Loan.maker_id, LoanEvent.state.in_([LoanState.VERIFIED, LoanState.APPROVED, LoanState.RUNNING]))
        )
        assert session.scalar(by_the_maker) == 0
        verifiers = select(User.username).join(LoanEvent, LoanEvent.actor_id == User.id).where(LoanEvent.state == LoanState.VERIFIED)
        assert set(session.scalars(verifiers)) == {"head", "officer", "officer2", "srg-head"}


# ---- the same words, the same rows -----------------------------------------------------------------------------------------------------

OF_KEYS = {"nik_sealed", "nik_index", "kk_sealed", "kk_index", "password_hash"}
"""Columns that hold or follow from keys, wherever they stand."""

OF_MOMENTS = {"chain_seal": {"head", "audit_head"}, "day_close": {"hash", "previous_hash"}}
"""Columns that follow from moments: a hash of rows that say when they were written. (The trace of a close tells its day's hash, too.)"""


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the house, but for keys, tokens and moments."""
    found = {}
    for table in Base.metadata.sorted_tables:
        others = OF_KEYS | OF_MOMENTS.get(table.name, set()) | ({"code"} if table.name == "check_code" else set())
        asked = select(*(column for column in table.columns if column.name not in others)).order_by(*table.primary_key.columns)
        found[table.name] = [tuple(_fixed(value) for value in row if not isinstance(value, datetime)) for row in session.execute(asked)]
    return found


def _fixed(value: object) -> object:
    """The value but for a day's hash in it."""
    return {name: told for name, told in value.items() if name != "hash"} if isinstance(value, dict) else value


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_the_same_words_give_the_same_rows_on_either_database(database: str, sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "again.db")
    with opened(f"sqlite:///{tmp_path / 'again.db'}"):
        built(groups=2, weeks=4)
        once = rows()
    with opened(database):
        built(groups=2, weeks=4)
        again = rows()
    assert {name for name in once if once[name] != again[name]} == set()
    assert len(once["meeting_line"]) > 100


# ---- any day, any size -----------------------------------------------------------------------------------------------------------------

HOLIDAYS = {row.date: Holiday(row.date, row.name, HolidayKind(row.kind), HolidayRule(row.rule)) for row in load.holidays()}


def plans(on: date, *, how_many: int = 12, weeks: int = 26) -> list[GroupPlan]:
    return Planner(on, HOLIDAYS, Random(1)).groups(JAMBI, how_many=how_many, weeks=weeks)


def test_whatever_day_it_is_officer_meets_unless_nobody_may() -> None:
    for passed in range(0, 4 * 365, 5):
        on = date(2024, 1, 1) + timedelta(days=passed)
        hers = [plan.first_meeting.isoweekday() for plan in plans(on) if plan.officer == "officer"]
        assert on.isoweekday() == 7 or hers[0] == on.isoweekday()
        assert 7 not in hers


def test_the_oldest_group_has_as_many_meetings_behind_it_as_was_asked() -> None:
    for on in (TODAY, date(2026, 8, 17), date(2027, 3, 13), date(2024, 2, 29), date(2026, 11, 22)):
        first = plans(on)[0].first_meeting
        weekly = (first + timedelta(weeks=week) for week in range(60))
        behind = [day for day in weekly if day < on and (day not in HOLIDAYS or HOLIDAYS[day].effect is HolidayRule.KEEP)]
        assert len(behind) == 26


def test_no_woman_has_a_number_that_anybody_could_have() -> None:
    known = {region.code for region in load.regions()}
    seen: set[str] = set()
    for plan in plans(TODAY, how_many=40):
        for woman in (part.woman for part in plan.parts):
            nik = parse_nik(woman.nik, today=TODAY)
            assert nik.is_woman
            assert nik.birth_date == woman.birth_date
            assert nik.region in known
            assert nik.serial[0] == woman.kk[-4] == "9"
            assert woman.kelurahan == plan.kelurahan
            assert woman.kelurahan in known
            assert woman.phone is None or parse_phone(woman.phone).startswith("+62840")
            assert woman.nik not in seen
            seen.add(woman.nik)
        assert len({part.woman.name for part in plan.parts}) == len(plan.parts)


@only_sqlite
@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("on", "groups_wanted", "weeks"),
    [
        pytest.param(date(2026, 11, 22), 1, 1, id="a Sunday"),
        pytest.param(date(2026, 8, 17), 1, 2, id="a national holiday"),
        pytest.param(date(2024, 2, 29), 2, 1, id="29 February"),
        pytest.param(date(2027, 3, 13), 1, 3, id="a Saturday after Idulfitri"),
        pytest.param(date(2026, 11, 27), 1, 0, id="a Friday with nothing behind it"),
    ],
)
def test_it_can_stand_at_any_day(on: date, groups_wanted: int, weeks: int) -> None:
    told = built(groups=groups_wanted, weeks=weeks, on=on)
    assert told["groups"] == groups_wanted
    today = collection.meetings(person("officer", on), on)
    assert bool(today) == is_lawful(on, HOLIDAYS)
    assert collection.missed(person("head", on), date.min) == []
    assert all(state.open_dates == () for state in [operations.night_state(on - timedelta(days=1))])


@only_sqlite
@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("groups_wanted", "weeks", "at"), [(0, 26, "groups"), (-1, 26, "groups"), (12, -1, "weeks"), (10_000, 26, "groups")]
)
def test_a_size_without_sense_is_refused_and_leaves_nothing(groups_wanted: int, weeks: int, at: str) -> None:
    with pytest.raises(Refusal) as refused:
        built(groups=groups_wanted, weeks=weeks)
    assert (refused.value.code, refused.value.faults[0].at) == ("out_of_range", at)
    assert operations.is_empty()


@only_sqlite
@pytest.mark.usefixtures("empty")
def test_a_day_before_there_were_products_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(Refusal, match="no_such_product"):
        built(groups=1, weeks=1, on=date(2019, 6, 3))
    assert operations.is_empty()
