"""One loan, and lists of them: what was agreed, where it stands as of any day, and what must be known before the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain import arrears
from lending.domain.access import Actor
from lending.domain.allocation import next_unpaid, outstanding_principal, paid_by_instalment
from lending.domain.arrears import QualityClass
from lending.domain.eligibility import Applicant
from lending.domain.ledger import EntryKind
from lending.domain.lifecycle import WAITING, LoanState, LoanStep
from lending.domain.money import Rupiah
from lending.domain.refusals import NotFound
from lending.domain.schedule import Akad, LoanTerms, schedule
from lending.models import (
    Consent,
    Eligibility,
    Entry,
    Group,
    Leadership,
    Loan,
    LoanEvent,
    Meeting,
    Member,
    Membership,
    Posting,
    Product,
    TrainingDay,
    Unit,
    User,
)
from lending.queries.scope import in_force, sees_group
from lending.queries.standings import CREDITED

DISBURSED = (LoanState.RUNNING, LoanState.REPAID)


@dataclass(frozen=True)
class LoanRow:
    """A loan as it stands now: its terms, its people, its derived figures."""

    id: int
    member_id: int
    member_name: str
    member_number: str
    group_id: int
    group_name: str
    unit_id: int
    unit_code: str
    regime: str
    product_id: int
    product_code: str
    product_name: str
    akad: Akad
    state: LoanState
    cycle: int
    purpose: str
    applied_on: date
    maker_id: int
    maker: str
    verifier_id: int | None
    terms: LoanTerms
    upj: Rupiah
    disbursed_on: date | None
    first_seq: int | None
    total_paid: Rupiah
    next_due: date | None

    @property
    def outstanding_total(self) -> Rupiah:
        """What is still owed now; nothing before it is disbursed."""
        return 0 if self.disbursed_on is None else self.terms.total - self.total_paid


@dataclass(frozen=True)
class PaidInstalment:
    """One row of the schedule with what has been credited to it."""

    number: int
    due_on: date
    principal: Rupiah
    margin: Rupiah
    total: Rupiah
    paid: Rupiah
    moved_from: date | None


@dataclass(frozen=True)
class LoanAsOf:
    """A loan at the end of a day. Before it is disbursed it has no dates and owes nothing."""

    loan: LoanRow
    on: date
    state: LoanState
    first_due: date | None
    paid: Rupiah
    outstanding_principal: Rupiah
    outstanding_total: Rupiah
    next_due: date | None
    days_late: int
    overdue: Rupiah
    quality: QualityClass
    instalments: tuple[PaidInstalment, ...]


@dataclass(frozen=True)
class LoanHistory:
    """One step of a loan's life."""

    step: LoanStep | None
    state: LoanState
    on: date
    recorded_at: datetime
    actor: str
    reason: str | None
    details: dict[str, Any] | None


_Maker = aliased(User)

_LOAN = (
    Loan,
    Member.name,
    Member.number,
    Group.name,
    Unit.id,
    Unit.code,
    Unit.regime,
    Product.code,
    Product.name,
    Product.akad,
    _Maker.username,
)


def _loans(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_LOAN)
        .join(Member, Member.id == Loan.member_id)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .join(Product, Product.id == Loan.product_id)
        .join(_Maker, _Maker.id == Loan.maker_id)
        .where(*conditions)
    )


def _row(found: Sequence[Any]) -> LoanRow:
    loan: Loan = found[0]
    return LoanRow(
        id=loan.id,
        member_id=loan.member_id,
        member_name=found[1],
        member_number=found[2],
        group_id=loan.group_id,
        group_name=found[3],
        unit_id=found[4],
        unit_code=found[5],
        regime=found[6],
        product_id=loan.product_id,
        product_code=found[7],
        product_name=found[8],
        akad=found[9],
        state=loan.state,
        cycle=loan.cycle,
        purpose=loan.purpose,
        applied_on=loan.applied_on,
        maker_id=loan.maker_id,
        maker=found[10],
        verifier_id=loan.verifier_id,
        terms=terms(loan),
        upj=loan.upj,
        disbursed_on=loan.disbursed_on,
        first_seq=loan.first_seq,
        total_paid=loan.total_paid,
        next_due=loan.next_due,
    )


