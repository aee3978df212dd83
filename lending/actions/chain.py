"""Sealing the hash chains: how far they have come is written down with their heads, and told outside the database.

Nothing is chained when it is written: a chain follows the order of the ids, and is walked when a day is closed, at night, and before a
backup. `settle`, `seal_unit` run inside the transaction of the act that calls them.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import func, select, text

from lending import anchors, clock
from lending.anchors import Anchor
from lending.database import is_postgresql, lock, session, transaction
from lending.models import AuditEvent, ChainSeal, Entry, Unit
from lending.queries import chain as questions
from lending.queries.chain import Chains, UnitId

Occasion = Literal["day", "night", "backup"]


def settle() -> None:
    """Wait for every act that is being written down anywhere, and let none begin until this transaction ends.

    A row's id is taken before its transaction ends; without this a seal could be older than a row with a smaller id than the ones it
    covers. Entries need no such wait: whoever books holds the unit. SQLite has one writer anyway.
    """
    if is_postgresql():
        session.execute(text("LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE"))


def seal_unit(unit_id: int, occasion: Occasion, at: datetime) -> ChainSeal:
    """Walk both chains of a unit to their newest rows and seal them there. The unit is held, and `settle` has been called."""
    return _seal(unit_id, questions.walked(unit_id), occasion, at)


def seal_house(occasion: Occasion) -> list[Anchor]:
    """Seal the chains of every unit and of head office, and keep the anchors; safe with any number of processes at once.

    Where they end is found under locks, which are let go before the chains are walked: a first walk along years of books keeps nobody
    waiting. Where somebody else has sealed meanwhile, that seal stands, and is what the anchor tells.
    """
    with transaction():
        units = session.scalars(select(Unit.id).order_by(Unit.id)).all()
        lock(Unit.id, *units)
        settle()
        last_entry = session.scalar(select(func.max(Entry.id))) or 0
        last_act = session.scalar(select(func.max(AuditEvent.id))) or 0
        since = questions.newest_seals()
    now = questions.all_walked(since, last_entry=last_entry, last_act=last_act)
    at = clock.now()
    with transaction():
        lock(Unit.id, *units)
        newest = questions.newest_seals()
        for unit_id, chains in now.items():
            if newest.get(unit_id) == since.get(unit_id) and chains != since.get(unit_id, questions.NOTHING_YET):
                newest[unit_id] = chains
                _seal(unit_id, chains, occasion, at)
        codes = questions.unit_codes()
        told = [_anchor(codes[unit_id] if unit_id else None, chains, at) for unit_id, chains in newest.items()]
    anchors.keep(told)
    return told


def anchor_of(seal: ChainSeal, unit_code: str) -> Anchor:
    """What a seal tells outside the database."""
    return _anchor(unit_code, questions.sealed(seal), seal.sealed_at)


def _anchor(unit_code: str | None, chains: Chains, at: datetime) -> Anchor:
    books, acts = chains.books, chains.acts
    return Anchor(at.isoformat(timespec="seconds"), unit_code, books.length, books.head, acts.length, acts.head)


def _seal(unit_id: UnitId, chains: Chains, occasion: Occasion, at: datetime) -> ChainSeal:
    seal = ChainSeal(
        unit_id=unit_id,
        sealed_at=at,
        occasion=occasion,
        entries=chains.books.length,
        last_entry_id=chains.books.last_id,
        head=chains.books.head,
        audit=chains.acts.length,
        last_audit_id=chains.acts.last_id,
        audit_head=chains.acts.head,
    )
    session.add(seal)
    session.flush()
    return seal
