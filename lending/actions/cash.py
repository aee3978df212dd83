"""Cash on its way: between vault, bank and head office, and from an officer's hands into the vault."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from lending import clock
from lending.actions import journal
from lending.actions.audit import note
from lending.actions.once import answered, hold, keep_answer, plain
from lending.database import lock, session, transaction
from lending.domain import ledger
from lending.domain.access import Actor, Permission
from lending.domain.calendar import check_not_later
from lending.domain.ledger import Account, EntryKind
from lending.domain.money import Rupiah, check_amount
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, NotFound, Refusal
from lending.models import CashDeclaration, CashHandover, Unit, User
from lending.queries.cash import newest_cash, open_declaration

PLACES: Mapping[str, Account] = {"bank": Account.BANK, "vault": Account.VAULT_CASH, "head_office": Account.HEAD_OFFICE}
"""Where cash can lie besides in an officer's hands; the words are the contract's."""


@dataclass(frozen=True)
class Transfer:
    """Cash moved from one place to another on a day, and why."""

    uuid: str
    on: date
    amount: Rupiah
    source: str
    target: str
    reason: str


def transfer(moved: Transfer, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Book a transfer once, however often it is sent: (whether it was known already, the answer).

    Refused: `too_small`, `too_large`, `same_place`, `future_date`, `day_closed`, `not_enough_cash` (the vault never goes below zero),
    `key_reused`.
    """
    by.require(Permission.TRANSFER_CASH)
    if by.unit_id is None:
        raise NotFound
    uuid = moved.uuid.lower()
    said = {"on": moved.on, "amount": moved.amount, "from": moved.source, "to": moved.target, "reason": moved.reason}
    with transaction():
        hold(uuid)
        lock(Unit.id, by.unit_id)
        known = answered(uuid, "cash.transfer", said, by)
        if known is not None:
            return True, known
        check_amount(moved.amount, "amount")
        if moved.source == moved.target:
            raise Refusal("same_place", at="to")
        on_day = journal.book_day(moved.on, unit_id=by.unit_id, by=by)
        check_reason(moved.reason)
        if moved.source == "vault":
            journal.require_cash(Account.VAULT_CASH, moved.amount, on_day, unit_id=by.unit_id, at="amount")
        now = clock.now()
        legs = ledger.transfer(moved.amount, PLACES[moved.source], PLACES[moved.target])
        entry = journal.NewEntry(EntryKind.TRANSFER, moved.on, legs, reason=moved.reason)
        (entry_id,) = journal.post([entry], unit_id=by.unit_id, on_day=on_day, at=now, by=by)
        answer = {"id": uuid, "entry": entry_id, **plain(said)}
        keep_answer(uuid, "cash.transfer", said, answer, by, now)
        note(by, "cash.transfer", f"entry:{entry_id}", at=now, after=said, reason=moved.reason)
        return False, answer


@dataclass(frozen=True)
class Declaration:
    """What an officer says that she carries to the cashier: in all, and by note where she counted so."""

    uuid: str
    on: date
    total: Rupiah
    notes: Mapping[Rupiah, int] | None


