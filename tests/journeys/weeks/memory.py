"""What the random weeks remember by themselves: a small set of books, kept by the contract's words and without a rule of the house's own.

A loan is a list of instalments, each so much margin and so much principal, and money fills them one after the other. Everything else is a
sum by account. The house is right when its books, loan by loan and purse by purse, are these.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from lending.domain.ledger import Account
from tests.furnished import LENT_ON, House

A_DAY = timedelta(days=1)

Row = tuple[int, int]
"""The margin and the principal of one instalment."""

PRODUCTS = {"MEKAAR": (1, 500, True), "MEKAAR-SYARIAH": (1, 500, True), "DUA-MINGGU": (2, 500, True), "POKOK-DULU": (1, 1_000, False)}
"""Those of the seed, and two made for these weeks: every how many weeks an instalment, its coin, whether margin is filled first."""


def half_up(number: int, by: int) -> int:
    return (2 * number + by) // (2 * by)


def instalments(principal: int, weeks: int, product: str) -> list[Row]:
    """A loan at 25 % on a year of 50 weeks, in equal instalments rounded up to the coin."""
    every, coin, _ = PRODUCTS[product]
    margin, count = half_up(principal * weeks, 4 * 50), weeks // every
    each = -(-(principal + margin) // (count * coin)) * coin
    due = [min(each * number, principal + margin) for number in range(count + 1)]
    earned = [max(half_up(margin * number, count), due[number] - principal) for number in range(count + 1)]
    return [(earned[k + 1] - earned[k], due[k + 1] - due[k] - earned[k + 1] + earned[k]) for k in range(count)]


@dataclass
class Payment:
    """Money on a loan: since when it counts, and until when if it was taken back; `cash` is less where margin was let off."""

    held_on: date
    amount: int
    cash: int
    undone_on: date | None = None


@dataclass
class Lent:
    """A loan as it is remembered."""

    loan_id: int
    member: int
    rows: list[Row]
    margin_first: bool
    agreed_on: date
    """When it was paid out, or its newest plan agreed."""
    payments: list[Payment] = field(default_factory=list)
    ended: str | None = None
    """`settled`, `written_off` or `cleared`."""
    ended_on: date | None = None
    came_after: int = 0
    """Of a loan that has ended: what has been recovered, or paid by the insurer."""
    restructured: bool = False

    @property
    def total(self) -> int:
        return sum(map(sum, self.rows))

    @property
    def paid(self) -> int:
        return sum(one.amount for one in self.payments if one.undone_on is None)

    @property
    def left(self) -> int:
        return self.total - self.paid

    @property
    def runs(self) -> bool:
        return self.ended is None and self.left > 0

    @property
    def state(self) -> str:
        if self.ended in ("written_off", "cleared"):
            return self.ended
        return "repaid" if self.left == 0 else "restructured" if self.restructured else "running"

    def fill(self, amount: int) -> list[Row]:
        """How a sum fills the instalments, the oldest first: what each that gets anything gets."""
        filled = []
        for margin, principal in self.rows:
            here = min(amount, margin + principal)
            first = min(here, margin if self.margin_first else principal)
            filled.append((first, here - first) if self.margin_first else (here - first, first))
            amount -= here
            if not amount:
                break
        return [row for row in filled if any(row)]

    def split(self, amount: int) -> Row:
        """The margin and the principal in a sum paid."""
        filled = self.fill(amount)
        return sum(margin for margin, _ in filled), sum(principal for _, principal in filled)

    @property
    def owed(self) -> int:
        """The principal that is not paid."""
        return sum(principal for _, principal in self.rows) - self.split(self.paid)[1]

    def on_new_days(self, sums: Sequence[int], on: date) -> None:
        """What was paid stays as it is; what is left is paid in these sums, its margin spread over them as they are."""
        kept, left = self.fill(self.paid), self.left
        margin = sum(row[0] for row in self.rows) - sum(row[0] for row in kept)
        earned = [half_up(margin * so_far, left) for so_far in accumulate(sums, initial=0)]
        self.rows = kept + [(earned[k + 1] - earned[k], part - earned[k + 1] + earned[k]) for k, part in enumerate(sums)]
        self.restructured, self.agreed_on = True, on


@dataclass
class Memory:
    """The unit's money by account and sub-account, its loans, its women."""

    books: Counter[tuple[Account, int]] = field(default_factory=Counter)
    vault: list[tuple[date, int]] = field(default_factory=list)
    """What came into the vault, and went out of it, on which day of the books."""
    purses: dict[int, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    """The same of each officer's cash."""
    loans: dict[int, Lent] = field(default_factory=dict)
    group_of: dict[int, int] = field(default_factory=dict)
    joined_on: dict[int, date] = field(default_factory=dict)
    left_on: dict[int, date] = field(default_factory=dict)
    saved: dict[tuple[Account, int], list[tuple[date, int]]] = field(default_factory=dict)
    closed_up_to: date = date.min

    @classmethod
    def of(cls, house: House) -> "Memory":
        """The furnished house: 200 million in the vault, and a loan of two million for each woman of Melati."""
        memory = cls()
        memory.into_vault(200_000_000, LENT_ON - 28 * A_DAY, Account.HEAD_OFFICE)
        memory.group_of = dict.fromkeys(house.women, house.melati) | dict.fromkeys(house.others, house.kenanga)
        for loan_id, member in zip(house.loans, house.women, strict=True):
            memory.lend(loan_id, member, 2_000_000, 50, "MEKAAR", LENT_ON)
        return memory

    def move(self, amount: int, to: Account, at: Account, *, to_whom: int = 0, at_whom: int = 0) -> None:
        """So much to one account, at the cost of the other."""
        self.books[to, to_whom] += amount
        self.books[at, at_whom] -= amount

    def into_vault(self, amount: int, on: date, at: Account, whom: int = 0) -> None:
        self.move(amount, Account.VAULT_CASH, at, at_whom=whom)
        self.vault.append((on, amount))

    def save(self, account: Account, member: int, amount: int, on: date) -> None:
        """What is kept for her becomes more, or less."""
        self.books[account, member] -= amount
        self.saved.setdefault((account, member), []).append((on, amount))

    def can_be_taken(self, account: Account, member: int, on: date) -> int:
        """What she had on that day and on every day since."""
        return max(0, self.least(self.saved.get((account, member), []), on))

    def into_purse(self, officer: int, amount: int, on: date) -> None:
        self.books[Account.OFFICER_CASH, officer] += amount
        self.purses[officer].append((on, amount))

    def least(self, moved: Sequence[tuple[date, int]], on: date) -> int:
        """The least there was on that evening and on every evening since."""
        evenings = {on} | {day for day, _ in moved if day > on}
        return min(sum(amount for when, amount in moved if when <= day) for day in evenings)

    def in_vault(self, on: date = date.max) -> int:
        return sum(amount for day, amount in self.vault if day <= on)

    def day_in_books(self, wanted: date, today: date) -> date:
        """The day itself; for a meeting's late fact the first open one."""
        return wanted if wanted > self.closed_up_to else max(today, self.closed_up_to + A_DAY)

    def lend(self, loan_id: int, member: int, principal: int, weeks: int, product: str, on: date) -> None:
        """Principal out of the vault, a twentieth of it kept for her."""
        upj = half_up(principal, 20)
        self.loans[loan_id] = Lent(loan_id, member, instalments(principal, weeks, product), PRODUCTS[product][2], on)
        self.into_vault(upj - principal, on, Account.LOAN_PRINCIPAL, loan_id)
        self.save(Account.UPJ, member, upj, on)
        self.settle_figures(loan_id)

    def settle_figures(self, loan_id: int) -> None:
        """What a loan's own accounts say follows from what is paid on it, however it came."""
        loan = self.loans[loan_id]
        gone = loan.ended in ("written_off", "cleared")
        self.books[Account.LOAN_PRINCIPAL, loan_id] = 0 if gone else loan.owed
        self.books[Account.MARGIN_INCOME, loan_id] = -loan.split(loan.paid)[0]

    def pay(self, loan_id: int, on: date, amount: int, cash: int | None = None) -> Payment:
        payment = Payment(on, amount, amount if cash is None else cash)
        self.loans[loan_id].payments.append(payment)
        self.settle_figures(loan_id)
        return payment

    def running(self, member: int | None = None) -> list[Lent]:
        return [loan for loan in self.loans.values() if loan.runs and member in (None, loan.member)]

    def women(self, group: int | None = None) -> list[int]:
        """Those who belong to a group now."""
        return [one for one, of in self.group_of.items() if one not in self.left_on and group in (None, of)]
