"""What must be known of a woman before she may borrow: the facts behind the gates (`domain.eligibility`), and her next cycle."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Date, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain import arrears
from lending.domain.eligibility import TRAINING_DAYS, Applicant
from lending.domain.lifecycle import LENT, RUNS, WAITING, LoanState
from lending.domain.refusals import NotFound
from lending.models import Consent, Eligibility, Leadership, Loan, Member, Membership, TrainingDay
from lending.queries import irregular
from lending.queries.scope import in_force


def next_cycle(member_id: int) -> int:
    """Which loan of hers the next one would be: 1 for the first."""
    counted = select(func.count(), func.max(Loan.cycle)).where(Loan.member_id == member_id, Loan.state.in_(LENT))
    count, last = session.execute(counted.select_from(Loan)).one()
    return 1 + max(count, last or 0)


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
            exists().where(Loan.member_id == _MEMBER, Loan.state.in_(RUNS)),
            select(func.min(Loan.next_due)).where(Loan.group_id == _GROUP, Loan.state == LoanState.RUNNING).scalar_subquery(),
            exists().where(Loan.group_id == _GROUP, Loan.state == LoanState.RESTRUCTURED),
            Member.imported_on,
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
    birth_date, tested_on, passed, training_days, group_size, has_leader, has_running_loan, oldest_due, has_restructured, imported_on = (
        found
    )
    if imported_on is not None:
        # She was taken over: what was asked of her then counts as done (api-detail part 3, *Import and export*).
        training_days = max(training_days, TRAINING_DAYS)
        if tested_on is None:
            tested_on, passed = imported_on, True
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
        group_worst_days_late=arrears.days_late(_oldest(oldest_due, group_id, on) if has_restructured else oldest_due, on),
        block_days_late=block_days_late,
    )


def _oldest(oldest_due: date | None, group_id: int, on: date) -> date | None:
    """The oldest due date of a group, with its restructured loans."""
    restructured = session.scalars(select(Loan.id).where(Loan.group_id == group_id, Loan.state == LoanState.RESTRUCTURED)).all()
    dues = [oldest_due, *(one.next_due for one in irregular.standings(on, restructured))]
    return min((due for due in dues if due is not None), default=None)


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
