"""Early warning, asked: who shows a sign on a day, and on which facts it rests.

All of it is derived from what meetings recorded, so any past day can be asked; the rules themselves are the domain's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.collection import Attendance, ShortReason
from lending.domain.money import Rupiah
from lending.domain.warnings import LATER_THAN, OF_GROUPS, AtMeeting, Fall, GroupMeeting, Rule, Sign, falling, newest, usual
from lending.models import (
    Assignment,
    Eligibility,
    Group,
    Leadership,
    LineUndo,
    Loan,
    Meeting,
    MeetingLine,
    MeetingRecord,
    Member,
    RecordUndo,
    Unit,
    User,
    WarningRule,
)
from lending.queries import standings
from lending.queries.scope import as_of, sees_group
from lending.queries.undone import of_line

FRESH = timedelta(days=14)
"""A sign is news for so long after the meeting that showed it."""

LOOK_BACK = timedelta(weeks=26)
"""How far back meetings are read: the longest rule looks at two times twelve."""

AWAY = (Attendance.ALPA, Attendance.IZIN, Attendance.DIWAKILI)
"""Attendances that may be a sign."""

Rules = Mapping[Sign, Rule]


@dataclass(frozen=True)
class Because:
    """One fact under a sign: when, what (`attended`, `short`, `renteng`, `lender`, `leader`, `share`), and what it was."""

    on: date
    what: str
    amount: Rupiah | None = None
    attendance: Attendance | None = None
    reason: ShortReason | None = None
    name: str | None = None
    fall: Fall | None = None


@dataclass(frozen=True)
class OfGroup:
    """The group in which a sign is."""

    id: int
    name: str
    unit_id: int
    unit_code: str
    officer: str | None
    officer_name: str | None


@dataclass(frozen=True)
class OfLoan:
    """The loan that a sign is about, as it stood that day."""

    id: int
    member_id: int
    member_name: str
    member_number: str
    outstanding_principal: Rupiah
    days_late: int


@dataclass(frozen=True)
class EarlyWarning:
    """One sign, of one woman's loan or (`loan` is None) of a whole group."""

    sign: Sign
    since: date
    because: tuple[Because, ...]
    group: OfGroup
    loan: OfLoan | None = None


def rules(unit_id: int | None, on: date) -> dict[Sign, Rule]:
    """How a unit watches for each sign on a day: as its head last said, else as usual."""
    found = {sign: usual(sign) for sign in Sign}
    said = select(WarningRule).where(WarningRule.unit_id == unit_id, WarningRule.from_on <= on).order_by(WarningRule.id)
    for row in session.scalars(said):
        found[row.sign] = Rule(row.sign, row.watched, {**found[row.sign].numbers, **row.numbers})
    return found


def warnings(by: Actor, on: date | None = None, *, officer: str | None = None, group_id: int | None = None) -> list[EarlyWarning]:
    """Every sign, among the loans and groups that are hers, that is news at the end of `on`; by group, then name.

    A woman who is later than a week already is not in it: she stands on the worklist. Refused: `future_date`.
    """
    by.require(Permission.SEE_ARREARS)
    day = as_of(by, on)
    groups = _groups(by, day, officer, group_id)
    of_unit = {unit_id: rules(unit_id, day) for unit_id in {group.unit_id for group in groups.values()}}
    found = [
        *_of_groups(groups, of_unit, day),
        *_of_loans(groups, of_unit, day),
    ]
    return sorted(found, key=lambda one: (one.group.name, one.group.id, one.loan.member_name if one.loan else "", one.sign))


def _groups(by: Actor, on: date, officer: str | None, group_id: int | None) -> dict[int, OfGroup]:
    question = (
        select(Group.id, Group.name, Group.unit_id, Unit.code, User.username, User.name)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(Assignment, standings.officer_of(on))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(sees_group(by))
    )
    if officer is not None:
        question = question.where(User.username == officer)
    if group_id is not None:
        question = question.where(Group.id == group_id)
    return {row[0]: OfGroup(*row) for row in session.execute(question)}


def stood(on: date) -> ColumnElement[bool]:
    """The condition on `MeetingRecord` that keeps those that stood at the end of a day."""
    return and_(MeetingRecord.held_on <= on, MeetingRecord.uuid.not_in(select(RecordUndo.record_uuid).where(RecordUndo.on_day <= on)))


def _money(on: date) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """What a line of a record that stood brought, her own and what others paid for her; nothing once it was undone by itself."""
    own, others = (case((_undone_alone(on), 0), else_=part) for part in (MeetingLine.paid, MeetingLine.renteng))
    return own, others


