"""What a loan would cost, before anybody promises anything."""

from lending.domain.access import Actor, Permission
from lending.queries import quotes as questions
from lending.web.api.door import Column
from lending.web.api.messages.fields import or_none
from lending.web.api.messages.quotes import Quote, QuoteAsked, QuotedInstalment

column = Column("quotes", "What a loan would cost")


@column.call("POST", "/quote", needs=Permission.QUOTE, asks=True)
def quote(by: Actor, body: QuoteAsked) -> Quote:
    """Terms and schedule of a loan that somebody thinks of; due dates skip holidays as a new group's calendar would."""
    found = questions.quote(
        body.principal,
        body.weeks,
        today=by.today,
        product=or_none(body.product) or questions.DEFAULT_PRODUCT,
        first_due=or_none(body.first_due),
    )
    return Quote(
        principal=found.principal,
        margin=found.margin,
        total=found.total,
        instalment=found.instalment,
        weeks=found.weeks,
        upj=found.upj,
        received=found.received,
        instalments=[
            QuotedInstalment(
                number=one.number, due_on=one.due_on, principal=one.principal, margin=one.margin, total=one.total, balance=one.balance
            )
            for one in found.instalments
        ],
    )
