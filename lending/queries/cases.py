"""Late loans as work to do: what is known of each, whose it is, what comes next and why."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from lending.database import session
from lending.domain.access import Actor, Role
from lending.domain.arrears import QualityClass
from lending.domain.cases import UNANSWERED, AsideReason, CaseStep, ContactMeans, ContactOutcome, IncidentKind, Promise
from lending.domain.collection import ShortReason
from lending.domain.money import Rupiah
from lending.domain.next_action import NextAction, Situation, next_action
from lending.domain.refusals import NotFound
from lending.models import ArrearsCase, BrokenPromise, CaseEvent, Group, Loan, Member, Membership, User, Visit, VisitMember
from lending.queries import arrears
from lending.queries.arrears import FIRST_WEEK, LateLoan
from lending.queries.promises import paid_since
from lending.queries.scope import in_force, sees_group

LONG_AGO = timedelta(days=400)
"""No spell of lateness is followed further back than this."""

SPANS: Mapping[str, tuple[int, int | None]] = {"1": (1, 1), "2": (2, 4), "5": (5, 8), "9": (9, None)}
"""Weeks late, from and to: the first week, two to four, five to eight, and beyond."""

BROKEN = "broken"

Urgency = Literal["broken", "1", "2", "5", "9"]


@dataclass(frozen=True)
class Event:
    """Something done about a late loan."""

    uuid: str
    loan_id: int
    step: CaseStep
    on: date
    recorded_at: datetime
    by: str
    by_name: str
    means: ContactMeans | None
    outcome: ContactOutcome | None
    promise_on: date | None
    amount: Rupiah | None
    incident: IncidentKind | None
    aside: AsideReason | None
    member_id: int | None
    member_name: str | None
    assignee: str | None
    assignee_name: str | None
    note: str | None


@dataclass(frozen=True)
class Case:
    """A late loan with all that follows from its facts. `since` is the first evening that found it late in this spell."""

    late: LateLoan
    since: date
    events: tuple[Event, ...]
    """Of this spell, oldest first."""
    promise: Promise | None
    promise_broken: bool
    situation: Situation
    action: NextAction
    why: str
    assignee: str | None
    assignee_name: str | None

    @property
    def urgency(self) -> int:
        """0 a broken promise, 1 the first week, 2 older."""
        return 0 if self.promise_broken else 1 if self.late.days_late <= FIRST_WEEK else 2

    @property
    def aside(self) -> AsideReason | None:
        """Why nobody asks her for money for now; None for a case that is worked on."""
        return self.situation.aside

    @property
    def officer(self) -> str | None:
        """Whose case it is: whom the head gave it to, or else her group's officer."""
        return self.assignee or self.late.officer

    @property
    def officer_name(self) -> str | None:
        """What people call her."""
        return self.assignee_name or self.late.officer_name

    def is_in(self, urgency: str) -> bool:
        """Whether it belongs under that chip: `broken`, or a key of `SPANS`."""
        if urgency == BROKEN:
            return self.promise_broken
        first, last = SPANS[urgency]
        return self.late.weeks_late >= first and (last is None or self.late.weeks_late <= last)


@dataclass(frozen=True)
class Wanted:
    """Which cases are asked for; nothing said is every one. `late` is a chip: `broken`, or a key of `SPANS`; `words` a piece of her name
    or number."""

    officer: str | None = None
    group: int | None = None
    kelurahan: str | None = None
    reason: ShortReason | None = None
    quality: QualityClass | None = None
    action: NextAction | None = None
    late: str | None = None
    words: str | None = None
    aside: bool = False

    def fits(self, one: Case) -> bool:
        """Whether this case is asked for."""
        late, words = one.late, (self.words or "").casefold()
        return (
            (one.aside is not None) is self.aside
            and self.officer in (None, one.officer)
            and self.group in (None, late.group_id)
            and self.kelurahan in (None, late.kelurahan)
            and self.reason in (None, late.reason)
            and self.quality in (None, QualityClass(late.quality))
            and self.action in (None, one.action)
            and (self.late is None or one.is_in(self.late))
            and (words in late.member_name.casefold() or words in late.member_number.casefold())
        )


def cases(by: Actor, on: date, *, unit: str | None = None) -> list[Case]:
    """Every late loan that is hers at the end of `on`, most urgent first: of her groups, and given to her by the head."""
    mine = _given_to(by) if by.role is Role.OFFICER else None
    late = arrears.worklist(by, on, unit=unit, besides=mine)
    return _followed(on, late)


def case(by: Actor, loan_id: int, on: date | None = None) -> Case:
    """One of them; `not_found` for a loan that is not hers, or not late."""
    require_loan(by, loan_id)
    found = find(loan_id, on or by.today)
    if found is None:
        raise NotFound
    return found


def find(loan_id: int, on: date) -> Case | None:
    """The case of this loan, whosever it is; None where it is not late."""
    found = arrears.worklist_of(loan_id, on)
    return _followed(on, found)[0] if found else None


def situation(loan_id: int, on: date) -> Situation:
    """What is known of a loan; of one that is not late, nothing."""
    found = find(loan_id, on)
    return found.situation if found else Situation(on, 0)


