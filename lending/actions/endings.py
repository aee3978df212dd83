"""How a loan ends before its calendar does (settled early, written off, cleared because its member has died), and what comes on it after.

The unit is held before the loan, as a meeting's record holds it, so that an ending and a payment come one after the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from lending import clock
from lending.actions import journal, standing
from lending.actions.audit import note
from lending.actions.effects import Effect
from lending.actions.once import answered, hold, keep_answer, plain
from lending.actions.steps import event, locked, take_step
from lending.database import lock, session, transaction
from lending.domain import ledger
from lending.domain.access import Actor, Permission
from lending.domain.allocation import allocate, credit
from lending.domain.ledger import CREDITED, NO_PAYMENT, EntryKind, Leg
from lending.domain.lifecycle import LoanState, LoanStep
from lending.domain.money import Rupiah, check_amount
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, NotFound, Refusal
from lending.models import Entry, Leadership, Loan, Membership, Posting, Unit
from lending.queries import endings as questions
from lending.queries.plans import plan


@dataclass(frozen=True)
class Settlement:
    """What a woman brings to be rid of her loan early: on which day, and how much of the margin she is let off."""

    on: date | None
    rebate: Rupiah


def settle(loan_id: int, by: Actor, how: Settlement, *, dry_run: bool = False) -> Effect:
    """Receive all that is left of a loan, less the rebate, into the vault. The loan is repaid. A `dry_run` only says what would be booked.

    Refused: `not_found`, `wrong_state`, `future_date`, `day_closed`, `out_of_order`, `rebate_too_large` (more than the margin not
    yet paid).
    """
    by.require(Permission.SETTLE_LOAN)
    with transaction():
        loan, day = taken_last(loan_id, LoanStep.SETTLE, by, how.on)
        of = plan(loan).terms
        left = credit(of, loan.total_paid, of.total - loan.total_paid)
        check_amount(how.rebate, "rebate", smallest=0)
        if how.rebate > left.margin:
            raise Refusal("rebate_too_large", at="rebate", left=left.margin)
        effect = Effect(day, ledger.settlement(left, how.rebate, loan_id=loan.id, member_id=loan.member_id))
        if not dry_run:
            event(loan, LoanStep.SETTLE, by, on=day, details={"received": effect.received, "rebate": how.rebate})
            _book(EntryKind.SETTLEMENT, effect, by)
            standing.write([standing.NewStanding(loan.id, of, loan.total_paid, of.total, None)])
        return effect


def write_off(loan_id: int, by: Actor, *, reason: str, on: date | None = None, dry_run: bool = False) -> Effect:
    """Take a loan that will not come back off the books; a `dry_run` only says what would be booked.

    Refused: `not_found`, `same_person` (403: she applied for it or paid it out), `wrong_state`, `future_date`, `day_closed`,
    `out_of_order`, `reason_needed`.
    """
    by.require(Permission.END_LOAN)
    with transaction():
        loan, day = taken_last(loan_id, LoanStep.WRITE_OFF, by, on)
        check_reason(reason)
        owed = _owed(loan)
        effect = Effect(day, ledger.write_off(owed, loan_id=loan.id, member_id=loan.member_id) if owed else ())
        if not dry_run:
            event(loan, LoanStep.WRITE_OFF, by, on=day, reason=reason, details={"principal": owed, "margin": _total(loan) - owed})
            _book(EntryKind.WRITE_OFF, effect, by, reason)
            standing.end(loan, day)
        return effect


def record_death(loan_id: int, by: Actor, *, reason: str, claim: bool, on: date | None = None, dry_run: bool = False) -> Effect:
    """Her member has died: from that day nothing is due on the loan, and she is not of the group any more.

    With `claim` the insurer owes what she owed, until it is paid; without, the house bears it. Her savings and her UPJ stay owed to her
    heirs. Refused: as `write_off`.
    """
    by.require(Permission.END_LOAN)
    with transaction():
        loan, day = taken_last(loan_id, LoanStep.DEATH, by, on)
        check_reason(reason)
        owed = _owed(loan)
        effect = Effect(day, ledger.death(owed, claim=claim, loan_id=loan.id, member_id=loan.member_id) if owed else ())
        if not dry_run:
            details = {"principal": owed, "margin": _total(loan) - owed, "claim": claim}
            event(loan, LoanStep.DEATH, by, on=day, reason=reason, details=details)
            _book(EntryKind.DEATH, effect, by, reason)
            standing.end(loan, day)
            _leaves(loan, day)
        return effect


def taken_last(loan_id: int, step: LoanStep, by: Actor, on: date | None) -> tuple[Loan, date]:
    """The loan's row, held, and the day of its ending: an open one (`day_closed`), and after all that was paid on it (`out_of_order`)."""
    if by.unit_id is None:
        raise NotFound
    lock(Unit.id, by.unit_id)
    loan, day = take_step(loan_id, step, by, on)
    journal.book_day(day, unit_id=by.unit_id, by=by)
    paid = select(func.max(Entry.happened_on)).join(Posting, Posting.entry_id == Entry.id)
    last = session.scalar(paid.where(Posting.loan_id == loan.id, Posting.account.in_(CREDITED), Entry.kind.not_in(NO_PAYMENT)))
    if last is not None and day < last:
        raise Refusal("out_of_order", at="on", earlier=last)
    return loan, day


