"""Signs that come before arrears: each rule as a row of meetings that anybody could judge by eye."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lending.domain.collection import Attendance, ShortReason
from lending.domain.refusals import Refusal
from lending.domain.warnings import THRESHOLDS, AtMeeting, Fall, GroupMeeting, Rule, Sign, check_rule, falling, newest, usual, was_right

MONDAY = date(2026, 2, 9)

# One letter a meeting. f: paid in full, r: others paid a part, k: short, n: nothing was asked of her, a i w: absent, excused, represented.
SAID = {
    "f": (Attendance.HADIR, 50_000, 0, None),
    "r": (Attendance.HADIR, 20_000, 30_000, None),
    "k": (Attendance.HADIR, 20_000, 0, ShortReason.SAKIT),
    "n": (Attendance.HADIR, 0, 0, None),
    "a": (Attendance.ALPA, 50_000, 0, None),
    "i": (Attendance.IZIN, 50_000, 0, None),
    "w": (Attendance.DIWAKILI, 50_000, 0, None),
}


def meetings(letters: str) -> list[AtMeeting]:
    return [AtMeeting(MONDAY + timedelta(weeks=n), *SAID[letter]) for n, letter in enumerate(letters)]


@pytest.mark.parametrize(
    ("sign", "letters", "facts"),
    [
        (Sign.WEAK_PAYMENTS, "ffkr", 2), (Sign.WEAK_PAYMENTS, "rr", 2), (Sign.WEAK_PAYMENTS, "rfr", 0), (Sign.WEAK_PAYMENTS, "rrf", 0),
        (Sign.WEAK_PAYMENTS, "r", 0), (Sign.WEAK_PAYMENTS, "", 0), (Sign.WEAK_PAYMENTS, "fknr", 2), (Sign.WEAK_PAYMENTS, "rnn", 0),
        (Sign.ABSENCES, "faffa", 2), (Sign.ABSENCES, "iaii", 4), (Sign.ABSENCES, "affff", 0), (Sign.ABSENCES, "aaff", 0),
        (Sign.ABSENCES, "a", 0), (Sign.ABSENCES, "affa", 2), (Sign.ABSENCES, "afffa", 0), (Sign.ABSENCES, "aw", 0),
        (Sign.REPRESENTED, "fwfw", 2), (Sign.REPRESENTED, "wfff", 0), (Sign.REPRESENTED, "aaaa", 0),
    ],
)  # fmt: skip
def test_a_sign_rests_on_the_meetings_that_show_it(sign: Sign, letters: str, facts: int):
    said = meetings(letters)
    found = newest(said, usual(sign))
    # "rnn": the last two meetings asked nothing of her, so the only one that did does not make two.
    assert len(found) == facts
    assert set(found) <= set(said)


def test_a_unit_may_ask_for_more():
    three = Rule(Sign.WEAK_PAYMENTS, True, {"meetings": 3})
    assert newest(meetings("frr"), three) == ()
    assert len(newest(meetings("krr"), three)) == 3


@pytest.mark.parametrize(
    ("own", "renteng", "fall"),
    [
        # Four meetings of 500.000 each, then four more: the share that the members paid themselves.
        ([500] * 8, [0] * 8, None),
        ([500] * 4 + [450] * 4, [0] * 4 + [50] * 4, Fall(10_000, 9_000)),
        ([500] * 4 + [480] * 4, [0] * 4 + [20] * 4, None),  # four points of a hundred: not yet five
        ([500] * 4 + [475] * 4, [0] * 4 + [25] * 4, Fall(10_000, 9_500)),
        ([450] * 4 + [500] * 4, [50] * 4 + [0] * 4, None),  # it rises
        ([500] * 7, [0] * 7, None),  # too few meetings to compare
        ([0] * 8, [0] * 8, None),  # nothing was collected
    ],
)
def test_a_group_that_pays_less_and_less_itself(own: list[int], renteng: list[int], fall: Fall | None):
    said = [GroupMeeting(MONDAY + timedelta(weeks=n), *sums) for n, sums in enumerate(zip(own, renteng, strict=True))]
    assert falling(said, usual(Sign.OWN_PAYMENT_FALLING)) == fall


def test_a_sign_was_right_within_four_weeks_and_not_on_its_own_day():
    def right(*days: int) -> bool:
        return was_right(MONDAY, [MONDAY + timedelta(days=day) for day in days])

    assert [right(), right(0), right(-3), right(1), right(28), right(29), right(-3, 12)] == [False, False, False, True, True, False, True]


@pytest.mark.parametrize("sign", list(Sign))
def test_the_usual_numbers_are_allowed_and_their_bounds_hold(sign: Sign):
    check_rule(usual(sign))
    for name, one in THRESHOLDS[sign].items():
        for wrong in (one.smallest - 1, one.largest + 1):
            with pytest.raises(Refusal) as no:
                check_rule(replace(usual(sign), numbers={**usual(sign).numbers, name: wrong}))
            assert [(fault.at, fault.code) for fault in no.value.faults] == [(f"numbers.{name}", "out_of_range")]


@pytest.mark.parametrize(
    ("numbers", "faults"),
    [
        ({"times": 3, "meetings": 2}, [("numbers.times", "more_times_than_meetings")]),
        ({"times": 2}, [("numbers.meetings", "required")]),
        ({"times": 2, "meetings": 4, "moons": 1}, [("numbers.moons", "unknown_field")]),
    ],
)
def test_numbers_without_sense_are_refused_at_their_field(numbers: dict[str, int], faults: list[tuple[str, str]]):
    with pytest.raises(Refusal) as no:
        check_rule(Rule(Sign.ABSENCES, True, numbers))
    assert [(fault.at, fault.code) for fault in no.value.faults] == faults
