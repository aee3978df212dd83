"""What is to happen in the demo, decided before anything does: which groups, since when, and what is in store for each woman.

Everything is counted back from the day the demo stands at, so that it looks the same on whatever weekday that is: the first officer always
has a meeting that day, unless nobody may meet then. What people do from week to week is left to the dice of `meetings.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from random import Random

from lending.demo import words
from lending.demo.women import Woman, Women
from lending.domain.calendar import DAY, SUNDAY, WEEK, Holiday, HolidayRule
from lending.domain.eligibility import SMALLEST_GROUP
from lending.domain.lifecycle import WAITING, LoanState
from lending.domain.money import Rupiah
from lending.reference import load

CONVENTIONAL, SYARIAH = "MEKAAR", "MEKAAR-SYARIAH"

COLLECTING_DAYS = (1, 2, 3, 4)
"""Monday to Thursday: Fridays are for papers and disbursing (domain.md §3). The weekday the demo stands at is always one too."""

HOURS = ("09:00", "10:30", "13:30", "15:00", "08:00", "12:00", "16:30", "18:00")

GATHERED_BEFORE = timedelta(days=17)
"""So long before their first instalments women gather: tests at home, five days of training, the first loans a week before."""

LATE_PERCENT = 4
"""Of a hundred loans so many are late on the day the demo stands at."""

STOPPED_WEEKS_AGO = (11, 7, 6, 3, 2)
"""In the group in trouble: since how many weeks these women have brought nothing. The first is *macet* by now, two are *diragukan*."""

MILDLY_LATE_WEEKS = 3

LEANING = (3, WEEK * 3 + DAY)
"""In so many groups a woman has leaned on the others for so long: not late yet, but early warning sees her."""


SETTLES, DIES = timedelta(days=23), timedelta(days=37)
"""How long ago a woman paid off everything at once, and how long ago one died: in one of the two largest groups each."""

MANY_GROUPS = 6
"""In so many groups and more, loans end in every way there is."""

LEFT_BY_ONE = (2, 7)
"""Of the third group the eighth woman moves away."""


class Fate(StrEnum):
    """What is in store for a woman."""

    BORROWS = "borrows"
    """Takes her first loan with the others."""
    COMES_LATER = "comes_later"
    """Joins a running group; her first proposal is on its way on the day the demo stands at."""
    ONLY_ATTENDS = "only_attends"
    LEAVES = "leaves"
    """Comes for a while without a loan, then moves away."""
    IS_REJECTED = "is_rejected"
    CHANGES_HER_MIND = "changes_her_mind"


@dataclass(frozen=True)
class Part:
    """One woman's part in the story.

    `waits_at` is how far a later comer's proposal gets. `pays_ahead`: two instalments whenever business is good. From `stops_on` on she
    brings nothing; from `leans_from` on others pay a part for her every week, and somebody comes in her stead. `saves` is what she puts
    aside when she can. `above_bounds`: her household earns more than the rule allows. `settles_on`, `dies_on`: how her loan ends early.
    """

    woman: Woman
    fate: Fate
    principal: Rupiah
    waits_at: LoanState = LoanState.RUNNING
    pays_ahead: bool = False
    stops_on: date | None = None
    leans_from: date | None = None
    saves: Rupiah = 0
    above_bounds: bool = False
    settles_on: date | None = None
    dies_on: date | None = None


@dataclass(frozen=True)
class GroupPlan:
    """A group: who serves it, when it meets, on which product it borrows (`weeks` is the length its women chose), and its women.

    `fix` is where it meets, in degrees. `short_at_last` of its women are short at its last meeting before the day the demo stands at.
    """

    unit: str
    nth: int
    officer: str
    mentor: str | None
    name: str
    kelurahan: str
    place: str
    time: str
    first_meeting: date
    formed_on: date
    product: str
    weeks: int
    fix: tuple[float, float]
    parts: tuple[Part, ...] = ()
    in_trouble: bool = False
    short_at_last: int = 0

    @property
    def gathered_on(self) -> date:
        """The day its first women are enrolled."""
        return self.first_meeting - GATHERED_BEFORE


@dataclass(frozen=True)
class Staffed:
    """A unit with whom it has to work: the city's Kemendagri code, about where it lies, its people by user name, and its size."""

    unit: str
    city: str
    fix: tuple[float, float]
    officers: tuple[str, ...]
    mentor: str
    group_names: tuple[str, ...]
    women: tuple[int, int]
    """The fewest and the most women of a group."""

    def places(self, level: str) -> list[str]:
        """The codes of its city's kecamatan or kelurahan."""
        return [region.code for region in load.regions() if region.level == level and region.code.startswith(f"{self.city}.")]