def _undone_alone(on: date) -> ColumnElement[bool]:
    return exists().where(of_line(), LineUndo.on_day <= on)


def _may_show(group_ids: Iterable[int], since: date, on: date) -> "Select[int | None]":
    """The loans of which the newest meetings may be a sign: all others are told apart here, and their meetings need not be read.

    Each sign of one woman ends in the newest line that says anything of it: at the last meeting she was away, or what was asked of her last
    was not all brought by herself. Which of these are signs, the rules decide.
    """
    line = MeetingLine
    weak = or_(line.renteng > 0, line.short_reason.is_not(None))
    well = and_(line.paid > 0, ~weak, ~_undone_alone(on))

    def newest_of(*which: ColumnElement[bool]) -> ColumnElement[date | None]:
        return func.max(case((and_(true(), *which), MeetingRecord.held_on)))

    last_weak, last_well, last_away = newest_of(weak), newest_of(well), newest_of(line.attendance.in_(AWAY))
    return (
        select(line.loan_id)
        .join(MeetingRecord, MeetingRecord.uuid == line.record_uuid)
        .join(Meeting, Meeting.id == MeetingRecord.meeting_id)
        .where(line.loan_id.is_not(None), Meeting.group_id.in_(group_ids), MeetingRecord.held_on >= since, stood(on))
        .group_by(line.loan_id)
        .having(newest_of() > on - FRESH)
        .having(or_(last_away == newest_of(), last_weak >= func.coalesce(last_well, last_weak)))
    )


def meetings_of_loans(
    group_ids: Iterable[int], since: date, on: date, *, signs_only: bool = False
) -> Iterable[tuple[int, int, list[AtMeeting]]]:
    """What meetings from `since` on said of each loan of these groups, by the end of `on`: group, loan, its meetings in order.

    With `signs_only` of the loans alone that may show a sign that day.
    """
    question = (
        select(
            Meeting.group_id,
            MeetingLine.loan_id,
            MeetingRecord.held_on,
            MeetingLine.attendance,
            *_money(on),
            MeetingLine.short_reason,
        )
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .join(Meeting, Meeting.id == MeetingRecord.meeting_id)
        .where(MeetingLine.loan_id.is_not(None), Meeting.group_id.in_(group_ids), MeetingRecord.held_on >= since, stood(on))
        .order_by(Meeting.group_id, MeetingLine.loan_id, MeetingRecord.held_on, MeetingRecord.recorded_at)
    )
    if signs_only:
        question = question.where(MeetingLine.loan_id.in_(_may_show(group_ids, since, on)))
    for (group, loan), lines in groupby(session.execute(question), lambda row: (row[0], row[1])):
        yield group, loan, [AtMeeting(*row[2:]) for row in lines]


def meetings_of_groups(group_ids: Iterable[int], since: date, on: date) -> dict[int, list[GroupMeeting]]:
    """What each of these groups paid itself and for one another at its meetings from `since` on, by the end of `on`."""
    question: Select[*tuple[Any, ...]] = (
        select(Meeting.group_id, MeetingRecord.held_on, *(func.sum(part) for part in _money(on)))
        .join(MeetingRecord, MeetingRecord.meeting_id == Meeting.id)
        .join(MeetingLine, MeetingLine.record_uuid == MeetingRecord.uuid)
        .where(Meeting.group_id.in_(group_ids), MeetingRecord.held_on >= since, stood(on))
        .group_by(Meeting.group_id, MeetingRecord.held_on, MeetingRecord.uuid)
        .order_by(Meeting.group_id, MeetingRecord.held_on)
    )
    found: dict[int, list[GroupMeeting]] = {}
    for group_id, *meeting in session.execute(question):
        found.setdefault(group_id, []).append(GroupMeeting(*meeting))
    return found


def new_leaders(group_ids: Iterable[int], since: date, on: date) -> list[tuple[int, date, str]]:
    """The groups whose leader changed after `since`, by `on`: group, since when, who she is now. A group's first leader is no change."""
    before = aliased(Leadership)
    question = (
        select(Leadership.group_id, Leadership.from_on, Member.name)
        .join(Member, Member.id == Leadership.member_id)
        .join(before, and_(before.group_id == Leadership.group_id, before.to_on == Leadership.from_on))
        .where(Leadership.group_id.in_(group_ids), Leadership.from_on > since, Leadership.from_on <= on)
        .order_by(Leadership.group_id, Leadership.from_on)
    )
    return [(group_id, from_on, name) for group_id, from_on, name in session.execute(question)]


