"""A loan's life, step by step, and where it stands on any day."""

from msgspec.structs import asdict

from lending.actions import loans as acts
from lending.domain.access import Actor, Permission
from lending.queries import loans as questions
from lending.queries.loans import LoanAsOf
from lending.queries.scope import as_of
from lending.web.api.door import Column
from lending.web.api.messages import loans as messages
from lending.web.api.messages.fields import Page, or_none
from lending.web.api.paging import Window

column = Column("loans", "Loans, from the proposal to the last instalment")


@column.call("GET", "/loans", needs=Permission.SEE_LOANS)
def list_loans(by: Actor, asked: messages.LoansAsked, window: Window) -> Page[messages.LoanListed]:
    """The loans that she may see, by id, as they stand now."""
    state = or_none(asked.state)
    rows = questions.loans(
        by,
        member_id=or_none(asked.member),
        group_id=or_none(asked.group),
        states=[state] if state else [],
        after_id=window.after_id,
        limit=window.fetch,
    )
    return window.page([_listed(one) for one in questions.standing_now(rows, by.today)], lambda loan: (loan.id,))


@column.call("POST", "/loans", needs=Permission.APPLY_FOR_LOAN, status=201)
def apply(by: Actor, body: messages.NewLoan) -> messages.Loan:
    """Propose a loan for a member of one of the officer's groups. Every gate is asked; the first that fails answers with its own code."""
    return _now(by, acts.apply(acts.Proposal(body.member, body.product, body.principal, body.weeks, body.purpose), by))


@column.call("GET", "/loans/{id}", needs=Permission.SEE_LOANS)
def get_loan(by: Actor, loan: int, asked: messages.LoanAsked) -> messages.Loan:
    """A loan with its schedule, as of the end of a day."""
    return _loan(questions.as_of(by, loan, as_of(by, or_none(asked.on))))


@column.call("POST", "/loans/{id}/recommend", needs=Permission.APPLY_FOR_LOAN)
def recommend(by: Actor, loan: int, body: messages.Recommendation) -> messages.Loan:
    """The group has voted: more than half of those present must be in favour."""
    acts.recommend(loan, by, in_favour=body.in_favour, present=body.present, on=or_none(body.on))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/verifier", needs=Permission.DECIDE_LOAN)
def name_verifier(by: Actor, loan: int, body: messages.VerifierNamed) -> messages.Loan:
    """The head names an officer, never the maker, to verify in her stead."""
    acts.name_verifier(loan, by, officer=body.officer)
    return _now(by, loan)


@column.call("POST", "/loans/{id}/verify", needs=Permission.VERIFY_LOAN)
def verify(by: Actor, loan: int, body: messages.Verification) -> messages.Loan:
    """A second pair of eyes, never the maker's, has been there."""
    acts.verify(loan, by, on=or_none(body.on), override_reason=or_none(body.override_reason))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/approve", needs=Permission.DECIDE_LOAN)
def approve(by: Actor, loan: int, body: messages.Approval) -> messages.Loan:
    """The head approves what was asked, or less of it on the product's step; never the maker."""
    acts.approve(loan, by, on=or_none(body.on), principal=or_none(body.principal), reason=or_none(body.reason))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/reject", needs=Permission.DECIDE_LOAN)
def reject(by: Actor, loan: int, body: messages.Refused) -> messages.Loan:
    """The head says no, and why."""
    acts.reject(loan, by, reason=body.reason, on=or_none(body.on))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/cancel", needs=Permission.APPLY_FOR_LOAN)
def cancel(by: Actor, loan: int, body: messages.Refused) -> messages.Loan:
    """The officer withdraws a proposal before it is approved, and says why."""
    acts.cancel(loan, by, reason=body.reason, on=or_none(body.on))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/disburse", needs=Permission.DISBURSE_LOAN)
def disburse(by: Actor, loan: int, body: messages.Payout) -> messages.Loan:
    """Pay the loan out of the vault, less the UPJ kept for her, when she has confirmed herself that she has it; never the maker."""
    confirmation = or_none(body.confirmation)
    how = acts.Disbursement(
        on=or_none(body.on) or by.today,
        first_due=or_none(body.first_due),
        confirmed_by_member=body.confirmed_by_member,
        confirmation=asdict(confirmation) if confirmation else None,
    )
    acts.disburse(loan, by, how)
    return _now(by, loan)


def _now(by: Actor, loan_id: int) -> messages.Loan:
    return _loan(questions.as_of(by, loan_id, by.today))


def _loan(found: LoanAsOf) -> messages.Loan:
    instalments = [
        messages.PaidInstalment(
            number=one.number, due_on=one.due_on, principal=one.principal, margin=one.margin, total=one.total, paid=one.paid
        )
        for one in found.instalments
    ]
    return messages.Loan(**asdict(_listed(found)), instalments=instalments)


def _listed(found: LoanAsOf) -> messages.LoanListed:
    row = found.loan
    return messages.LoanListed(
        id=row.id,
        member=row.member_id,
        group=row.group_id,
        product=row.product_code,
        state=found.state,
        cycle=row.cycle,
        purpose=row.purpose,
        applied_on=row.applied_on,
        disbursed_on=None if found.first_due is None else row.disbursed_on,
        principal=row.terms.principal,
        margin=row.terms.margin,
        total=row.terms.total,
        weeks=row.terms.weeks,
        instalment=row.terms.instalment,
        upj=row.upj,
        first_due=found.first_due,
        paid=found.paid,
        outstanding_principal=found.outstanding_principal,
        outstanding_total=found.outstanding_total,
        next_due=found.next_due,
        days_late=found.days_late,
        overdue=found.overdue,
        quality=found.quality,
    )
