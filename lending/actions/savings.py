"""What we keep for a member, moved at the unit: her savings in and out, her UPJ given back or put into her savings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from lending import clock
from lending.actions import journal
from lending.actions.audit import note
from lending.actions.effects import Effect
from lending.actions.once import answered, hold, keep_answer, plain
from lending.database import lock, transaction
from lending.domain import ledger
from lending.domain import savings as rules
from lending.domain.access import Actor, Permission
from lending.domain.ledger import Account, EntryKind, Leg
from lending.domain.money import Rupiah, check_amount
from lending.domain.refusals import NotFound, Refusal
from lending.domain.savings import SavingsKind, UpjKind
from lending.models import Unit
from lending.queries.members import has_running_loan
from lending.queries.savings import balances, joined_on, movements
from lending.queries.scope import require_member


@dataclass(frozen=True)
class SavingsMoved:
    """Savings brought to the unit, or taken out there, on a day."""

    uuid: str
    member_id: int
    on: date
    amount: Rupiah
    kind: SavingsKind


@dataclass(frozen=True)
class UpjReleased:
    """UPJ given back, or put into her savings, on a day."""

    uuid: str
    member_id: int
    on: date
    amount: Rupiah
    kind: UpjKind


def move_savings(moved: SavingsMoved, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Take savings in, or pay them out, at the vault, once however often it is sent: (whether it was known already, the answer).

    Women who have left, and the heirs of those who have died, are paid out like everybody. Refused: `not_found`, `key_reused`, `too_small`,
    `too_large`, `future_date`, `before_joining` (nobody saves before she joins), `not_enough_savings`, `not_enough_cash`.
    """
    by.require(Permission.MOVE_SAVINGS)
    return _once("savings.move", moved, by, _savings)


def release_upj(released: UpjReleased, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Give UPJ back out of the vault, or put it into her savings, once: (whether it was known already, the answer).

    Refused: `not_found`, `key_reused`, `too_small`, `too_large`, `future_date`, `loan_running` (it stays while a loan of hers runs),
    `not_enough_upj`, `not_enough_cash`.
    """
    by.require(Permission.RELEASE_UPJ)
    return _once("savings.upj", released, by, _upj)


def savings_effect(moved: SavingsMoved, by: Actor) -> Effect:
    """What `move_savings` would book; refused as it would be."""
    by.require(Permission.MOVE_SAVINGS)
    return _only_asked(moved, by, _savings)


def upj_effect(released: UpjReleased, by: Actor) -> Effect:
    """What `release_upj` would book; refused as it would be."""
    by.require(Permission.RELEASE_UPJ)
    return _only_asked(released, by, _upj)


Told = TypeVar("Told", SavingsMoved, UpjReleased)


def _once(
    act: str, told: Told, by: Actor, legs_of: Callable[[Told, int], tuple[EntryKind, tuple[Leg, ...]]]
) -> tuple[bool, Mapping[str, Any]]:
    if by.unit_id is None:
        raise NotFound
    uuid = told.uuid.lower()
    said = {"member": told.member_id, "on": told.on, "amount": told.amount, "kind": told.kind}
    with transaction():
        hold(uuid)
        lock(Unit.id, by.unit_id)
        require_member(by, told.member_id)
        known = answered(uuid, act, said, by)
        if known is not None:
            return True, known
        on_day = journal.book_day(told.on, unit_id=by.unit_id, by=by)
        kind, effect = _asked(told, by.unit_id, legs_of)
        now = clock.now()
        (entry_id,) = journal.post([journal.NewEntry(kind, told.on, effect.legs)], unit_id=by.unit_id, on_day=on_day, at=now, by=by)
        savings, upj = balances(told.member_id)
        answer = {"id": uuid, **plain(said), "savings": savings, "upj": upj, "entry": entry_id}
        keep_answer(uuid, act, said, answer, by, now)
        note(by, act, f"member:{told.member_id}", at=now, after=plain(said))
        return False, answer


def _only_asked(told: Told, by: Actor, legs_of: Callable[[Told, int], tuple[EntryKind, tuple[Leg, ...]]]) -> Effect:
    if by.unit_id is None:
        raise NotFound
    with transaction():
        require_member(by, told.member_id)
        journal.book_day(told.on, unit_id=by.unit_id, by=by)
        return _asked(told, by.unit_id, legs_of)[1]


def _asked(told: Told, unit_id: int, legs_of: Callable[[Told, int], tuple[EntryKind, tuple[Leg, ...]]]) -> tuple[EntryKind, Effect]:
    check_amount(told.amount, "amount")
    kind, legs = legs_of(told, unit_id)
    return kind, Effect(told.on, legs)


def _savings(moved: SavingsMoved, unit_id: int) -> tuple[EntryKind, tuple[Leg, ...]]:
    if moved.kind is SavingsKind.DEPOSIT:
        if moved.on < (first := joined_on(moved.member_id)):
            raise Refusal("before_joining", at="on", on=first)
        return EntryKind.SAVINGS, ledger.savings_at_unit(moved.amount, member_id=moved.member_id)
    rules.check_savings(movements(moved.member_id, Account.SAVINGS), moved.on, moved.amount)
    journal.require_cash(Account.VAULT_CASH, moved.amount, moved.on, unit_id=unit_id, at="amount")
    return EntryKind.SAVINGS, ledger.savings_at_unit(-moved.amount, member_id=moved.member_id)


def _upj(released: UpjReleased, unit_id: int) -> tuple[EntryKind, tuple[Leg, ...]]:
    if has_running_loan(released.member_id):
        raise Refusal("loan_running", at="member")
    rules.check_upj(movements(released.member_id, Account.UPJ), released.on, released.amount)
    if released.kind is UpjKind.TO_SAVINGS:
        return EntryKind.UPJ, ledger.upj_to_savings(released.amount, member_id=released.member_id)
    journal.require_cash(Account.VAULT_CASH, released.amount, released.on, unit_id=unit_id, at="amount")
    return EntryKind.UPJ, ledger.upj_refund(released.amount, member_id=released.member_id)
