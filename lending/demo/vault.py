"""The cash of the demo: what head office sends, what goes out as loans, and what the officers bring in the evening."""

from datetime import timedelta

from lending.actions import cash
from lending.demo.stage import Stage
from lending.domain.calendar import is_lawful
from lending.domain.money import Rupiah

KEEPS_AT_LEAST: Rupiah = 120_000_000
"""So much lies in the vault after every loan; head office sends more before there is less."""

IS_SENT: Rupiah = 150_000_000

STILL_HOLDS_CASH, FOR_DAYS = "officer2", timedelta(days=4)
"""Who has not handed over what she took in the last days."""

SHORT_HANDOVER: Rupiah = 2_000
"""What is missing when `officer` hands over for the twentieth time."""


def make_room_for(stage: Stage, unit: str, amount: Rupiah) -> None:
    """See to it that this much can be taken out of the unit's vault."""
    if stage.vault[unit] - amount < KEEPS_AT_LEAST:
        sent = cash.Transfer(stage.uuid(), stage.day, IS_SENT, "head_office", "vault", "Dropping modal dari kantor pusat")
        cash.transfer(sent, stage.staff(unit, "cashier"))
        stage.vault[unit] += IS_SENT


def hand_over(stage: Stage) -> None:
    """In the evening the cashier counts what each officer brings, who then holds nothing."""
    for (unit, officer), held in sorted(stage.purses.items()):
        keeps = officer == STILL_HOLDS_CASH and stage.day >= stage.on - FOR_DAYS
        if not held or keeps or not is_lawful(stage.day, stage.holidays):
            continue
        stage.handovers[officer] += 1
        is_short = (officer, stage.handovers[officer]) == ("officer", 20)
        counted = held - SHORT_HANDOVER if is_short else held
        reason = "Selisih uang receh, dihitung dua kali" if is_short else None
        cash.hand_over(cash.Handover(stage.uuid(), officer, stage.day, counted, None, reason), stage.staff(unit, "cashier"))
        stage.purses[unit, officer] = 0
        stage.vault[unit] += counted
