"""What is done about a late loan and may be written down: contacts, promises, help asked of the group, proposals, incidents.

A case is one spell of lateness. What is recorded is said about the loan, on a day; the case it belongs to follows from the days.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lending.domain.arrears import FIRST_HOUR, may_contact
from lending.domain.calendar import check_not_later
from lending.domain.money import Rupiah, check_amount
from lending.domain.refusals import Refusal

OLDEST_STEP = timedelta(days=31)
"""What was done is written down while it is remembered; a phone may be offline for so long."""

LONGEST_PROMISE = timedelta(days=31)
"""Who needs longer needs another schedule, and not another promise."""


class CaseStep(StrEnum):
    """What can be recorded about a late loan."""

    CONTACTED = "contacted"
    PROMISED = "promised"
    RENTENG = "renteng"
    """The group was asked, and somebody said that she will pay for her."""
    PROPOSED = "proposed"
    """The officer asks the head for another schedule."""
    DECLINED = "declined"
    """The head's no to that."""
    INCIDENT = "incident"
    ASIDE = "aside"
    """Nobody asks her for money for now; the loan stays in every figure."""
    TAKEN_UP = "taken_up"
    ASSIGNED = "assigned"


class ContactMeans(StrEnum):
    """How she was spoken to; nobody but herself is."""

    CALL = "call"
    WHATSAPP = "whatsapp"
    MET = "met"


class ContactOutcome(StrEnum):
    """What came of it."""

    TALKED = "talked"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    THREATENED = "threatened"
    """She, or somebody with her, threatened: it is written down as an incident, and nobody goes alone."""


UNANSWERED = frozenset({ContactOutcome.NO_ANSWER, ContactOutcome.WRONG_NUMBER})


class IncidentKind(StrEnum):
    """What happened that must not stay between two people."""

    THREAT = "threat"
    VIOLENCE = "violence"
    COMPLAINT = "complaint"
    """She complains of how she was asked."""
    OTHER = "other"


class AsideReason(StrEnum):
    """Why nobody asks her for money: she disputes the debt, or she is said to have died."""

    DISPUTE = "dispute"
    DEATH = "death"


@dataclass(frozen=True)
class Promise:
    """What she said: by which day, how much (None: all that is late), and on which day she said so."""

    on: date
    made_on: date
    amount: Rupiah | None = None

    def is_broken(self, today: date, paid_since: Rupiah) -> bool:
        """Whether its day is over and it was not kept, of a loan that is late still. Half of a sum is not the sum."""
        return self.on < today and (self.amount is None or paid_since < self.amount)


def check_step_day(on: date, today: date) -> None:
    """Refuse a day that has not come (`future_date`), or that nobody remembers so exactly (`too_old`)."""
    check_not_later(on, "on", today=today)
    if on < today - OLDEST_STEP:
        raise Refusal("too_old", at="on", days=OLDEST_STEP.days)


def check_promise(promise_on: date, amount: Rupiah | None, *, made_on: date, left: Rupiah) -> None:
    """Refuse a promise for a day that was over (`promise_too_early`) or lies too far ahead (`promise_too_far`), of nothing (`too_small`),
    or of more than she owes (`promise_too_large`)."""
    if promise_on < made_on:
        raise Refusal("promise_too_early", at="promise_on")
    if promise_on > made_on + LONGEST_PROMISE:
        raise Refusal("promise_too_far", at="promise_on", days=LONGEST_PROMISE.days)
    if amount is not None:
        check_amount(amount, "amount")
        if amount > left:
            raise Refusal("promise_too_large", at="amount", left=left)


def next_contact(at: datetime, holidays: Container[date]) -> datetime:
    """The first moment from this local one on at which she may be called: this one, or the next lawful day's first hour."""
    if may_contact(at, holidays):
        return at
    opening = datetime.combine(at.date(), time(FIRST_HOUR), at.tzinfo)
    while opening < at or not may_contact(opening, holidays):
        opening += timedelta(days=1)
    return opening
