"""The double-entry journal: the accounts, the legs, and each business fact told as legs that sum to zero.

Debit is positive, credit negative. Source: design §4 *Accounts*, api-detail part 4 *GET /journal*.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lending.domain.allocation import Allocation
from lending.domain.money import Rupiah


class Account(StrEnum):
    """The few accounts; the words are the contract's."""

    OFFICER_CASH = "officer_cash"
    VAULT_CASH = "vault_cash"
    BANK = "bank"
    HEAD_OFFICE = "head_office"
    LOAN_PRINCIPAL = "loan_principal"
    MARGIN_INCOME = "margin_income"
    SAVINGS = "savings"
    UPJ = "upj"
    OVER_SHORT = "over_short"
    WRITE_OFF = "write_off"
    RECOVERY = "recovery"
    REBATE = "rebate"
    DEATH_CLAIM = "death_claim"
    OPENING = "opening"


CODES: dict[Account, str] = {
    Account.OFFICER_CASH: "1110",
    Account.VAULT_CASH: "1120",
    Account.BANK: "1130",
    Account.HEAD_OFFICE: "1910",
    Account.LOAN_PRINCIPAL: "1210",
    Account.DEATH_CLAIM: "1310",
    Account.SAVINGS: "2110",
    Account.UPJ: "2120",
    Account.OPENING: "3110",
    Account.MARGIN_INCOME: "4110",
    Account.RECOVERY: "4210",
    Account.OVER_SHORT: "5110",
    Account.WRITE_OFF: "5210",
    Account.REBATE: "5310",
}
"""Codes an accountant knows: 1 assets, 2 what we owe, 3 equity, 4 income, 5 cost."""


class AccountClass(StrEnum):
    """What an account is a part of."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    COST = "cost"


def class_of(account: Account) -> AccountClass:
    """The class of an account, which the first digit of its code says."""
    return tuple(AccountClass)[int(CODES[account][0]) - 1]


AT_EVERY_MEETING = frozenset({Account.OFFICER_CASH, Account.LOAN_PRINCIPAL, Account.MARGIN_INCOME, Account.SAVINGS})
"""The accounts with by far the most legs: nearly every entry of a unit has one."""

NEVER_NEGATIVE = frozenset(
    {Account.OFFICER_CASH, Account.VAULT_CASH, Account.LOAN_PRINCIPAL, Account.WRITE_OFF, Account.REBATE, Account.DEATH_CLAIM}
)
"""Debit accounts whose every sub-account (an officer's purse, a unit's vault, a loan) stays at zero or above."""

NEVER_POSITIVE = frozenset({Account.SAVINGS, Account.UPJ, Account.MARGIN_INCOME, Account.RECOVERY})
"""Credit accounts whose every sub-account stays at zero or below."""


class EntryKind(StrEnum):
    """What an entry tells."""

    OPENING = "opening"
    DISBURSEMENT = "disbursement"
    COLLECTION = "collection"
    SAVINGS = "savings"
    HANDOVER = "handover"
    TRANSFER = "transfer"
    SETTLEMENT = "settlement"
    WRITE_OFF = "write_off"
    RECOVERY = "recovery"
    DEATH = "death"
    RESTRUCTURE = "restructure"
    UPJ = "upj"
    REVERSAL = "reversal"
    OVER_SHORT = "over_short"


CREDITED = (Account.LOAN_PRINCIPAL, Account.MARGIN_INCOME)
"""The accounts whose legs say what a loan has been paid, `NO_PAYMENT` apart."""

NO_PAYMENT = (EntryKind.OPENING, EntryKind.DISBURSEMENT, EntryKind.WRITE_OFF, EntryKind.DEATH)
"""Entries that change what is owed on a loan and pay nothing of it. What had been paid when a loan was taken over stands in its opening
entry, and is there from the loan's first day in these books."""

IN_CASH = (*CREDITED, Account.REBATE)
"""With the margin that was let off at a settlement, whose leg is a debit: what remains is what somebody handed over."""


@dataclass(frozen=True)
class Leg:
    """One signed line: debit positive, credit negative, never 0; the sub-account it belongs to, where it has one."""

    account: Account
    amount: Rupiah
    loan_id: int | None = None
    member_id: int | None = None
    user_id: int | None = None


