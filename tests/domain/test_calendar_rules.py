"""What holidays and moves do to a group's calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.domain.calendar import (
    Holiday,
    HolidayKind,
    HolidayRule,
    Move,
    PlannedMeeting,
    extend,
    is_lawful,
    lay_out,
    move_one,
    moves_back,
    moves_for_holiday,
    shift_tail,
)
from lending.domain.refusals import Refusal
from tests.domain.tables import holidays, steady, table

# SKB 3 Menteri for 2026, around Lebaran and the end of May.
YEAR_2026 = holidays("""
    2026-03-18 cuti_bersama skip     Nyepi
    2026-03-19 national     skip     Nyepi
    2026-03-20 cuti_bersama skip     Idulfitri
    2026-03-21 national     skip     Idulfitri
    2026-03-22 national     skip     Idulfitri
    2026-03-23 cuti_bersama skip     Idulfitri
    2026-03-24 cuti_bersama skip     Idulfitri
    2026-04-03 national     skip     Wafat Yesus Kristus
    2026-05-01 national     skip     Hari Buruh
    2026-05-14 national     skip     Kenaikan Yesus Kristus
    2026-05-27 national     skip     Iduladha
    2026-05-28 cuti_bersama skip     Iduladha
""")


def receipts(*seqs):
    """The receipts of meetings that were held."""
    return {seq: f"JMB-2026-{seq:06}" for seq in seqs}


FIRST_HELD = receipts(1)


def as_table(meetings):
    return [
        [
            str(meeting.seq),
            meeting.planned_on.isoformat(),
            *([meeting.original_on.isoformat(), *meeting.reason.split()] if meeting.reason else []),
        ]
        for meeting in meetings
    ]


def as_moves(moves):
    return [[str(move.seq), move.from_on.isoformat(), move.to_on.isoformat()] for move in moves]


def calendar_of(first="2026-06-04", count=6, days=None):
    return lay_out(date.fromisoformat(first), count, days or {})


def carried_out(calendar, moves):
    to = {move.seq: move.to_on for move in moves}
    return [
        PlannedMeeting(meeting.seq, to.get(meeting.seq, meeting.planned_on), meeting.original_on, meeting.reason) for meeting in calendar
    ]


def refused(act, code, at, status=422):
    with pytest.raises(Refusal) as found:
        act()
    assert (found.value.code, found.value.faults[0].at, found.value.status) == (code, at, status)


class TestLayingOut:
    def test_a_week_without_holidays_follows_another(self):
        assert as_table(lay_out(date(2026, 6, 4), 3, {}, first_seq=7)) == table("""
            7 2026-06-04
            8 2026-06-11
            9 2026-06-18
        """)

    def test_a_skipped_week_moves_this_and_all_later_meetings(self):
        """original_on is the date the meeting would have had; those behind it were never anywhere else."""
        assert as_table(lay_out(date(2026, 3, 5), 5, YEAR_2026)) == table("""
            1 2026-03-05
            2 2026-03-12
            3 2026-03-26 2026-03-19 Nyepi
            4 2026-04-02
            5 2026-04-09
        """)

    def test_two_skipped_weeks_in_a_row_name_the_first(self):
        days = holidays("""
            2026-06-11 national skip Pertama
            2026-06-18 local    skip Kedua
        """)
        assert as_table(lay_out(date(2026, 6, 4), 3, days)) == table("""
            1 2026-06-04
            2 2026-06-25 2026-06-11 Pertama
            3 2026-07-02
        """)

    def test_the_first_meeting_gives_way_too(self):
        assert as_table(lay_out(date(2026, 5, 14), 2, YEAR_2026)) == table("""
            1 2026-05-21 2026-05-14 Kenaikan Yesus Kristus
            2 2026-05-28
        """)

    def test_next_day_moves_one_meeting_and_the_weekday_stays(self):
        days = holidays("2026-06-11 local next_day Pasar")
        assert as_table(lay_out(date(2026, 6, 4), 3, days)) == table("""
            1 2026-06-04
            2 2026-06-12 2026-06-11 Pasar
            3 2026-06-18
        """)

    def test_next_day_steps_over_sundays_and_national_holidays(self):
        days = holidays("""
            2026-06-12 national next_day Jumat
            2026-06-13 national skip     Sabtu
        """)
        assert as_table(lay_out(date(2026, 6, 12), 2, days)) == table("""
            1 2026-06-15 2026-06-12 Jumat
            2 2026-06-19
        """)

    def test_next_day_without_a_day_before_the_next_meeting_skips_the_week(self):
        days = holidays("\n".join(f"2026-06-{day} national next_day Raya" for day in (11, 12, 13, 15, 16, 17)))
        assert as_table(lay_out(date(2026, 6, 11), 2, days)) == table("""
            1 2026-06-18 2026-06-11 Raya
            2 2026-06-25
        """)

    def test_a_local_day_may_be_kept_and_cuti_bersama_moves_nothing(self):
        days = holidays("""
            2026-06-04 local        keep     Pilkada
            2026-06-11 cuti_bersama skip     Cuti
            2026-06-18 cuti_bersama next_day Cuti
        """)
        assert as_table(lay_out(date(2026, 6, 4), 3, days)) == table("""
            1 2026-06-04
            2 2026-06-11
            3 2026-06-18
        """)

    def test_a_national_holiday_cannot_be_kept(self):
        refused(lambda: Holiday(date(2026, 8, 17), "Kemerdekaan", HolidayKind.NATIONAL, HolidayRule.KEEP), "rule_not_for_kind", "rule")

    def test_nobody_collects_on_sundays(self):
        refused(lambda: lay_out(date(2026, 6, 7), 2, {}), "unlawful_day", "weekday")

    def test_lebaran_2026_costs_each_weekday_what_the_decree_says(self):
        """First Monday of March on: which meeting days of the five weeks remain."""
        left = {
            first.day: [str(m.planned_on)[5:] for m in lay_out(first, 4, YEAR_2026)] for first in (date(2026, 3, d) for d in range(2, 8))
        }
        assert left == {
            2: ["03-02", "03-09", "03-16", "03-23"],  # Monday 23 March is cuti bersama: listed, moves nothing
            3: ["03-03", "03-10", "03-17", "03-24"],
            4: ["03-04", "03-11", "03-18", "03-25"],
            5: ["03-05", "03-12", "03-26", "04-02"],
            6: ["03-06", "03-13", "03-20", "03-27"],
            7: ["03-07", "03-14", "03-28", "04-04"],
        }


class TestExtending:
    def test_further_meetings_follow_the_last_as_if_laid_out_at_once(self):
        whole = lay_out(date(2026, 3, 5), 20, YEAR_2026)
        for so_far in range(1, 20):
            assert whole[:so_far] + extend(whole[:so_far], 20 - so_far, 4, YEAR_2026) == whole

    @pytest.mark.parametrize(
        ("last_on", "next_on"),
        [
            ("2026-06-25", "2026-07-02"),  # on its own Thursday
            ("2026-06-26", "2026-07-02"),  # moved to the Friday after
            ("2026-06-24", "2026-07-02"),  # moved to the Wednesday before: no meeting on the Thursday, the next is a week on
            ("2026-06-29", "2026-07-02"),
            ("2026-07-03", "2026-07-09"),  # moved by more than a week
        ],
    )
    def test_a_last_meeting_that_was_moved_does_not_move_the_weekday(self, last_on, next_on):
        calendar = carried_out(calendar_of(count=4), [Move(4, date(2026, 6, 25), date.fromisoformat(last_on), "pindah")])
        assert as_table(extend(calendar, 1, 4, {})) == [["5", next_on]]

    def test_a_calendar_with_no_meeting_on_its_weekday_goes_on_from_the_next_one(self):
        assert as_table(extend([PlannedMeeting(1, date(2026, 6, 5), date(2026, 6, 4), "pindah")], 1, 4, {})) == [["2", "2026-06-11"]]


class TestMovingOne:
    """Thursdays 4, 11, 18, 25 June and 2, 9 July; today is Wednesday 10 June; the first was held."""

    def move(self, seq, to, reason="hajatan", days=None, recorded=FIRST_HELD):
        return move_one(calendar_of(), seq, date.fromisoformat(to), reason, today=date(2026, 6, 10), recorded=recorded, holidays=days or {})

    def test_one_meeting_moves_between_its_neighbours(self):
        assert self.move(3, "2026-06-17") == [Move(3, date(2026, 6, 18), date(2026, 6, 17), "hajatan")]
        assert as_moves(self.move(2, "2026-06-12")) == [["2", "2026-06-11", "2026-06-12"]]
        assert as_moves(self.move(6, "2026-08-28")) == [["6", "2026-07-09", "2026-08-28"]]

    def test_its_own_day_moves_nothing(self):
        assert self.move(3, "2026-06-18") == []

    def test_what_is_refused(self):
        national = holidays("2026-06-19 national skip Raya")
        refused(lambda: self.move(9, "2026-06-19"), "not_a_meeting", "seq")
        refused(lambda: self.move(1, "2026-06-19"), "already_recorded", "seq", 409)
        refused(lambda: self.move(1, "2026-06-12", recorded=receipts()), "in_the_past", "seq")
        refused(lambda: self.move(2, "2026-06-10"), "in_the_past", "to")
        refused(lambda: self.move(2, "2026-06-09"), "in_the_past", "to")
        refused(lambda: self.move(3, "2026-06-21"), "unlawful_day", "to")
        refused(lambda: self.move(3, "2026-06-19", days=national), "unlawful_day", "to")
        refused(lambda: self.move(3, "2026-06-11"), "out_of_order", "to")
        refused(lambda: self.move(3, "2026-06-25"), "out_of_order", "to")
        refused(lambda: self.move(3, "2026-07-27"), "out_of_order", "to")
        refused(lambda: self.move(3, "2026-06-19", reason="  "), "reason_needed", "reason")

    def test_a_meeting_of_today_stays(self):
        refused(
            lambda: move_one(calendar_of(), 2, date(2026, 6, 12), "hujan", today=date(2026, 6, 11), recorded=receipts(), holidays={}),
            "in_the_past",
            "seq",
        )

    def test_a_meeting_may_move_onto_cuti_bersama_or_a_local_day(self):
        days = holidays("""
            2026-06-19 cuti_bersama skip Cuti
            2026-06-20 local        skip Pasar
        """)
        assert self.move(3, "2026-06-19", days=days)
        assert self.move(3, "2026-06-20", days=days)


class TestShiftingTheTail:
    def shift(self, from_seq, weeks, days=None, recorded=FIRST_HELD, reason="banjir"):
        return shift_tail(calendar_of(), from_seq, weeks, reason, today=date(2026, 6, 10), recorded=recorded, holidays=days or {})

    def test_a_meeting_and_all_behind_it_move_on(self):
        assert as_moves(self.shift(4, 2)) == table("""
            4 2026-06-25 2026-07-09
            5 2026-07-02 2026-07-16
            6 2026-07-09 2026-07-23
        """)

    def test_one_that_lands_on_a_holiday_is_pushed_on_with_all_behind_it(self):
        days = holidays("2026-07-09 national skip Raya")
        assert as_moves(self.shift(3, 1, days)) == table("""
            3 2026-06-18 2026-06-25
            4 2026-06-25 2026-07-02
            5 2026-07-02 2026-07-16
            6 2026-07-09 2026-07-23
        """)

    def test_one_that_lands_on_a_next_day_holiday_goes_to_that_day_alone(self):
        days = holidays("2026-07-09 national next_day Raya")
        assert as_moves(self.shift(4, 1, days)) == table("""
            4 2026-06-25 2026-07-02
            5 2026-07-02 2026-07-10
            6 2026-07-09 2026-07-16
        """)

    def test_it_does_not_go_to_a_day_that_its_neighbour_takes(self):
        """5 lands on a Thursday off whose Friday is 6's: it is pushed on by a week, and 6 with it."""
        calendar = carried_out(calendar_of(), [Move(6, date(2026, 7, 9), date(2026, 7, 3), "pindah")])
        days = holidays("2026-07-09 national next_day Raya")
        assert as_moves(shift_tail(calendar, 5, 1, "banjir", today=date(2026, 6, 10), recorded=receipts(1), holidays=days)) == table("""
            5 2026-07-02 2026-07-16
            6 2026-07-03 2026-07-17
        """)

    def test_what_is_refused(self):
        for weeks in (0, -1, 9):
            refused(lambda weeks=weeks: self.shift(3, weeks), "weeks_out_of_range", "weeks")
        refused(lambda: self.shift(7, 1), "not_a_meeting", "from_seq")
        refused(lambda: self.shift(1, 1), "already_recorded", "from_seq", 409)
        refused(lambda: self.shift(1, 1, recorded=receipts()), "in_the_past", "from_seq")
        refused(lambda: self.shift(2, 1, recorded=receipts(3)), "already_recorded", "from_seq", 409)
        refused(lambda: self.shift(2, 1, reason=""), "reason_needed", "reason")
        assert len(self.shift(2, 8)) == 5


