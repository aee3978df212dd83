"""A loan's life, step by step, and where it stands on any day."""

from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import asdict

from lending.actions import endings, restructuring
from lending.actions import loans as acts
from lending.domain.access import Actor, Permission
from lending.domain.refusals import Refusal
from lending.queries import loans as questions
from lending.queries.endings import ending
from lending.queries.loans import LoanAsOf
from lending.queries.restructuring import NewTerms
from lending.queries.scope import as_of
from lending.web.api.door import Column
from lending.web.api.messages import loans as messages
from lending.web.api.messages.fields import Page, or_none, same_uuid
from lending.web.api.paging import Window
from lending.web.api.shapes import needed

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


@column.call("POST", "/loans/{id}/restructure", needs=Permission.RESTRUCTURE_LOAN)
def restructure(by: Actor, loan: int, body: messages.NewPlan) -> messages.Loan:
    """Put what is left of the loan on new days, meetings of its group after `on`; not one rupiah more or less. Nothing is booked.

    It stays in every bucket of PAR until eight whole instalments in a row were paid on time, and a late one stays late until the first new
    instalment is paid. Never by whoever applied for the loan or paid it out.
    """
    if body.weeks is UNSET:
        due = tuple((row.due_on, row.total) for row in needed(body.schedule, "schedule"))
        terms = NewTerms(schedule=due)
    elif body.schedule is not UNSET:
        raise Refusal("shape", status=400, at="schedule")
    else:
        terms = NewTerms(weeks=body.weeks)
    restructuring.restructure(loan, by, terms, reason=body.reason, on=or_none(body.on))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/settle", needs=Permission.SETTLE_LOAN)
def settle(by: Actor, loan: int, body: messages.Settlement) -> messages.SettledNow:
    """She pays all that is left at once, less a rebate on the margin (muqasah); it goes into the vault, and the loan is repaid."""
    booked = endings.settle(loan, by, endings.Settlement(or_none(body.on), body.rebate))
    return messages.SettledNow(**_fields(_now(by, loan)), received=booked.received)


@column.call("POST", "/loans/{id}/write-off", needs=Permission.END_LOAN)
def write_off(by: Actor, loan: int, body: messages.Refused) -> messages.Loan:
    """The head takes a loan that will not come back off the books; never one that she applied for or paid out herself."""
    endings.write_off(loan, by, reason=body.reason, on=or_none(body.on))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/recovery", needs=Permission.RECOVER, status=(201, 200))
def recover(by: Actor, loan: int, body: messages.NewReceipt) -> tuple[messages.ReceiptKept, int]:
    """Receive money that still comes on a loan written off. The same id and body again is 200 and the first answer."""
    known, answer = endings.recover(loan, _received(body), by)
    return msgspec.convert(answer, messages.ReceiptKept), 200 if known else 201


@column.call("POST", "/loans/{id}/death", needs=Permission.END_LOAN)
def record_death(by: Actor, loan: int, body: messages.Death) -> messages.Loan:
    """Its member has died: from that day nothing is due, and she is not of the group any more."""
    endings.record_death(loan, by, reason=body.reason, claim=body.claim, on=or_none(body.on))
    return _now(by, loan)


@column.call("POST", "/loans/{id}/claim", needs=Permission.RECOVER, status=(201, 200))
def receive_claim(by: Actor, loan: int, body: messages.NewReceipt) -> tuple[messages.ReceiptKept, int]:
    """Receive what the insurer pays for a woman who has died. The same id and body again is 200 and the first answer."""
    known, answer = endings.receive_claim(loan, _received(body), by)
    return msgspec.convert(answer, messages.ReceiptKept), 200 if known else 201


def _received(body: messages.NewReceipt) -> endings.Received:
    return endings.Received(same_uuid(body.id), body.on, body.amount)


def _now(by: Actor, loan_id: int) -> messages.Loan:
    return _loan(questions.as_of(by, loan_id, by.today))


def _loan(found: LoanAsOf) -> messages.Loan:
    instalments = [
        messages.PaidInstalment(
            number=one.number, due_on=one.due_on, principal=one.principal, margin=one.margin, total=one.total, paid=one.paid
        )
        for one in found.instalments
    ]
    how = ending(found)
    return messages.Loan(
        **_fields(_listed(found)),
        settled=msgspec.convert(how.settled, messages.Settled | None, from_attributes=True),
        written_off=msgspec.convert(how.written_off, messages.WrittenOff | None, from_attributes=True),
        cleared=msgspec.convert(how.cleared, messages.Cleared | None, from_attributes=True),
        recovered=how.written_off.recovered if how.written_off else 0,
        instalments=instalments,
    )


def _fields(message: messages.LoanListed) -> dict[str, Any]:
    """A message's fields by name, to make a larger one of it."""
    return {name: getattr(message, name) for name in message.__struct_fields__}


def _listed(found: LoanAsOf) -> messages.LoanListed:
    row, agreed = found.loan, found.restructured
    return messages.LoanListed(
        id=row.id,
        member=row.member_id,
        group=row.group_id,
        product=row.product_code,
        state=found.state,
        cycle=row.cycle,
        purpose=row.purpose,
        applied_on=row.applied_on,
        disbursed_on=None if found.first_due is None else row.lent_on,
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
        restructured=messages.Restructured(on=agreed.on, clean_payments=agreed.clean_payments) if agreed else None,
    )