def who_could_help(loan_id: int, on: date) -> list[tuple[int, str]]:
    """The other women of her group that day, by name."""
    question = (
        select(Member.id, Member.name)
        .join(Membership, Membership.member_id == Member.id)
        .join(Loan, Loan.group_id == Membership.group_id)
        .where(Loan.id == loan_id, Member.id != Loan.member_id, in_force(Membership.joined_on, Membership.left_on, on))
        .order_by(Member.name, Member.id)
    )
    return [(member_id, name) for member_id, name in session.execute(question)]


def borrower(loan_id: int) -> tuple[str, str]:
    """Whose loan it is: her name and her number."""
    question = select(Member.name, Member.number).join(Loan, Loan.member_id == Member.id).where(Loan.id == loan_id)
    name, number = session.execute(question).one()
    return name, number


def require_loan(by: Actor, loan_id: int) -> Loan:
    """The loan, if it is of her groups or its case was given to her; otherwise `not_found`."""
    hers = sees_group(by)
    if by.role is Role.OFFICER:
        hers = or_(hers, Loan.id.in_(_given_to(by)))
    loan = session.scalar(select(Loan).join(Group, Group.id == Loan.group_id).where(Loan.id == loan_id, hers))
    if loan is None:
        raise NotFound
    return loan


def counted(found: Iterable[Case]) -> Counter[str]:
    """How many stand under each chip; those set aside under `aside` alone."""
    counts: Counter[str] = Counter()
    for one in found:
        counts.update(["aside"] if one.aside else [urgency for urgency in (BROKEN, *SPANS) if one.is_in(urgency)])
    return counts


def proposals(by: Actor) -> list[Case]:
    """The cases whose officer asks for another schedule and has no answer."""
    return [one for one in cases(by, by.today) if one.situation.waits_for_head]


# ---- what is known ---------------------------------------------------------------------------------------------------------------------


def _given_to(by: Actor) -> "Select[int]":
    """The loans whose case the head gave last to her, and that has not closed since."""
    newest = select(func.max(CaseEvent.id)).where(CaseEvent.step == CaseStep.ASSIGNED).group_by(CaseEvent.loan_id)
    another = exists().where(
        ArrearsCase.loan_id == CaseEvent.loan_id, ArrearsCase.closed_on.is_(None), ArrearsCase.opened_on > CaseEvent.on_day
    )
    return select(CaseEvent.loan_id).where(CaseEvent.id.in_(newest), CaseEvent.assignee_id == by.user_id, ~another)


def _followed(on: date, late: Sequence[LateLoan]) -> list[Case]:
    if not late:
        return []
    of_loan = _of(Loan.id, [one.loan_id for one in late], on)
    begun = dict(session.execute(_begun(on, of_loan)).all())
    events = _events(on, of_loan)
    visited = dict(session.execute(_visits(on, late)).all())
    broken = _broken(on, of_loan)
    since = {one.loan_id: begun.get(one.loan_id) or one.oldest_due for one in late}
    own = {one.loan_id: tuple(event for event in events[one.loan_id] if event.on >= since[one.loan_id]) for one in late}
    promised = {one.loan_id: _promise(one, own[one.loan_id]) for one in late}
    sums = {loan_id: said for loan_id, said in promised.items() if said is not None and said[0].amount is not None}
    paid = paid_since(sums)
    found = []
    for one in late:
        said = promised[one.loan_id]
        promise = said[0] if said else None
        is_broken = promise is not None and promise.is_broken(on, paid.get(one.loan_id, 0))
        marked = {day for day in broken[one.loan_id] if day >= since[one.loan_id]}
        if is_broken and promise is not None:
            marked.add(promise.on)
        visit = visited.get(one.member_id)
        visit = visit if visit and visit >= since[one.loan_id] else None
        situation = _situation(on, one, own[one.loan_id], promise, is_broken, len(marked), visit)
        action, why = next_action(situation)
        given = _newest(own[one.loan_id], lambda event: event.step is CaseStep.ASSIGNED)
        assignee = (given.assignee, given.assignee_name) if given else (None, None)
        found.append(Case(one, since[one.loan_id], own[one.loan_id], promise, is_broken, situation, action, why, *assignee))
    return sorted(found, key=lambda one: (one.urgency, -one.late.days_late, one.late.loan_id))


def _of(loan_id: Any, ids: Sequence[int], on: date) -> Callable[[Any], ColumnElement[bool]]:
    """The condition on a column of loan ids; of many loans said by what they are, and not by name."""
    if len(ids) <= 500:
        return lambda column: column.in_(ids)
    running = select(loan_id).where(Loan.disbursed_on <= on)
    return lambda column: column.in_(running)


def _begun(on: date, of_loan: Callable[[Any], ColumnElement[bool]]) -> "Select[int, date]":
    spell = and_(ArrearsCase.opened_on <= on, or_(ArrearsCase.closed_on.is_(None), ArrearsCase.closed_on > on))
    return select(ArrearsCase.loan_id, ArrearsCase.opened_on).where(spell, of_loan(ArrearsCase.loan_id))


