"""One day of a unit's books on one sheet, open or closed: officer by officer what was expected, counted and posted, what moved the vault,
every account, and how far the chains had come when it was closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select

from lending.database import session
from lending.domain.access import Actor
from lending.domain.days import Holding
from lending.domain.ledger import Account, EntryKind
from lending.domain.money import Rupiah
from lending.models import CashHandover, ChainSeal, DayClose, Entry, Posting, Unit, User
from lending.queries import days
from lending.queries.books import unit_asked
from lending.queries.chain import Chains, sealed
from lending.queries.days import ClosedDay
from lending.queries.reports.asked import Asked
from lending.queries.reports.days import AccountDay, accounts


@dataclass(frozen=True)
class OfficerDay:
    """An officer's cash on that day: what she held before it and took in, what the cashier counted, what the books took from her."""

    username: str
    name: str
    opening: Rupiah
    taken_in: Rupiah
    counted: Rupiah
    posted: Rupiah

    @property
    def expected(self) -> Rupiah:
        """What she had to hand over by the books."""
        return self.opening + self.taken_in

    @property
    def difference(self) -> Rupiah:
        """Counted less posted: negative when money was missing; it is named on over/short."""
        return self.counted - self.posted

    @property
    def held(self) -> Rupiah:
        """What she still held in the evening."""
        return self.expected - self.posted


@dataclass(frozen=True)
class VaultMove:
    """What one kind of entry brought into the vault that day; negative when it was taken out."""

    kind: EntryKind
    amount: Rupiah


@dataclass(frozen=True)
class KindOfDay:
    """How many entries of a kind the day has, and the sum of their debits."""

    kind: EntryKind
    entries: int
    amount: Rupiah


@dataclass(frozen=True)
class DaySheet:
    """One day of a unit's books. `closed` and `chains` (as they were sealed at the close) are None while it is open."""

    on: date
    unit_code: str
    unit_name: str
    zone: str
    officers: Sequence[OfficerDay]
    vault_before: Rupiah
    vault_moves: Sequence[VaultMove]
    kinds: Sequence[KindOfDay]
    accounts: Sequence[AccountDay]
    closed: ClosedDay | None
    chains: Chains | None

    @property
    def expected(self) -> Rupiah:
        """What the vault had to hold in the evening, before its count was booked."""
        return self.vault_before + sum(move.amount for move in self.vault_moves)

    @property
    def entries(self) -> int:
        """How many entries the day has."""
        return sum(kind.entries for kind in self.kinds)

    @property
    def holding(self) -> Sequence[Holding]:
        """Who still held cash in the evening."""
        return [Holding(one.username, one.held) for one in self.officers if one.held]

    @property
    def debit(self) -> Rupiah:
        """All debits of the day."""
        return sum(account.debit for account in self.accounts)

    @property
    def credit(self) -> Rupiah:
        """All credits of the day."""
        return sum(account.credit for account in self.accounts)


def day_sheet(by: Actor, on: date, unit: str | None = None) -> DaySheet:
    """A day of the unit's books; for the auditor of any unit, another's is `not_found`."""
    unit_id, code = unit_asked(by, unit)
    close = session.get(DayClose, (unit_id, on))
    seal = None if close is None else session.get(ChainSeal, close.seal_id)
    name, zone = session.execute(select(Unit.name, Unit.zone).where(Unit.id == unit_id)).one()
    return DaySheet(
        on=on,
        unit_code=code,
        unit_name=name,
        zone=zone,
        officers=_officers(unit_id, on),
        vault_before=_vault_before(unit_id, on),
        vault_moves=_vault_moves(unit_id, on, None if close is None else close.entry_id),
        kinds=_kinds(unit_id, on),
        accounts=accounts(Asked(by, on, on, "account", unit_id)),
        closed=None if close is None else days.closed_day(unit_id, on),
        chains=None if seal is None else sealed(seal),
    )


def _officers(unit_id: int, on: date) -> list[OfficerDay]:
    """Every officer who held, took in or handed over cash of the unit that day, by name."""

    def of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, Posting.amount), else_=0)), 0)

    handed = Entry.kind == EntryKind.HANDOVER
    sums = (of(Entry.on_day < on), of(and_(Entry.on_day == on, ~handed)), -of(and_(Entry.on_day == on, handed)))
    moved = (
        select(Posting.user_id, *sums)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.OFFICER_CASH, Entry.unit_id == unit_id, Entry.on_day <= on)
        .group_by(Posting.user_id)
    )
    purses = {user_id: (int(before), int(in_), int(out)) for user_id, before, in_, out in session.execute(moved)}
    of_day = (
        select(CashHandover.officer_id, func.sum(CashHandover.counted))
        .where(CashHandover.unit_id == unit_id, CashHandover.on_day == on)
        .group_by(CashHandover.officer_id)
    )
    counted = {user_id: int(amount) for user_id, amount in session.execute(of_day)}
    people = select(User.id, User.username, User.name).where(User.id.in_([*purses, *counted])).order_by(User.name, User.username)
    rows = []
    for user_id, username, name in session.execute(people):
        opening, taken_in, posted = purses.get(user_id, (0, 0, 0))
        rows.append(OfficerDay(username, name, opening, taken_in, counted.get(user_id, 0), posted))
    return [row for row in rows if row.opening or row.taken_in or row.counted or row.posted]


def _vault_before(unit_id: int, on: date) -> Rupiah:
    question = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.VAULT_CASH, Entry.unit_id == unit_id, Entry.on_day < on)
    )
    return session.scalar(question) or 0


def _vault_moves(unit_id: int, on: date, counted_by: int | None) -> list[VaultMove]:
    """What moved the vault that day, by kind of entry, but for the entry that booked its count."""
    question = (
        select(Entry.kind, func.sum(Posting.amount))
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.unit_id == unit_id, Entry.on_day == on, Posting.account == Account.VAULT_CASH)
        .group_by(Entry.kind)
    )
    if counted_by is not None:
        question = question.where(Entry.id != counted_by)
    found = {kind: int(amount) for kind, amount in session.execute(question)}
    return [VaultMove(kind, found[kind]) for kind in EntryKind if found.get(kind)]


def _kinds(unit_id: int, on: date) -> list[KindOfDay]:
    question = (
        select(Entry.kind, func.count(), func.sum(Entry.control_total))
        .where(Entry.unit_id == unit_id, Entry.on_day == on)
        .group_by(Entry.kind)
    )
    found = {kind: (count, int(amount)) for kind, count, amount in session.execute(question)}
    return [KindOfDay(kind, *found[kind]) for kind in EntryKind if kind in found]