def _owed(loan: Loan) -> Rupiah:
    return loan.principal - allocate(plan(loan).terms, loan.total_paid).principal


def _total(loan: Loan) -> Rupiah:
    return loan.principal + loan.margin - loan.total_paid


def _book(kind: EntryKind, effect: Effect, by: Actor, reason: str | None = None) -> None:
    assert by.unit_id is not None
    on_day = journal.book_day(effect.on, unit_id=by.unit_id, by=by)
    entries = [journal.NewEntry(kind, effect.on, effect.legs, reason=reason)] if effect.legs else []
    journal.post(entries, unit_id=by.unit_id, on_day=on_day, at=clock.now(), by=by)


def _leaves(loan: Loan, on: date) -> None:
    """She is of no group from that day on, and leads none."""
    for membership in session.scalars(select(Membership).where(Membership.member_id == loan.member_id, Membership.left_on.is_(None))):
        membership.left_on = max(on, membership.joined_on)
    led = select(Leadership).where(Leadership.member_id == loan.member_id, Leadership.to_on.is_(None) | (Leadership.to_on > on))
    for leadership in session.scalars(led):
        leadership.to_on = max(on, leadership.from_on)


@dataclass(frozen=True)
class Received:
    """Money that comes on a loan that has ended, under the program's own id."""

    uuid: str
    on: date
    amount: Rupiah


def recover(loan_id: int, received: Received, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Receive money that still comes on a loan written off, into the vault, once: (whether it was known already, the answer).

    Refused: `not_found`, `key_reused`, `wrong_state`, `too_small`, `future_date`, `out_of_order` (before it was written off),
    `pays_too_much` (more than she still owed: principal and margin, less what came since).
    """
    return _receive("loans.recovery", loan_id, received, by, _RECOVERY)


def receive_claim(loan_id: int, received: Received, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Receive what the insurer pays of a claim, into the vault, once: (whether it was known already, the answer).

    Refused: as `recover`; `more_than_claimed`.
    """
    return _receive("loans.claim", loan_id, received, by, _CLAIM)


def recovery_effect(loan_id: int, received: Received, by: Actor) -> Effect:
    """What `recover` would book; refused as it would be."""
    return _only_asked(loan_id, received, by, _RECOVERY)


def claim_effect(loan_id: int, received: Received, by: Actor) -> Effect:
    """What `receive_claim` would book; refused as it would be."""
    return _only_asked(loan_id, received, by, _CLAIM)


def _only_asked(loan_id: int, received: Received, by: Actor, purpose: "_Purpose") -> Effect:
    by.require(Permission.RECOVER)
    if by.unit_id is None:
        raise NotFound
    with transaction():
        journal.book_day(received.on, unit_id=by.unit_id, by=by)
        return Effect(received.on, _legs(locked(loan_id, by), received, by, purpose)[0])


def _receive(act: str, loan_id: int, received: Received, by: Actor, purpose: "_Purpose") -> tuple[bool, Mapping[str, Any]]:
    by.require(Permission.RECOVER)
    if by.unit_id is None:
        raise NotFound
    uuid = received.uuid.lower()
    said = {"loan": loan_id, "on": received.on, "amount": received.amount}
    with transaction():
        hold(uuid)
        lock(Unit.id, by.unit_id)
        loan = locked(loan_id, by)
        known = answered(uuid, act, said, by)
        if known is not None:
            return True, known
        legs, left = _legs(loan, received, by, purpose)
        on_day = journal.book_day(received.on, unit_id=by.unit_id, by=by)
        now = clock.now()
        entry = journal.NewEntry(purpose.kind, received.on, legs)
        (entry_id,) = journal.post([entry], unit_id=by.unit_id, on_day=on_day, at=now, by=by)
        answer = {"id": uuid, **plain(said), "left": left - received.amount, "entry": entry_id}
        keep_answer(uuid, act, said, answer, by, now)
        note(by, act, f"loan:{loan_id}", at=now, after=plain(said))
        return False, answer


@dataclass(frozen=True)
class _Purpose:
    """What money that comes after the end is for: of which loans, how much may come, how it is booked, what too much is called."""

    state: LoanState
    left: Callable[[Loan], Rupiah]
    too_much: str
    kind: EntryKind
    legs: Callable[..., tuple[Leg, ...]]


_RECOVERY = _Purpose(LoanState.WRITTEN_OFF, questions.still_owed, "pays_too_much", EntryKind.RECOVERY, ledger.recovery)
_CLAIM = _Purpose(LoanState.CLEARED, questions.still_claimed, "more_than_claimed", EntryKind.DEATH, ledger.claim_paid)


def _legs(loan: Loan, received: Received, by: Actor, purpose: _Purpose) -> tuple[tuple[Leg, ...], Rupiah]:
    """The legs of money that comes on a loan that has ended, and how much might have come."""
    if loan.state is not purpose.state or loan.ended_on is None:
        raise Conflict("wrong_state", state=loan.state.value)
    check_amount(received.amount, "amount")
    if received.on > by.today:
        raise Refusal("future_date", at="on", today=by.today)
    if received.on < loan.ended_on:
        raise Refusal("out_of_order", at="on", earlier=loan.ended_on)
    left = purpose.left(loan)
    if received.amount > left:
        raise Refusal(purpose.too_much, at="amount", left=left)
    return purpose.legs(received.amount, loan_id=loan.id, member_id=loan.member_id), left
