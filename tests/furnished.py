"""A furnished house, built once through the real acts and copied for each test: a unit, its people, money in the vault, and two groups.

*Melati* meets on Mondays from 2 February 2026 and all of its twelve women were lent Rp2,000,000 for 50 weeks that day: Rp50,000 a week from
9 February on. The ten of *Kenanga* have passed every gate and have no loan yet; their officer is another. No national holiday falls on a
Monday before 1 June 2026.
"""

import itertools
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, current_app
from sqlalchemy import event, func, select

from lending.actions import admin, cash, collection, enrolment, groups, loans, members, reference
from lending.actions.once import plain
from lending.database import db, hang_on, session
from lending.domain.access import Actor, Role
from lending.domain.allocation import allocate
from lending.domain.collection import Attendance, CashDifference, Cover, Line, MeetingReport, Shortfall
from lending.domain.ledger import Account
from lending.domain.refusals import Refusal
from lending.models import Base, Loan, Meeting, Posting
from lending.queries import accounts
from lending.queries import collection as questions
from lending.queries.admin import system_person
from lending.queries.plans import terms
from tests.postgres import PostgreSQL

BEGINNING = date(2026, 1, 5)
LENT_ON = date(2026, 2, 2)
FIRST_DUE = date(2026, 2, 9)

TALANG_BAKUNG = "15.71.11.1001"
SERANG = "36.73.01.1001"

STAFF = ("officer", "officer2", "mentor", "head", "cashier", "auditor", "city", "admin", "srg-officer", "srg-head", "srg-cashier")

MASTER_KEY = "the same key for every copy of the house"
"""Sealed numbers of the template must open in its copies."""

_serials = itertools.count(1)


@dataclass(frozen=True)
class House:
    """What stands in the furnished database. `people` are actors by user name; `melati` and `kenanga` groups with their women."""

    unit_id: int
    people: Mapping[str, Actor]
    melati: int
    kenanga: int
    women: tuple[int, ...]
    others: tuple[int, ...]
    loans: tuple[int, ...]

    def person(self, username: str, on: date) -> Actor:
        """Somebody, on that business date."""
        return replace(self.people[username], today=on)

    def officer(self, on: date) -> Actor:
        return self.person("officer", on)

    def head(self, on: date) -> Actor:
        return self.person("head", on)


def day(number: int) -> date:
    """The day on which instalment `number` of Melati's loans falls due."""
    return FIRST_DUE + timedelta(weeks=number - 1)


# ---- makers ----------------------------------------------------------------------------------------------------------------------------


def a_nik(birth_date: date) -> str:
    """A woman's NIK that nobody has yet."""
    return f"157111{birth_date.day + 40:02}{birth_date.month:02}{birth_date.year % 100:02}9{next(_serials):03}"


def a_woman(group_id: int, by: Actor, name: str, *, joined_on: date | None = None) -> int:
    """A member who has passed every gate of a first loan, but for the size and the leader of her group."""
    born = date(1985, 4, 17)
    new = enrolment.NewMember(
        name=name, nik=a_nik(born), birth_date=born, address="Jalan Slamet Riyadi 5", rt="1", rw="2", kelurahan=TALANG_BAKUNG,
        consents=("credit", "group"), joined_on=joined_on,
    )  # fmt: skip
    member_id = enrolment.enrol(group_id, new, by).id
    members.record_eligibility(member_id, members.HomeVisit(by.today, 4, 2_000_000, 7, passed=True), by)
    members.record_training(member_id, [by.today - timedelta(days=back) for back in range(5)], by)
    return member_id


def a_group(name: str, by: Actor, size: int, *, first_meeting: date) -> tuple[int, list[int]]:
    """A group of that many women who may all borrow, the first of them its leader."""
    new = groups.NewGroup(name, TALANG_BAKUNG, first_meeting.isoweekday(), "09:00", "Rumah Bu Siti", by.username, first_meeting)
    group_id = groups.form_group(new, by).id
    women = [a_woman(group_id, by, f"{name} {nth:02}") for nth in range(1, size + 1)]
    groups.name_leader(group_id, women[0], by)
    return group_id, women


def a_proposal(member_id: int, by: Actor, *, principal: int = 2_000_000, weeks: int = 50, product: str = "MEKAAR") -> int:
    """A loan asked for today."""
    return loans.apply(loans.Proposal(member_id, product, principal, weeks, "warung"), by)


def an_approved_loan(member_id: int, by: Actor, head: Actor, *, present: int = 10, **terms: Any) -> int:
    """A loan that waits for its money."""
    loan_id = a_proposal(member_id, by, **terms)
    loans.recommend(loan_id, by, in_favour=present, present=present)
    loans.verify(loan_id, head)
    loans.approve(loan_id, head)
    return loan_id


def paid_out(on: date, first_due: date | None = None) -> loans.Disbursement:
    """How most loans are paid out."""
    return loans.Disbursement(on, first_due, confirmed_by_member=True)


