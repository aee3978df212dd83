"""Cash from hand to hand, asked: who carries some, what she says that she carries, what was received, and from which meetings it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.ledger import Account
from lending.domain.money import Rupiah
from lending.domain.refusals import NotFound
from lending.models import CashDeclaration, CashHandover, Entry, Group, Meeting, MeetingRecord, Posting, Unit, User
from lending.queries.records import receipt_number

PAGE = 50

Notes = Mapping[Rupiah, int]


@dataclass(frozen=True)
class Declared:
    """What an officer says that she carries."""

    id: str
    on: date
    total: Rupiah
    notes: Notes | None
    recorded_at: datetime


@dataclass(frozen=True)
class Carrier:
    """An officer who carries cash, or says so: what the books say, and what she says, None where she has not said it yet."""

    username: str
    name: str
    expected: Rupiah
    declared: Declared | None


@dataclass(frozen=True)
class Received:
    """A hand-over that was received."""

    id: int
    uuid: str
    officer: str
    officer_name: str
    cashier: str
    cashier_name: str
    unit_code: str
    unit_name: str
    zone: str
    on: date
    recorded_at: datetime
    expected: Rupiah
    counted: Rupiah
    notes: Notes | None
    reason: str | None
    declared: Declared | None

    @property
    def difference(self) -> Rupiah:
        """Negative when money is missing."""
        return self.counted - self.expected


@dataclass(frozen=True)
class Source:
    """Where cash of a hand-over came from: a meeting with its receipt, or, without one, whatever else moved in that purse."""

    group_name: str | None
    receipt: str | None
    amount: Rupiah


def carriers(by: Actor) -> list[Carrier]:
    """The officers of the unit who carry cash by the books, or say that they do, by name."""
    by.require(Permission.RECEIVE_CASH)
    held = func.sum(Posting.amount)
    question = (
        select(Posting.user_id, held)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.OFFICER_CASH, Entry.unit_id == by.unit_id)
        .group_by(Posting.user_id)
        .having(held != 0)
    )
    amounts = dict(session.execute(question).all())
    said = _open_declarations(CashDeclaration.unit_id == by.unit_id)
    people = select(User.id, User.username, User.name).where(User.id.in_([*amounts, *said])).order_by(User.name, User.id)
    return [Carrier(row.username, row.name, amounts.get(row.id, 0), said.get(row.id)) for row in session.execute(people)]


def carrier(by: Actor, username: str) -> Carrier:
    """One officer of the unit, whether she carries anything or not. Refused: `not_found`."""
    by.require(Permission.RECEIVE_CASH)
    found = session.execute(select(User.id, User.name).where(User.username == username, User.unit_id == by.unit_id)).one_or_none()
    if found is None:
        raise NotFound
    carrying = {one.username: one for one in carriers(by)}
    return carrying.get(username) or Carrier(username, found.name, 0, None)


def newest_cash(officer_id: int) -> date | None:
    """The last day of the books on which cash came to an officer or left her."""
    moved = select(func.max(Entry.on_day)).join(Posting, Posting.entry_id == Entry.id)
    return session.scalar(moved.where(Posting.account == Account.OFFICER_CASH, Posting.user_id == officer_id))


def open_declaration(officer_id: int) -> CashDeclaration | None:
    """The row of what she said last, since she last handed over."""
    last = select(func.max(CashHandover.recorded_at)).where(CashHandover.officer_id == officer_id).scalar_subquery()
    question = (
        select(CashDeclaration)
        .where(CashDeclaration.officer_id == officer_id, (CashDeclaration.recorded_at > last) | last.is_(None))
        .order_by(CashDeclaration.id.desc())
        .limit(1)
    )
    return session.scalar(question)


def _open_declarations(condition: Any) -> dict[int, Declared]:
    last = (
        select(func.max(CashHandover.recorded_at)).where(CashHandover.officer_id == CashDeclaration.officer_id).correlate(CashDeclaration)
    ).scalar_subquery()
    question = select(CashDeclaration).where(condition, (CashDeclaration.recorded_at > last) | last.is_(None)).order_by(CashDeclaration.id)
    return {row.officer_id: _declared(row) for row in session.scalars(question)}


def handovers(
    by: Actor,
    *,
    first: date,
    last: date,
    officer: str | None = None,
    limit: int = PAGE,
    before_id: int | None = None,
) -> list[Received]:
    """What was received from one day to another, newest first; an officer sees her own."""
    question = _received(by).where(CashHandover.on_day.between(first, last)).order_by(CashHandover.id.desc()).limit(limit)
    if officer is not None:
        question = question.where(User.username == officer)
    if before_id is not None:
        question = question.where(CashHandover.id < before_id)
    return [_as_received(row) for row in session.execute(question)]


def handover(by: Actor, uuid: str) -> Received:
    """One hand-over. Refused: `not_found`."""
    found = session.execute(_received(by).where(CashHandover.uuid == uuid)).one_or_none()
    if found is None:
        raise NotFound
    return _as_received(found)


def number_of(received: Received) -> str:
    """The number of its minutes: unit, day, and which of the unit's hand-overs of that day it is, such as `JMB-S-20261126-2`."""
    question = select(func.count()).where(CashHandover.on_day == received.on, CashHandover.id <= received.id)
    unit = select(CashHandover.unit_id).where(CashHandover.id == received.id).scalar_subquery()
    return f"{received.unit_code}-S-{received.on:%Y%m%d}-{session.scalar(question.where(CashHandover.unit_id == unit))}"


