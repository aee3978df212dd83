"""The words and bounds of a group: who serves it, how large it may be, how its meetings stand."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

SMALLEST_GROUP, LARGEST_GROUP = 10, 30
"""Women in a group (domain.md §2.1)."""


class Duty(StrEnum):
    """What a member of staff does for a group."""

    OFFICER = "officer"
    MENTOR = "mentor"


class MeetingState(StrEnum):
    """How a planned meeting stands."""

    PLANNED = "planned"
    HELD = "held"
    MOVED = "moved"


class Place(StrEnum):
    """What a woman is in her group."""

    LEADER = "leader"
    MEMBER = "member"


class MemberState(StrEnum):
    """Whether a woman belongs to a group on a day; of one who has died, that she has."""

    ACTIVE = "active"
    LEFT = "left"
    DECEASED = "deceased"


FIVES, SUB_GROUPS = 5, 6
"""A group of thirty is six sub-groups of five (domain.md §2.1); other sizes are warned of, not refused."""

FIRST_HOUR, LAST_HOUR = "08:00", "20:00"
"""Instalments are collected between these hours (POJK 22/2023 art. 62)."""


def next_sub_group(taken: Iterable[int]) -> int:
    """The first sub-group with fewer than five women, where `taken` is the sub-group of each woman of the group."""
    size = Counter(taken)
    return next(number for number in range(1, LARGEST_GROUP + 2) if size[number] < FIVES)


def is_odd_sub_group(number: int, taken: Iterable[int]) -> bool:
    """Whether one woman more in this sub-group makes it larger than five, or whether it is a seventh sub-group."""
    return number > SUB_GROUPS or Counter(taken)[number] >= FIVES
