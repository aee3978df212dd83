"""Days of the books that are closed."""

from datetime import date, datetime

from msgspec import UNSET, field

from lending.web.api.messages.fields import Amount, Answer, Body, Code, Day, Maybe, Notes, Question, Signed, Words


class DayCount(Body, frozen=True, kw_only=True):
    """The vault's cash as it was counted: by note (`counted`) or in all (`total`), not both; why, where something differs.

    `earlier_too`: earlier days that are still open are closed along with this one, as the books have them, uncounted.
    """

    counted: Maybe[Notes] = UNSET
    total: Maybe[Amount] = UNSET
    reason: Maybe[Words] = UNSET
    earlier_too: bool = False


class ClosedDay(Answer, frozen=True, kw_only=True):
    """A closed day: the vault by the books and as it was counted (null: closed along with a later day), how many entries, its hash."""

    on: date
    unit: str
    expected: Signed
    counted: Amount | None
    difference: Signed
    reason: str | None
    entries: int
    hash: str
    previous_hash: str
    closed_at: datetime
    by: str


class DaysAsked(Question, frozen=True, kw_only=True):
    """Between which days (this month, when left out), of which unit, for the auditor."""

    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)
    unit: Maybe[Code] = UNSET


class UnitAsked(Question, frozen=True, kw_only=True):
    """Of which unit, for the auditor."""

    unit: Maybe[Code] = UNSET
