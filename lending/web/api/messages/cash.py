"""Cash that moves between vault, bank and head office."""

from datetime import date
from typing import Literal

from msgspec import field

from lending.web.api.messages.fields import Amount, Answer, Body, Day, Id, Uuid, Words

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