def terms(loan: Loan) -> LoanTerms:
    """The value behind a loan's columns, from which every sum of it follows."""
    return LoanTerms(loan.principal, loan.margin, loan.weeks, loan.every_weeks, loan.count, loan.instalment, loan.payment_order)


def _sees_loan(by: Actor) -> ColumnElement[bool]:
    """Loans of groups that are hers, and those that the head named her to verify, whosever group they are in."""
    return or_(sees_group(by), Loan.verifier_id == by.user_id)


def loan(by: Actor, loan_id: int) -> LoanRow:
    """One loan that `by` may see, as it stands now; otherwise `not_found`."""
    found = session.execute(_loans(Loan.id == loan_id, _sees_loan(by))).one_or_none()
    if found is None:
        raise NotFound
    return _row(found)


def require_loan(by: Actor, loan_id: int) -> Loan:
    """A loan's row that `by` may see, as it is in the database at this moment; otherwise `not_found`."""
    question = select(Loan).join(Group, Group.id == Loan.group_id).where(Loan.id == loan_id, _sees_loan(by))
    row = session.scalar(question.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def loans(
    by: Actor,
    *,
    member_id: int | None = None,
    group_id: int | None = None,
    states: Sequence[LoanState] = (),
    after_id: int = 0,
    limit: int | None = None,
) -> list[LoanRow]:
    """The loans that `by` may see, by id; those after `after_id`, at most `limit`."""
    question = _loans(_sees_loan(by), Loan.id > after_id).order_by(Loan.id).limit(limit)
    if member_id is not None:
        question = question.where(Loan.member_id == member_id)
    if group_id is not None:
        question = question.where(Loan.group_id == group_id)
    if states:
        question = question.where(Loan.state.in_(states))
    return [_row(found) for found in session.execute(question)]


def waiting(by: Actor) -> list[LoanRow]:
    """Loans that wait for a step: proposals on their way to disbursement, oldest first."""
    question = _loans(sees_group(by), Loan.state.in_(WAITING)).order_by(Loan.applied_on, Loan.id)
    return [_row(found) for found in session.execute(question)]


def history(loan_id: int) -> list[LoanHistory]:
    """Every step of the loan's life, in the order in which it was written down."""
    question = (
        select(
            LoanEvent.step,
            LoanEvent.state,
            LoanEvent.on_day,
            LoanEvent.recorded_at,
            User.username,
            LoanEvent.reason,
            LoanEvent.details,
        )
        .join(User, User.id == LoanEvent.actor_id)
        .where(LoanEvent.loan_id == loan_id)
        .order_by(LoanEvent.id)
    )
    return [LoanHistory(*row) for row in session.execute(question)]


def as_of(by: Actor, loan_id: int, on: date) -> LoanAsOf:
    """A loan at the end of `on`, from every fact that counts from a day up to then, whenever it arrived.

    `not_found` for a loan that is not hers, or that nobody had applied for by then.
    """
    row = loan(by, loan_id)
    if on < row.applied_on:
        raise NotFound
    if row.disbursed_on is None or row.first_seq is None or on < row.disbursed_on:
        return LoanAsOf(row, on, _state_before_disbursing(row, on), None, 0, 0, 0, None, 0, 0, QualityClass.LANCAR, ())
    # Between the day of a meeting and the day it was undone and recorded anew, both records count; no loan is paid more than whole.
    paid = min(row.total_paid - _credited_after(loan_id, on), row.terms.total)
    dates = due_dates(row)
    planned = [planned_on for planned_on, _ in dates]
    number = next_unpaid(row.terms, paid)
    next_due = None if number is None else planned[number - 1]
    late = arrears.days_late(next_due, on)
    credited_to = paid_by_instalment(row.terms, paid)
    return LoanAsOf(
        loan=row,
        on=on,
        state=LoanState.REPAID if number is None else LoanState.RUNNING,
        first_due=planned[0],
        paid=paid,
        outstanding_principal=outstanding_principal(row.terms, paid),
        outstanding_total=row.terms.total - paid,
        next_due=next_due,
        days_late=late,
        overdue=arrears.overdue(row.terms, sum(day < on for day in planned), paid),
        quality=arrears.classify(late, arrears.REGIMES[row.regime]),
        instalments=tuple(
            PaidInstalment(
                one.number,
                one.due_on,
                one.principal,
                one.margin,
                one.total,
                credited_to[one.number - 1],
                original if original != one.due_on else None,
            )
            for one, (_, original) in zip(schedule(row.terms, planned), dates, strict=True)
        ),
    )


def standing_now(rows: Sequence[LoanRow], on: date) -> list[LoanAsOf]:
    """Each of these loans as it stands at the end of today, `on`, without its schedule: two statements, however many there are."""
    first_dues: dict[int, date] = dict(
        session.execute(
            select(Loan.id, Meeting.planned_on)
            .join(Meeting, and_(Meeting.group_id == Loan.group_id, Meeting.seq == Loan.first_seq))
            .where(Loan.id.in_([row.id for row in rows]))
        ).all()
    )
    fallen: dict[int, int] = dict(
        session.execute(
            select(Meeting.group_id, func.max(Meeting.seq))
            .where(Meeting.group_id.in_({row.group_id for row in rows}), Meeting.planned_on < on)
            .group_by(Meeting.group_id)
        ).all()
    )
    return [_standing_now(row, on, first_dues.get(row.id), fallen.get(row.group_id, 0)) for row in rows]


def _standing_now(row: LoanRow, on: date, first_due: date | None, last_seq: int) -> LoanAsOf:
    if row.first_seq is None:
        return LoanAsOf(row, on, row.state, None, 0, 0, 0, None, 0, 0, QualityClass.LANCAR, ())
    late = arrears.days_late(row.next_due, on)
    due_before = min(row.terms.count, (last_seq - row.first_seq) // row.terms.every_weeks + 1) if last_seq >= row.first_seq else 0
    return LoanAsOf(
        loan=row,
        on=on,
        state=row.state,
        first_due=first_due,
        paid=row.total_paid,
        outstanding_principal=outstanding_principal(row.terms, row.total_paid),
        outstanding_total=row.terms.total - row.total_paid,
        next_due=row.next_due,
        days_late=late,
        overdue=arrears.overdue(row.terms, due_before, row.total_paid),
        quality=arrears.classify(late, arrears.REGIMES[row.regime]),
        instalments=(),
    )


def _state_before_disbursing(row: LoanRow, on: date) -> LoanState:
    state = session.scalar(
        select(LoanEvent.state).where(LoanEvent.loan_id == row.id, LoanEvent.on_day <= on).order_by(LoanEvent.id.desc()).limit(1)
    )
    return state or LoanState.APPLIED


def _credited_after(loan_id: int, on: date) -> Rupiah:
    question = (
        select(-func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id == loan_id, Posting.account.in_(CREDITED), Entry.kind != EntryKind.DISBURSEMENT, Entry.happened_on > on)
    )
    return session.scalar(question) or 0


def due_dates(row: LoanRow) -> list[tuple[date, date]]:
    """Each instalment's due date, and the date it had when the group's calendar was laid out."""
    if row.first_seq is None:
        return []
    last_seq = row.first_seq + (row.terms.count - 1) * row.terms.every_weeks
    question = (
        select(Meeting.planned_on, Meeting.original_on)
        .where(
            Meeting.group_id == row.group_id,
            Meeting.seq.between(row.first_seq, last_seq),
            (Meeting.seq - row.first_seq) % row.terms.every_weeks == 0,
        )
        .order_by(Meeting.seq)
    )
    return [(planned_on, original_on) for planned_on, original_on in session.execute(question)]


def next_cycle(member_id: int) -> int:
    """Which loan of hers the next one would be: 1 for the first."""
    count = session.scalar(select(func.count()).where(Loan.member_id == member_id, Loan.state.in_(DISBURSED)).select_from(Loan))
    return 1 + (count or 0)


_MEMBER, _GROUP = bindparam("member", type_=BigInteger), bindparam("group", type_=BigInteger)
_DAY = bindparam("day", type_=Date)


@cache
def _agreed() -> Select[str, bool]:
    """What a woman agreed to or took back by a day, the newest last. Built once, for the gates are asked three times of every loan."""
    question = select(Consent.purpose, Consent.given).where(Consent.member_id == _MEMBER, Consent.on_day <= _DAY)
    return question.order_by(Consent.on_day, Consent.id)


@cache
def _gates() -> Select[*tuple[Any, ...]]:
    """The other facts behind the gates, in one row."""
    tested = aliased(Eligibility)
    by_then = select(tested.id).where(tested.member_id == _MEMBER, tested.on_day <= _DAY)
    latest = by_then.order_by(tested.on_day.desc(), tested.id.desc()).limit(1).scalar_subquery()
    return (
        select(
            Member.birth_date,
            Eligibility.on_day,
            Eligibility.passed,
            select(func.count()).where(TrainingDay.member_id == _MEMBER, TrainingDay.on_day <= _DAY).scalar_subquery(),
            select(func.count())
            .where(Membership.group_id == _GROUP, in_force(Membership.joined_on, Membership.left_on, _DAY))
            .scalar_subquery(),
            exists().where(Leadership.group_id == _GROUP, in_force(Leadership.from_on, Leadership.to_on, _DAY)),
            exists().where(Loan.member_id == _MEMBER, Loan.state == LoanState.RUNNING),
            select(func.min(Loan.next_due)).where(Loan.group_id == _GROUP, Loan.state == LoanState.RUNNING).scalar_subquery(),
        )
        .select_from(Member)
        .outerjoin(Eligibility, Eligibility.id == latest)
        .where(Member.id == _MEMBER)
    )


def applicant(member_id: int, group_id: int, *, cycle: int, block_days_late: int | None, on: date) -> Applicant:
    """What the gates ask about a member of a group on a day (`domain.eligibility`)."""
    asked = {_MEMBER.key: member_id, _GROUP.key: group_id, _DAY.key: on}
    found = session.execute(_gates(), asked).one_or_none()
    if found is None:
        raise NotFound
    birth_date, tested_on, passed, training_days, group_size, has_leader, has_running_loan, oldest_due = found
    newest = dict(session.execute(_agreed(), asked).all())
    return Applicant(
        birth_date=birth_date,
        is_woman=True,
        consents={purpose for purpose, given in newest.items() if given},
        training_days=training_days,
        eligibility=None if tested_on is None else (tested_on, passed),
        cycle=cycle,
        group_size=group_size,
        has_leader=has_leader,
        has_running_loan=has_running_loan,
        group_worst_days_late=arrears.days_late(oldest_due, on),
        block_days_late=block_days_late,
    )


def has_open_proposal(member_id: int) -> bool:
    """Whether a loan of hers is on its way already."""
    return bool(session.scalar(select(exists().where(Loan.member_id == member_id, Loan.state.in_(WAITING)))))


def latest_contradicts(member_id: int) -> bool:
    """Whether her latest eligibility finding differs from what its own figures say, so that a verifier must say why it stands."""
    return bool(
        session.scalar(
            select(Eligibility.contradicts_rule)
            .where(Eligibility.member_id == member_id)
            .order_by(Eligibility.on_day.desc(), Eligibility.id.desc())
            .limit(1)
        )
    )


def group_of(member_id: int, on: date) -> int | None:
    """The group she belongs to on a day."""
    return session.scalar(
        select(Membership.group_id).where(Membership.member_id == member_id, in_force(Membership.joined_on, Membership.left_on, on))
    )
