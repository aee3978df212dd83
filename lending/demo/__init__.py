"""The demo: two real cities, their real kelurahan and holidays, women who do not exist, and half a year of what happened to them.

It is made by the house's own acts, day by day, each by somebody who may do it, so that whatever holds for real data holds for it. The same
words and the same day give the same rows; only keys, tokens and moments differ (api-detail part 2, *Smaller*).
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from random import Random

from lending.actions import arrears, calendars
from lending.demo import chasing, forming, meetings, vault, visits
from lending.demo.people import JAMBI, SERANG, hire, leader_signs_in, open_units
from lending.demo.plan import Planner
from lending.demo.stage import Stage
from lending.domain.calendar import DAY, WEEK
from lending.domain.refusals import Refusal
from lending.queries.admin import holiday_calendar, product, system_person

SEED = 20231115

MOST_GROUPS, MOST_WEEKS = 200, 260

LAID_OUT_EVERY = 4 * WEEK


def check_size(groups: int, weeks: int) -> None:
    """Refuse (`out_of_range`) a demo of no groups, or of so many that nobody would wait for it."""
    for at, number, least, most in (("groups", groups, 1, MOST_GROUPS), ("weeks", weeks, 0, MOST_WEEKS)):
        if not least <= number <= most:
            raise Refusal("out_of_range", at=at, smallest=least, largest=most)


def build(
    groups: int = 12, weeks: int = 26, *, on: date, password: str, progress: Callable[[str], None] = lambda _: None
) -> Mapping[str, int]:
    """Fill an empty house with the demo as it stands on the morning of `on`: its meetings are still open, those before it recorded.

    `groups` are those of the demo unit, `weeks` the meetings that lie behind the oldest of them; `progress` is told each month. Tells how
    many `units` there are, and of the demo unit the `groups`, `members`, `loans` and `meetings` recorded. Refused before anything is
    written: `out_of_range`, `no_such_product` (a day so early that there were none).
    """
    check_size(groups, weeks)
    dice = Random(SEED)  # noqa: S311  (these are dice, not secrets)
    stage = Stage(on, dice, holiday_calendar())
    planner = Planner(on, stage.holidays, dice)
    plans = [*planner.groups(JAMBI, how_many=groups, weeks=weeks), *planner.groups(SERANG, how_many=1, weeks=weeks * 3 // 4)]
    first = min(plan.formed_on for plan in plans)
    for code in {plan.product for plan in plans}:
        if product(code, first) is None:
            raise Refusal("no_such_product", at="on", product=code)
    house = system_person().acting(first)
    open_units(house)
    hire(password, house)
    groups_to_be = [forming.expect(stage, plan) for plan in plans]
    forming.expect_changes(stage, groups_to_be[:groups])
    for group in groups_to_be:
        visits.expect(stage, group)
    stage.later(first + LAID_OUT_EVERY, partial(_lay_out_further, stage))
    day = first
    while day < on:
        if day == first or day.day == 1:
            progress(f"{day:%Y-%m}")
        _live_through(stage, day)
        day += DAY
    for group in (groups_to_be[0], groups_to_be[groups]):
        name = group.women[group.leader].woman.name
        leader_signs_in(group.plan.unit, name, group.numbers[group.leader], password, house)
    return {"units": 2, **vars(stage.counted[JAMBI.unit])}


def _live_through(stage: Stage, day: date) -> None:
    """One day: what is on the agenda, the calls about who is late, the meetings, and the night behind it."""
    stage.happen(day)
    chasing.chase(stage)
    for group in stage.groups:
        if (meeting := group.calendar.get(day)) is not None:
            meetings.meet(stage, group, meeting)
    stage.happen(day)
    vault.hand_over(stage)
    vault.close_books(stage)
    if stage.has_lent:
        arrears.close_date(day, "demo")


def _lay_out_further(stage: Stage) -> None:
    """What the night does to calendars: enough meetings always lie ahead."""
    while calendars.extend_calendars(system_person().acting(stage.day)):
        pass
    for group in stage.groups:
        forming.read_calendar(stage, group)
    stage.later(stage.day + LAID_OUT_EVERY, partial(_lay_out_further, stage))
