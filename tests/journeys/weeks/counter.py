"""The counter of the random weeks: savings, UPJ, hand-overs, transfers, days that are closed, and whoever tries to get into one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from lending.actions.cash import Handover, Transfer, hand_over, transfer
from lending.actions.days import Count, close_day
from lending.actions.savings import SavingsMoved, UpjReleased, move_savings, release_upj
from lending.domain.ledger import Account
from lending.domain.savings import SavingsKind, UpjKind
from lending.queries.days import ClosedDay
from tests.furnished import rows
from tests.journeys.weeks.unit import Unit, step

PLACES = {"vault": Account.VAULT_CASH, "bank": Account.BANK, "head_office": Account.HEAD_OFFICE}


class Counters(Unit):
    """What happens at the unit's counter and in its vault."""

    def _shut(self, on: date) -> set[str]:
        return {"day_closed"} if on <= self.memory.closed_up_to else set()

    @step(
        data=st.data(),
        kind=st.sampled_from(SavingsKind),
        amount=st.sampled_from((5_000, 10_000, 40_000)),
        back=st.sampled_from((0, 0, 1, 6)),
    )
    def savings_move(self, data: st.DataObject, kind: SavingsKind, amount: int, back: int) -> None:
        memory, on = self.memory, self.today - timedelta(days=back)
        woman = data.draw(st.sampled_from(sorted(memory.group_of)))
        takes = kind is SavingsKind.WITHDRAWAL
        reasons = self._shut(on)
        if not reasons and not takes and on < memory.joined_on.get(woman, date.min):
            reasons = {"before_joining"}
        elif not reasons and takes and amount > memory.can_be_taken(Account.SAVINGS, woman, on):
            reasons = {"not_enough_savings"}
        elif not reasons and takes and amount > memory.least(memory.vault, on):
            reasons = {"not_enough_cash"}
        moved = SavingsMoved(self.next_uuid(), woman, on, amount, kind)
        if self.tried(reasons, lambda: self.once(lambda: move_savings(moved, self.person("cashier")))):
            signed = -amount if takes else amount
            memory.save(Account.SAVINGS, woman, signed, on)
            memory.books[Account.VAULT_CASH, 0] += signed
            memory.vault.append((on, signed))

    @step(data=st.data(), kind=st.sampled_from(UpjKind), part=st.sampled_from((1, 2)))
    def upj_is_released(self, data: st.DataObject, kind: UpjKind, part: int) -> None:
        memory = self.memory
        free = [one for one in memory.group_of if memory.books[Account.UPJ, one] and not memory.running(one)]
        woman = data.draw(st.sampled_from(sorted(free or memory.group_of)))
        amount = max(1, -memory.books[Account.UPJ, woman] // part)
        reasons = self._shut(self.today)
        if not reasons and memory.running(woman):
            reasons = {"loan_running"}
        elif not reasons and amount > memory.can_be_taken(Account.UPJ, woman, self.today):
            reasons = {"not_enough_upj"}
        elif not reasons and kind is UpjKind.REFUND and amount > memory.least(memory.vault, self.today):
            reasons = {"not_enough_cash"}
        released = UpjReleased(self.next_uuid(), woman, self.today, amount, kind)
        if self.tried(reasons, lambda: self.once(lambda: release_upj(released, self.person("cashier")))):
            memory.save(Account.UPJ, woman, -amount, self.today)
            if kind is UpjKind.TO_SAVINGS:
                memory.save(Account.SAVINGS, woman, amount, self.today)
            else:
                memory.books[Account.VAULT_CASH, 0] -= amount
                memory.vault.append((self.today, -amount))

    @step(
        often=2,
        kenanga=st.booleans(),
        difference=st.sampled_from((0, 0, 0, -5_000, 1_000)),
        shown=st.sampled_from((None, 0, 1)),
        back=st.sampled_from((0, 0, 0, 1, 8)),
    )
    def an_officer_hands_over(self, kenanga: bool, difference: int, shown: int | None, back: int) -> None:
        memory, officer = self.memory, self.serving(self.group(kenanga))
        held = memory.books[Account.OFFICER_CASH, officer.user_id]
        counted, on = max(0, held + difference), self.today - timedelta(days=back)
        reason, saw = ("selisih" if counted != held else None), None if shown is None else held + shown
        told = Handover(self.next_uuid(), officer.username, on, counted, None, reason, saw)
        reasons = {"cash_changed"} if shown else self._shut(on)
        if not reasons and memory.least(memory.purses[officer.user_id], on) < held:
            reasons = {"out_of_order"}
        if self.tried(reasons, lambda: self.once(lambda: hand_over(told, self.person("cashier")))):
            memory.into_purse(officer.user_id, -held, on)
            memory.books[Account.OVER_SHORT, officer.user_id] += held - counted
            memory.books[Account.VAULT_CASH, 0] += counted
            memory.vault.append((on, counted))

    @step(
        route=st.sampled_from([(one, other) for one in PLACES for other in PLACES]),
        millions=st.sampled_from((1, 15, 150)),
        back=st.sampled_from((0, 0, 1, 6)),
    )
    def cash_is_moved(self, route: tuple[str, str], millions: int, back: int) -> None:
        memory, amount, (source, target) = self.memory, millions * 1_000_000, route
        on = self.today - timedelta(days=back)
        reasons = {"same_place"} if source == target else self._shut(on)
        if not reasons and source == "vault" and amount > memory.least(memory.vault, on):
            reasons = {"not_enough_cash"}
        moved = Transfer(self.next_uuid(), on, amount, source, target, "setor")
        if self.tried(reasons, lambda: self.once(lambda: transfer(moved, self.person("cashier")))):
            memory.move(amount, PLACES[target], PLACES[source])
            if "vault" in (source, target):
                memory.vault.append((on, amount if target == "vault" else -amount))

    @step(
        back=st.sampled_from((0, 1, 1, 2, 9)),
        difference=st.sampled_from((0, 0, 0, -2_000, 500)),
        told=st.booleans(),
        earlier_too=st.sampled_from((True, True, False)),
    )
    def a_day_is_closed(self, back: int, difference: int, told: bool, earlier_too: bool) -> None:
        memory, on = self.memory, self.today - timedelta(days=back)
        expected, head = memory.in_vault(on), self.person("head")
        count = Count(on, max(0, expected + difference), reason="dihitung dua kali" if told else None, earlier_too=earlier_too)
        closed: list[ClosedDay] = []
        reasons = {"already_closed"} if on <= memory.closed_up_to else set()
        short = max(0, expected - count.total) > memory.least(memory.vault, on)
        with self.maybe(
            "already_closed", "earlier_day_open", "officer_holds_cash", "reason_needed", *(("not_enough_cash",) if short else ())
        ):
            closed.append(close_day(count, head))
            assert not reasons
            assert not short
            assert told or not difference
            assert (closed[0].expected, closed[0].counted) == (expected, count.total)
            memory.books[Account.VAULT_CASH, 0] += count.total - expected
            memory.books[Account.OVER_SHORT, head.user_id] -= count.total - expected
            memory.vault.append((on, count.total - expected))
            memory.closed_up_to = on

    @step(when=lambda self: self.memory.closed_up_to > date.min, data=st.data(), back=st.sampled_from((0, 0, 1, 30)))
    def somebody_tries_to_get_into_a_closed_day(self, data: st.DataObject, back: int) -> None:
        on, cashier = self.memory.closed_up_to - timedelta(days=back), self.person("cashier")
        woman = data.draw(st.sampled_from(sorted(self.memory.group_of)))
        tries: tuple[Callable[[], Any], ...] = (
            lambda: transfer(Transfer(self.next_uuid(), on, 1_000, "bank", "vault", "setor"), cashier),
            lambda: hand_over(Handover(self.next_uuid(), "officer", on, 0, None, "selisih"), cashier),
            lambda: move_savings(SavingsMoved(self.next_uuid(), woman, on, 1_000, SavingsKind.DEPOSIT), cashier),
            lambda: close_day(Count(on, 0, reason="lagi", earlier_too=True), self.person("head")),
        )
        before = rows()
        for one in tries:
            self.tried({"day_closed", "already_closed"}, one)
        assert rows() == before

    @step(when=lambda self: self.answers, data=st.data())
    def an_act_is_sent_again(self, data: st.DataObject) -> None:
        act, first = data.draw(st.sampled_from(self.answers))
        known, again = act()
        assert known
        assert dict(again) == dict(first)
