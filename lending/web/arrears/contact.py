"""May she be called now, and in which words: the law's hours on the wall of the unit, and a polite text to herself alone.

The text is Indonesian whoever sends it: she reads it, and not the officer.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from lending import clock
from lending.domain.access import Actor
from lending.domain.arrears import FIRST_HOUR, may_contact
from lending.domain.calendar import HolidayKind
from lending.domain.cases import next_contact
from lending.i18n import formats
from lending.i18n.catalogue import SOURCE
from lending.queries import admin
from lending.queries.cases import Case
from lending.web import filters

GREETINGS = ((11, "pagi"), (15, "siang"), (18, "sore"), (24, "malam"))
"""Until which hour, and how one greets."""

REMINDER = "Selamat {part} Ibu {name}, terima kasih sudah berjanji membayar {sum} pada {day}. Sampai jumpa ya, Bu."
QUESTION = (
    "Selamat {part} Ibu {name}, angsuran kelompok {group} yang jatuh tempo {day} masih kurang {sum}. "
    "Kapan Ibu bisa membayarnya? Bila ada kesulitan, mari kita bicarakan."
)
"""What she reads: no sum of others, no number of hers, nothing that shames or threatens."""


@dataclass(frozen=True)
class Hours:
    """Whether she may be called at this moment, and from when on otherwise."""

    open: bool
    next: datetime
    now: datetime

    @property
    def said(self) -> str:
        """The sentence that stands in place of the buttons."""
        day, hour = filters.long_date(self.next.date()), filters.hour(self.next.timetz())
        return str(_("Boleh dihubungi lagi %(day)s pukul %(hour)s.", day=day, hour=hour))


def hours(by: Actor) -> Hours:
    """The law's hours by the wall clock of her unit, on its business date."""
    wall = clock.now().astimezone(ZoneInfo(by.zone))
    now = datetime.combine(by.today, wall.time())
    national = {day for day, holiday in admin.holiday_calendar().items() if holiday.kind is HolidayKind.NATIONAL}
    return Hours(may_contact(now, national), next_contact(now, national), now)


def whatsapp(case: Case, at: Hours) -> str | None:
    """The link that opens WhatsApp with a polite text to herself."""
    phone = case.late.phone
    part = next(part for until, part in GREETINGS if at.now.hour < until)
    return None if phone is None else f"https://wa.me/{phone.lstrip('+')}?text={quote(text(case, part))}"


def lawful_days(by: Actor, days: int) -> list[date]:
    """Of today and the days after it those on which she may be called, from the first hour to the last."""
    national = {day for day, holiday in admin.holiday_calendar().items() if holiday.kind is HolidayKind.NATIONAL}
    ahead = [by.today + timedelta(days=more) for more in range(days)]
    return [day for day in ahead if may_contact(datetime.combine(day, time(FIRST_HOUR)), national)]


def text(case: Case, part: str) -> str:
    """What she reads, in the words of that part of the day."""
    late, promise = case.late, case.promise
    known = {"part": part, "name": late.member_name.split()[0]}
    if case.situation.reminder_due and promise is not None:
        amount = formats.rupiah(promise.amount or late.overdue, SOURCE)
        return REMINDER.format(**known, sum=amount, day=formats.long_date(promise.on, SOURCE))
    due, amount = formats.long_date(late.oldest_due, SOURCE), formats.rupiah(late.overdue, SOURCE)
    return QUESTION.format(**known, group=late.group_name, day=due, sum=amount)
