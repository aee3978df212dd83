"""What the books say besides loans: what is owed to members, and cash that was too much or too little. By the books' own day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.ledger import Account, EntryKind
from lending.domain.money import Rupiah
from lending.models import Assignment, Entry, Group, Member, Membership, Posting, Region, Unit, User
from lending.queries import standings
from lending.queries.portfolio import KEYS
from lending.queries.reports.asked import Asked


@dataclass(frozen=True)
class BalanceRow:
    """What one member, group, officer or unit has with us at the end of the last day."""

    key: Any
    name: str
    number: str | None
    group: str | None
    members: int
    savings: Rupiah
    upj: Rupiah

    @property
    def total(self) -> Rupiah:
        """Both."""
        return self.savings + self.upj


def balances(asked: Asked) -> list[BalanceRow]:
    """Savings and UPJ of each member who has any, or added up by the group that she belongs to, or belonged to last."""
    savings, upj = (_owed(account) for account in (Account.SAVINGS, Account.UPJ))
    found = (
        select(Posting.member_id, savings.label("savings"), upj.label("upj"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_((Account.SAVINGS, Account.UPJ)), Entry.on_day <= asked.last, asked.books)
        .group_by(Posting.member_id)
        .having((savings != 0) | (upj != 0))
        .subquery()
    )
    each = found.c
    newest = select(Membership.member_id, func.max(Membership.id).label("id")).group_by(Membership.member_id).subquery()

    def of_groups(*columns: Any) -> Select[*tuple[Any, ...]]:
        question: Select[*tuple[Any, ...]] = (
            select(*columns)
            .select_from(Member)
            .join(newest, newest.c.member_id == Member.id)
            .join(Membership, Membership.id == newest.c.id)
            .join(Group, Group.id == Membership.group_id)
            .join(Unit, Unit.id == Group.unit_id)
            .join(found, each.member_id == Member.id)
            .where(asked.groups)
        )
        if asked.layout == "officer":
            question = question.outerjoin(Assignment, standings.officer_of(asked.last)).outerjoin(User, User.id == Assignment.user_id)
        if asked.layout == "kelurahan":
            question = question.outerjoin(Region, Region.code == Group.kelurahan)
        return question

    if asked.layout == "member":
        question = of_groups(Member.id, Member.name, Member.number, Group.name, each.savings, each.upj).order_by(
            Group.name, Member.name, Member.id
        )
        return [
            BalanceRow(key, name, number, group, 1, int(saved), int(held))
            for key, name, number, group, saved, held in session.execute(question)
        ]
    key, name = KEYS[asked.layout]
    sums = (func.count(), func.sum(each.savings), func.sum(each.upj))
    rows = [
        BalanceRow(part, str(called), None, None, members, int(saved), int(held))
        for part, called, members, saved, held in session.execute(of_groups(key, name, *sums).group_by(key, name))
    ]
    return sorted(rows, key=lambda row: (row.key is None, row.key))


def _owed(account: Account) -> ColumnElement[int]:
    """What stands on a credit account, as the member sees it."""
    return func.sum(case((Posting.account == account, -Posting.amount), else_=0))


@dataclass(frozen=True)
class DifferenceRow:
    """Cash that did not agree: one entry, or an officer's sum over the period."""

    key: Any
    name: str
    on: date | None
    kind: EntryKind | None
    times: int
    short: Rupiah
    over: Rupiah
    reason: str | None

    @property
    def difference(self) -> Rupiah:
        """Counted less expected: negative when money was missing."""
        return self.over - self.short


def differences(asked: Asked) -> Sequence[DifferenceRow]:
    """Every entry that touches over/short in the period, or a row for each person whose cash it was."""
    short = case((Posting.amount > 0, Posting.amount), else_=0)
    over = case((Posting.amount < 0, -Posting.amount), else_=0)
    holder = aliased(User)

    def of_period(*columns: Any) -> Select[*tuple[Any, ...]]:
        return (
            select(*columns)
            .select_from(Posting)
            .join(Entry, Entry.id == Posting.entry_id)
            .outerjoin(holder, holder.id == Posting.user_id)
            .where(Posting.account == Account.OVER_SHORT, Entry.on_day.between(asked.first, asked.last), asked.books)
        )

    if asked.layout == "entry":
        question = of_period(Entry.id, holder.name, Entry.on_day, Entry.kind, short, over, Entry.reason).order_by(Entry.id, Posting.n)
        return [
            DifferenceRow(key, name or "", on, kind, 1, missing, too_much, reason)
            for key, name, on, kind, missing, too_much, reason in session.execute(question)
        ]
    question = of_period(holder.username, holder.name, func.count(), func.sum(short), func.sum(over)).group_by(holder.username, holder.name)
    rows = [
        DifferenceRow(key, name or "", None, None, times, int(missing), int(too_much), None)
        for key, name, times, missing, too_much in session.execute(question)
    ]
    return sorted(rows, key=lambda row: (row.key is None, row.key))