class TestAHolidayDeclaredLater:
    """Sidang isbat moves Idulfitri by a day: the calendar already stands."""

    def declare(self, line, today=date(2026, 6, 10), recorded=FIRST_HELD, others=None):
        (holiday,) = holidays(line).values()
        return moves_for_holiday(calendar_of(), holiday, today=today, recorded=recorded, holidays=others or {})

    def test_a_skipped_week_pushes_the_rest(self):
        moves = self.declare("2026-07-02 national skip Raya Baru")
        assert as_moves(moves) == table("""
            5 2026-07-02 2026-07-09
            6 2026-07-09 2026-07-16
        """)
        assert {move.reason for move in moves} == {"Raya Baru"}

    def test_it_pushes_further_over_holidays_known_before(self):
        others = holidays("2026-07-09 national skip Raya Lama")
        assert as_moves(self.declare("2026-06-25 national skip Raya", others=others)) == table("""
            4 2026-06-25 2026-07-02
            5 2026-07-02 2026-07-16
            6 2026-07-09 2026-07-23
        """)

    def test_next_day_moves_one(self):
        assert as_moves(self.declare("2026-07-02 local next_day Pasar")) == [["5", "2026-07-02", "2026-07-03"]]
        assert as_moves(self.declare("2026-07-09 local next_day Pasar")) == [["6", "2026-07-09", "2026-07-10"]]

    def test_next_day_stays_before_a_neighbour_that_moved_near(self):
        calendar = carried_out(calendar_of(), [Move(4, date(2026, 6, 25), date(2026, 6, 19), "pindah")])
        (holiday,) = holidays("2026-06-18 local next_day Pasar").values()
        assert as_moves(moves_for_holiday(calendar, holiday, today=date(2026, 6, 10), recorded=receipts(1), holidays={})) == table("""
            3 2026-06-18 2026-06-25
            4 2026-06-19 2026-06-26
            5 2026-07-02 2026-07-09
            6 2026-07-09 2026-07-16
        """)

    @pytest.mark.parametrize(
        "line",
        [
            "2026-07-03 national     skip     Jumat",
            "2026-07-02 local        keep     Pilkada",
            "2026-07-02 cuti_bersama skip     Cuti",
            "2026-06-04 national     skip     Kemarin",
        ],
    )
    def test_what_meets_no_meeting_moves_none(self, line):
        assert self.declare(line) == []

    def test_what_was_held_ahead_of_its_day_stays(self):
        assert self.declare("2026-06-11 national skip Raya", recorded=receipts(1, 2)) == []

    def test_what_is_today_stays(self):
        assert self.declare("2026-06-11 national skip Raya", today=date(2026, 6, 11)) == []