def declare_cash(declared: Declaration, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Keep what the officer says that she carries, once, however often her phone sends it: (whether it was known already, the answer).

    It books nothing and binds nobody: the cashier counts for herself, and is shown it beside her own count. What she says last, before she
    hands over, is what counts as said. Refused: `future_date`, `too_small`, `too_large`, `key_reused`.
    """
    by.require(Permission.DECLARE_CASH)
    if by.unit_id is None:
        raise NotFound
    uuid = declared.uuid.lower()
    said = {"on": declared.on, "total": declared.total, "notes": declared.notes}
    with transaction():
        hold(uuid)
        known = answered(uuid, "cash.declare", said, by)
        if known is not None:
            return True, known
        check_not_later(declared.on, "on", today=by.today)
        check_amount(declared.total, "total")
        now = clock.now()
        notes = plain(declared.notes)
        session.add(
            CashDeclaration(
                uuid=uuid, unit_id=by.unit_id, officer_id=by.user_id, on_day=declared.on, total=declared.total, notes=notes, recorded_at=now
            )
        )
        answer = {"id": uuid, "on": declared.on.isoformat(), "total": declared.total}
        keep_answer(uuid, "cash.declare", said, answer, by, now)
        note(by, "cash.declare", f"user:{by.user_id}", at=now, after={"on": declared.on, "total": declared.total, "notes": notes})
        return False, answer


@dataclass(frozen=True)
class Handover:
    """An officer's cash as the cashier counted it: in all, and by note where she counted so; why, where it differs."""

    uuid: str
    officer: str
    on: date
    total: Rupiah
    notes: Mapping[Rupiah, int] | None
    reason: str | None
    expected: Rupiah | None = None
    """What the cashier was shown that the books expect; None where nothing was shown to her."""


def hand_over(counted: Handover, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Receive all the cash that an officer holds, of whichever day: (whether it was known already, `expected counted difference`).

    Refused: `not_found` (no such officer of this unit), `cash_changed` (409, more came in since she was shown what is expected),
    `future_date`, `day_closed`, `too_large`, `out_of_order` (a day before all of it had come to her), `reason_needed` (a difference that
    nobody explains), `key_reused`. A difference is booked on
    over/short under the officer's name, never smeared over the lines. What the officer said last about her cash is kept beside it.
    """
    by.require(Permission.RECEIVE_CASH)
    if by.unit_id is None:
        raise NotFound
    uuid = counted.uuid.lower()
    said = {"officer": counted.officer, "on": counted.on, "total": counted.total, "notes": counted.notes, "reason": counted.reason}
    with transaction():
        hold(uuid)
        lock(Unit.id, by.unit_id)
        known = answered(uuid, "cash.hand_over", said, by)
        if known is not None:
            return True, known
        officer_id = session.scalar(select(User.id).where(User.username == counted.officer, User.unit_id == by.unit_id))
        if officer_id is None:
            raise NotFound
        expected = journal.held(Account.OFFICER_CASH, unit_id=by.unit_id, user_id=officer_id)
        if counted.expected is not None and counted.expected != expected:
            raise Conflict("cash_changed", expected=expected, shown=counted.expected)
        on_day = journal.book_day(counted.on, unit_id=by.unit_id, by=by)
        check_amount(counted.total, "total", smallest=0)
        if journal.least_held(Account.OFFICER_CASH, on_day, unit_id=by.unit_id, user_id=officer_id) < expected:
            raise Refusal("out_of_order", at="on", earlier=newest_cash(officer_id))
        difference = counted.total - expected
        if difference and not counted.reason:
            raise Refusal("reason_needed", at="reason", difference=difference)
        now = clock.now()
        answer = {"id": uuid, "officer": counted.officer, "expected": expected, "counted": counted.total, "difference": difference}
        entry_id = None
        if expected or counted.total:
            legs = ledger.handover(expected, counted.total, officer_id=officer_id)
            entry = journal.NewEntry(EntryKind.HANDOVER, counted.on, legs, reason=counted.reason)
            (entry_id,) = journal.post([entry], unit_id=by.unit_id, on_day=on_day, at=now, by=by)
        declared = open_declaration(officer_id)
        session.add(
            CashHandover(
                uuid=uuid,
                unit_id=by.unit_id,
                officer_id=officer_id,
                cashier_id=by.user_id,
                on_day=on_day,
                expected=expected,
                counted=counted.total,
                notes=plain(counted.notes),
                reason=counted.reason,
                declaration_id=declared.id if declared is not None else None,
                entry_id=entry_id,
                recorded_at=now,
            )
        )
        keep_answer(uuid, "cash.hand_over", said, answer, by, now)
        note(by, "cash.hand_over", f"user:{officer_id}", at=now, after=answer, reason=counted.reason)
        return False, answer
