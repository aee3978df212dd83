"""At which meetings a loan falls due: evenly from its first one on, or, once it was restructured, as was then agreed.

A restructured loan keeps its life in one piece. The rows of its new plan are the instalments that were paid before, as they were, then what
was left, on new days; so what is paid in all is still the only figure that payments depend on, and nothing in the books has to move.
Source: api-detail part 4 *restructure*; domain.md §5.6; `docs/decisions/0010-a-restructured-loan-is-one-loan.md`.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lending.domain.allocation import allocate, due_and_arrears, next_unpaid, paid_by_instalment
from lending.domain.money import Rupiah, check_amount, divide_half_up
from lending.domain.refusals import Refusal
from lending.domain.schedule import LoanTerms, cumulative_due, cumulative_margin, equal_instalment

CLEAN_ENOUGH = 8
"""So many whole instalments in a row, each paid on time, and a restructured loan is no risk by itself any more."""

LONGEST = 250
"""A new plan has at most so many instalments."""


@dataclass(frozen=True)
class Plan:
    """A loan's sums and the meetings (by `seq`) on which they fall due.

    `seqs` belong to a restructured loan, one an instalment, never falling; its first `kept` rows were paid before. `late_since` is the
    meeting of the oldest instalment that was late on that day: days late are counted from it until the first new instalment is paid.
    """

    terms: LoanTerms
    first_seq: int
    seqs: tuple[int, ...] = ()
    kept: int = 0
    late_since: int | None = None

    def seq_of(self, number: int) -> int:
        """The meeting on which an instalment falls due."""
        return self.seqs[number - 1] if self.seqs else self.first_seq + (number - 1) * self.terms.every_weeks

    @property
    def last_seq(self) -> int:
        """The meeting of the last instalment."""
        return self.seq_of(self.terms.count)

    def fallen_by(self, seq: int) -> int:
        """How many instalments fall on meetings up to this one, it included."""
        if self.seqs:
            return bisect_right(self.seqs, seq)
        return max(0, min(self.terms.count, (seq - self.first_seq) // self.terms.every_weeks + 1))

    def number_at(self, seq: int) -> int | None:
        """The instalment that falls due at this meeting; None where none does."""
        number = self.fallen_by(seq)
        return number if number and self.seq_of(number) == seq else None

    def counted_from(self, total_paid: Rupiah) -> int | None:
        """The meeting since which the loan is late, or will be: that of the first instalment not fully paid; None once repaid."""
        number = next_unpaid(self.terms, total_paid)
        if number is None:
            return None
        return self.late_since if self.late_since is not None and number == self.kept + 1 else self.seq_of(number)

    def asked(self, seq: int, total_paid: Rupiah) -> tuple[int | None, Rupiah, Rupiah]:
        """What the sheet of a meeting asks: the number of the instalment due there, what is unpaid of it, and of the earlier ones."""
        number = self.number_at(seq)
        if number is None:
            return None, 0, max(0, cumulative_due(self.terms, self.fallen_by(seq)) - total_paid)
        return number, *due_and_arrears(self.terms, number, total_paid)


@dataclass(frozen=True)
class NewDue:
    """One instalment of what is left: at which meeting, how much."""

    seq: int
    total: Rupiah


def evenly(left: Rupiah, count: int, coin: Rupiah) -> list[Rupiah]:
    """What is left in so many equal instalments, rounded up to the coin, the last one the rest; refused (`instalments_out_of_range`) where
    there would be more than `LONGEST`, or more than rupiah."""
    if not 0 < count <= min(LONGEST, left):
        raise Refusal("instalments_out_of_range", at="weeks", most=min(LONGEST, left))
    each = equal_instalment(left, count, coin)
    return [min(each, left - before) for before in range(0, left, each)]


def check_left(totals: Sequence[Rupiah], left: Rupiah) -> None:
    """Refuse a plan that does not ask for exactly what is owed: `schedule_differs`; one of more than `LONGEST` rows
    (`instalments_out_of_range`); one with a row of nothing (`too_small`) or without sense (`too_large`)."""
    if len(totals) > LONGEST:
        raise Refusal("instalments_out_of_range", at="schedule", most=LONGEST)
    for place, total in enumerate(totals):
        check_amount(total, f"schedule.{place}.total")
    if sum(totals) != left:
        raise Refusal("schedule_differs", at="schedule", sum=sum(totals), left=left)


def on_meetings(schedule: Sequence[tuple[date, Rupiah]], ahead: Mapping[date, int]) -> list[NewDue]:
    """The meetings on which these days lie; refused (`not_a_meeting`) for a day that is none of those `ahead` (day to `seq`), and
    (`dates_not_rising`) for one that does not come after the one before it."""
    for place, (due_on, _) in enumerate(schedule):
        if due_on not in ahead:
            raise Refusal("not_a_meeting", at=f"schedule.{place}.due_on", on=due_on)
        if place and due_on <= schedule[place - 1][0]:
            raise Refusal("dates_not_rising", at=f"schedule.{place}.due_on", on=due_on)
    return [NewDue(ahead[due_on], total) for due_on, total in schedule]


def rearranged(plan: Plan, total_paid: Rupiah, dues: Sequence[NewDue], *, held_seq: int, late_since: int | None) -> Plan:
    """The plan after what is left was put on new meetings: what is paid stays in the rows that it paid, the rest is `dues`.

    `held_seq` is the group's last meeting until that day: a row that was paid ahead of its own meeting counts as due there. The margin
    still owed is spread over the new rows as their sums are (margin × due ÷ left), so that no part of any row is negative.
    """
    old = plan.terms
    paid = [(number, amount) for number, amount in enumerate(paid_by_instalment(old, total_paid), 1) if amount]
    before = allocate(old, total_paid)
    left, margin = old.total - total_paid, old.margin - before.margin
    seqs = [min(plan.seq_of(number), held_seq) for number, _ in paid]
    explicit, margins = [], []
    for number, amount in paid:
        explicit.append(cumulative_due(old, number - 1) + amount)
        margins.append(cumulative_margin(old, number))
    if margins:
        margins[-1] = before.margin
    since = 0
    for due in dues:
        since += due.total
        seqs.append(due.seq)
        explicit.append(total_paid + since)
        margins.append(before.margin + divide_half_up(margin * since, left))
    terms = replace(old, count=len(seqs), explicit=tuple(explicit), explicit_margin=tuple(margins))
    return Plan(terms, plan.first_seq, tuple(seqs), len(paid), late_since)


def clean_payments(dues: Sequence[tuple[date, Rupiah]], paid: Sequence[tuple[date, Rupiah]], on: date) -> int:
    """How many instalments in a row were paid whole and on time by the end of `on`; once they are `CLEAN_ENOUGH`, so many for ever.

    `dues`: each new instalment's day and what must be paid in all by then; `paid`: what was paid in all by the end of each day on which
    that changed, until `on`. What was paid on time and taken back since was not paid on time.
    """
    days = [day for day, _ in paid]
    lowest = [amount for _, amount in paid]
    for place in range(len(lowest) - 2, -1, -1):
        lowest[place] = min(lowest[place], lowest[place + 1])
    in_a_row = 0
    for due_on, wanted in dues:
        place = bisect_right(days, min(due_on, on))
        if place and lowest[place - 1] >= wanted:
            in_a_row += 1
        elif due_on > on:
            break
        else:
            in_a_row = 0
        if in_a_row == CLEAN_ENOUGH:
            break
    return in_a_row