class TestUndoingAMove:
    def setup_method(self):
        self.before = calendar_of()
        self.moves = shift_tail(self.before, 3, 1, "banjir", today=date(2026, 6, 10), recorded=receipts(1), holidays={})
        self.after = carried_out(self.before, self.moves)

    def back(self, calendar=None, today=date(2026, 6, 10), recorded=FIRST_HELD, days=None, reason="air surut"):
        return moves_back(calendar or self.after, self.moves, reason, today=today, recorded=recorded, holidays=days or {})

    def test_every_meeting_goes_back_where_it_came_from(self):
        assert carried_out(self.after, self.back()) == self.before
        assert {move.reason for move in self.back()} == {"air surut"}

    def test_what_is_refused(self):
        refused(lambda: self.back(recorded=receipts(1, 3)), "already_recorded", "seq", 409)
        refused(lambda: self.back(today=date(2026, 6, 18)), "in_the_past", "seq")
        refused(lambda: self.back(today=date(2026, 6, 25)), "in_the_past", "seq")
        refused(lambda: self.back(days=holidays("2026-06-25 national skip Raya")), "unlawful_day", "seq")
        refused(lambda: self.back(reason=" "), "reason_needed", "reason")
        elsewhere = carried_out(self.after, [Move(6, date(2026, 7, 16), date(2026, 7, 17), "lain")])
        refused(lambda: self.back(elsewhere), "moved_since", "seq", 409)

    def test_it_cannot_put_a_meeting_before_one_that_came_between(self):
        for day in (18, 20):
            onto = carried_out(self.after, [Move(2, date(2026, 6, 11), date(2026, 6, day), "lain")])
            refused(lambda onto=onto: self.back(onto), "out_of_order", "seq")


