"""A meeting of twenty-five, opened and posted: its statements, and its time against the bare rows without keys or guards (design §7)."""

import time
import uuid
from typing import Any

from sqlalchemy import event, select, text

from bench.generator import GROUP, a_house
from lending.actions.collection import record_meeting
from lending.database import db, session, transaction
from lending.domain.access import Actor
from lending.domain.collection import Attendance, Line, MeetingReport
from lending.models import Meeting
from lending.queries.collection import Sheet, sheet

DEFAULT = 25_000
MOST_STATEMENTS = 12
GOAL = 10.0
TABLES = ("meeting_record", "meeting_line", "entry", "posting", "entry_seal", "audit_event")


def run(size: int | None, kind: str) -> list[dict[str, Any]]:
    """Post three groups' meetings; the quickest, and the statements of the last."""
    with a_house(kind, size or DEFAULT) as filled:
        said: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda _c, _u, statement, *_r: said.append(statement))
        question = select(Meeting.id).where(Meeting.planned_on == filled.officer.today).order_by(Meeting.id).limit(3)
        meetings = list(session.scalars(question))
        session.rollback()
        seconds = []
        for meeting in meetings:
            said.clear()
            started = time.perf_counter()
            found = sheet(filled.officer, meeting)
            _post(found, filled.officer)
            seconds.append(time.perf_counter() - started)
        statements = sum(one.lstrip()[:6].upper() in ("SELECT", "INSERT", "UPDATE", "WITH a"[:6].upper()) for one in said) + 2
        floor = min(_bare_rows() for _ in range(3))
        best = min(seconds)
        return [
            {
                "name": "meeting",
                "what": f"open the sheet of {GROUP} women and post it; {statements} statements with two for who asks",
                "db": kind,
                "size": filled.loans,
                "statements": statements,
                "seconds": round(best, 4),
                "than": "the same rows copied into tables without keys or guards",
                "floor_seconds": round(floor, 4),
                "ratio": round(best / floor, 2),
                "goal": f"<= {GOAL} and <= {MOST_STATEMENTS} statements",
                "held": best / floor <= GOAL and statements <= MOST_STATEMENTS,
            }
        ]


def _post(found: Sheet, by: Actor) -> None:
    lines = tuple(Line(line.member_id, Attendance.HADIR, line.loan_id, line.due, 0, bulk=True) for line in found.lines)
    report = MeetingReport(by.today, sum(line.paid for line in lines), lines)
    body = {"meeting": found.meeting.id, "held_on": by.today.isoformat(), "lines": [line.member_id for line in lines]}
    record_meeting(str(uuid.uuid4()), found.meeting.id, report, body, by)


def _bare_rows() -> float:
    """The rows of the last meeting once more, row by row through the driver, where nothing is checked."""
    uuid_of_last = session.scalar(text("SELECT uuid FROM meeting_record ORDER BY number DESC LIMIT 1"))
    where = {
        "meeting_record": "uuid = :u",
        "meeting_line": "record_uuid = :u",
        "entry": "record_uuid = :u",
        "posting": "entry_id IN (SELECT id FROM entry WHERE record_uuid = :u)",
        "entry_seal": "entry_id IN (SELECT id FROM entry WHERE record_uuid = :u)",
        "audit_event": "row = 'record:' || :u",
    }
    rows = {name: session.execute(text(f"SELECT * FROM {name} WHERE {where[name]}"), {"u": uuid_of_last}).all() for name in TABLES}
    with transaction():
        for name in TABLES:
            session.execute(text(f"CREATE TEMPORARY TABLE bare_{name} AS SELECT * FROM {name} WHERE 1 = 0"))
    with transaction():
        started = time.perf_counter()
        for name, found in rows.items():
            places = ", ".join(f":p{place}" for place in range(len(found[0])))
            many = [{f"p{place}": value for place, value in enumerate(row)} for row in found]
            session.execute(text(f"INSERT INTO bare_{name} VALUES ({places})"), many)
        session.flush()
        taken = time.perf_counter() - started
    with transaction():
        for name in TABLES:
            session.execute(text(f"DROP TABLE bare_{name}"))
    return taken
