"""What a repayment card says: one loan, row by row, as the printed paper needs it."""

from dataclasses import dataclass
from datetime import date, time

from lending.domain.money import Rupiah


@dataclass(frozen=True)
class CardRow:
    """One instalment on the card.

    `balance_after` is what the schedule leaves after it; `paid` what is credited to it so far, from whoever, of which `renteng` came from
    other women; `savings` what she put aside at the meeting that paid it. `paid_on` is the day of its latest payment, None while nothing is
    paid. `moved_from` is the day it was first due, None where it never moved.
    """

    number: int
    due_on: date
    moved_from: date | None
    amount: Rupiah
    balance_after: Rupiah
    paid: Rupiah = 0
    paid_on: date | None = None
    savings: Rupiah = 0
    renteng: Rupiah = 0


@dataclass(frozen=True)
class RepaymentCard:
    """A loan's card as of the end of `as_of`: the member's own paper, so it holds no NIK, no phone, no address.

    `weekday` is 1 Monday … 7 Sunday; `weeks` the length of the loan (with a meeting every second week it has half as many rows);
    `instalment` the ordinary one, the last may be smaller; `check_code` is what `check_url` (the QR) ends with; `version` changes when the
    dates of a card that was handed out have moved.
    """

    member_name: str
    member_number: str
    group_name: str
    sub_group: int | None
    weekday: int
    time: time
    unit_name: str
    product_name: str
    akad: str
    cycle: int
    principal: Rupiah
    margin: Rupiah
    total: Rupiah
    upj: Rupiah
    weeks: int
    instalment: Rupiah
    disbursed_on: date
    rows: tuple[CardRow, ...]
    outstanding_total: Rupiah
    as_of: date
    check_code: str
    check_url: str
    version: str