some_days = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.sampled_from(
        [
            (HolidayKind.NATIONAL, HolidayRule.SKIP),
            (HolidayKind.NATIONAL, HolidayRule.NEXT_DAY),
            (HolidayKind.LOCAL, HolidayRule.SKIP),
            (HolidayKind.LOCAL, HolidayRule.NEXT_DAY),
            (HolidayKind.LOCAL, HolidayRule.KEEP),
            (HolidayKind.CUTI_BERSAMA, HolidayRule.SKIP),
        ]
    ),
    max_size=120,
).map(lambda days: {on: Holiday(on, f"Libur {on}", kind, rule) for on, (kind, rule) in days.items()})
not_a_sunday = st.dates(date(2026, 1, 1), date(2026, 6, 30)).filter(lambda day: day.isoweekday() != 7)


def assert_orderly(meetings, days):
    dates = [meeting.planned_on for meeting in meetings]
    assert dates == sorted(set(dates)), "dates rise strictly"
    assert all(is_lawful(day, days) for day in dates)


@steady
@given(not_a_sunday, st.integers(1, 60), some_days)
def test_no_calendar_meets_a_sunday_or_a_national_holiday(first, count, days):
    meetings = lay_out(first, count, days)
    assert [meeting.seq for meeting in meetings] == list(range(1, count + 1))
    assert_orderly(meetings, days)
    for meeting in meetings:
        assert (meeting.reason is None) == (meeting.planned_on == meeting.original_on)
        assert meeting.original_on.isoweekday() == first.isoweekday()
        if meeting.reason is not None:
            assert meeting.reason == days[meeting.original_on].name