def a_running_loan(house: House, member_id: int, on: date = LENT_ON, *, first_due: date | None = None, **terms: Any) -> int:
    """A loan asked for, voted, verified, approved and paid out on one day, by the officer of her group."""
    by = house.person("officer2" if member_id in house.others else "officer", on)
    loan_id = an_approved_loan(member_id, by, house.head(on), **terms)
    loans.disburse(loan_id, house.person("cashier", on), paid_out(on, first_due))
    return loan_id


def a_full_group(house: House, size: int, on: date = LENT_ON) -> tuple[int, list[int], list[int]]:
    """A new group of the officer in which every woman has a loan: (group, women, loans)."""
    group_id, women = a_group("Anggrek", house.officer(on), size, first_meeting=on)
    return group_id, women, [a_running_loan(house, woman, on, present=size) for woman in women]


def meeting_of(group_id: int, seq: int) -> int:
    """The id of a group's meeting."""
    found = session.scalar(select(Meeting.id).where(Meeting.group_id == group_id, Meeting.seq == seq))
    assert found is not None
    return found


def planned(group_id: int, seq: int) -> date:
    """The day on which a group's meeting stands now."""
    found = session.scalar(select(Meeting.planned_on).where(Meeting.group_id == group_id, Meeting.seq == seq))
    assert found is not None
    return found


def a_uuid(number: int) -> str:
    """A phone's UUID, the same for the same number."""
    return str(UUID(int=number, version=4))


def a_report(
    by: Actor,
    meeting_id: int,
    *,
    held_on: date,
    paid: Mapping[int, int] | None = None,
    savings: Mapping[int, int] | None = None,
    renteng: Mapping[int, Sequence[tuple[int, int]]] | None = None,
    shortfalls: Mapping[int, Shortfall] | None = None,
    attendance: Mapping[int, Attendance] | None = None,
    everybody: bool = True,
    cash: int | None = None,
    difference: CashDifference | None = None,
) -> MeetingReport:
    """A meeting at which everybody pays what the sheet asks (or nobody, without `everybody`), but for who is named."""
    lines = []
    for woman in questions.sheet(by, meeting_id).lines:
        usual = woman.due + woman.arrears if everybody and woman.loan_id is not None else 0
        covers = tuple(Cover(giver, amount) for giver, amount in (renteng or {}).get(woman.member_id, ()))
        lines.append(
            Line(
                woman.member_id,
                (attendance or {}).get(woman.member_id, Attendance.HADIR),
                woman.loan_id,
                (paid or {}).get(woman.member_id, usual),
                (savings or {}).get(woman.member_id, 0),
                bulk=True,
                covers=covers,
                shortfall=(shortfalls or {}).get(woman.member_id),
            )
        )
    report = MeetingReport(held_on, 0, tuple(lines), cash_difference=difference)
    return replace(report, cash_counted=report.total + (difference.amount if difference else 0) if cash is None else cash)


def keep(uuid: str, meeting_id: int, report: MeetingReport, by: Actor) -> collection.Kept:
    """Send a report as a phone would."""
    return collection.record_meeting(uuid, meeting_id, report, {"meeting": meeting_id, **plain(report)}, by)


def meeting(house: House, nth: int) -> int:
    """The id of the meeting at which Melati's instalment `nth` falls due: the first one comes a week after the money."""
    return meeting_of(house.melati, nth + 1)


def a_record(
    house: House, nth: int, *, uuid: str | None = None, on: date | None = None, held_on: date | None = None, **told: Any
) -> collection.Kept:
    """Melati's meeting of instalment `nth` kept on its day (or on `on`), everybody paying what is asked unless told otherwise."""
    held = held_on or planned(house.melati, nth + 1)
    by = house.officer(on or held)
    return keep(uuid or a_uuid(1_000 + nth), meeting(house, nth), a_report(by, meeting(house, nth), held_on=held, **told), by)


# ---- the house -------------------------------------------------------------------------------------------------------------------------


def _hire(unit: str | None, usernames: Sequence[str], by: Actor) -> None:
    for username in usernames:
        role = Role(username.removeprefix("srg-").rstrip("2"))
        admin.add_user(admin.NewUser(username, f"Ibu {username}", role, unit, "rahasia-sekali-betul"), by)


def furnish() -> House:
    """Build it, in the app's own empty database."""
    reference.load_reference(BEGINNING)
    system = system_person().acting(BEGINNING)
    unit_id = admin.add_unit(admin.NewUnit("JMB", "Kota Jambi", "Asia/Jakarta", (TALANG_BAKUNG,)), system)
    admin.add_unit(admin.NewUnit("SRG", "Kota Serang", "Asia/Jakarta", (SERANG,)), system)
    _hire("JMB", [name for name in STAFF if not name.startswith("srg-") and name != "admin"], system)
    _hire("SRG", [name for name in STAFF if name.startswith("srg-")], system)
    _hire(None, ["admin"], system)
    people = {}
    for name in STAFF:
        found = accounts.account(name)
        assert found is not None
        people[name] = found.person.acting(BEGINNING)
    house = House(unit_id, people, 0, 0, (), (), ())
    for username, purse in (("cashier", a_uuid(1)), ("srg-cashier", a_uuid(2))):
        in_hand = cash.Transfer(purse, BEGINNING, 200_000_000, "head_office", "vault", "modal awal")
        cash.transfer(in_hand, house.people[username])
    melati, women = a_group("Melati", house.officer(BEGINNING), 12, first_meeting=LENT_ON)
    kenanga, others = a_group("Kenanga", house.person("officer2", BEGINNING), 10, first_meeting=LENT_ON)
    house = replace(house, melati=melati, kenanga=kenanga, women=tuple(women), others=tuple(others))
    return replace(house, loans=tuple(a_running_loan(house, woman) for woman in women))


