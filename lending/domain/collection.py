"""The weekly meeting as its officer reports it, and the rules that need nothing but the report: who came, what adds up, what was short.

Source: api.md *Meeting record*; api-detail part 1 (`shortfall`, `cash_difference`) and part 2 *Record, more*; domain.md §2.3, §2.4.
"""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lending.domain.money import Rupiah, check_amount
from lending.domain.reasons import check_reason
from lending.domain.refusals import FieldFault, Refusal

NOTES: tuple[Rupiah, ...] = (100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
"""The notes and coins that can be counted one by one."""

EARLIEST_HELD = timedelta(days=6)
"""A meeting may be held so long before its planned day, and any time after it."""


class Attendance(StrEnum):
    """Present, late, excused, absent, or somebody came for her."""

    HADIR = "hadir"
    TERLAMBAT = "terlambat"
    IZIN = "izin"
    ALPA = "alpa"
    DIWAKILI = "diwakili"


class ShortReason(StrEnum):
    """Why a woman paid less than the sheet asked."""

    SAKIT = "sakit"
    USAHA_SEPI = "usaha_sepi"
    MUSIBAH = "musibah"
    BEPERGIAN = "bepergian"
    LUPA = "lupa"
    MENOLAK = "menolak"
    LAIN = "lain"


@dataclass(frozen=True)
class Cover:
    """What one woman paid for another (renteng): her own money, their own debt."""

    from_member: int
    amount: Rupiah


@dataclass(frozen=True)
class Shortfall:
    """Why it was short, and by when she promised the rest."""

    reason: ShortReason
    promise_on: date | None


UNTOLD = Shortfall(ShortReason.LAIN, None)
"""What a short line without a reason is kept as: eight taps need no reason."""


@dataclass(frozen=True)
class Line:
    """One woman: was she there, her own cash, her savings, and who paid for her."""

    member_id: int
    attendance: Attendance
    loan_id: int | None
    paid: Rupiah
    savings: Rupiah
    bulk: bool = False
    covers: tuple[Cover, ...] = ()
    shortfall: Shortfall | None = None

    @property
    def covered(self) -> Rupiah:
        """What others paid for her."""
        return sum(cover.amount for cover in self.covers)

    @property
    def credited(self) -> Rupiah:
        """What her loan receives."""
        return self.paid + self.covered


@dataclass(frozen=True)
class CashDifference:
    """Counted cash that is not what the lines say: negative when money is missing."""

    amount: Rupiah
    reason: str


@dataclass(frozen=True)
class MeetingReport:
    """The whole meeting as its officer reports it."""

    held_on: date
    cash_counted: Rupiah
    lines: tuple[Line, ...]
    notes_counted: Mapping[Rupiah, int] | None = None
    cash_difference: CashDifference | None = None

    @property
    def total(self) -> Rupiah:
        """What the lines say was handed over."""
        return sum(line.credited + line.savings for line in self.lines)


def check_day(report: MeetingReport, planned_on: date, today: date) -> None:
    """Refuse a day that has not come (`future_date`) or lies more than six days before the planned one (`not_a_meeting`)."""
    if report.held_on > today:
        raise Refusal("future_date", at="held_on", today=today)
    if report.held_on < planned_on - EARLIEST_HELD:
        raise Refusal("not_a_meeting", at="held_on", planned_on=planned_on)


def check_people(report: MeetingReport, members: AbstractSet[int]) -> None:
    """Exactly one line for every woman of the group that day: refused `member_twice`, `not_of_group`, `member_missing`.

    Renteng comes from another woman of the group (`same_person`, `not_of_group`), each named once (`member_twice`).
    """
    faults = []
    times = Counter(line.member_id for line in report.lines)
    seen: set[int] = set()
    for place, line in enumerate(report.lines):
        if line.member_id not in members:
            faults.append(FieldFault(f"lines.{place}.member", "not_of_group"))
        elif times[line.member_id] > 1 and line.member_id in seen:
            faults.append(FieldFault(f"lines.{place}.member", "member_twice"))
        seen.add(line.member_id)
        faults.extend(_coverer_faults(place, line, members))
    if not faults and (missing := sorted(members - seen)):
        faults.append(FieldFault("lines", "member_missing", {"members": missing}))
    if faults:
        raise Refusal(faults[0].code, faults=faults, **faults[0].facts)


def _coverer_faults(place: int, line: Line, members: AbstractSet[int]) -> list[FieldFault]:
    faults = []
    payers: set[int] = set()
    for nth, cover in enumerate(line.covers):
        at = f"lines.{place}.renteng.{nth}.from"
        if cover.from_member == line.member_id:
            faults.append(FieldFault(at, "same_person"))
        elif cover.from_member not in members:
            faults.append(FieldFault(at, "not_of_group"))
        elif cover.from_member in payers:
            faults.append(FieldFault(at, "member_twice"))
        payers.add(cover.from_member)
    return faults


def check_amounts(report: MeetingReport) -> None:
    """Every amount has sense: `too_large`, and `too_small` for a renteng of 0."""
    for place, line in enumerate(report.lines):
        check_amount(line.paid, f"lines.{place}.paid", smallest=0)
        check_amount(line.savings, f"lines.{place}.savings", smallest=0)
        for nth, cover in enumerate(line.covers):
            check_amount(cover.amount, f"lines.{place}.renteng.{nth}.amount")
    check_amount(report.cash_counted, "cash_counted", smallest=0)


def check_cash(report: MeetingReport) -> None:
    """The counted cash is what the lines say: asked last, since one wrong line makes the sum wrong too.

    Refused: `cash_differs` at `notes_counted`, `cash_counted` or `cash_difference.amount`, whichever does not add up; `reason_needed` for a
    difference that nobody explains.
    """
    if report.notes_counted is not None:
        noted = sum(note * count for note, count in report.notes_counted.items())
        if noted != report.cash_counted:
            raise Refusal("cash_differs", at="notes_counted", counted=report.cash_counted, expected=noted)
    difference = report.cash_counted - report.total
    said = report.cash_difference.amount if report.cash_difference else 0
    if said != difference or (report.cash_difference is not None and said == 0):
        at = "cash_difference.amount" if report.cash_difference else "cash_counted"
        raise Refusal("cash_differs", at=at, counted=report.cash_counted, expected=report.total)
    if report.cash_difference is not None:
        check_reason(report.cash_difference.reason, at="cash_difference.reason")


def shortfall_kept(line: Line, asked: Rupiah, held_on: date, at: str) -> Shortfall | None:
    """The shortfall that is kept with a line of which the sheet asked this much: None when it was not short, `UNTOLD` when nobody said.

    Refused: a reason for a line that was not short (`not_short`), a promise for a day before the meeting (`in_the_past`).
    """
    if line.credited >= asked:
        if line.shortfall is not None:
            raise Refusal("not_short", at=f"{at}.shortfall")
        return None
    promised = line.shortfall.promise_on if line.shortfall else None
    if promised is not None and promised < held_on:
        raise Refusal("in_the_past", at=f"{at}.shortfall.promise_on", on=held_on)
    return line.shortfall or UNTOLD
