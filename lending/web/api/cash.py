"""Cash on its way between vault, bank and head office."""

import msgspec

from lending.actions import cash as acts
from lending.domain.access import Actor, Permission
from lending.web.api.door import Column
from lending.web.api.messages.cash import NewTransfer, Transfer
from lending.web.api.messages.fields import same_uuid

column = Column("cash", "Cash on its way between vault, bank and head office")


@column.call("POST", "/cash/transfers", needs=Permission.TRANSFER_CASH, status=(201, 200))
def transfer(by: Actor, body: NewTransfer) -> tuple[Transfer, int]:
    """Book a transfer of cash. The same id and body again is 200 and the first answer; nothing is booked twice."""
    sent = acts.Transfer(same_uuid(body.id), body.on, body.amount, body.source, body.target, body.reason)
    known, answer = acts.transfer(sent, by)
    return msgspec.convert(answer, Transfer), 200 if known else 201
