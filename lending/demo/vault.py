"""The cash of the demo: what head office sends, what goes out as loans, and what the officers bring in the evening."""

from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

from lending.actions import cash, days
from lending.demo.people import UNIT_NAMES
from lending.demo.stage import Stage, in_notes
from lending.domain.calendar import DAY, is_lawful
from lending.domain.money import Rupiah
from lending.queries.days import open_days, vault_on

KEEPS_AT_LEAST: Rupiah = 120_000_000
"""So much lies in the vault after every loan; head office sends more before there is less."""

IS_SENT: Rupiah = 150_000_000

STILL_HOLDS_CASH, FOR_DAYS = "officer2", timedelta(days=4)
"""Who has not handed over what she took in the last days."""

CLOSED_DAILY, LEFT_OPEN = timedelta(weeks=6), timedelta(days=7)
"""Since when the head closes every day; the days of the last week wait for her."""

SHORT_HANDOVER: Rupiah = 2_000
"""What is missing when `officer` hands over for the twentieth time."""


def make_room_for(stage: Stage, unit: str, amount: Rupiah) -> None:
    """See to it that this much can be taken out of the unit's vault."""
    if stage.vault[unit] - amount < KEEPS_AT_LEAST:
        sent = cash.Transfer(stage.uuid(), stage.day, IS_SENT, "head_office", "vault", "Dropping modal dari kantor pusat")
        cash.transfer(sent, stage.staff(unit, "cashier"))
        stage.vault[unit] += IS_SENT


def hand_over(stage: Stage) -> None:
    """In the evening each officer says what she carries, and the cashier counts what she brings; then she holds nothing."""
    for (unit, officer), held in sorted(stage.purses.items()):
        if not held or not is_lawful(stage.day, stage.holidays):
            continue
        said = cash.Declaration(str(uuid5(NAMESPACE_OID, f"{officer} {stage.day}")), stage.day, held, in_notes(held))
        cash.declare_cash(said, stage.actor(officer))
        if officer == STILL_HOLDS_CASH and stage.day >= stage.on - FOR_DAYS:
            continue
        stage.handovers[officer] += 1
        is_short = (officer, stage.handovers[officer]) == ("officer", 20)
        counted = held - SHORT_HANDOVER if is_short else held
        reason = "Selisih uang receh, dihitung dua kali" if is_short else None
        received = cash.Handover(stage.uuid(), officer, stage.day, counted, in_notes(counted), reason)
        cash.hand_over(received, stage.staff(unit, "cashier"))
        stage.purses[unit, officer] = 0
        stage.vault[unit] += counted


def close_books(stage: Stage) -> None:
    """Later in the evening each head counts the vault and closes the day, where it has entries and nobody holds cash any more.

    Until some weeks ago she did so at the end of a month only, and the days before it were closed along uncounted.
    """
    if stage.day >= stage.on - LEFT_OPEN or not (stage.day >= stage.on - CLOSED_DAILY or (stage.day + DAY).day == 1):
        return
    for unit in UNIT_NAMES:
        head = stage.staff(unit, "head")
        assert head.unit_id is not None
        if any(held for (whose, _officer), held in stage.purses.items() if whose == unit):
            continue
        waiting = open_days(head.unit_id, before=stage.day + DAY)
        if waiting:
            counted = vault_on(head.unit_id, stage.day)
            days.close_day(days.Count(stage.day, counted, in_notes(counted), earlier_too=len(waiting) > 1), head)