def other_lenders(group_ids: Iterable[int], since: date, on: date) -> list[tuple[int, int, date, Rupiah]]:
    """The loans of these groups whose women were found, after `since` and after being lent to, to pay another lender more than was known
    before: group, loan, the day of the visit, rupiah a week."""
    known = aliased(Eligibility)
    before = (
        select(func.max(known.other_debt_weekly))
        .where(known.member_id == Loan.member_id, known.on_day <= Loan.disbursed_on)
        .correlate(Loan)
        .scalar_subquery()
    )
    question = (
        select(Loan.group_id, Loan.id, Eligibility.on_day, Eligibility.other_debt_weekly)
        .join(Eligibility, Eligibility.member_id == Loan.member_id)
        .where(
            Loan.group_id.in_(group_ids),
            Eligibility.on_day > Loan.disbursed_on,
            Eligibility.on_day > since,
            Eligibility.on_day <= on,
            Eligibility.other_debt_weekly > func.coalesce(before, 0),
        )
        .order_by(Loan.id, Eligibility.on_day)
    )
    return [(group_id, loan_id, found_on, weekly) for group_id, loan_id, found_on, weekly in session.execute(question)]


def _watching(groups: Mapping[int, OfGroup], of_unit: Mapping[int, Rules], sign: Sign) -> list[int]:
    return [group.id for group in groups.values() if of_unit[group.unit_id][sign].watched]


def _of_groups(groups: Mapping[int, OfGroup], of_unit: Mapping[int, Rules], on: date) -> list[EarlyWarning]:
    found = []
    sign = Sign.LEADER_CHANGED
    for group_id, since, name in new_leaders(_watching(groups, of_unit, sign), on - LOOK_BACK, on):
        group = groups[group_id]
        if (on - since).days < of_unit[group.unit_id][sign].numbers["days"]:
            found.append(EarlyWarning(sign, since, (Because(since, "leader", name=name),), group))
    sign = Sign.OWN_PAYMENT_FALLING
    for group_id, meetings in meetings_of_groups(_watching(groups, of_unit, sign), on - LOOK_BACK, on).items():
        group, last = groups[group_id], meetings[-1].held_on
        fall = falling(meetings, of_unit[group.unit_id][sign])
        if fall and on - last < FRESH:
            found.append(EarlyWarning(sign, last, (Because(last, "share", fall=fall),), group))
    return found


def _of_loans(groups: Mapping[int, OfGroup], of_unit: Mapping[int, Rules], on: date) -> list[EarlyWarning]:
    signed: list[tuple[int, int, Sign, tuple[Because, ...]]] = []
    for group_id, loan_id, meetings in meetings_of_loans(groups, on - LOOK_BACK, on, signs_only=True):
        if on - meetings[-1].held_on >= FRESH:
            continue
        for sign, rule in of_unit[groups[group_id].unit_id].items():
            if rule.watched and sign not in OF_GROUPS and sign is not Sign.OTHER_LENDER and (facts := newest(meetings, rule)):
                signed.append((group_id, loan_id, sign, tuple(_said(sign, fact) for fact in facts)))
    sign = Sign.OTHER_LENDER
    for group_id, loan_id, found_on, weekly in other_lenders(_watching(groups, of_unit, sign), on - 2 * LOOK_BACK, on):
        numbers = of_unit[groups[group_id].unit_id][sign].numbers
        if (on - found_on).days < numbers["days"] and weekly >= numbers["weekly"]:
            signed.append((group_id, loan_id, sign, (Because(found_on, "lender", amount=weekly),)))
    loans = _loans({loan_id for _, loan_id, _, _ in signed}, on)
    return [
        EarlyWarning(sign, because[-1].on, because, groups[group_id], loans[loan_id])
        for group_id, loan_id, sign, because in signed
        if loan_id in loans
    ]


def _said(sign: Sign, meeting: AtMeeting) -> Because:
    if sign is not Sign.WEAK_PAYMENTS:
        return Because(meeting.held_on, "attended", attendance=meeting.attendance)
    if meeting.short is not None:
        return Because(meeting.held_on, "short", amount=meeting.paid + meeting.renteng, reason=meeting.short)
    return Because(meeting.held_on, "renteng", amount=meeting.renteng)


def _loans(ids: Iterable[int], on: date) -> dict[int, OfLoan]:
    """These loans as they stood that day, where something was owed and at most a week late."""
    standing = standings.at(on)
    question = (
        standing.select(Loan.id, Member.id, Member.name, Member.number, standing.outstanding_principal, standing.days_late)
        .join(Member, Member.id == Loan.member_id)
        .where(Loan.id.in_(ids))
    )
    found: Sequence[OfLoan] = [OfLoan(*row) for row in session.execute(question)]
    return {one.id: one for one in found if one.days_late <= LATER_THAN}
