"""Closing a day of the books for ever. On which day something is booked says `journal.book_day`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from lending import anchors, clock
from lending.actions import chain, journal
from lending.actions.audit import note
from lending.database import lock, session, transaction
from lending.domain import days as rules
from lending.domain import ledger
from lending.domain.access import Actor, Permission
from lending.domain.chain import GENESIS
from lending.domain.days import Holding
from lending.domain.ledger import Account, EntryKind, Leg
from lending.domain.money import Rupiah, check_amount
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, NotFound
from lending.models import ChainSeal, DayBalance, DayClose, Entry, Unit
from lending.queries import balances
from lending.queries import days as questions
from lending.queries.balances import Sums
from lending.queries.chain import sealed
from lending.queries.days import ClosedDay


@dataclass(frozen=True)
class Count:
    """The vault's cash as it was counted: in all, and by note where it was counted so; why, where something differs.

    `earlier_too`: earlier days that are still open are closed along with this one, as the books have them; nobody can count them any more.
    `shown` is what the books had said when a person compared; a program has been shown nothing.
    """

    on: date
    total: Rupiah
    notes: Mapping[Rupiah, int] | None = None
    reason: str | None = None
    earlier_too: bool = False
    shown: Rupiah | None = None


@dataclass(frozen=True)
class Closing:
    """What closing a day would do: what the vault should hold, what would be booked, what is closed along, who still carries cash."""

    on: date
    expected: Rupiah
    counted: Rupiah
    legs: tuple[Leg, ...]
    earlier: tuple[date, ...]
    holding: tuple[Holding, ...]

    @property
    def difference(self) -> Rupiah:
        """Counted less expected: negative when money is missing."""
        return self.counted - self.expected

    @property
    def needs_reason(self) -> bool:
        """Whether it is only closed with a reason."""
        return bool(self.difference or self.holding)


def closing(count: Count, by: Actor) -> Closing:
    """What `close_day` would do with this count, told before anybody confirms it.

    Refused: as `close_day`, but for what only a reason is lacking to, and `cash_changed`.
    """
    by.require(Permission.CLOSE_DAY)
    if by.unit_id is None:
        raise NotFound
    return _weighed(count, by, by.unit_id)


def _weighed(count: Count, by: Actor, unit_id: int) -> Closing:
    """The count beside the books, once it is known that this day may be closed."""
    rules.check_day(count.on, today=by.today, closed_up_to=questions.closed_up_to(unit_id))
    earlier = questions.open_days(unit_id, before=count.on)
    if not count.earlier_too:
        rules.check_earlier(earlier[0] if earlier else None)
    check_amount(count.total, "total", smallest=0)
    if count.reason is not None:
        check_reason(count.reason)
    expected = questions.vault_on(unit_id, count.on)
    difference = count.total - expected
    if difference < 0:
        journal.require_cash(Account.VAULT_CASH, -difference, count.on, unit_id=unit_id, at="total")
    legs = ledger.vault_difference(difference, head_id=by.user_id) if difference else ()
    return Closing(count.on, expected, count.total, legs, tuple(earlier), tuple(questions.holding_on(unit_id, count.on)))


def close_day(count: Count, by: Actor) -> ClosedDay:
    """Close a day of the unit's books for ever: a difference is booked, both chains are sealed, the day gets its hash.

    How far the chains have come is also told outside the database (`anchors.log`).

    Refused: `already_closed` (409), `future_date`, `earlier_day_open`, `too_large`; `cash_changed` (409, the books say something else
    than she was shown); `not_enough_cash` where more was taken out on a later day than was counted on this one; without a reason
    `officer_holds_cash` and `reason_needed`.
    """
    by.require(Permission.CLOSE_DAY)
    if by.unit_id is None:
        raise NotFound
    with transaction():
        lock(Unit.id, by.unit_id)
        would = _weighed(count, by, by.unit_id)
        if count.shown is not None and count.shown != would.expected:
            raise Conflict("cash_changed", expected=would.expected, shown=count.shown)
        rules.check_cash(would.difference, would.holding, count.reason)
        chain.settle()
        now = clock.now()
        entry_id = _book(would, count, by, by.unit_id, now)
        seal = chain.seal_unit(by.unit_id, "day", now)
        for day in would.earlier:
            _keep(day, questions.vault_on(by.unit_id, day), None, None, seal, by)
        closed = _keep(count.on, would.expected, count, entry_id, seal, by)
        _carry_forward(by.unit_id, count.on)
        earlier = [day.isoformat() for day in would.earlier]
        after = {"on": count.on, "expected": would.expected, "counted": count.total, "earlier": earlier}
        note(by, "books.close_day", f"day:{count.on}", at=now, after={**after, "hash": closed.hash}, reason=count.reason)
        kept = questions.closed_day(by.unit_id, count.on)
        anchor = chain.anchor_of(seal, kept.unit_code)
    anchors.keep([anchor])
    return kept


def _book(would: Closing, count: Count, by: Actor, unit_id: int, at: datetime) -> int | None:
    """What the vault has more or less than the books, as an entry of the day itself."""
    if not would.legs:
        return None
    entry = journal.NewEntry(EntryKind.OVER_SHORT, count.on, would.legs, reason=count.reason)
    (entry_id,) = journal.post([entry], unit_id=unit_id, on_day=count.on, at=at, by=by)
    return entry_id


def _keep(on: date, expected: Rupiah, count: Count | None, entry_id: int | None, seal: ChainSeal, by: Actor) -> DayClose:
    """Add the day to the closed ones; without a count for one that is closed along with a later day."""
    assert by.unit_id is not None
    newest = select(DayClose.hash).where(DayClose.unit_id == by.unit_id).order_by(DayClose.on_day.desc()).limit(1)
    previous = session.scalar(newest) or GENESIS
    proved = rules.Closed(
        unit=by.unit_code or "",
        on=on,
        expected=expected,
        counted=None if count is None else count.total,
        notes=None if count is None else count.notes,
        reason=None if count is None else count.reason,
        by=by.username,
        entries=session.scalar(select(func.count()).where(Entry.unit_id == by.unit_id, Entry.on_day == on)) or 0,
        books=sealed(seal).books,
        acts=sealed(seal).acts,
    )
    day = DayClose(
        unit_id=by.unit_id,
        on_day=on,
        closed_at=seal.sealed_at,
        actor_id=by.user_id,
        expected=expected,
        counted=proved.counted,
        notes=None if proved.notes is None else {str(value): many for value, many in proved.notes.items()},
        reason=proved.reason,
        entry_id=entry_id,
        entries=proved.entries,
        seal_id=seal.id,
        previous_hash=previous,
        hash=rules.day_hash(previous, proved),
    )
    session.add(day)
    session.flush()
    return day


def _carry_forward(unit_id: int, on: date) -> None:
    """Keep what every account of the chart has come to: nobody adds up again what lies before the end of this day."""
    sums = balances.at_end_of(unit_id, on)
    for account in Account:
        stands = sums.get(account, Sums())
        session.add(DayBalance(unit_id=unit_id, on_day=on, account=account, debit=stands.debit, credit=stands.credit))
