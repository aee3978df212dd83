"""What was lent: not what was taken over from other books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from lending.database import session
from lending.domain.money import Rupiah
from lending.models import Assignment, Group, Loan, Member, Product, Unit, User
from lending.queries import standings
from lending.queries.portfolio import KEYS
from lending.queries.reports.asked import Asked, all_loans, day_in


@dataclass(frozen=True)
class DisbursedRow:
    """What one part of the layout was lent in the period."""

    key: Any
    name: str
    loans: int
    members: int
    principal: Rupiah
    margin: Rupiah
    upj: Rupiah


@dataclass(frozen=True)
class DisbursedLoan:
    """One loan that was paid out in the period."""

    key: int
    member: str
    number: str
    group: str
    officer: str | None
    product: str
    cycle: int
    on: date
    weeks: int
    principal: Rupiah
    margin: Rupiah
    upj: Rupiah
    instalment: Rupiah
    purpose: str

    @property
    def received(self) -> Rupiah:
        """What she went home with."""
        return self.principal - self.upj


def disbursed(asked: Asked) -> Sequence[DisbursedRow | DisbursedLoan]:
    """Loans paid out in the period, one by one or added up."""
    if asked.layout == "loan":
        return _loans(asked)
    sums = (Loan.principal, Loan.margin, Loan.upj)
    question = (
        all_loans(
            asked,
            day_in(Loan.disbursed_on),
            func.count(),
            func.count(func.distinct(Loan.member_id)),
            *(func.sum(amount) for amount in sums),
        )
        .where(Loan.disbursed_on.between(asked.first, asked.last), Loan.lent_before_on.is_(None))
        .group_by(*KEYS[asked.layout])
    )
    rows = [
        DisbursedRow(key, str(name), loans, members, *map(int, amounts))
        for key, name, loans, members, *amounts in session.execute(question)
    ]
    return sorted(rows, key=lambda row: (row.key is None, row.key))


def _loans(asked: Asked) -> list[DisbursedLoan]:
    question: Select[*tuple[Any, ...]] = (
        select(
            Loan.id,
            Member.name,
            Member.number,
            Group.name,
            User.name,
            Product.code,
            Loan.cycle,
            Loan.disbursed_on,
            Loan.weeks,
            Loan.principal,
            Loan.margin,
            Loan.upj,
            Loan.instalment,
            Loan.purpose,
        )
        .join(Member, Member.id == Loan.member_id)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .join(Product, Product.id == Loan.product_id)
        .outerjoin(Assignment, standings.officer_of(day_in(Loan.disbursed_on)))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Loan.disbursed_on.between(asked.first, asked.last), Loan.lent_before_on.is_(None), asked.groups)
        .order_by(Loan.disbursed_on, Loan.id)
    )
    return [DisbursedLoan(*row) for row in session.execute(question)]
