"""What the building of the demo carries along: the dice, the day it has come to, who acts, and what is still to happen."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from lending.demo.plan import GroupPlan, Part
from lending.domain.access import Actor, Person
from lending.domain.calendar import DAY, Holiday, is_lawful
from lending.domain.collection import NOTES
from lending.domain.money import Rupiah
from lending.queries import accounts
from lending.queries.calendars import CalendarMeeting

Event = Callable[[], None]


@dataclass
class GroupAtWork:
    """A group once it is formed: its women by member id, its calendar by day, and what is remembered from meeting to meeting."""

    plan: GroupPlan
    id: int = 0
    women: dict[int, Part] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    leader: int = 0
    calendar: dict[date, CalendarMeeting] = field(default_factory=dict)
    catches_up_after: dict[int, int] = field(default_factory=dict)
    """Of a woman who is behind: at how many more meetings she will still be."""
    principal: dict[int, Rupiah] = field(default_factory=dict)
    """What each woman asked for last."""
    weekly: dict[int, Rupiah] = field(default_factory=dict)
    """Of a woman who pays ahead: what she pays a week."""
    promised: dict[int, date] = field(default_factory=dict)
    """Agreed actions that no visit has settled, and when each is due."""


@dataclass
class Counted:
    """What has been made so far, of the demo unit."""

    groups: int = 0
    members: int = 0
    loans: int = 0
    meetings: int = 0


class Stage:
    """Where the story is told, day by day."""

    def __init__(self, on: date, dice: Random, holidays: Mapping[date, Holiday]) -> None:
        self.on = on
        self.day = date.min
        self.dice = dice
        self.holidays = holidays
        self.groups: list[GroupAtWork] = []
        self.has_lent = False
        self.vault: defaultdict[str, Rupiah] = defaultdict(int)
        self.purses: defaultdict[tuple[str, str], Rupiah] = defaultdict(int)
        self.handovers: defaultdict[str, int] = defaultdict(int)
        self.counted: defaultdict[str, Counted] = defaultdict(Counted)
        self._people: dict[str, Person] = {}
        self._agenda: defaultdict[date, list[Event]] = defaultdict(list)

    def later(self, day: date, event: Event) -> None:
        """Let this happen on that day, or today where that is past; what would come after the last day does not happen."""
        self._agenda[max(day, self.day)].append(event)

    def first_day(self) -> date:
        """The first day on which something is to happen."""
        return min(self._agenda)

    def happen(self, day: date) -> None:
        """Let everything happen that belongs to this day, also what is only decided in the course of it."""
        self.day = day
        events = self._agenda[day]
        while events:
            events.pop(0)()
        del self._agenda[day]

    def actor(self, username: str) -> Actor:
        """Somebody who signs in, acting today."""
        if username not in self._people:
            account = accounts.account(username)
            if account is None:
                raise AssertionError(f"nobody is called {username}")
            self._people[username] = account.person
        return self._people[username].acting(self.day)

    def staff(self, unit: str, role: str) -> Actor:
        """The head or cashier of a unit, acting today; their user names say whose they are."""
        return self.actor(role if unit == "JMB" else f"{unit.lower()}-{role}")

    def uuid(self) -> str:
        """The id that a phone would have made."""
        return str(UUID(int=self.dice.getrandbits(128), version=4))

    def moment(self, at: str, minutes: int, on: date | None = None) -> datetime:
        """That day, by default today, at an hour such as `09:00`, and so many minutes later."""
        return datetime.combine(on or self.day, time.fromisoformat(at), ZoneInfo("Asia/Jakarta")) + timedelta(minutes=minutes)

    def working_day(self, day: date) -> date:
        """That day, or the next on which the office works: no Sunday, no national holiday."""
        while not is_lawful(day, self.holidays):
            day += DAY
        return day


def in_notes(amount: Rupiah) -> dict[Rupiah, int] | None:
    """As few notes and coins as can be; None for an amount that has none."""
    counted = {}
    for note in NOTES:
        if note != 75_000 and amount >= note:  # the 75,000 is a souvenir
            counted[note], amount = divmod(amount, note)
    return counted if amount == 0 else None
