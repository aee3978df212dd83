"""The words and bounds of a group: who serves it, how large it may be."""

from enum import StrEnum

SMALLEST_GROUP, LARGEST_GROUP = 10, 30
"""Women in a group (domain.md §2.1)."""


class Duty(StrEnum):
    """What a member of staff does for a group."""

    OFFICER = "officer"
    MENTOR = "mentor"
