"""The women, asked: who she is as of a day, what she agreed to, what was found at her home, when she was trained."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.groups import Duty, MemberState, Place
from lending.domain.identity import masked
from lending.domain.ledger import Account
from lending.domain.lifecycle import RUNS, LoanStep
from lending.domain.money import Rupiah
from lending.domain.refusals import NotFound, Warned
from lending.models import (
    Assignment,
    Consent,
    Eligibility,
    Entry,
    Group,
    Leadership,
    Loan,
    LoanEvent,
    Member,
    Membership,
    Posting,
    Region,
    TrainingDay,
    User,
)
from lending.queries.admin import PAGE
from lending.queries.scope import as_of, in_force, require_member, sees_member


@dataclass(frozen=True)
class MemberDetail:
    """A woman as of a day. NIK and KK show their last four digits; savings and UPJ are what we owe her, whole rupiah.

    `group`, `sub_group`, `role` and `officer` are None once she has left; `joined_on` and `left_on` are those of her latest group.
    """

    id: int
    number: str
    name: str
    nik: str
    kk: str | None
    birth_date: date
    phone: str | None
    address: str
    rt: str
    rw: str
    kelurahan: str
    kelurahan_name: str
    group: int | None
    group_name: str | None
    sub_group: int | None
    role: Place | None
    officer: str | None
    officer_name: str | None
    joined_on: date
    left_on: date | None
    state: MemberState
    consents: tuple[str, ...]
    loans: tuple[int, ...]
    savings: Rupiah
    upj: Rupiah
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class MemberFound:
    """A woman who was looked for; `group` is the one she belongs to today."""

    id: int
    number: str
    name: str
    group: int | None
    group_name: str | None
    kelurahan: str


@dataclass(frozen=True)
class EligibilityTest:
    """One visit to her home: what was found, whether the officer passed her, and whether the rule alone says otherwise."""

    on: date
    household_size: int
    income_per_month: Rupiah
    house_index: int
    other_debt_weekly: Rupiah
    passed: bool
    contradicts_rule: bool
    note: str
    by: str


@dataclass(frozen=True)
class ConsentGiven:
    """One word of hers: what she agreed to or took back, on which day."""

    purpose: str
    given: bool
    on: date
    recorded_at: datetime
    by: str


def member(by: Actor, member_id: int, *, on: date | None = None) -> MemberDetail:
    """One woman as of the end of a day; `not_found` where she is not hers, or had not joined by then."""
    by.require(Permission.SEE_MEMBERS)
    day = as_of(by, on)
    about = require_member(by, member_id)
    officer = aliased(User)
    serves = in_force(Assignment.from_on, Assignment.to_on, day)
    leads = in_force(Leadership.from_on, Leadership.to_on, day)
    place = session.execute(
        select(Membership, Group.name, officer.username, officer.name, Leadership.id)
        .join(Group, Group.id == Membership.group_id)
        .outerjoin(Assignment, and_(Assignment.group_id == Group.id, Assignment.duty == Duty.OFFICER, serves))
        .outerjoin(officer, officer.id == Assignment.user_id)
        .outerjoin(Leadership, and_(Leadership.group_id == Group.id, Leadership.member_id == Membership.member_id, leads))
        .where(Membership.member_id == member_id, Membership.joined_on <= day)
        .order_by(Membership.joined_on.desc(), Membership.id.desc())
        .limit(1)
    ).one_or_none()
    if place is None:
        raise NotFound
    membership, group_name, officer_username, officer_name, leadership = place
    left = membership.left_on is not None and membership.left_on <= day
    savings, upj = _owed(member_id, day)
    return MemberDetail(
        id=about.id,
        number=about.number,
        name=about.name,
        nik=masked(about.nik_last4),
        kk=masked(about.kk_last4) if about.kk_last4 else None,
        birth_date=about.birth_date,
        phone=about.phone,
        address=about.address,
        rt=about.rt,
        rw=about.rw,
        kelurahan=about.kelurahan,
        kelurahan_name=session.scalar(select(Region.name).where(Region.code == about.kelurahan)) or about.kelurahan,
        group=None if left else membership.group_id,
        group_name=None if left else group_name,
        sub_group=None if left else membership.sub_group,
        role=None if left else Place.LEADER if leadership else Place.MEMBER,
        officer=None if left else officer_username,
        officer_name=None if left else officer_name,
        joined_on=membership.joined_on,
        left_on=membership.left_on if left else None,
        state=_state(member_id, left, day),
        consents=agreed(member_id, day),
        loans=tuple(session.scalars(select(Loan.id).where(Loan.member_id == member_id, Loan.applied_on <= day).order_by(Loan.id))),
        savings=savings,
        upj=upj,
        warnings=_doubts(member_id, day),
    )


def has_running_loan(member_id: int) -> bool:
    """Whether a loan of hers runs; whose she is, the caller has asked."""
    return session.scalar(select(Loan.id).where(Loan.member_id == member_id, Loan.state.in_(RUNS)).limit(1)) is not None


def _state(member_id: int, left: bool, on: date) -> MemberState:
    if not left:
        return MemberState.ACTIVE
    died = select(LoanEvent.id).join(Loan, Loan.id == LoanEvent.loan_id).where(Loan.member_id == member_id, LoanEvent.on_day <= on)
    has_died = session.scalar(died.where(LoanEvent.step == LoanStep.DEATH).limit(1)) is not None
    return MemberState.DECEASED if has_died else MemberState.LEFT


def agreed(member_id: int, on: date) -> tuple[str, ...]:
    """The purposes she agrees to at the end of that day, by name: of each, her newest word holds."""
    words = session.execute(
        select(Consent.purpose, Consent.given)
        .where(Consent.member_id == member_id, Consent.on_day <= on)
        .order_by(Consent.on_day, Consent.id)
    )
    newest = dict(words.all())
    return tuple(sorted(purpose for purpose, given in newest.items() if given))


def consents(by: Actor, member_id: int) -> list[ConsentGiven]:
    """Every word of hers about consent, newest first."""
    by.require(Permission.SEE_MEMBERS)
    require_member(by, member_id)
    question = (
        select(Consent.purpose, Consent.given, Consent.on_day, Consent.recorded_at, User.username)
        .join(User, User.id == Consent.actor_id)
        .where(Consent.member_id == member_id)
        .order_by(Consent.on_day.desc(), Consent.id.desc())
    )
    return [ConsentGiven(*row) for row in session.execute(question)]


def eligibility_tests(by: Actor, member_id: int) -> list[EligibilityTest]:
    """What was found at her home, newest first."""
    by.require(Permission.SEE_MEMBERS)
    require_member(by, member_id)
    question = (
        select(
            Eligibility.on_day,
            Eligibility.household_size,
            Eligibility.income_per_month,
            Eligibility.house_index,
            Eligibility.other_debt_weekly,
            Eligibility.passed,
            Eligibility.contradicts_rule,
            Eligibility.note,
            User.username,
        )
        .join(User, User.id == Eligibility.actor_id)
        .where(Eligibility.member_id == member_id)
        .order_by(Eligibility.on_day.desc(), Eligibility.id.desc())
    )
    return [EligibilityTest(*row) for row in session.execute(question)]


def training_days(by: Actor, member_id: int) -> list[date]:
    """The days on which she was trained, in order."""
    by.require(Permission.SEE_MEMBERS)
    require_member(by, member_id)
    return trained_on(member_id)


def trained_on(member_id: int) -> list[date]:
    """The days on which she was trained, in order; whether she is hers to see, the caller has asked."""
    return list(session.scalars(select(TrainingDay.on_day).where(TrainingDay.member_id == member_id).order_by(TrainingDay.on_day)))


def find(by: Actor, *conditions: ColumnElement[bool], limit: int = PAGE, after_id: int = 0) -> list[MemberFound]:
    """The women in her scope who meet these conditions on `Member`, by id."""
    here = in_force(Membership.joined_on, Membership.left_on, by.today)
    question = (
        select(Member.id, Member.number, Member.name, Group.id, Group.name, Member.kelurahan)
        .outerjoin(Membership, and_(Membership.member_id == Member.id, here))
        .outerjoin(Group, Group.id == Membership.group_id)
        .where(Member.id.in_(select(Membership.member_id).where(sees_member(by))), Member.id > after_id, *conditions)
        .order_by(Member.id)
        .limit(limit)
    )
    return [MemberFound(*row) for row in session.execute(question)]


def _owed(member_id: int, on: date) -> tuple[Rupiah, Rupiah]:
    """Her savings and UPJ at the end of that day."""
    sums = session.execute(
        select(Posting.account, -func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.member_id == member_id, Posting.account.in_((Account.SAVINGS, Account.UPJ)), Entry.happened_on <= on)
        .group_by(Posting.account)
    )
    owed = {account: int(amount) for account, amount in sums}
    return owed.get(Account.SAVINGS, 0), owed.get(Account.UPJ, 0)


def _doubts(member_id: int, on: date) -> tuple[Warned, ...]:
    contradicts = session.scalar(
        select(Eligibility.contradicts_rule)
        .where(Eligibility.member_id == member_id, Eligibility.on_day <= on)
        .order_by(Eligibility.on_day.desc(), Eligibility.id.desc())
        .limit(1)
    )
    return (Warned("eligibility", "eligibility_contradicts_rule"),) if contradicts else ()