def balanced(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The legs without the empty ones; an entry that does not sum to zero, or has fewer than two legs, is a bug and stops here."""
    kept = tuple(leg for leg in legs if leg.amount != 0)
    if len(kept) < 2 or sum(leg.amount for leg in kept) != 0:
        raise AssertionError(f"unbalanced entry: {kept}")
    return kept


def control_total(legs: Sequence[Leg]) -> Rupiah:
    """The sum of the debits: stored with the entry, so that a lost leg is noticed even if its mirror is lost too."""
    return sum(leg.amount for leg in legs if leg.amount > 0)


def disbursement(principal: Rupiah, upj: Rupiah, *, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """A loan paid out of the vault: the member receives the principal less the UPJ held for her (design §4)."""
    return balanced(
        (
            Leg(Account.LOAN_PRINCIPAL, principal, loan_id=loan_id, member_id=member_id),
            Leg(Account.VAULT_CASH, upj - principal),
            Leg(Account.UPJ, -upj, member_id=member_id),
        )
    )


def opening_loan(principal: Rupiah, paid: Allocation, *, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """A running loan taken over from other books: lent in full, and paid in part, against the opening balance."""
    return balanced(
        (
            Leg(Account.LOAN_PRINCIPAL, principal, loan_id=loan_id, member_id=member_id),
            Leg(Account.LOAN_PRINCIPAL, -paid.principal, loan_id=loan_id, member_id=member_id),
            Leg(Account.MARGIN_INCOME, -paid.margin, loan_id=loan_id, member_id=member_id),
            Leg(Account.OPENING, paid.total - principal),
        )
    )


def opening_savings(amount: Rupiah, *, member_id: int) -> tuple[Leg, ...]:
    """Savings of hers taken over from other books."""
    return balanced((Leg(Account.OPENING, amount), Leg(Account.SAVINGS, -amount, member_id=member_id)))


def collection(credited: Allocation, *, loan_id: int, member_id: int, officer_id: int) -> tuple[Leg, ...]:
    """Money received on a loan, into the officer's hands: her own and what others paid for her alike (domain.md §2.4)."""
    return balanced(
        (
            Leg(Account.OFFICER_CASH, credited.margin + credited.principal, user_id=officer_id),
            Leg(Account.MARGIN_INCOME, -credited.margin, loan_id=loan_id, member_id=member_id),
            Leg(Account.LOAN_PRINCIPAL, -credited.principal, loan_id=loan_id, member_id=member_id),
        )
    )


def savings_deposit(amount: Rupiah, *, member_id: int, officer_id: int) -> tuple[Leg, ...]:
    """Voluntary savings handed over at the meeting: owed to the member, never income."""
    return balanced((Leg(Account.OFFICER_CASH, amount, user_id=officer_id), Leg(Account.SAVINGS, -amount, member_id=member_id)))


def savings_at_unit(amount: Rupiah, *, member_id: int) -> tuple[Leg, ...]:
    """Savings brought to the unit, into the vault; what she takes out again is a negative amount."""
    return balanced((Leg(Account.VAULT_CASH, amount), Leg(Account.SAVINGS, -amount, member_id=member_id)))


def upj_refund(amount: Rupiah, *, member_id: int) -> tuple[Leg, ...]:
    """Her UPJ, given back into her hand."""
    return balanced((Leg(Account.UPJ, amount, member_id=member_id), Leg(Account.VAULT_CASH, -amount)))


def upj_to_savings(amount: Rupiah, *, member_id: int) -> tuple[Leg, ...]:
    """Her UPJ, become her savings: no cash moves."""
    return balanced((Leg(Account.UPJ, amount, member_id=member_id), Leg(Account.SAVINGS, -amount, member_id=member_id)))


def over_short(difference: Rupiah, *, officer_id: int) -> tuple[Leg, ...]:
    """Counted cash that differs from the lines: negative when money is missing; named, never smeared over the lines."""
    return balanced((Leg(Account.OFFICER_CASH, difference, user_id=officer_id), Leg(Account.OVER_SHORT, -difference, user_id=officer_id)))


def handover(expected: Rupiah, counted: Rupiah, *, officer_id: int) -> tuple[Leg, ...]:
    """An officer hands her whole purse over: the vault takes what was counted, and a difference is named with her (design §5.6)."""
    return balanced(
        (
            Leg(Account.VAULT_CASH, counted),
            Leg(Account.OFFICER_CASH, -expected, user_id=officer_id),
            Leg(Account.OVER_SHORT, expected - counted, user_id=officer_id),
        )
    )


def vault_difference(difference: Rupiah, *, head_id: int) -> tuple[Leg, ...]:
    """The vault as it was counted at the close of a day: a difference, negative when money is missing, is named with who closed the day."""
    return balanced((Leg(Account.VAULT_CASH, difference), Leg(Account.OVER_SHORT, -difference, user_id=head_id)))


def transfer(amount: Rupiah, source: Account, target: Account) -> tuple[Leg, ...]:
    """Cash moved between vault, bank and head office."""
    return balanced((Leg(target, amount), Leg(source, -amount)))


def settlement(left: Allocation, rebate: Rupiah, *, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """All that was left of a loan comes into the vault at once, less the margin that is let off (muqasah): earned, and given back."""
    return balanced(
        (
            Leg(Account.VAULT_CASH, left.total - rebate),
            Leg(Account.REBATE, rebate, loan_id=loan_id, member_id=member_id),
            Leg(Account.MARGIN_INCOME, -left.margin, loan_id=loan_id, member_id=member_id),
            Leg(Account.LOAN_PRINCIPAL, -left.principal, loan_id=loan_id, member_id=member_id),
        )
    )


def write_off(principal: Rupiah, *, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """Principal that will not come back leaves the receivable; margin was never booked before it was paid, so none is lost."""
    return balanced(
        (
            Leg(Account.WRITE_OFF, principal, loan_id=loan_id, member_id=member_id),
            Leg(Account.LOAN_PRINCIPAL, -principal, loan_id=loan_id, member_id=member_id),
        )
    )


def recovery(amount: Rupiah, *, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """Money that still comes on a loan written off: income, for the loss stays where it is."""
    return balanced((Leg(Account.VAULT_CASH, amount), Leg(Account.RECOVERY, -amount, loan_id=loan_id, member_id=member_id)))


def death(principal: Rupiah, *, claim: bool, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """A member has died: what she owed is owed by the insurer from now on, or is borne by the house."""
    bearer = Account.DEATH_CLAIM if claim else Account.WRITE_OFF
    return balanced(
        (
            Leg(bearer, principal, loan_id=loan_id, member_id=member_id),
            Leg(Account.LOAN_PRINCIPAL, -principal, loan_id=loan_id, member_id=member_id),
        )
    )


def claim_paid(amount: Rupiah, *, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """The insurer pays what she owed, or a part of it."""
    return balanced((Leg(Account.VAULT_CASH, amount), Leg(Account.DEATH_CLAIM, -amount, loan_id=loan_id, member_id=member_id)))


def reallocation(booked: Allocation, wanted: Allocation, *, loan_id: int, member_id: int) -> tuple[Leg, ...]:
    """What moves between margin and principal when a payment that was *not* the last is undone; () when nothing does.

    The mirror takes back the very legs of that payment, but the payments after it now fill other places: without this the books would
    drift from `allocation.allocate`, and the last payment could not be booked. Both allocations have the same total.
    """
    shift = wanted.margin - booked.margin
    if shift == 0:
        return ()
    return balanced(
        (
            Leg(Account.MARGIN_INCOME, -shift, loan_id=loan_id, member_id=member_id),
            Leg(Account.LOAN_PRINCIPAL, shift, loan_id=loan_id, member_id=member_id),
        )
    )


def out_of_vault(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The same legs with the officer's cash taken from the vault: for undoing a meeting whose cash she has handed over."""
    return tuple(replace(leg, account=Account.VAULT_CASH, user_id=None) if leg.account is Account.OFFICER_CASH else leg for leg in legs)


def mirror(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The same legs with the opposite sign: a reversal is a new entry, never an edit (invariant I5)."""
    return balanced(Leg(leg.account, -leg.amount, leg.loan_id, leg.member_id, leg.user_id) for leg in legs)
