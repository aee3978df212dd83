"""How a loan ended, as its entries tell it: what was let off, what was lost, what an insurer owes, and what has come since."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lending.database import session
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import LoanState
from lending.domain.money import Rupiah
from lending.models import Entry, Loan, Posting
from lending.queries.loans import LoanAsOf


@dataclass(frozen=True)
class Settled:
    """Settled early on that day, and the margin that was let off."""

    on: date
    rebate: Rupiah
    received: Rupiah


@dataclass(frozen=True)
class WrittenOff:
    """Taken off the books on that day; the principal that was lost, the margin that was never earned, what came back since."""

    on: date
    principal: Rupiah
    margin: Rupiah
    recovered: Rupiah

    @property
    def left(self) -> Rupiah:
        """What she could still bring."""
        return self.principal + self.margin - self.recovered


@dataclass(frozen=True)
class Cleared:
    """Cleared by her death on that day; what was owed then, whether an insurer owes it, and what it has paid."""

    on: date
    principal: Rupiah
    margin: Rupiah
    claim: bool
    claimed: Rupiah

    @property
    def left(self) -> Rupiah:
        """What the insurer still owes."""
        return self.principal - self.claimed if self.claim else 0


@dataclass(frozen=True)
class Ending:
    """How a loan ended early: at most one of the three."""

    settled: Settled | None = None
    written_off: WrittenOff | None = None
    cleared: Cleared | None = None


def ending(found: LoanAsOf) -> Ending:
    """How this loan had ended by the day it is asked about, if it had."""
    if found.state is LoanState.REPAID:
        return Ending(settled=_settled(found.loan.id, found.on))
    row = found.loan
    if row.ended_on is None or row.ended_on > found.on:
        return Ending()
    left = row.terms.total - row.total_paid
    if found.state is LoanState.WRITTEN_OFF:
        lost = _moved(row.id, Account.WRITE_OFF, found.on)
        return Ending(written_off=WrittenOff(row.ended_on, lost, left - lost, -_moved(row.id, Account.RECOVERY, found.on)))
    borne, owed = _moved(row.id, Account.WRITE_OFF, found.on), _moved(row.id, Account.DEATH_CLAIM, found.on)
    claimed = _claimed(row.id, found.on)
    principal = borne + owed + claimed
    return Ending(cleared=Cleared(row.ended_on, principal, left - principal, owed + claimed > 0, claimed))


def _settled(loan_id: int, on: date) -> Settled | None:
    amounts = dict[Account, int]()
    day: date | None = None
    question = (
        select(Entry.happened_on, Posting.account, Posting.amount)
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.kind == EntryKind.SETTLEMENT, Entry.happened_on <= on)
        .where(Entry.id.in_(select(Posting.entry_id).where(Posting.loan_id == loan_id)))
    )
    for happened_on, account, amount in session.execute(question):
        day, amounts[account] = happened_on, amount
    return None if day is None else Settled(day, amounts.get(Account.REBATE, 0), amounts.get(Account.VAULT_CASH, 0))


def _moved(loan_id: int, account: Account, on: date) -> Rupiah:
    """What stands on one of the loan's accounts at the end of that day."""
    question = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id == loan_id, Posting.account == account, Entry.happened_on <= on)
    )
    return int(session.scalar(question) or 0)


def _claimed(loan_id: int, on: date) -> Rupiah:
    question = (
        select(func.coalesce(-func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id == loan_id, Posting.account == Account.DEATH_CLAIM, Posting.amount < 0, Entry.happened_on <= on)
    )
    return int(session.scalar(question) or 0)


def still_owed(loan: Loan) -> Rupiah:
    """What can still come on a loan written off: all that was left of it, less what came since."""
    recovered = select(func.coalesce(-func.sum(Posting.amount), 0)).where(Posting.loan_id == loan.id, Posting.account == Account.RECOVERY)
    return loan.principal + loan.margin - loan.total_paid - int(session.scalar(recovered) or 0)


def still_claimed(loan: Loan) -> Rupiah:
    """What the insurer still owes of a claim; 0 where there was none."""
    owed = select(func.coalesce(func.sum(Posting.amount), 0)).where(Posting.loan_id == loan.id, Posting.account == Account.DEATH_CLAIM)
    return int(session.scalar(owed) or 0)
