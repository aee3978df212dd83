"""The calendar of the random weeks: meetings moved and moved back, tails shifted, days off declared late, nights run late and twice."""

from datetime import timedelta

from hypothesis import strategies as st

from lending.actions.calendars import extend_calendars, move_meeting, shift_meetings, undo_move
from lending.actions.reference import NewHoliday, add_holiday
from lending.domain.calendar import HolidayKind, HolidayRule
from lending.jobs.nightly import close_days
from lending.queries.admin import system_person
from tests.journeys.weeks.memory import A_DAY
from tests.journeys.weeks.unit import Unit, step


class Days(Unit):
    """What moves the days, and what the night does with those that are over."""

    def __init__(self) -> None:
        super().__init__()
        self.moves: list[tuple[int, int]] = []

    @step(ahead=st.integers(0, 6), days=st.integers(1, 6), kenanga=st.booleans())
    def a_meeting_is_moved(self, ahead: int, days: int, kenanga: bool) -> None:
        group = self.group(kenanga)
        _, seq, planned_on = self.meetings(group, ahead=True)[ahead]
        with self.maybe("out_of_order", "unlawful_day", "in_the_past", "already_recorded"):
            change = move_meeting(group, seq, planned_on + timedelta(days=days), "banjir", self.person("head"))
            if change.move_id is not None:
                self.moves.append((group, change.move_id))

    @step(ahead=st.integers(0, 6), weeks=st.integers(1, 2), kenanga=st.booleans())
    def a_tail_is_shifted(self, ahead: int, weeks: int, kenanga: bool) -> None:
        group = self.group(kenanga)
        _, seq, _ = self.meetings(group, ahead=True)[ahead]
        with self.maybe("already_recorded"):
            change = shift_meetings(group, seq, weeks, "panen", self.person("head"))
            if change.move_id is not None:
                self.moves.append((group, change.move_id))

    @step(when=lambda self: self.moves, data=st.data())
    def a_move_is_taken_back(self, data: st.DataObject) -> None:
        group, move_id = data.draw(st.sampled_from(self.moves))
        with self.maybe("already_undone", "moved_since", "already_recorded", "in_the_past", "unlawful_day", "out_of_order"):
            undo_move(group, move_id, "ternyata bisa", self.person("head"))

    @step(days=st.integers(1, 30), how=st.sampled_from((HolidayRule.SKIP, HolidayRule.NEXT_DAY, HolidayRule.KEEP)))
    def a_day_off_is_declared(self, days: int, how: HolidayRule) -> None:
        on = self.today + timedelta(days=days)
        with self.maybe("holiday_taken", "already_recorded"):
            add_holiday(NewHoliday(on, "Hari raya", HolidayKind.LOCAL, how, "wali kota"), self.person("admin"))

    @step()
    def night_falls(self) -> None:
        extend_calendars(system_person().acting(self.today))
        close_days(self.today - A_DAY)
        assert close_days(self.today - A_DAY) == []
