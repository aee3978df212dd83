"""Cash on its way between the vault, the bank and head office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from lending import clock
from lending.actions import journal
from lending.actions.audit import note
from lending.actions.once import canonical_hash, hold
from lending.database import lock, session, transaction
from lending.domain import ledger
from lending.domain.access import Actor, Permission
from lending.domain.ledger import Account, EntryKind
from lending.domain.money import Rupiah, check_amount
from lending.domain.refusals import NotFound, Refusal
from lending.models import SentOnce, Unit

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

    Refused: `too_small`, `too_large`, `same_place`, `future_date`, `not_enough_cash` (the vault never goes below zero), `key_reused`.
    """
    by.require(Permission.TRANSFER_CASH)
    if by.unit_id is None:
        raise NotFound
    uuid = moved.uuid.lower()
    said = {"on": moved.on, "amount": moved.amount, "from": moved.source, "to": moved.target, "reason": moved.reason}
    with transaction():
        hold(uuid)
        lock(Unit.id, by.unit_id)
        known = session.scalar(select(SentOnce).where(SentOnce.uuid == uuid))
        if known is not None:
            if known.unit_id != by.unit_id:
                raise NotFound
            if (known.actor_id, known.act, known.body_hash) != (by.user_id, "cash.transfer", canonical_hash(said)):
                raise Refusal("key_reused")
            return True, known.answer
        check_amount(moved.amount, "amount")
        if moved.source == moved.target:
            raise Refusal("same_place", at="to")
        if moved.on > by.today:
            raise Refusal("future_date", at="on", today=by.today)
        if moved.source == "vault":
            journal.require_cash(Account.VAULT_CASH, moved.amount, unit_id=by.unit_id, at="amount")
        now = clock.now()
        legs = ledger.transfer(moved.amount, PLACES[moved.source], PLACES[moved.target])
        entry = journal.NewEntry(EntryKind.TRANSFER, moved.on, legs, reason=moved.reason)
        (entry_id,) = journal.post([entry], unit_id=by.unit_id, on_day=moved.on, at=now, by=by)
        answer = {"id": uuid, "entry": entry_id, **{name: str(value) if isinstance(value, date) else value for name, value in said.items()}}
        session.add(
            SentOnce(
                uuid=uuid,
                unit_id=by.unit_id,
                actor_id=by.user_id,
                act="cash.transfer",
                body_hash=canonical_hash(said),
                answer=answer,
                recorded_at=now,
            )
        )
        note(by, "cash.transfer", f"entry:{entry_id}", at=now, after=said, reason=moved.reason)
        return False, answer
