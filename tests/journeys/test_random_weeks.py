"""Months of a unit's life at random: after every step, in whatever order, the books add up and PAR is what the payments say."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from lending.actions import admin, collection
from lending.actions.calendars import move_meeting, shift_meetings
from lending.actions.cash import Transfer, transfer
from lending.actions.reference import NewHoliday, add_holiday
from lending.database import session
from lending.domain.access import Actor
from lending.domain.allocation import next_unpaid, outstanding_principal
from lending.domain.arrears import days_late
from lending.domain.calendar import HolidayKind, HolidayRule
from lending.domain.collection import Attendance, Cover, Line, MeetingReport
from lending.domain.refusals import Refusal
from lending.domain.schedule import PaymentOrder
from lending.jobs.nightly import close_days
from lending.models import Loan, Meeting
from lending.queries import collection as questions
from lending.queries.check import differences
from lending.queries.loans import terms
from lending.queries.portfolio import portfolio
from tests.domain.tables import MEKAAR
from tests.furnished import LENT_ON, House, a_running_loan, a_uuid, a_woman, copy_of_postgresql, keep, opened

A_DAY = timedelta(days=1)

Opening = Callable[[], AbstractContextManager[House]]


@dataclass
class Payment:
    """What the test itself remembers of money on a loan."""

    loan_id: int
    held_on: date
    amount: int
    uuid: str
    undone_on: date | None = None


class Weeks(RuleBasedStateMachine):
    """One unit from its first disbursement on. The machine remembers who paid what when, and nothing else."""

    opening: Opening

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.house = self.closing.enter_context(type(self).opening())
        self.today = LENT_ON
        self.payments: list[Payment] = []
        self.standing: dict[str, str] = {}
        self.sent = 0

    def teardown(self) -> None:
        self.closing.close()

    def person(self, username: str) -> Actor:
        return self.house.person(username, self.today)

    def next_uuid(self) -> str:
        self.sent += 1
        return a_uuid(50_000 + self.sent)

    @initialize()
    def products(self) -> None:
        """Two products more: every second week, and principal first."""
        fortnightly = replace(MEKAAR, code="DUA-MINGGU", weeks=(50,), every_weeks=2)
        principal_first = replace(MEKAAR, code="POKOK-DULU", coin=1_000, payment_order=PaymentOrder.PRINCIPAL_FIRST)
        for terms_of_product in (fortnightly, principal_first):
            admin.add_product(terms_of_product, self.today, self.person("admin"))

    @rule(days=st.sampled_from((1, 3, 7, 7, 7)))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(data=st.data(), kenanga=st.booleans(), back=st.sampled_from((0, 0, 0, 1, 2, 5)), late=st.booleans())
    def a_meeting_is_recorded(self, data: st.DataObject, kenanga: bool, back: int, late: bool) -> None:
        group_id = self.house.kenanga if kenanga else self.house.melati
        by = self.person("officer2" if kenanga else "officer")
        held = select(Meeting.id, Meeting.planned_on).where(Meeting.group_id == group_id, Meeting.planned_on <= self.today)
        past = session.execute(held.order_by(Meeting.planned_on.desc())).all()
        if len(past) <= back:
            return
        meeting_id, planned_on = past[back]
        if any(standing == str(meeting_id) for standing in self.standing.values()):
            return
        held_on = self.today if late else planned_on
        lines = self._lines(by, meeting_id, held_on, data)
        report = MeetingReport(held_on, 0, tuple(lines))
        report = replace(report, cash_counted=report.total)
        uuid = self.next_uuid()
        kept = keep(uuid, meeting_id, report, by)
        assert kept.total == report.total
        self.standing[uuid] = str(meeting_id)
        self.payments += [Payment(line.loan_id, held_on, line.credited, uuid) for line in lines if line.loan_id and line.credited]

    def _lines(self, by: Actor, meeting_id: int, held_on: date, data: st.DataObject) -> list[Line]:
        place = questions.meeting_to_record(by, meeting_id, self.next_uuid(), held_on)
        assert place is not None
        members = sorted({person.member_id for person in place.people})
        loan_of = {
            person.member_id: person
            for person in place.people
            if person.state == "running" and person.disbursed_on is not None and person.disbursed_on <= held_on
        }
        drawn = data.draw(st.lists(st.sampled_from("fffffpozgs"), min_size=len(members), max_size=len(members)))
        lines = []
        for member_id, way in zip(members, drawn, strict=True):
            person = loan_of.get(member_id)
            line = Line(member_id, Attendance.HADIR, None, 0, 10_000 if way == "s" else 0)
            if person is not None and person.terms is not None and person.first_seq is not None:
                left = person.terms.total - person.total_paid
                _, due, arrears = questions.asked(person.terms, person.first_seq, place.head.seq, person.total_paid)
                paid = {"p": 7_000, "o": 3 * person.terms.instalment + 1, "z": 0, "g": 0}.get(way, due + arrears)
                covers = (Cover(next(one for one in members if one != member_id), min(left, 20_000)),) if way == "g" and left else ()
                line = replace(line, loan_id=person.loan_id, paid=min(paid, left), covers=covers)
            lines.append(line)
        return lines

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def a_record_is_undone(self, data: st.DataObject) -> None:
        uuid = data.draw(st.sampled_from(sorted(self.standing)))
        with may_be_refused("loan_running"):
            collection.undo_record(uuid, self.person("head"), reason="salah")
            del self.standing[uuid]
            for payment in self.payments:
                if payment.uuid == uuid:
                    payment.undone_on = self.today

    @rule(nth=st.integers(0, 9), product=st.sampled_from(("MEKAAR", "DUA-MINGGU", "POKOK-DULU")), millions=st.integers(4, 10))
    def a_woman_borrows(self, nth: int, product: str, millions: int) -> None:
        with may_be_refused("loan_running", "group_in_arrears", "eligibility_missing", "unlawful_day", "quorum_missing"):
            a_running_loan(self.house, self.house.others[nth], self.today, product=product, principal=millions * 500_000, weeks=50)

    @rule()
    def a_woman_joins(self) -> None:
        with may_be_refused("group_too_large"):
            a_woman(self.house.melati, self.person("officer"), "Melati Baru", joined_on=self.today)

    @rule(ahead=st.integers(0, 6), days=st.integers(1, 6), kenanga=st.booleans())
    def a_meeting_is_moved(self, ahead: int, days: int, kenanga: bool) -> None:
        group_id = self.house.kenanga if kenanga else self.house.melati
        coming = select(Meeting.seq, Meeting.planned_on).where(Meeting.group_id == group_id, Meeting.planned_on > self.today)
        seq, planned_on = session.execute(coming.order_by(Meeting.seq).offset(ahead).limit(1)).one()
        with may_be_refused("out_of_order", "unlawful_day", "in_the_past", "already_recorded"):
            move_meeting(group_id, seq, planned_on + timedelta(days=days), "banjir", self.person("head"))

    @rule(ahead=st.integers(0, 6), weeks=st.integers(1, 2))
    def a_tail_is_shifted(self, ahead: int, weeks: int) -> None:
        coming = select(Meeting.seq).where(Meeting.group_id == self.house.melati, Meeting.planned_on > self.today)
        seq = session.scalars(coming.order_by(Meeting.seq).offset(ahead).limit(1)).one()
        with may_be_refused("already_recorded"):
            shift_meetings(self.house.melati, seq, weeks, "panen", self.person("head"))

    @rule(days=st.integers(1, 30), how=st.sampled_from((HolidayRule.SKIP, HolidayRule.NEXT_DAY, HolidayRule.KEEP)))
    def a_day_off_is_declared(self, days: int, how: HolidayRule) -> None:
        on = self.today + timedelta(days=days)
        with may_be_refused("holiday_taken", "already_recorded"):
            add_holiday(NewHoliday(on, "Hari raya", HolidayKind.LOCAL, how, "wali kota"), self.person("admin"))

    @rule()
    def cash_goes_to_the_bank(self) -> None:
        with may_be_refused("not_enough_cash"):
            transfer(Transfer(self.next_uuid(), self.today, 1_500_000, "vault", "bank", "setor"), self.person("cashier"))

    @rule()
    def night_falls(self) -> None:
        close_days(self.today - A_DAY)
        assert close_days(self.today - A_DAY) == []

    @invariant()
    def the_books_add_up(self) -> None:
        assert differences(self.today) == []

    @invariant()
    def par_is_what_the_payments_say(self) -> None:
        for on in (self.today, self.today - timedelta(days=6)):
            asked = portfolio(self.person("head"), on, "unit").whole
            outstanding, par, collected = self._recomputed(on)
            assert (asked.outstanding_principal, asked.par, asked.collected_period) == (outstanding, par, collected)

    def _recomputed(self, on: date) -> tuple[int, dict[int, int], int]:
        paid: dict[int, int] = defaultdict(int)
        collected = 0
        for payment in self.payments:
            for counts_from, amount in ((payment.held_on, payment.amount), (payment.undone_on, -payment.amount)):
                if counts_from is not None and counts_from <= on:
                    paid[payment.loan_id] += amount
                    collected += amount if counts_from > on - timedelta(days=7) else 0
        days = {(one.group_id, one.seq): one.planned_on for one in session.scalars(select(Meeting))}
        outstanding, par = 0, dict.fromkeys((0, 7, 30, 60, 90), 0)
        for loan in session.scalars(select(Loan).where(Loan.disbursed_on <= on)):
            assert loan.first_seq is not None
            of = terms(loan)
            total = min(paid[loan.id], of.total)
            number = next_unpaid(of, total)
            owed = outstanding_principal(of, total)
            outstanding += owed
            due = None if number is None else days[loan.group_id, loan.first_seq + (number - 1) * of.every_weeks]
            for bound in par:
                par[bound] += owed if days_late(due, on) > bound else 0
        return outstanding, par, collected


@contextmanager
def may_be_refused(*codes: str) -> Iterator[None]:
    """The block may be refused for one of these reasons, and for no other."""
    try:
        yield
    except Refusal as no:
        if no.code not in codes:
            raise


def lived(opening: Opening, *, examples: int, steps: int) -> None:
    machine = type("Weeks", (Weeks,), {"opening": staticmethod(opening)})
    unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    bounds: dict[str, Any] = {"max_examples": examples, "stateful_step_count": steps}
    run_state_machine_as_test(machine, settings=settings(**bounds, deadline=None, derandomize=True, suppress_health_check=unhurried))


def test_months_at_random_on_sqlite(furnished_sqlite: tuple[Path, House], tmp_path: Path):
    path, house = furnished_sqlite

    @contextmanager
    def opening() -> Iterator[House]:
        copy = tmp_path / "lending.db"
        for left in tmp_path.iterdir():
            left.unlink()
        shutil.copy(path, copy)
        with opened(f"sqlite:///{copy}"):
            yield house

    lived(opening, examples=8, steps=20)


@pytest.mark.postgresql
def test_weeks_at_random_on_postgresql(request: pytest.FixtureRequest):
    template, house = request.getfixturevalue("furnished_postgresql")

    @contextmanager
    def opening() -> Iterator[House]:
        with copy_of_postgresql(request.getfixturevalue("postgresql"), template) as (_, url), opened(url):
            yield house

    lived(opening, examples=3, steps=15)
