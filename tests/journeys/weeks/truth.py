"""What must hold after every step of the random weeks: `check` finds nothing, the books are those remembered, PAR follows from them."""

from datetime import date, timedelta

from hypothesis.stateful import invariant
from sqlalchemy import func, select

from lending.database import session
from lending.domain.allocation import outstanding_principal
from lending.domain.arrears import days_late
from lending.domain.plan import CLEAN_ENOUGH, Plan
from lending.models import Entry, Loan, Meeting, Posting
from lending.queries.check import differences
from lending.queries.plans import as_agreed, terms
from lending.queries.portfolio import portfolio
from tests.faults.numbers import times
from tests.journeys.weeks.memory import A_DAY
from tests.journeys.weeks.unit import Unit

EVERY = times(8, 3)
"""PAR is asked after every so many steps: it costs more than all the rest."""


class Truth(Unit):
    """The invariants."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    @invariant()
    def check_finds_nothing(self) -> None:
        assert differences(self.today) == []

    @invariant()
    def the_books_are_those_remembered(self) -> None:
        whose = func.coalesce(Posting.loan_id, Posting.member_id, Posting.user_id, 0)
        question = select(Posting.account, whose, func.sum(Posting.amount)).join(Entry, Entry.id == Posting.entry_id)
        of_unit = question.where(Entry.unit_id == self.house.unit_id).group_by(Posting.account, whose)
        booked = {(account, of): amount for account, of, amount in session.execute(of_unit) if amount}
        assert booked == {key: amount for key, amount in self.memory.books.items() if amount}

    @invariant()
    def loans_stand_as_remembered(self) -> None:
        question = select(Loan.id, Loan.total_paid, Loan.outstanding_principal, Loan.state).where(Loan.disbursed_on.is_not(None))
        stored = {loan_id: (paid, owed, state.value) for loan_id, paid, owed, state in session.execute(question)}
        loans = self.memory.loans.values()
        remembered = {one.loan_id: (one.paid, 0 if one.state in ("written_off", "cleared") else one.owed, one.state) for one in loans}
        assert stored == remembered

    @invariant()
    def par_is_what_the_payments_say(self) -> None:
        self.looks += 1
        if self.looks % EVERY:
            return
        for on in (self.today, self.today - timedelta(days=6)):
            asked = portfolio(self.person("head"), on, "unit").whole
            outstanding, par, collected = self._recomputed(on)
            assert (asked.outstanding_principal, asked.par, asked.collected_period) == (outstanding, par, collected)

    def _paid(self, loan_id: int, on: date, since: date = date.min, *, cash: bool = False) -> int:
        """What had been paid on a loan by the end of a day, of what counts from a day after another."""
        total = 0
        for payment in self.memory.loans[loan_id].payments:
            amount = payment.cash if cash else payment.amount
            for counts_from, signed in ((payment.held_on, amount), (payment.undone_on, -amount)):
                if counts_from is not None and since < counts_from <= on:
                    total += signed
        return total

    def _recomputed(self, on: date) -> tuple[int, dict[int, int], int]:
        question = select(Meeting.group_id, Meeting.seq, Meeting.planned_on)
        days = {(group_id, seq): planned_on for group_id, seq, planned_on in session.execute(question)}
        outstanding, collected, par = 0, 0, dict.fromkeys((0, 7, 30, 60, 90), 0)
        lent = session.scalars(select(Loan).where(Loan.disbursed_on <= on)).all()
        agreed = as_agreed({loan.id: Plan(terms(loan), loan.first_seq) for loan in lent if loan.first_seq is not None}, on)
        for loan in lent:
            plan, known = agreed[loan.id], self.memory.loans[loan.id]
            total = min(self._paid(loan.id, on), plan.terms.total)
            collected += self._paid(loan.id, on, on - timedelta(days=7), cash=True)
            if known.ended_on is not None and known.ended_on <= on:
                continue
            owed = outstanding_principal(plan.terms, total)
            outstanding += owed
            counted_from = plan.counted_from(total)
            due = None if counted_from is None else days[loan.group_id, counted_from]
            new = [(days[loan.group_id, seq], due) for seq, due in zip(plan.seqs, plan.terms.explicit, strict=True)][plan.kept :]
            flagged = bool(new) and not self._paid_on_time_often_enough(loan.id, new, on)
            for bound in par:
                par[bound] += owed if flagged or days_late(due, on) > bound else 0
        return outstanding, par, collected

    def _paid_on_time_often_enough(self, loan_id: int, new: list[tuple[date, int]], on: date) -> bool:
        """Whether eight new instalments in a row were paid by their day and have stayed so, evening after evening."""
        in_a_row = 0
        for due_on, wanted in new:
            evenings = [due_on + A_DAY * nth for nth in range((on - due_on).days + 1)] or [on]
            in_a_row = in_a_row + 1 if all(self._paid(loan_id, evening) >= wanted for evening in evenings) else 0
            if in_a_row == CLEAN_ENOUGH:
                return True
        return False
