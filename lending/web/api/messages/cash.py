"""Cash that moves: between vault, bank and head office, and from an officer's hands into the vault."""

from datetime import date, datetime
from typing import Literal

from msgspec import UNSET, field

from lending.domain.savings import SavingsKind, UpjKind
from lending.web.api.messages.fields import Amount, Answer, Body, Day, Id, Maybe, Name, Notes, Question, Signed, Uuid, Words

Purse = Literal["bank", "vault", "head_office"]


class NewTransfer(Body, frozen=True, kw_only=True):
    """One transfer, under the program's own id, so that sending it twice moves the cash once."""

    id: Uuid
    on: Day
    amount: Amount
    source: Purse = field(name="from")
    target: Purse = field(name="to")
    reason: Words


class Transfer(Answer, frozen=True, kw_only=True):
    """A transfer that was kept; sent again, the same answer."""

    id: str
    on: date
    amount: Amount
    source: Purse = field(name="from")
    target: Purse = field(name="to")
    reason: str
    entry: Id


class NewSavings(Body, frozen=True, kw_only=True):
    """Savings that a member brings to the unit or takes out there, under the program's own id."""

    id: Uuid
    member: Id
    on: Day
    amount: Amount
    kind: SavingsKind


class NewUpj(Body, frozen=True, kw_only=True):
    """A member's UPJ, given back into her hand or put into her savings, under the program's own id."""

    id: Uuid
    member: Id
    on: Day
    amount: Amount
    kind: UpjKind


class SavingsMoved(Answer, frozen=True, kw_only=True):
    """What was kept; sent again, the same answer. `savings` and `upj` are what she had after it."""

    id: str
    member: Id
    on: date
    amount: Amount
    kind: SavingsKind
    savings: Amount
    upj: Amount
    entry: Id


class UpjReleased(Answer, frozen=True, kw_only=True):
    """What was kept; sent again, the same answer. `savings` and `upj` are what she had after it."""

    id: str
    member: Id
    on: date
    amount: Amount
    kind: UpjKind
    savings: Amount
    upj: Amount
    entry: Id


class NewDeclaration(Body, frozen=True, kw_only=True):
    """What an officer says that she carries: by note (`counted`) or in all (`total`), not both."""

    id: Uuid
    on: Day
    counted: Maybe[Notes] = UNSET
    total: Maybe[Amount] = UNSET


class Declaration(Answer, frozen=True, kw_only=True):
    """It is kept; sent again, the same answer."""

    id: str
    on: date
    total: Amount


class NewHandover(Body, frozen=True, kw_only=True):
    """An officer's cash as the cashier counted it: by note (`counted`) or in all (`total`), not both; why, where it differs."""

    id: Uuid
    officer: Name
    on: Day
    counted: Maybe[Notes] = UNSET
    total: Maybe[Amount] = UNSET
    reason: Maybe[Words] = UNSET


class Handover(Answer, frozen=True, kw_only=True):
    """A hand-over that was kept: what she held by the books, what was counted, and the difference (negative when money is missing)."""

    id: str
    officer: str
    expected: Amount
    counted: Amount
    difference: Signed


class HandoversAsked(Question, frozen=True, kw_only=True):
    """Which hand-overs: from one day to another, both today when left out; of one officer."""

    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)
    officer: Maybe[Name] = UNSET


class Said(Answer, frozen=True, kw_only=True):
    """What the officer had said before: in all, and by note where she counted so."""

    id: str
    total: Amount
    counted: dict[str, int] | None
    recorded_at: datetime


class HandoverListed(Handover, frozen=True, kw_only=True):
    """A hand-over as it was received, and what the officer had said that she carries; null where she had not said it."""

    on: date
    cashier: str
    recorded_at: datetime
    notes: dict[str, int] | None
    reason: str | None
    declared: Said | None
