"""The words of a mentoring visit: where, why, who promised, what became of it, and about what."""

from enum import StrEnum


class VisitPlace(StrEnum):
    """Where the visit was."""

    MEETING = "meeting"
    HOME = "home"
    BUSINESS = "business"


class VisitTrigger(StrEnum):
    """Why the visit was made."""

    PLANNED = "planned"
    ARREARS = "arrears"
    ABSENCE = "absence"
    GROWTH = "growth"
    END_USE = "end_use"
    COMPLAINT = "complaint"


class ActionOwner(StrEnum):
    """Who promised to do it."""

    MEMBER = "member"
    GROUP = "group"
    MENTOR = "mentor"


class Outcome(StrEnum):
    """What became of a promise; `not_done` leaves it open."""

    DONE = "done"
    NOT_DONE = "not_done"
    DROPPED = "dropped"


class Topic(StrEnum):
    """What a visit can be about (domain.md §8)."""

    NIB = "nib"
    PIRT = "pirt"
    HALAL = "halal"
    PEMASARAN = "pemasaran"
    DIGITAL = "digital"
    PEMBUKUAN = "pembukuan"
    KEMASAN = "kemasan"
    KEUANGAN = "keuangan"
    PRODUKSI = "produksi"