@contextmanager
def opened(url: str) -> Iterator[Flask]:
    """The rooms behind the doors, on that database: acts and questions need no more of the app than its context."""
    app = Flask("lending")
    hang_on(app, url, MASTER_KEY)
    with app.app_context():
        try:
            yield app
        finally:
            session.remove()
            db.engine.dispose()


_copies = itertools.count(1)


@contextmanager
def copy_of_postgresql(server: PostgreSQL, template: str) -> Iterator[tuple[str, str]]:
    """A copy of that database for as long as the block lasts: its name and its address."""
    name = f"furnished_{os.getpid()}_{next(_copies)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield name, server.database(name)
    finally:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def furnished_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, House]:
    """The furnished file, and what stands in it."""
    folder = tmp_path_factory.mktemp("furnished")
    path = folder / "lending.db"
    shutil.copy(sqlite_template, path)
    with opened(f"sqlite:///{path}"):
        house = furnish()
    # The last connection is closed: everything is in the one file.
    return path, house


@pytest.fixture(scope="session")
def furnished_postgresql(request: pytest.FixtureRequest) -> Iterator[tuple[str, House]]:
    """The name of the furnished database on the tests' PostgreSQL, and what stands in it."""
    server = request.getfixturevalue("postgresql")
    with copy_of_postgresql(server, f"lending_template_{os.getpid()}") as (name, url):
        with opened(url):
            house = furnish()
        yield name, house


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A furnished house of the test's own, its app's context entered."""
    if request.param == "sqlite":
        path, house = request.getfixturevalue("furnished_sqlite")
        shutil.copy(path, tmp_path / "lending.db")
        with opened(f"sqlite:///{tmp_path / 'lending.db'}"):
            yield house
    else:
        template, house = request.getfixturevalue("furnished_postgresql")
        with copy_of_postgresql(request.getfixturevalue("postgresql"), template) as (_, url), opened(url):
            yield house


only_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
"""For rules that no database has a hand in: once is enough."""


# ---- looking on ------------------------------------------------------------------------------------------------------------------------


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that the block sends to the database, but for what begins, ends and settles a transaction."""
    seen: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SET ")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


@contextmanager
def refused(code: str, *, at: str | None = None, status: int | None = None) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block is refused by this code, at this field, and leaves no row behind."""
    before = rows()
    with pytest.raises(Refusal) as no:
        yield no
    assert no.value.code == code
    if at is not None:
        assert [fault.at for fault in no.value.faults] == [at]
    if status is not None:
        assert no.value.status == status
    assert rows() == before


def rows() -> dict[str, int]:
    """How many rows each table has, for whoever looks now."""
    session.rollback()
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables}


def all_at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run these in threads of their own that start together; what each returned, or the refusal that it met."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            start.wait()
            try:
                return act()
            except Refusal as no:
                return no
            finally:
                session.remove()

    with ThreadPoolExecutor(len(acts)) as threads:
        found = list(threads.map(run, acts))
    session.rollback()
    return found


def codes(found: Iterable[Any]) -> list[str]:
    """Of what `all_at_once` brought: the codes of the refusals, `kept` for the rest, in order of letters."""
    return sorted(one.code if isinstance(one, Refusal) else "kept" for one in found)


def balance(account: Account, *, loan_id: int | None = None, member_id: int | None = None, user_id: int | None = None) -> int:
    """What stands on an account, or one of its sub-accounts, by the books."""
    question = select(func.coalesce(func.sum(Posting.amount), 0)).where(Posting.account == account)
    for column, wanted in ((Posting.loan_id, loan_id), (Posting.member_id, member_id), (Posting.user_id, user_id)):
        if wanted is not None:
            question = question.where(column == wanted)
    return session.scalar(question) or 0


def loan(loan_id: int) -> Loan:
    """The loan's row as it is now."""
    session.rollback()
    return session.get_one(Loan, loan_id, populate_existing=True)


def assert_books_agree(*loan_ids: int) -> None:
    """Each loan's accounts say what `allocate` says of its total paid: the heart of the matter, asked in plain Python."""
    for loan_id in loan_ids:
        row = loan(loan_id)
        booked = allocate(terms(row), row.total_paid)
        assert balance(Account.LOAN_PRINCIPAL, loan_id=loan_id) == row.principal - booked.principal
        assert balance(Account.MARGIN_INCOME, loan_id=loan_id) == -booked.margin
