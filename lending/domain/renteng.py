"""Tanggung renteng: others bring what one woman lacks. What each really paid is recorded; a split is only ever proposed.

Source: domain.md §2.4 and oracle 1.
"""

from lending.domain.money import Rupiah


def equal_shares(amount: Rupiah, payers: int) -> list[Rupiah]:
    """`amount` among `payers` in whole rupiah, as equal as can be; the last ones pay the rupiah more. Sums to the rupiah."""
    share, extra = divmod(amount, payers)
    return [share] * (payers - extra) + [share + 1] * extra
