"""Loans of the random weeks: asked for, paid out, agreed anew, settled, written off, cleared by a death, and what comes after that."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import strategies as st
from sqlalchemy import select

from lending.actions import endings, groups, loans, members
from lending.actions.endings import Received, Settlement
from lending.actions.restructuring import restructure
from lending.database import session
from lending.domain.ledger import Account
from lending.models import ScheduleRow
from lending.queries.restructuring import NewTerms
from tests.furnished import a_proposal, a_woman, paid_out
from tests.journeys.weeks.memory import PRODUCTS, Lent
from tests.journeys.weeks.unit import Unit, step

GATES = ("eligibility_missing", "group_in_arrears", "group_too_small", "leader_missing", "loan_running", "day_closed")


class Lending(Unit):
    """What happens to loans and to the women who have them."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[int, tuple[int, int, int, str, date]] = {}
        """Loans that were approved and not paid out: woman, principal, weeks, product, and since when."""

    @step(often=3, data=st.data(), product=st.sampled_from(sorted(PRODUCTS)), half_millions=st.integers(4, 10), short=st.booleans())
    def a_woman_borrows(self, data: st.DataObject, product: str, half_millions: int, short: bool) -> None:
        women = [one for one in self.memory.women() if not self.memory.running(one)]
        if not women:
            return
        woman = data.draw(st.sampled_from(women))
        group = self.memory.group_of[woman]
        by, principal, weeks = self.serving(group), half_millions * 500_000, 25 if short and product != "DUA-MINGGU" else 50
        present = len(self.memory.women(group))
        with self.maybe(*GATES):
            if data.draw(st.booleans(), "visited again"):
                members.record_eligibility(woman, members.HomeVisit(self.today, 4, 2_000_000, 7, passed=True), by)
            loan_id = a_proposal(woman, by, principal=principal, weeks=weeks, product=product)
            loans.recommend(loan_id, by, in_favour=present, present=present)
            loans.verify(loan_id, self.person("head"))
            loans.approve(loan_id, self.person("head"))
            self.waiting[loan_id] = (woman, principal, weeks, product, self.today)
            self._pay_out(loan_id, self.today)

    def _pay_out(self, loan_id: int, on: date) -> None:
        woman, principal, weeks, product, since = self.waiting[loan_id]
        with self.maybe(*GATES, "unlawful_day", "not_enough_cash", "out_of_order"):
            loans.disburse(loan_id, self.person("cashier"), paid_out(on))
            assert self.memory.closed_up_to < on
            assert since <= on
            assert not self.memory.running(woman)
            del self.waiting[loan_id]
            self.memory.lend(loan_id, woman, principal, weeks, product, on)

    @step(when=lambda self: self.waiting, data=st.data(), wanted=st.sampled_from((True, True, False)), back=st.sampled_from((0, 2, 9)))
    def a_loan_that_waits_is_decided(self, data: st.DataObject, wanted: bool, back: int) -> None:
        loan_id = data.draw(st.sampled_from(sorted(self.waiting)))
        if wanted:
            self._pay_out(loan_id, self.today - timedelta(days=back))
        else:
            loans.reject(loan_id, self.person("head"), reason="pindah rumah")
            del self.waiting[loan_id]

    @step(data=st.data())
    def a_woman_joins(self, data: st.DataObject) -> None:
        group = self.group(data.draw(st.booleans(), "kenanga"))
        with self.maybe("group_too_large"):
            woman = a_woman(group, self.serving(group), "Warga Baru", joined_on=self.today)
            self.memory.group_of[woman] = group
            self.memory.joined_on[woman] = self.today

    @step(data=st.data())
    def a_woman_leaves(self, data: st.DataObject) -> None:
        free = [one for one in self.memory.women() if not self.memory.running(one)]
        if not free:
            return
        woman = data.draw(st.sampled_from(free))
        kept_for_her = any(self.memory.books[account, woman] for account in (Account.SAVINGS, Account.UPJ))
        waits = any(one[0] == woman for one in self.waiting.values())
        with self.maybe("before_last_meeting", *(("balance_left",) if kept_for_her or waits else ())):
            members.leave(woman, self.today, "pindah", self.person("head"))
            assert not kept_for_her
            assert not waits
            self.memory.left_on[woman] = self.today

    @step(data=st.data(), kenanga=st.booleans())
    def another_leads(self, data: st.DataObject, kenanga: bool) -> None:
        group = self.group(kenanga)
        if women := self.memory.women(group):
            groups.name_leader(group, data.draw(st.sampled_from(women)), self.serving(group))

    @step()
    def the_officers_change_groups(self) -> None:
        self.officer_of = dict(zip(self.officer_of, reversed(self.officer_of.values()), strict=True))
        for group, officer in self.officer_of.items():
            groups.assign_officer(group, officer, self.person("head"), reason="bergilir")

    @step(data=st.data(), weeks=st.sampled_from((2, 8, 60)))
    def a_loan_is_restructured(self, data: st.DataObject, weeks: int) -> None:
        loan = self._one(data)
        terms = NewTerms(weeks=weeks)
        if data.draw(st.booleans(), "as agreed") and loan.left > 3:
            days = [on for _, _, on in self.meetings(self.memory.group_of[loan.member], ahead=True)[:12]]
            first, second = data.draw(st.integers(1, loan.left - 2)), data.draw(st.integers(1, 5))
            sums = [first, min(second, loan.left - first - 1)]
            terms = NewTerms(schedule=tuple(zip(days[second::3], [*sums, loan.left - sum(sums)], strict=False)))
        with self.maybe("wrong_state", "out_of_order", "day_closed", "instalments_out_of_range"):
            restructure(loan.loan_id, self.person("head"), terms, reason="gagal panen")
            assert loan.runs
            loan.on_new_days(self._agreed(loan), self.today)

    def _agreed(self, loan: Lent) -> list[int]:
        """The sums of its newest plan that are not paid yet: they come to what is left."""
        rows = (
            select(ScheduleRow.cum_due).where(ScheduleRow.loan_id == loan.loan_id).order_by(ScheduleRow.version.desc(), ScheduleRow.number)
        )
        due: list[int] = []
        for cum_due in session.scalars(rows):
            if due and cum_due <= due[-1]:
                break
            due.append(cum_due)
        new = [loan.paid, *(one for one in due if one > loan.paid)]
        assert new[-1] == loan.total
        return [after - before for before, after in pairwise(new)]

    def _one(self, data: st.DataObject) -> Lent:
        """A loan, of the running ones where there are any, three times of four."""
        running = [one.loan_id for one in self.memory.running()]
        which: int = data.draw(st.integers(0, 3), "which")
        chosen: int = data.draw(st.sampled_from(sorted(running if running and which else self.memory.loans)))
        return self.memory.loans[chosen]

    def _cannot_end(self, loan: Lent, on: date) -> set[str]:
        """Why it cannot be ended on that day."""
        if not loan.runs:
            return {"wrong_state"}
        reasons = set()
        if on <= self.memory.closed_up_to:
            reasons.add("day_closed")
        facts = [day for one in loan.payments for day in (one.held_on, one.undone_on) if day is not None]
        if on < max([*facts, loan.agreed_on]):
            reasons.add("out_of_order")
        return reasons

    @step(data=st.data(), let_off=st.sampled_from(("nothing", "half", "all", "too much")), back=st.sampled_from((0, 0, 1)))
    def a_loan_is_settled(self, data: st.DataObject, let_off: str, back: int) -> None:
        loan, on = self._one(data), self.today - timedelta(days=back)
        margin = sum(row[0] for row in loan.rows) - loan.split(loan.paid)[0]
        rebate = {"nothing": 0, "half": margin // 2, "all": margin, "too much": margin + 1}[let_off]
        reasons = self._cannot_end(loan, on) or ({"rebate_too_large"} if rebate > margin else set())
        left = loan.left
        if self.tried(reasons, lambda: endings.settle(loan.loan_id, self.person("cashier"), Settlement(on, rebate))):
            loan.ended, loan.ended_on = "settled", on
            self.memory.pay(loan.loan_id, on, left, left - rebate)
            self.memory.books[Account.VAULT_CASH, 0] += left - rebate
            self.memory.vault.append((on, left - rebate))
            self.memory.books[Account.REBATE, loan.loan_id] += rebate

    @step(data=st.data(), died=st.booleans(), claim=st.booleans(), back=st.sampled_from((0, 0, 3)))
    def a_loan_ends_unpaid(self, data: st.DataObject, died: bool, claim: bool, back: int) -> None:
        loan, on = self._one(data), self.today - timedelta(days=back)
        head, reasons = self.person("head"), self._cannot_end(loan, on)
        owed, bearer = loan.owed, Account.DEATH_CLAIM if died and claim else Account.WRITE_OFF
        if died:
            kept = self.tried(reasons, lambda: endings.record_death(loan.loan_id, head, reason="sakit", claim=claim, on=on))
        else:
            kept = self.tried(reasons, lambda: endings.write_off(loan.loan_id, head, reason="hilang kontak", on=on))
        if kept:
            loan.ended, loan.ended_on = "cleared" if died else "written_off", on
            self.memory.books[bearer, loan.loan_id] += owed
            self.memory.settle_figures(loan.loan_id)
            if died:
                self.memory.left_on.setdefault(loan.member, on)

    @step(
        when=lambda self: any(one.ended for one in self.memory.loans.values()),
        data=st.data(),
        way=st.sampled_from(("some", "some", "all", "too much")),
        claim=st.booleans(),
    )
    def money_comes_after_the_end(self, data: st.DataObject, way: str, claim: bool) -> None:
        ended = sorted(one.loan_id for one in self.memory.loans.values() if one.ended)
        loan = self.memory.loans[data.draw(st.sampled_from(ended))]
        claimed = self.memory.books[Account.DEATH_CLAIM, loan.loan_id]
        left = claimed if claim else loan.left - loan.came_after
        amount = {"some": max(1, min(30_000, left)), "all": max(1, left), "too much": left + 1}[way]
        receive = endings.receive_claim if claim else endings.recover
        received, on = Received(self.next_uuid(), self.today, amount), self.today
        reasons = {"day_closed"} if on <= self.memory.closed_up_to else set()
        if loan.ended != ("cleared" if claim else "written_off"):
            reasons = {"wrong_state"}
        elif amount > left:
            reasons = {"more_than_claimed" if claim else "pays_too_much"}
        loan_id = loan.loan_id
        if self.tried(reasons, lambda: self.once(lambda: receive(loan_id, received, self.person("cashier")))):
            loan.came_after += 0 if claim else amount
            self.memory.into_vault(amount, on, Account.DEATH_CLAIM if claim else Account.RECOVERY, loan.loan_id)