def sources(received: Received) -> list[Source]:
    """What the cash came from since the officer handed over before: each meeting, then the rest in one sum. Together: what was expected."""
    entry_id, officer_id, unit_id = session.execute(
        select(CashHandover.entry_id, CashHandover.officer_id, CashHandover.unit_id).where(CashHandover.id == received.id)
    ).one()
    if entry_id is None:
        return []
    before = select(func.coalesce(func.max(CashHandover.entry_id), 0)).where(
        CashHandover.officer_id == officer_id, CashHandover.id < received.id
    )
    question: Select[*tuple[Any, ...]] = (
        select(Group.name, Unit.code, MeetingRecord.year, MeetingRecord.number, func.sum(Posting.amount))
        .select_from(Posting)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Unit, Unit.id == Entry.unit_id)
        .join(MeetingRecord, MeetingRecord.uuid == Entry.record_uuid)
        .join(Meeting, Meeting.id == MeetingRecord.meeting_id)
        .join(Group, Group.id == Meeting.group_id)
        .where(Posting.account == Account.OFFICER_CASH, Posting.user_id == officer_id, Entry.unit_id == unit_id)
        .where(Entry.id > before.scalar_subquery(), Entry.id < entry_id)
        .group_by(Group.name, Unit.code, MeetingRecord.year, MeetingRecord.number)
        .having(func.sum(Posting.amount) != 0)
        .order_by(func.min(Entry.id))
    )
    found = [Source(row[0], receipt_number(*row[1:4]), row[4]) for row in session.execute(question)]
    rest = received.expected - sum(one.amount for one in found)
    return [*found, Source(None, None, rest)] if rest else found


_CASHIER = aliased(User)


def _received(by: Actor) -> Select[*tuple[Any, ...]]:
    question = (
        select(CashHandover, User.username, User.name, _CASHIER.username, _CASHIER.name, Unit.code, Unit.name, Unit.zone, CashDeclaration)
        .join(User, User.id == CashHandover.officer_id)
        .join(_CASHIER, _CASHIER.id == CashHandover.cashier_id)
        .join(Unit, Unit.id == CashHandover.unit_id)
        .outerjoin(CashDeclaration, CashDeclaration.id == CashHandover.declaration_id)
    )
    if not by.reads_every_unit:
        question = question.where(CashHandover.unit_id == by.unit_id)
    if not by.may(Permission.SEE_BOOKS):
        by.require(Permission.DECLARE_CASH)
        question = question.where(CashHandover.officer_id == by.user_id)
    return question


def _as_received(row: Sequence[Any]) -> Received:
    kept, officer, officer_name, cashier, cashier_name, unit_code, unit_name, zone, declared = row
    return Received(
        id=kept.id,
        uuid=kept.uuid,
        officer=officer,
        officer_name=officer_name,
        cashier=cashier,
        cashier_name=cashier_name,
        unit_code=unit_code,
        unit_name=unit_name,
        zone=zone,
        on=kept.on_day,
        recorded_at=kept.recorded_at,
        expected=kept.expected,
        counted=kept.counted,
        notes=_notes(kept.notes),
        reason=kept.reason,
        declared=_declared(declared) if declared is not None else None,
    )


def _declared(row: CashDeclaration) -> Declared:
    return Declared(row.uuid, row.on_day, row.total, _notes(row.notes), row.recorded_at)


def _notes(kept: Mapping[str, Any] | None) -> Notes | None:
    return None if kept is None else {int(note): int(count) for note, count in kept.items()}
