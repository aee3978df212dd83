"""A weekly meeting of twenty-five: its sheet opened and its record kept, in statements; and keeping it against raw SQL of the same rows.

`statements` is what both acts send, with two sign-ins by token; what begins and ends a transaction is not counted. The raw way sends the
very same rows through the driver in one transaction, under the same guards of the database; no rule is asked, no right, nothing is read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import event, select

from bench.generator import GROUP, MOMENT, ON, Filled, a_house
from lending.actions.accounts import digest
from lending.actions.collection import record_meeting
from lending.actions.once import plain
from lending.database import db as database
from lending.database import is_postgresql, session, transaction
from lending.domain.access import Actor
from lending.domain.collection import Attendance, Line, MeetingReport
from lending.models import ApiToken, Meeting
from lending.queries import accounts
from lending.queries.collection import sheet

SIZE = 100_000
GOAL = 10.0
MOST_STATEMENTS = 12
TOKEN = "of the bench alone"

Call = tuple[str, Any]
"""A statement and what it was given: a list where it is sent for many rows."""


def run(size: int | None = None, db: str = "sqlite", *, rounds: int = 15) -> list[dict[str, Any]]:
    """Keep one group's meeting and write another's rows raw, in turn; the best of each counts."""
    with a_house(db, size or SIZE) as house:
        _give_token(house)
        meetings = _meetings(2 * rounds)
        ours = opened = floor = float("inf")
        sent = 0
        for nth in range(0, 2 * rounds, 2):
            with _heard() as calls:
                start = perf_counter()
                report = _opened(meetings[nth])
                opened = min(opened, perf_counter() - start)
                start = perf_counter()
                _kept(nth, meetings[nth], report)
                ours = min(ours, perf_counter() - start)
            sent = max(sent, len(calls))
            floor = min(floor, _raw(nth + 1, meetings[nth + 1]))
    ratio = ours / floor
    return [
        {
            "name": "meeting",
            "what": f"a meeting of {GROUP} kept, among {house.loans} loans; {sent} statements with its sheet and two sign-ins",
            "db": db,
            "size": house.loans,
            "seconds": round(ours, 5),
            "than": "raw SQL of the same rows",
            "floor_seconds": round(floor, 5),
            "ratio": round(ratio, 2),
            "goal": f"at most {GOAL:g}, and {MOST_STATEMENTS} statements",
            "held": ratio <= GOAL and sent <= MOST_STATEMENTS,
            "statements": sent,
            "opened_seconds": round(opened, 5),
        }
    ]


def _give_token(house: Filled) -> None:
    with transaction():
        session.add(ApiToken(token_hash=digest(TOKEN), user_id=house.officer.user_id, made_at=MOMENT))


def _meetings(count: int) -> list[int]:
    """One open meeting each of so many groups, planned on the evening or in the week before."""
    question = select(Meeting.id).where(
        Meeting.planned_on <= ON, Meeting.planned_on > ON - timedelta(weeks=1), Meeting.group_id <= 4 * count
    )
    return list(session.scalars(question.order_by(Meeting.group_id).limit(count)))


def _opened(meeting_id: int) -> MeetingReport:
    """The sheet, and what its officer reports: everybody pays what is asked."""
    by = _signed_in()
    lines = tuple(
        Line(woman.member_id, Attendance.HADIR, woman.loan_id, woman.due + woman.arrears, 0, bulk=True)
        for woman in sheet(by, meeting_id).lines
    )
    session.rollback()
    return MeetingReport(by.today, sum(line.paid for line in lines), lines)


def _kept(nth: int, meeting_id: int, report: MeetingReport) -> None:
    record_meeting(str(UUID(int=nth + 1)), meeting_id, report, {"meeting": meeting_id, **plain(report)}, _signed_in())


def _signed_in() -> Actor:
    found = accounts.bearer(digest(TOKEN))
    assert found is not None
    return found.person.acting(ON + timedelta(days=1))


class _NotKept(Exception):
    """Ends an act before its rows are."""


def _raw(nth: int, meeting_id: int) -> float:
    """The seconds that the driver alone needs for the rows of one record."""
    report = _opened(meeting_id)
    with _heard() as calls, _unkept():
        _kept(nth, meeting_id, report)
    writing = [call for call in calls if call[0].startswith(("INSERT", "UPDATE"))]
    legs = next(given for statement, given in writing if "INTO posting" in statement)
    first = min(leg["entry_id"] if isinstance(leg, dict) else leg[0] for leg in legs)
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        if is_postgresql():
            # The entries were numbered before they were let go; the same numbers again, for their legs name them.
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('entry', 'id'), {first}, false)")
            connection.commit()
        else:
            cursor.execute("PRAGMA query_only=0")
        start = perf_counter()
        if not is_postgresql():
            cursor.execute("BEGIN IMMEDIATE")
        for statement, given in writing:
            (cursor.executemany if isinstance(given, list) else cursor.execute)(statement, given)
            if "RETURNING" in statement:
                cursor.fetchall()
        if is_postgresql():
            connection.commit()
        else:
            cursor.execute("COMMIT")
        return perf_counter() - start
    finally:
        connection.close()


@contextmanager
def _unkept() -> Iterator[None]:
    """Acts of the block come as far as their commit, and no further."""

    def stop(_session: object) -> None:
        raise _NotKept

    event.listen(session(), "before_commit", stop)
    try:
        yield
    except _NotKept:
        pass
    finally:
        event.remove(session(), "before_commit", stop)


@contextmanager
def _heard() -> Iterator[list[Call]]:
    """Every statement that the block sends, but for what begins, ends and settles a transaction."""
    calls: list[Call] = []

    def hear(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SET ")):
            calls.append((statement, given))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield calls
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
