"""What an act books, told before anybody confirms it: the same legs that it would post."""

from dataclasses import dataclass
from datetime import date

from lending.domain.ledger import Account, Leg
from lending.domain.money import Rupiah


@dataclass(frozen=True)
class Effect:
    """The legs of the entry, and the day on which they count; no legs where nothing is left to book."""

    on: date
    legs: tuple[Leg, ...]

    def of(self, account: Account) -> Rupiah:
        """What it moves on one account: debit positive."""
        return sum(leg.amount for leg in self.legs if leg.account is account)

    @property
    def received(self) -> Rupiah:
        """What comes into the vault; negative where it is paid out."""
        return self.of(Account.VAULT_CASH)
