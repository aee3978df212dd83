"""Reports that go out by themselves after a night: how often, in which form, to whom, and for which dates they are owed.

A schedule owes a report for a business date once the night has closed it. What was slept through is caught up, but nobody's mailbox is
filled with the past: the newest date that is owed, and those of the week before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lending.domain.refusals import FieldFault, Refusal

MOST_ADDRESSES = 20
CATCH_UP = timedelta(days=7)
"""Dates owed for longer than this are let go, but for the newest."""

_SUNDAY = 7
_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+",
    re.ASCII,
)


class Every(StrEnum):
    """How often: after each night, after Sunday's, after a month's last."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class FileForm(StrEnum):
    """As which file."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class Wanted:
    """What is to go out, how often, as which file, and where to: into the folder, to mail addresses, or both."""

    reports: Sequence[str]
    every: Every
    form: FileForm
    to_folder: bool
    addresses: Sequence[str]


def check_wanted(wanted: Wanted, *, has_folder: bool, has_mail: bool) -> None:
    """Refuse what could not be sent, each fault at its field.

    Refused: `required` (no report), `folder_not_set_up`, `mail_not_set_up`, `address_format`, `too_many_addresses`, `nowhere_to_send`.
    """
    faults: list[FieldFault] = []
    if not wanted.reports:
        faults.append(FieldFault("reports", "required"))
    if wanted.to_folder and not has_folder:
        faults.append(FieldFault("to_folder", "folder_not_set_up"))
    if wanted.addresses and not has_mail:
        faults.append(FieldFault("addresses", "mail_not_set_up"))
    wrong = next((one for one in wanted.addresses if not _ADDRESS.fullmatch(one)), None)
    if wrong is not None:
        faults.append(FieldFault("addresses", "address_format", {"typed": wrong[:60]}))
    if len(wanted.addresses) > MOST_ADDRESSES:
        faults.append(FieldFault("addresses", "too_many_addresses", {"most": MOST_ADDRESSES}))
    if not wanted.to_folder and not wanted.addresses:
        faults.append(FieldFault("to_folder" if has_folder else "addresses", "nowhere_to_send"))
    if faults:
        raise Refusal(faults[0].code, faults=faults, **faults[0].facts)


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses in what somebody typed, one a line or with commas between them; the same one twice is one."""
    found = [one for one in re.split(r"[\s,;]+", text) if one]
    return tuple({one.lower(): one for one in reversed(found)}[key] for key in dict.fromkeys(one.lower() for one in found))


def falls_on(every: Every, on: date) -> bool:
    """Whether a report is owed for this date."""
    match every:
        case Every.DAILY:
            return True
        case Every.WEEKLY:
            return on.isoweekday() == _SUNDAY
        case Every.MONTHLY:
            return (on + timedelta(days=1)).day == 1


def begins(every: Every, on: date) -> date | None:
    """The first day that the report of this date tells of: the week's Monday, the month's first; None for what the report usually does."""
    match every:
        case Every.DAILY:
            return None
        case Every.WEEKLY:
            return on - timedelta(days=6)
        case Every.MONTHLY:
            return on.replace(day=1)


def owed(every: Every, since: date, until: date) -> list[date]:
    """The dates for which a report should be out, oldest first, where the nights are closed up to `until`.

    The newest whatever its age, if it is not before `since`; others only where they lie within `CATCH_UP` of `until`.
    """
    found: list[date] = []
    on = until
    while on >= since and (not found or on > until - CATCH_UP):
        if falls_on(every, on):
            found.append(on)
        on -= timedelta(days=1)
    return found[::-1]
