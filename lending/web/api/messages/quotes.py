"""What a loan would cost, before anybody signs anything."""

from datetime import date

from msgspec import UNSET

from lending.web.api.messages.fields import Amount, Answer, Body, Code, Count, Day, Maybe


class QuoteAsked(Body, frozen=True, kw_only=True):
    """A loan that somebody thinks of. `product` is MEKAAR when left out; `first_due` seven days from today."""

    principal: Amount
    weeks: Count
    product: Maybe[Code] = UNSET
    first_due: Maybe[Day] = UNSET


class QuotedInstalment(Answer, frozen=True, kw_only=True):
    """One row of the schedule; `balance` is what is still owed after it."""

    number: int
    due_on: date
    principal: Amount
    margin: Amount
    total: Amount
    balance: Amount


class Quote(Answer, frozen=True, kw_only=True):
    """Terms and schedule; `received` is what she takes home after the UPJ."""

    principal: Amount
    margin: Amount
    total: Amount
    instalment: Amount
    weeks: int
    upj: Amount
    received: Amount
    instalments: list[QuotedInstalment]
