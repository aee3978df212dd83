"""A loan, from the proposal to its last instalment."""

from datetime import date
from typing import Literal

from msgspec import UNSET, field

from lending.domain.arrears import QualityClass
from lending.domain.lifecycle import LoanState
from lending.web.api.messages.fields import Amount, Answer, AsOf, Body, Code, Count, Day, Id, Maybe, Name, Question, Typed, Words


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


class Loan(LoanListed, frozen=True, kw_only=True):
    """A loan at the end of a day, with its schedule. Before it is disbursed it has no dates and owes nothing."""

    instalments: list[PaidInstalment]


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
