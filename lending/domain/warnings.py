"""Early warning: signs that come before arrears. Each is one plain rule over what meetings said, with thresholds that are data.

Nothing here weighs, scores or learns: a sign is there or not, and the very facts that it rests on are shown beside it. How often it was
right is counted afterwards (`was_right`), so that a rule that cries wolf is seen. Source: domain.md §5.6 (renteng hides distress), §8, §12.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lending.domain.collection import Attendance, ShortReason
from lending.domain.money import Rupiah
from lending.domain.refusals import FieldFault, Refusal

HORIZON = timedelta(days=28)
"""A sign was right if within so long somebody became later than `LATER_THAN` days."""

LATER_THAN = 7


class Sign(StrEnum):
    """What may come before arrears."""

    WEAK_PAYMENTS = "weak_payments"
    """She brought less than was due, or others paid for her, several meetings running."""
    ABSENCES = "absences"
    REPRESENTED = "represented"
    """Somebody came for her."""
    OTHER_LENDER = "other_lender"
    """A visit to her home found another lender after this loan was paid out."""
    LEADER_CHANGED = "leader_changed"
    OWN_PAYMENT_FALLING = "own_payment_falling"
    """Her group pays a smaller share itself than it did; the rest is renteng."""


OF_GROUPS = frozenset({Sign.LEADER_CHANGED, Sign.OWN_PAYMENT_FALLING})
"""Signs of a whole group; the others are of one woman's loan."""


@dataclass(frozen=True)
class Threshold:
    """One number of a rule: what it is unless a unit says otherwise, and how far it may be moved."""

    usual: int
    smallest: int
    largest: int


THRESHOLDS: Mapping[Sign, Mapping[str, Threshold]] = {
    Sign.WEAK_PAYMENTS: {"meetings": Threshold(2, 2, 6)},
    Sign.ABSENCES: {"times": Threshold(2, 1, 8), "meetings": Threshold(4, 1, 8)},
    Sign.REPRESENTED: {"times": Threshold(2, 1, 8), "meetings": Threshold(4, 1, 8)},
    Sign.OTHER_LENDER: {"days": Threshold(90, 7, 365), "weekly": Threshold(25_000, 1, 10_000_000)},
    Sign.LEADER_CHANGED: {"days": Threshold(28, 7, 180)},
    Sign.OWN_PAYMENT_FALLING: {"meetings": Threshold(4, 2, 12), "points": Threshold(5, 1, 100)},
}
"""The numbers of each rule: meetings looked at and times among them, days back, rupiah a week, percentage points."""


@dataclass(frozen=True)
class Rule:
    """How a unit watches for one sign: whether at all, and from which numbers on."""

    sign: Sign
    watched: bool
    numbers: Mapping[str, int]


def usual(sign: Sign) -> Rule:
    """The rule as it holds where nobody has changed it."""
    return Rule(sign, True, {name: one.usual for name, one in THRESHOLDS[sign].items()})


def check_rule(rule: Rule) -> None:
    """Refuse numbers that the rule does not have, or that make no sense.

    Refused: `unknown_field`, `required`, `out_of_range` (with `smallest`, `largest`), `more_times_than_meetings`.
    """
    wanted = THRESHOLDS[rule.sign]
    faults = [FieldFault(f"numbers.{name}", "unknown_field") for name in rule.numbers if name not in wanted]
    for name, one in wanted.items():
        if name not in rule.numbers:
            faults.append(FieldFault(f"numbers.{name}", "required"))
        elif not one.smallest <= rule.numbers[name] <= one.largest:
            faults.append(FieldFault(f"numbers.{name}", "out_of_range", {"smallest": one.smallest, "largest": one.largest}))
    if faults:
        raise Refusal(faults[0].code, faults=faults, **faults[0].facts)
    if "times" in wanted and rule.numbers["times"] > rule.numbers["meetings"]:
        raise Refusal("more_times_than_meetings", at="numbers.times", meetings=rule.numbers["meetings"])


@dataclass(frozen=True)
class AtMeeting:
    """What one meeting said of one woman's loan."""

    held_on: date
    attendance: Attendance
    paid: Rupiah
    """Her own cash."""
    renteng: Rupiah
    """What others paid for her."""
    short: ShortReason | None
    """Why it was less than the sheet asked, where it was."""

    @property
    def is_weak(self) -> bool:
        """Whether she did not bring all of it herself."""
        return self.renteng > 0 or self.short is not None


@dataclass(frozen=True)
class GroupMeeting:
    """What one meeting said of a group: its members' own money, and what they paid for each other."""

    held_on: date
    own: Rupiah
    renteng: Rupiah


def newest(meetings: Sequence[AtMeeting], rule: Rule) -> tuple[AtMeeting, ...]:
    """The facts on which the rule finds its sign at the last of these meetings, oldest first; empty where it does not."""
    match rule.sign:
        case Sign.WEAK_PAYMENTS:
            # A meeting at which nothing was asked of her (paid ahead, a fortnightly loan's off week) says nothing.
            asked = [one for one in meetings if one.paid or one.is_weak][-rule.numbers["meetings"] :]
            return tuple(asked) if len(asked) == rule.numbers["meetings"] and all(one.is_weak for one in asked) else ()
        case Sign.ABSENCES:
            return _counted(meetings, (Attendance.ALPA, Attendance.IZIN), rule)
        case Sign.REPRESENTED:
            return _counted(meetings, (Attendance.DIWAKILI,), rule)
        case _:
            raise AssertionError(f"{rule.sign} is not found in what meetings say of one woman")


def _counted(meetings: Sequence[AtMeeting], attendances: Container[Attendance], rule: Rule) -> tuple[AtMeeting, ...]:
    """Told only where the last meeting is one of them: a sign from weeks ago is no news."""
    looked_at = meetings[-rule.numbers["meetings"] :]
    found = tuple(one for one in looked_at if one.attendance in attendances)
    return found if found and found[-1] is looked_at[-1] and len(found) >= rule.numbers["times"] else ()


@dataclass(frozen=True)
class Fall:
    """A group's own-payment rate over some meetings, and over as many before them: in basis points."""

    before_bp: int
    now_bp: int


def falling(meetings: Sequence[GroupMeeting], rule: Rule) -> Fall | None:
    """How far the share that a group pays itself has fallen, where it fell by the rule's percentage points or more."""
    looked_at = rule.numbers["meetings"]
    if len(meetings) < 2 * looked_at:
        return None
    before, now = _own_bp(meetings[-2 * looked_at : -looked_at]), _own_bp(meetings[-looked_at:])
    if before is None or now is None or before - now < rule.numbers["points"] * 100:
        return None
    return Fall(before, now)


def _own_bp(meetings: Sequence[GroupMeeting]) -> int | None:
    own, renteng = sum(one.own for one in meetings), sum(one.renteng for one in meetings)
    return None if own + renteng == 0 else own * 10_000 // (own + renteng)


def was_right(signed_on: date, became_late_on: Sequence[date]) -> bool:
    """Whether one of these days, on which somebody became later than `LATER_THAN`, lies within the horizon after the sign."""
    return any(signed_on < day <= signed_on + HORIZON for day in became_late_on)
