"""Cash on its way: transfers, and officers' hand-overs."""

import msgspec

from lending.actions import cash as acts
from lending.domain.access import Actor, Permission
from lending.domain.refusals import Refusal
from lending.web.api.door import Column
from lending.web.api.messages.cash import Handover, NewHandover, NewTransfer, Transfer
from lending.web.api.messages.fields import or_none, same_uuid

column = Column("cash", "Cash on its way: transfers, and officers' hand-overs")


@column.call("POST", "/cash/transfers", needs=Permission.TRANSFER_CASH, status=(201, 200))
def transfer(by: Actor, body: NewTransfer) -> tuple[Transfer, int]:
    """Book a transfer of cash. The same id and body again is 200 and the first answer; nothing is booked twice."""
    sent = acts.Transfer(same_uuid(body.id), body.on, body.amount, body.source, body.target, body.reason)
    known, answer = acts.transfer(sent, by)
    return msgspec.convert(answer, Transfer), 200 if known else 201


@column.call("POST", "/handovers", needs=Permission.RECEIVE_CASH, status=(201, 200))
def hand_over(by: Actor, body: NewHandover) -> tuple[Handover, int]:
    """Receive all the cash that an officer holds. The same id and body again is 200 and the first answer; nothing is booked twice."""
    notes, total = or_none(body.counted), or_none(body.total)
    if (notes is None) == (total is None):
        raise Refusal("total_or_counted", at="counted")
    counted = None if notes is None else {int(note): count for note, count in notes.items()}
    summed = sum(note * count for note, count in counted.items()) if counted is not None else total or 0
    sent = acts.Handover(same_uuid(body.id), body.officer, body.on, summed, counted, or_none(body.reason))
    known, answer = acts.hand_over(sent, by)
    return msgspec.convert(answer, Handover), 200 if known else 201