class Planner:
    """Plans groups for the day the demo stands at."""

    def __init__(self, on: date, holidays: Mapping[date, Holiday], dice: Random) -> None:
        self._on = on
        self._holidays = holidays
        self._dice = dice
        self._women = Women(dice)

    def groups(self, unit: Staffed, *, how_many: int, weeks: int) -> list[GroupPlan]:
        """The groups of a unit, oldest first: the oldest with `weeks` meetings behind them. They go to its officers in turn."""
        kelurahan = unit.places("kelurahan")
        chosen = self._dice.sample(kelurahan, min(how_many, len(kelurahan)))
        plans = [self._group(unit, n, how_many, weeks, chosen[n % len(chosen)]) for n in range(how_many)]
        # Who is listed first was formed first, also where holidays have drawn a younger group's weeks out.
        for n in range(how_many - 2, -1, -1):
            plans[n] = replace(plans[n], formed_on=min(plans[n].formed_on, plans[n + 1].formed_on))
        return self._with_other_endings(self._with_leaning_women(self._with_late_women(self._with_later_comers(plans))))

    def _group(self, unit: Staffed, n: int, how_many: int, weeks: int, kelurahan: str) -> GroupPlan:
        turn, days, dice = n // len(unit.officers), self._meeting_days(), self._dice
        first = self._first_meeting(days[turn % len(days)], max(0, weeks - _younger_by(n, how_many, weeks)))
        in_trouble = how_many > 1 and n == min(3, how_many - 1)
        names, again = unit.group_names, n // len(unit.group_names)
        plan = GroupPlan(
            unit=unit.unit,
            nth=n,
            officer=unit.officers[n % len(unit.officers)],
            mentor=None if n % 3 == 2 else unit.mentor,
            name=names[n % len(names)] + (f" {again + 1}" if again else ""),
            kelurahan=kelurahan,
            place=dice.choice(words.MEETING_PLACES),
            time=HOURS[turn // len(days) % len(HOURS)],
            first_meeting=first,
            formed_on=first - GATHERED_BEFORE,
            product=CONVENTIONAL if n % 3 == 0 else SYARIAH,
            weeks=25 if n % 12 in {1, 4, 6, 7, 9, 11} and not in_trouble else 50,
            fix=(round(unit.fix[0] + dice.uniform(-0.03, 0.03), 5), round(unit.fix[1] + dice.uniform(-0.03, 0.03), 5)),
            in_trouble=in_trouble,
        )
        fewest, most = unit.women
        size = dice.randint(fewest + (n == LEFT_BY_ONE[0]), most)
        women = self._women.neighbours(kelurahan, unit.places("kecamatan"), size, plan.gathered_on)
        return replace(plan, parts=tuple(self._part(plan, woman, place) for place, woman in enumerate(women)))

    def _part(self, plan: GroupPlan, woman: Woman, place: int) -> Part:
        dice = self._dice
        fates = {
            (1, 6): Fate.ONLY_ATTENDS,
            LEFT_BY_ONE: Fate.LEAVES,
            (4, 5): Fate.IS_REJECTED,
            (5, 8): Fate.CHANGES_HER_MIND,
            (6, 9): Fate.ONLY_ATTENDS,
            (9, 4): Fate.ONLY_ATTENDS,
        }
        fate = fates.get((plan.nth, place), Fate.BORROWS)
        return Part(
            woman=woman,
            fate=fate,
            principal=dice.choice((2_000_000, 2_000_000, 2_000_000, 2_500_000, 2_500_000, 3_000_000)),
            pays_ahead=plan.weeks == 25 and place > 0 and dice.random() < 0.18,
            saves=dice.choice((2_000, 5_000, 5_000, 10_000)) if dice.random() < 0.35 and fate is not Fate.LEAVES else 0,
            above_bounds=(plan.nth, place) == (0, 6),
        )

    # ---- when ----------------------------------------------------------------------------------------------------------------------------

    def _meeting_days(self) -> list[int]:
        """The weekdays on which groups meet, beginning with that of the day the demo stands at."""
        today = self._on.isoweekday()
        days = list(COLLECTING_DAYS) if today == SUNDAY else sorted({*COLLECTING_DAYS, today})
        start = days.index(today) if today in days else 0
        return days[start:] + days[:start]

    def _first_meeting(self, weekday: int, behind: int) -> date:
        """The day of the first instalments of a group with `behind` meetings before the day the demo stands at."""
        day = self._on + timedelta(days=(weekday - self._on.isoweekday()) % 7)
        while not self._may_meet(day):
            day += WEEK
        for _ in range(behind):
            day -= WEEK
            while not self._may_meet(day):
                day -= WEEK
        return day

    def _may_meet(self, day: date) -> bool:
        holiday = self._holidays.get(day)
        return holiday is None or holiday.effect is HolidayRule.KEEP

    # ---- who is late, who is new ---------------------------------------------------------------------------------------------------------

    def _with_later_comers(self, plans: list[GroupPlan]) -> list[GroupPlan]:
        """A proposal in every state that waits for somebody; two of each where there are groups enough."""
        steady = [n for n, plan in enumerate(plans) if not plan.in_trouble]
        for place in range(min(len(steady), 2) * len(WAITING)):
            n = steady[place % len(steady)]
            parts = list(plans[n].parts)
            if sum(part.fate is not Fate.COMES_LATER for part in parts) <= SMALLEST_GROUP:
                continue  # those who begin must be a group without her
            last = max(at for at, part in enumerate(parts) if part.fate is Fate.BORROWS)
            parts[last] = replace(parts[last], fate=Fate.COMES_LATER, waits_at=WAITING[place % len(WAITING)], pays_ahead=False)
            plans[n] = replace(plans[n], parts=tuple(parts))
        return plans

    def _with_late_women(self, plans: list[GroupPlan]) -> list[GroupPlan]:
        borrowers = sum(part.fate is Fate.BORROWS for plan in plans for part in plan.parts)
        late = round(borrowers * LATE_PERCENT / 100)
        for n, plan in enumerate(plans):
            if plan.in_trouble:
                stopped = STOPPED_WEEKS_AGO[:late]
                late -= len(stopped)
                plans[n] = self._stopped(plan, stopped)
        steady = [n for n, plan in enumerate(plans) if not plan.in_trouble]
        long_loans = [n for n in steady if plans[n].weeks == 50 and n > 0][: late // 3]
        for n in long_loans:
            plans[n] = self._stopped(plans[n], (MILDLY_LATE_WEEKS,))
        for place in range(late - len(long_loans)):
            n = steady[place % len(steady)]
            plans[n] = replace(plans[n], short_at_last=plans[n].short_at_last + 1)
        return plans

    def _with_leaning_women(self, plans: list[GroupPlan]) -> list[GroupPlan]:
        groups, since = LEANING
        for n in [n for n, plan in enumerate(plans) if not plan.in_trouble][:groups]:
            parts = list(plans[n].parts)
            may_lean = (
                place
                for place, part in enumerate(parts)
                if place > 0 and part.fate is Fate.BORROWS and not part.pays_ahead and part.stops_on is None
            )
            for place in islice(may_lean, 1):
                parts[place] = replace(parts[place], leans_from=self._on - since)
            plans[n] = replace(plans[n], parts=tuple(parts))
        return plans

    def _with_other_endings(self, plans: list[GroupPlan]) -> list[GroupPlan]:
        """One loan is settled early and one ends with a death, where there are groups enough, and some that have met for a while."""
        met = [n for n, plan in enumerate(plans) if not plan.in_trouble and plan.first_meeting < self._on - DIES - WEEK * 3]
        if len(plans) < MANY_GROUPS or len(met) < 2:
            return plans
        largest = sorted(met[1:], key=lambda n: len(plans[n].parts))[-2:]
        for n, settles in zip(largest, (True, False), strict=False):
            plan, on = plans[n], self._on - (SETTLES if settles else DIES)
            while on.isoweekday() in {SUNDAY, plan.first_meeting.isoweekday()}:
                on += DAY
            parts = list(plan.parts)
            may_end = (
                place
                for place, part in enumerate(parts)
                if place > 0 and part.fate is Fate.BORROWS and not part.pays_ahead and part.stops_on is None and part.leans_from is None
            )
            for place in islice(may_end, 1):
                parts[place] = replace(parts[place], settles_on=on) if settles else replace(parts[place], dies_on=on)
            plans[n] = replace(plan, parts=tuple(parts))
        return plans

    def _stopped(self, plan: GroupPlan, weeks_ago: Sequence[int]) -> GroupPlan:
        """The plan with that many of its women bringing nothing any more, each since so many weeks; never its leader."""
        parts = list(plan.parts)
        may_stop = [place for place, part in enumerate(parts) if place > 0 and part.fate is Fate.BORROWS and not part.pays_ahead]
        for place, weeks in zip(self._dice.sample(may_stop, len(weeks_ago)), weeks_ago, strict=True):
            parts[place] = replace(parts[place], stops_on=self._on - WEEK * weeks)
        return replace(plan, parts=tuple(parts))


def _younger_by(n: int, how_many: int, weeks: int) -> int:
    """How many meetings fewer than the oldest group the `n`th has behind it; the last of many has hardly begun."""
    if how_many >= 6 and n == how_many - 1:
        return max(0, weeks - 2)
    # Two begin together, the others one after the other over the first half of the story.
    return weeks * max(0, n - 1) * 11 // (20 * max(1, how_many - 2))
