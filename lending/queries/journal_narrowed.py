"""The journal narrowed down: to entries of a kind, that touch an account, a loan, a woman or an officer, of so much, for such a reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, exists, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.ledger import AT_EVERY_MEETING, Account, EntryKind
from lending.domain.money import Rupiah
from lending.domain.refusals import NotFound
from lending.models import Entry, Member, Posting, User


@dataclass(frozen=True)
class Narrowed:
    """Which entries of the journal; None is whatever it may be. What is said of a leg holds for one and the same leg.

    `officer` is a user name: whose cash a leg moved, or who wrote the entry down. `least`, `most`: of the leg, whatever its side.
    `text` is a part of the reason, whatever its letters' case.
    """

    account: Account | None = None
    kind: EntryKind | None = None
    officer: str | None = None
    member: int | None = None
    loan: int | None = None
    least: Rupiah | None = None
    most: Rupiah | None = None
    text: str | None = None

    @property
    def names_a_leg(self) -> bool:
        """Whether it says something of a leg, and not of the whole entry only."""
        return any(one is not None for one in (self.account, self.loan, self.member, self.least, self.most))

    def conditions(self) -> list[ColumnElement[bool]]:
        """What an entry must fulfil."""
        found: list[ColumnElement[bool]] = []
        if self.kind is not None:
            found.append(Entry.kind == self.kind)
        if self.text is not None:
            found.append(func.lower(Entry.reason).contains(self.text.lower(), autoescape=True))
        if self.officer is not None:
            who = select(User.id).where(User.username == self.officer).scalar_subquery()
            hers = exists().where(Posting.entry_id == Entry.id, Posting.user_id == who)
            found.append(or_(Entry.actor_id == who, hers))
        legs = self.of_leg(Posting)
        if legs and self._finds_few():
            found.append(Entry.id.in_(select(Posting.entry_id).where(*legs)))
        elif legs:
            found.append(exists().where(Posting.entry_id == Entry.id, *legs))
        return found

    def _finds_few(self) -> bool:
        """Whether an index leads to its legs: they are found once, and not looked for again at every entry."""
        return self.loan is not None or self.member is not None or not (self.account is None or self.account in AT_EVERY_MEETING)

    def of_leg(self, leg: type[Posting]) -> list[ColumnElement[bool]]:
        """What one of its legs must fulfil."""
        found: list[ColumnElement[bool]] = []
        if self.account in AT_EVERY_MEETING:
            # As an expression, which is no way into an index: nearly every entry has such a leg.
            found.append(type_coerce(leg.account, String).concat("") == self.account.value)
        elif self.account is not None:
            found.append(leg.account == self.account)
        if self.loan is not None:
            found.append(leg.loan_id == self.loan)
        if self.member is not None:
            found.append(leg.member_id == self.member)
        if self.least is not None:
            found.append(func.abs(leg.amount) >= self.least)
        if self.most is not None:
            found.append(func.abs(leg.amount) <= self.most)
        return found


def member_numbered(unit_id: int, number: str) -> int:
    """The id of a unit's member by the number that people know. Refused: `not_found`."""
    found = session.scalar(select(Member.id).where(Member.unit_id == unit_id, func.upper(Member.number) == number.upper()))
    if found is None:
        raise NotFound(at="member")
    return found


@dataclass(frozen=True)
class JournalSums:
    """How many entries there are, what their debits come to, and what the legs that were asked for come to on either side."""

    entries: int
    amount: Rupiah
    debit: Rupiah
    credit: Rupiah


def sums(unit_id: int, *, first: date, last: date, narrowed: Narrowed) -> JournalSums:
    """The sums over the whole journal that was asked for, whatever piece of it is shown; without a word about legs, of all legs."""
    within = and_(Entry.unit_id == unit_id, Entry.on_day.between(first, last), *narrowed.conditions())
    entries, amount = session.execute(select(func.count(), func.coalesce(func.sum(Entry.control_total), 0)).where(within)).one()
    leg = aliased(Posting)  # the conditions of the entry speak of Posting, too, in a question of their own
    legs = narrowed.of_leg(leg)
    if not legs:
        return JournalSums(entries, int(amount), int(amount), int(amount))
    question: Select[*tuple[Any, ...]] = (
        select(
            func.coalesce(func.sum(case((leg.amount > 0, leg.amount), else_=0)), 0),
            func.coalesce(func.sum(case((leg.amount < 0, -leg.amount), else_=0)), 0),
        )
        .select_from(Entry)
        .join(leg, leg.entry_id == Entry.id)
        .where(within, *legs)
    )
    debit, credit = session.execute(question).one()
    return JournalSums(entries, int(amount), int(debit), int(credit))
