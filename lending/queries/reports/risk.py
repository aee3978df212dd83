"""The loans behind the figures: those at risk, those that were restructured, those that were lost, one by one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, literal, or_, select

from lending.database import session
from lending.domain.ledger import Account
from lending.domain.lifecycle import LoanState, LoanStep
from lending.domain.money import Rupiah
from lending.models import Assignment, Entry, Group, Loan, LoanEvent, Member, Posting, Unit, User
from lending.queries import figures, irregular, standings
from lending.queries.portfolio import KEYS
from lending.queries.reports.asked import Asked, all_loans
from lending.queries.standings import Standing


@dataclass(frozen=True)
class LoanAtRisk:
    """A loan that PAR counts on the last day: late, or restructured and not yet paid on time often enough."""

    loan_id: int
    member: str
    number: str
    group: str
    officer: str | None
    oldest_due: date
    days_late: int
    quality: str
    overdue: Rupiah
    outstanding: Rupiah
    restructured: bool


def loans_at_risk(asked: Asked, days: int) -> list[LoanAtRisk]:
    """The loans that make up PAR over so many days, the latest first."""
    found = [LoanAtRisk(*row) for standing in standings.parts(asked.last) for row in session.execute(_at_risk(standing, asked, days))]
    return sorted(found, key=lambda row: (-row.days_late, row.loan_id))


def _at_risk(standing: Standing, asked: Asked, days: int) -> Select[*tuple[Any, ...]]:
    flagged = literal(0) if standing.given is None else func.coalesce(standing.given.c.flagged, 0)
    return (
        standing.select(
            Loan.id,
            Member.name,
            Member.number,
            Group.name,
            User.name,
            standing.next_due,
            standing.days_late,
            standing.quality,
            standing.overdue,
            standing.outstanding_principal,
            flagged == 1,
        )
        .join(Member, Member.id == Loan.member_id)
        .outerjoin(User, User.id == Assignment.user_id)
        .where(asked.groups, standing.is_at_risk_beyond(days))
    )


@dataclass(frozen=True)
class RestructuredLoan:
    """A loan that runs on dates agreed later; `clean_payments` instalments in a row were paid whole and on time since."""

    loan_id: int
    member: str
    number: str
    group: str
    officer: str | None
    on: date
    reason: str | None
    clean_payments: int
    at_risk: str
    days_late: int
    overdue: Rupiah
    outstanding: Rupiah


def restructured(asked: Asked) -> list[RestructuredLoan]:
    """Every loan that was restructured by the last day and still owed something at its end, the newest agreement first."""
    stood = {one.loan_id: one for one in irregular.standings(asked.last) if one.restructured is not None and one.next_due is not None}
    whose = _whose(asked, stood)
    reasons = _reasons(stood, asked.last)
    rows = []
    for loan_id, one in stood.items():
        if loan_id not in whose or one.restructured is None or one.next_due is None:
            continue
        rows.append(
            RestructuredLoan(
                loan_id,
                *whose[loan_id],
                one.restructured.on,
                reasons.get(loan_id),
                one.restructured.clean_payments,
                "yes" if one.is_flagged else "no",
                max(0, (asked.last - one.next_due).days),
                one.overdue,
                one.outstanding_principal,
            )
        )
    return sorted(rows, key=lambda row: (row.on, row.loan_id), reverse=True)


def _whose(asked: Asked, loan_ids: Iterable[int]) -> dict[int, tuple[str, str, str, str | None]]:
    """Of those loans that are hers to see: the member, her number, the group, and its officer of the last day."""
    question = (
        select(Loan.id, Member.name, Member.number, Group.name, User.name)
        .join(Member, Member.id == Loan.member_id)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(Assignment, standings.officer_of(asked.last))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Loan.id.in_(list(loan_ids)), asked.groups)
    )
    return {loan_id: (member, number, group, officer) for loan_id, member, number, group, officer in session.execute(question)}


def _reasons(loan_ids: Iterable[int], until: date) -> dict[int, str | None]:
    question = (
        select(LoanEvent.loan_id, LoanEvent.reason)
        .where(LoanEvent.loan_id.in_(list(loan_ids)), LoanEvent.step == LoanStep.RESTRUCTURE, LoanEvent.on_day <= until)
        .order_by(LoanEvent.id)
    )
    return dict(session.execute(question).all())


@dataclass(frozen=True)
class LossRow:
    """What was lost on one loan, or one part, in the period, and what came back: each sum the movement of its account."""

    key: Any
    name: str
    number: str | None
    group: str | None
    ended_on: date | None
    state: LoanState | None
    reason: str | None
    loans: int
    written_off: Rupiah
    recovered: Rupiah
    claimed: Rupiah
    claim_paid: Rupiah


_WHAT: Mapping[str, Any] = {
    "written_off": case((Posting.account == Account.WRITE_OFF, Posting.amount), else_=0),
    "recovered": case((Posting.account == Account.RECOVERY, -Posting.amount), else_=0),
    "claimed": case((Posting.account == Account.DEATH_CLAIM, figures.largest(Posting.amount, 0)), else_=0),
    "claim_paid": case((Posting.account == Account.DEATH_CLAIM, figures.largest(-Posting.amount, 0)), else_=0),
}


def losses(asked: Asked) -> Sequence[LossRow]:
    """Loans written off or cleared by a death, and money that came on them since, in the books of the period; one by one or added up."""
    of_loan = Posting.loan_id + 0
    moved = (
        select(of_loan.label("loan_id"), *(func.sum(amount).label(name) for name, amount in _WHAT.items()))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            Posting.account.in_((Account.WRITE_OFF, Account.RECOVERY, Account.DEATH_CLAIM)),
            Entry.on_day.between(asked.first, asked.last),
            asked.books,
        )
        .group_by(of_loan)
        .cte("moved")
    )
    sums = [moved.c[name] for name in _WHAT]
    if asked.layout != "loan":
        question = all_loans(asked, asked.last, func.count(), *(func.sum(amount) for amount in sums))
        parts = session.execute(question.join(moved, moved.c.loan_id == Loan.id).group_by(*KEYS[asked.layout]))
        rows = [LossRow(key, str(name), None, None, None, None, None, loans, *map(int, amounts)) for key, name, loans, *amounts in parts]
        return sorted(rows, key=lambda row: (row.key is None, row.key))
    ended = (LoanStep.WRITE_OFF, LoanStep.DEATH)
    each = (
        select(Loan.id, Member.name, Member.number, Group.name, Loan.ended_on, Loan.state, LoanEvent.reason, *sums)
        .join(moved, moved.c.loan_id == Loan.id)
        .join(Member, Member.id == Loan.member_id)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(LoanEvent, (LoanEvent.loan_id == Loan.id) & or_(*(LoanEvent.step == step for step in ended)))
        .where(asked.groups)
        .order_by(Loan.ended_on, Loan.id)
    )
    return [
        LossRow(key, name, number, group, on, state, reason, 1, *map(int, amounts))
        for key, name, number, group, on, state, reason, *amounts in session.execute(each)
    ]
