"""Cash that moves: between vault, bank and head office, and from an officer's hands into the vault."""

from datetime import date
from typing import Literal

from msgspec import UNSET, field

from lending.web.api.messages.fields import Amount, Answer, Body, Day, Id, Maybe, Name, Notes, Signed, Uuid, Words

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
