"""From a ratio to the loans behind it, and to what made a past evening's figures differ from what its night wrote down."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, select, type_coerce

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.ledger import CREDITED, EntryKind
from lending.domain.money import Rupiah
from lending.models import Assignment, Entry, Group, JobRun, Loan, Member, Posting, Product, Region, Unit, User
from lending.queries import portfolio, standings
from lending.queries.scope import sees_group

MOST = 500
"""So many loans or facts are shown on one page; the files have all of them."""


@dataclass(frozen=True)
class LoanAtRisk:
    """A loan of a portfolio's row: how late it is, since which due date, and how much of it is counted."""

    loan_id: int
    member_id: int
    member_name: str
    member_number: str
    group_id: int
    group_name: str
    officer_name: str | None
    product: str
    cycle: int
    days_late: int
    quality: str
    oldest_due: date | None
    overdue: Rupiah
    outstanding_principal: Rupiah
    restructured: bool


def loans(
    by: Actor, on: date, *, laid_out_by: str | None = None, key: str | None = None, more_than: int | None = None, limit: int | None = None
) -> list[LoanAtRisk]:
    """The loans in one row of the portfolio at the end of `on` (all of hers without a key); of them those in PAR over `more_than` days,
    which sum to that figure to the rupiah. The latest first."""
    by.require(Permission.SEE_PORTFOLIO)
    standing = standings.at(on)
    # Nobody is that late: only the flag of a restructured loan puts it into that bucket.
    is_restructured = case((standing.is_at_risk_beyond(10_000), True), else_=False)
    question = (
        standing.select(
            Loan.id,
            Member.id,
            Member.name,
            Member.number,
            Group.id,
            Group.name,
            User.name,
            Product.code,
            Loan.cycle,
            standing.days_late,
            standing.quality,
            standing.next_due,
            standing.overdue,
            standing.outstanding_principal,
            is_restructured,
        )
        .join(Member, Member.id == Loan.member_id)
        .outerjoin(User, User.id == Assignment.user_id)
        .outerjoin(Region, Region.code == Group.kelurahan)
        .where(sees_group(by))
        .order_by(standing.days_late.desc(), Loan.id)
        .limit(limit)
    )
    if laid_out_by is not None and key is not None:
        question = question.where(_is_of(laid_out_by, key))
    if more_than is not None:
        question = question.where(standing.is_at_risk_beyond(more_than))
    return [LoanAtRisk(*row) for row in session.execute(question)]


def _is_of(laid_out_by: str, key: str) -> ColumnElement[bool]:
    column: ColumnElement[Any] = portfolio.KEYS[laid_out_by][0]
    if laid_out_by in {"group", "cycle"}:
        return column == (int(key) if key.isascii() and key.isdigit() and len(key) < 16 else -1)
    return column.is_(None) if key == "" else column == key


@dataclass(frozen=True)
class LateFact:
    """An entry that counts from a day already closed by its night: what, from when, when it came, on whose loan, how much it credited."""

    entry_id: int
    kind: EntryKind
    happened_on: date
    recorded_at: datetime
    record_uuid: str | None
    loan_id: int
    member_name: str
    group_name: str
    credited: Rupiah
    """Negative where it took something back."""


def late_facts(by: Actor, on: date, *, limit: int | None = MOST) -> list[LateFact]:
    """The facts of loans that count from a day up to `on` and came after that evening's night: they are why the figures of that day are
    no longer those that the night wrote. The newest first."""
    by.require(Permission.SEE_PORTFOLIO)
    night = and_(JobRun.unit_id == Unit.id, JobRun.for_date == on)
    question: Select[*tuple[Any, ...]] = (
        select(
            Entry.id,
            Entry.kind,
            Entry.happened_on,
            Entry.recorded_at,
            Entry.record_uuid,
            Loan.id,
            Member.name,
            Group.name,
            -func.sum(Posting.amount),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Loan, Loan.id == Posting.loan_id)
        .join(Member, Member.id == Loan.member_id)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(JobRun, night)
        .where(
            Entry.happened_on <= on,
            # The unit and the first of the nights are said besides, so that an index finds what came after it.
            Entry.unit_id == Unit.id,
            Entry.recorded_at > portfolio.first_night(on),
            Entry.recorded_at > func.coalesce(JobRun.finished_at, portfolio.first_night(on)),
            # So that no index of the legs fits, or SQLite would begin with every leg there ever was.
            type_coerce(Posting.account, String).concat("").in_([one.value for one in CREDITED]),
            sees_group(by),
        )
        .group_by(Entry.id, Entry.kind, Entry.happened_on, Entry.recorded_at, Entry.record_uuid, Loan.id, Member.name, Group.name)
        .order_by(Entry.id.desc())
        .limit(limit)
    )
    return [LateFact(*row) for row in session.execute(question)]