@steady
@given(not_a_sunday, st.integers(1, 30), st.integers(1, 30), some_days)
def test_a_calendar_laid_out_in_two_goes_is_the_same(first, so_far, more, days):
    whole = lay_out(first, so_far + more, days)
    assert extend(whole[:so_far], more, first.isoweekday(), days) == whole[so_far:]


@steady
@given(st.data(), not_a_sunday, some_days)
def test_whatever_moves_the_calendar_stays_in_order_and_the_past_stays(data, first, days):
    calendar = lay_out(first, 30, days)
    today = data.draw(st.dates(first, first + timedelta(weeks=30)))
    recorded = receipts(*(meeting.seq for meeting in calendar if meeting.planned_on < today))
    if data.draw(st.booleans()):
        on = data.draw(st.dates(first, calendar[-1].planned_on))
        kind, rule = data.draw(st.sampled_from([(HolidayKind.NATIONAL, HolidayRule.SKIP), (HolidayKind.NATIONAL, HolidayRule.NEXT_DAY)]))
        new = Holiday(on, "Raya", kind, rule)
        moves = moves_for_holiday(calendar, new, today=today, recorded=recorded, holidays=days)
        days = {**days, on: new}
    else:
        try:
            moves = shift_tail(
                calendar, data.draw(st.integers(1, 30)), data.draw(st.integers(1, 8)), "r", today=today, recorded=recorded, holidays=days
            )
        except Refusal:
            return
    after = carried_out(calendar, moves)
    moved = {move.seq for move in moves}
    assert_orderly([meeting for meeting in after if meeting.planned_on > today], days)
    assert [m.seq for m in sorted(after, key=lambda m: m.planned_on)] == [m.seq for m in calendar]
    assert moved.isdisjoint(recorded)
    assert all(move.from_on > today and move.to_on > move.from_on for move in moves)