def _events(on: date, of_loan: Callable[[Any], ColumnElement[bool]]) -> defaultdict[int, list[Event]]:
    actor, assignee = User.__table__.alias("actor"), User.__table__.alias("assignee")
    question: Select[*tuple[Any, ...]] = (
        select(
            CaseEvent.uuid,
            CaseEvent.loan_id,
            CaseEvent.step,
            CaseEvent.on_day,
            CaseEvent.recorded_at,
            actor.c.username,
            actor.c.name,
            CaseEvent.means,
            CaseEvent.outcome,
            CaseEvent.promise_on,
            CaseEvent.amount,
            CaseEvent.incident,
            CaseEvent.aside,
            CaseEvent.member_id,
            Member.name,
            assignee.c.username,
            assignee.c.name,
            CaseEvent.note,
        )
        .join(actor, actor.c.id == CaseEvent.actor_id)
        .outerjoin(Member, Member.id == CaseEvent.member_id)
        .outerjoin(assignee, assignee.c.id == CaseEvent.assignee_id)
        .where(CaseEvent.on_day > on - LONG_AGO, CaseEvent.on_day <= on, of_loan(CaseEvent.loan_id))
        .order_by(CaseEvent.on_day, CaseEvent.recorded_at, CaseEvent.id)
    )
    found: defaultdict[int, list[Event]] = defaultdict(list)
    for row in session.execute(question):
        event = Event(*row)
        found[event.loan_id].append(event)
    return found


def _visits(on: date, late: Sequence[LateLoan]) -> "Select[int, date]":
    """When each of these women was visited last, at home or at her business: a meeting is no visit to her."""
    groups = {one.group_id for one in late}
    return (
        select(VisitMember.member_id, func.max(Visit.on_day))
        .join(Visit, Visit.uuid == VisitMember.visit_uuid)
        .where(Visit.group_id.in_(groups), Visit.on_day > on - LONG_AGO, Visit.on_day <= on, Visit.place != "meeting")
        .group_by(VisitMember.member_id)
    )


def _broken(on: date, of_loan: Callable[[Any], ColumnElement[bool]]) -> defaultdict[int, set[date]]:
    question = select(BrokenPromise.loan_id, BrokenPromise.promise_on).where(BrokenPromise.as_of <= on, of_loan(BrokenPromise.loan_id))
    found: defaultdict[int, set[date]] = defaultdict(set)
    for loan_id, day in session.execute(question):
        found[loan_id].add(day)
    return found


def _promise(late: LateLoan, events: Sequence[Event]) -> tuple[Promise, datetime] | None:
    """Her newest promise, said at a meeting or to whoever asked, and the moment at which it was written down."""
    said = _newest(events, lambda event: event.step is CaseStep.PROMISED)
    at_meeting = Promise(late.promise, late.said_on) if late.promise and late.said_on else None
    if said is None or said.promise_on is None:
        return (at_meeting, late.said_at) if at_meeting and late.said_at else None
    newest = Promise(said.promise_on, said.on, said.amount), said.recorded_at
    if at_meeting and late.said_at and (at_meeting.made_on, late.said_at) > (said.on, said.recorded_at):
        return at_meeting, late.said_at
    return newest


def _newest(events: Sequence[Event], which: Callable[[Event], bool]) -> Event | None:
    return next((event for event in reversed(events) if which(event)), None)


def _situation(
    on: date, late: LateLoan, events: Sequence[Event], promise: Promise | None, is_broken: bool, broken: int, visited_on: date | None
) -> Situation:
    def last(*steps: CaseStep) -> Event | None:
        return _newest(events, lambda event: event.step in steps)

    def day_of(step: CaseStep) -> date | None:
        event = last(step)
        return event.on if event else None

    contacts = [event for event in events if event.step is CaseStep.CONTACTED]
    contact = contacts[-1] if contacts else None
    answered = [nth for nth, event in enumerate(contacts) if event.outcome not in UNANSWERED]
    aside = last(CaseStep.ASIDE, CaseStep.TAKEN_UP)
    met = [event.on for event in contacts if event.means is ContactMeans.MET]
    seen = max([day for day in (visited_on, *met) if day is not None], default=None)
    return Situation(
        today=on,
        days_late=late.days_late,
        has_phone=late.phone is not None,
        reason=late.reason,
        promise_on=promise.on if promise else None,
        promise_broken=is_broken,
        broken_before=broken,
        contacted_on=contact.on if contact else None,
        contact_means=contact.means if contact else None,
        contact_outcome=contact.outcome if contact else None,
        unanswered=len(contacts) - 1 - answered[-1] if answered else len(contacts),
        visited_on=seen,
        renteng_on=day_of(CaseStep.RENTENG),
        proposed_on=day_of(CaseStep.PROPOSED),
        declined_on=day_of(CaseStep.DECLINED),
        incident_on=day_of(CaseStep.INCIDENT),
        aside=aside.aside if aside and aside.step is CaseStep.ASIDE else None,
    )
