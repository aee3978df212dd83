"""A loan, from the proposal to its last instalment."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, field

from lending.domain.arrears import QualityClass
from lending.domain.lifecycle import LoanState
from lending.web.api.messages.fields import (
    Amount,
    Answer,
    AsOf,
    Body,
    Code,
    Count,
    Day,
    Id,
    Maybe,
    Name,
    Question,
    Typed,
    Uuid,
    Words,
    either,
)


class NewLoan(Body, frozen=True, kw_only=True):
    """A loan asked for."""

    member: Id
    product: Code
    principal: Amount
    weeks: Count
    purpose: Words


class PaidInstalment(Answer, frozen=True, kw_only=True):
    """One row of the schedule; `paid` is what is credited to it."""

    number: int
    due_on: date
    principal: Amount
    margin: Amount
    total: Amount
    paid: Amount


class Restructured(Answer, frozen=True, kw_only=True):
    """When the loan was last put on new days, and how many of those instalments in a row were paid whole and on time: at eight, and from
    then on, it is no risk by this alone."""

    on: date
    clean_payments: int


class LoanListed(Answer, frozen=True, kw_only=True):
    """A loan as lists show it, as it stands now."""

    id: Id
    member: Id
    group: Id
    product: str
    state: LoanState
    cycle: int
    purpose: str
    applied_on: date
    disbursed_on: date | None
    principal: Amount
    margin: Amount
    total: Amount
    weeks: int
    instalment: Amount
    upj: Amount
    first_due: date | None
    paid: Amount
    outstanding_principal: Amount
    outstanding_total: Amount
    next_due: date | None
    days_late: int
    overdue: Amount
    quality: QualityClass = field(name="class")
    restructured: Restructured | None


class Settled(Answer, frozen=True, kw_only=True):
    """Settled early on that day; `rebate` is the margin that was let off and counts as paid."""

    on: date
    rebate: Amount


class WrittenOff(Answer, frozen=True, kw_only=True):
    """Taken off the books on that day: what was left of principal and margin."""

    on: date
    principal: Amount
    margin: Amount


class Cleared(Answer, frozen=True, kw_only=True):
    """Cleared by her death on that day: what was left, whether an insurer owes the principal (`claim`), and what it has paid."""

    on: date
    principal: Amount
    margin: Amount
    claim: bool
    claimed: Amount


class Loan(LoanListed, frozen=True, kw_only=True):
    """A loan at the end of a day, with its schedule. Before it is disbursed it has no dates and owes nothing.

    Of `settled`, `written_off` and `cleared` the one is set that has ended it before its calendar did; `recovered` is what came on it
    after it was written off.
    """

    settled: Settled | None
    written_off: WrittenOff | None
    cleared: Cleared | None
    recovered: Amount
    instalments: list[PaidInstalment]


class SettledNow(Loan, frozen=True, kw_only=True):
    """The loan that was settled, and what came into the vault."""

    received: Amount


class Settlement(Body, frozen=True, kw_only=True):
    """All that is left, less `rebate`: at most the margin not yet paid."""

    rebate: Amount
    on: Maybe[Day] = UNSET


class Death(Body, frozen=True, kw_only=True):
    """Its member has died; `claim`: an insurer will pay what she owed."""

    reason: Words
    claim: bool
    on: Maybe[Day] = UNSET


class NewReceipt(Body, frozen=True, kw_only=True):
    """Money that comes on a loan that has ended, under the program's own id, so that sending it twice books it once."""

    id: Uuid
    on: Day
    amount: Amount


class ReceiptKept(Answer, frozen=True, kw_only=True):
    """What came and was kept; sent again, the same answer. `left` is what may still come."""

    id: str
    loan: Id
    on: date
    amount: Amount
    left: Amount
    entry: Id


class LoanAsked(AsOf, frozen=True, kw_only=True):
    """As of the end of which day."""


class LoansAsked(Question, frozen=True, kw_only=True):
    """Which loans: of a member, of a group, in a state."""

    member: Maybe[Id] = UNSET
    group: Maybe[Id] = UNSET
    state: Maybe[LoanState] = UNSET


class Recommendation(Body, frozen=True, kw_only=True):
    """The group's vote."""

    in_favour: Count
    present: Count
    on: Maybe[Day] = UNSET


class VerifierNamed(Body, frozen=True, kw_only=True):
    """The officer who shall verify in the head's stead."""

    officer: Name


class Verification(Body, frozen=True, kw_only=True):
    """A second pair of eyes; `override_reason` where the finding contradicts the product's rule."""

    on: Maybe[Day] = UNSET
    override_reason: Maybe[Words] = UNSET
    reason: Maybe[Words] = UNSET


class Approval(Body, frozen=True, kw_only=True):
    """Of what was asked, or of less on the product's step."""

    on: Maybe[Day] = UNSET
    principal: Maybe[Amount] = UNSET
    reason: Maybe[Words] = UNSET


class Refused(Body, frozen=True, kw_only=True):
    """Why it will not be."""

    reason: Words
    on: Maybe[Day] = UNSET


class NewDue(Body, frozen=True, kw_only=True):
    """One instalment of what is left; the day is one of the group's meetings."""

    due_on: Day
    total: Amount


class Restructure(Body, frozen=True, kw_only=True):
    """What is left on new days: each with its sum, or evenly over so many weeks from the next meeting on."""

    reason: Words
    on: Maybe[Day] = UNSET
    schedule: Maybe[Annotated[list[NewDue], Meta(max_length=250)]] = UNSET
    weeks: Maybe[Count] = UNSET


NewPlan = Annotated[Restructure, Meta(extra_json_schema={"oneOf": either(("schedule",), ("weeks",))})]


class Confirmation(Body, frozen=True, kw_only=True):
    """How she confirmed that she has the money."""

    kind: Literal["code", "signature", "fingerprint"]
    ref: Typed


class Payout(Body, frozen=True, kw_only=True):
    """The money in her hand; `first_due` is one of the group's planned meetings after `on`, by default the first."""

    confirmed_by_member: bool
    on: Maybe[Day] = UNSET
    first_due: Maybe[Day] = UNSET
    confirmation: Maybe[Confirmation] = UNSET
