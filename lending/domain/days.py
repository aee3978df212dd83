"""Closing a day of the books: when it may be closed, and on which day a fact is booked that comes after that.

Source: api-detail part 4, *The day a late fact belongs to*, *Closing a day*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lending.domain.chain import Chain, link
from lending.domain.money import Rupiah
from lending.domain.refusals import Conflict, Refusal


@dataclass(frozen=True)
class Holding:
    """An officer who still holds cash, and how much."""

    officer: str
    amount: Rupiah


def day_in_books(wanted: date, *, today: date, closed_up_to: date | None, late_is_kept: bool, at: str = "on") -> date:
    """The day of the books for a fact of the day `wanted`: that day while it is open.

    A meeting's record or undo (`late_is_kept`) whose day is closed is booked today, or on the first day after the closed ones; any other
    act is refused (`day_closed`), and so is a day that has not come (`future_date`).
    """
    if wanted > today:
        raise Refusal("future_date", at=at, today=today)
    if closed_up_to is None or wanted > closed_up_to:
        return wanted
    if late_is_kept:
        return max(today, closed_up_to + timedelta(days=1))
    raise Refusal("day_closed", at=at, closed_up_to=closed_up_to)


def check_day(on: date, *, today: date, closed_up_to: date | None) -> None:
    """Refuse a day that is closed already (`already_closed`, 409) or has not come (`future_date`)."""
    if closed_up_to is not None and on <= closed_up_to:
        raise Conflict("already_closed", at="date", day=on)
    if on > today:
        raise Refusal("future_date", at="date", today=today)


def check_earlier(oldest_open: date | None) -> None:
    """Refuse (`earlier_day_open`, naming the oldest) while something is booked on an earlier day that is still open."""
    if oldest_open is not None:
        raise Refusal("earlier_day_open", at="date", day=oldest_open)


def check_cash(difference: Rupiah, holding: Sequence[Holding], reason: str | None) -> None:
    """Without a reason no officer holds cash (`officer_holds_cash`, naming her) and no rupiah is missing or too much (`reason_needed`)."""
    if reason:
        return
    if holding:
        raise Refusal("officer_holds_cash", at="reason", officers=", ".join(one.officer for one in holding))
    if difference:
        raise Refusal("reason_needed", at="reason", difference=difference)


@dataclass(frozen=True)
class Closed:
    """What is proved of a closed day: its figures, and how far the chains of entries and of acts had come."""

    unit: str
    on: date
    expected: Rupiah
    counted: Rupiah | None
    notes: Mapping[Rupiah, int] | None
    reason: str | None
    by: str
    entries: int
    books: Chain
    acts: Chain


def day_hash(previous: str, day: Closed) -> str:
    """The hash of a closed day, hung on that of the day closed before it."""
    notes = "" if day.notes is None else ",".join(f"{note}:{day.notes[note]}" for note in sorted(day.notes, reverse=True))
    figures = [day.unit, day.on.isoformat(), day.expected, "-" if day.counted is None else day.counted, notes, day.by, day.entries]
    chains = [day.books.length, day.books.head, day.acts.length, day.acts.head]
    return link(previous, "|".join(str(part) for part in (*figures, *chains, day.reason or "")))
