"""The demo's weekly meetings: who comes, what each woman brings, who helps whom, and what the officer's phone sends afterwards.

About nineteen women in twenty pay in full. One in thirty is helped out by others (tanggung renteng); one in fifty stays short, says why,
and mostly brings the rest a week later, as she promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from lending.actions import collection, undoing
from lending.demo import borrowing
from lending.demo.stage import GroupAtWork, Stage, in_notes
from lending.domain.calendar import DAY
from lending.domain.collection import Attendance, CashDifference, Cover, Line, MeetingReport, Shortfall, ShortReason
from lending.domain.money import Rupiah
from lending.queries.calendars import CalendarMeeting
from lending.queries.collection import SheetLine, sheet

COIN: Rupiah = 500
"""The smallest coin in anybody's purse."""

THERE = (Attendance.HADIR,) * 28 + (Attendance.TERLAMBAT,) * 2
NOT_THERE = (Attendance.IZIN, Attendance.IZIN, Attendance.DIWAKILI, Attendance.ALPA)

WHY_SHORT = (
    *(ShortReason.USAHA_SEPI, ShortReason.USAHA_SEPI, ShortReason.SAKIT, ShortReason.BEPERGIAN),
    *(ShortReason.MUSIBAH, ShortReason.LUPA, ShortReason.LAIN),
)
WHY_NOTHING_COMES = (ShortReason.MENOLAK, ShortReason.USAHA_SEPI, ShortReason.MUSIBAH)

PROMISES = (3, 7, 7, 7, 7, None)
"""In how many days a woman promises the rest; None where she does not."""

LONG_BEHIND = timedelta(weeks=4)
"""Who has paid nothing for longer promises it for the day after tomorrow, every week."""

ABSENT, HELPED, SHORT, BREAKS_HER_PROMISE = 0.05, 0.033, 0.02, 0.2
"""How often each of these happens."""

UNDONE, SENT_LATE, CASH_SHORT = ("JMB", 0, 3), ("JMB", 1, 4), ("JMB", 2, 5)
"""Of which unit's how manieth group, at which meeting: what else may go wrong."""


@dataclass(frozen=True)
class Held:
    """A meeting as it was held: of which group, on which day, and whether it was the group's last one in the demo."""

    group: GroupAtWork
    meeting: CalendarMeeting
    on: date
    is_last: bool

    def went(self, wrong: tuple[str, int, int]) -> bool:
        """Whether it is the one at which that goes wrong; never the last one."""
        plan = self.group.plan
        return wrong == (plan.unit, plan.nth, self.meeting.seq) and not self.is_last


def meet(stage: Stage, group: GroupAtWork, meeting: CalendarMeeting) -> None:
    """Hold this meeting today and keep its record: today, or tomorrow where the phone found no signal."""
    held = Held(group, meeting, stage.day, is_last=all(day >= stage.on for day in group.calendar if day > stage.day))
    stage.later(stage.day + DAY if held.went(SENT_LATE) else stage.day, partial(_record, stage, held))


def _record(stage: Stage, held: Held) -> None:
    group, officer = held.group, stage.actor(held.group.plan.officer)
    asked = sorted(sheet(officer, held.meeting.id).lines, key=lambda line: (line.sub_group, line.member_id))
    lines = _what_was_brought(stage, held, asked)
    if held.went(UNDONE):
        too_much = replace(lines[0], savings=lines[0].savings + 50_000)
        uuid = _send(stage, held, _report(held, [too_much, *lines[1:]]))
        undoing.undo_record(uuid, officer, reason="Salah ketik: tabungan kelebihan satu nol")
    report = _report(held, lines, missing=5_000 if held.went(CASH_SHORT) else 0)
    _send(stage, held, report)
    stage.purses[group.plan.unit, group.plan.officer] += report.cash_counted
    stage.counted[group.plan.unit].meetings += 1
    for line, brought in zip(asked, lines, strict=True):
        if brought.credited and brought.credited == line.outstanding_total:
            group.weekly.pop(line.member_id, None)
            borrowing.borrow_again(stage, group, line.member_id)


# ---- what is brought -------------------------------------------------------------------------------------------------------------------


def _what_was_brought(stage: Stage, held: Held, asked: Sequence[SheetLine]) -> list[Line]:
    short_at_last = _short_at_last(stage, held, asked) if held.is_last else set()
    lines, helped = [], []
    for place, line in enumerate(asked):
        brought, is_helped = _brought(stage, held, line, is_short=line.member_id in short_at_last)
        lines.append(brought)
        if is_helped:
            helped.append(place)
    can_help = [
        line
        for place, (line, brought) in enumerate(zip(asked, lines, strict=True))
        if place not in helped and brought.shortfall is None and brought.paid
    ]
    for place in helped:
        lines[place] = _with_help(stage, asked[place], lines[place], can_help)
    return lines


def _short_at_last(stage: Stage, held: Held, asked: Sequence[SheetLine]) -> set[int]:
    """Who is short at the group's last meeting: as many as the plan says, of those who were not behind before."""
    women, leader = held.group.women, held.group.leader
    on_time = [line.member_id for line in asked if line.due and not line.arrears and line.member_id != leader]
    may_be = [member_id for member_id in on_time if women[member_id].stops_on is None and women[member_id].leans_from is None]
    return set(stage.dice.sample(may_be, min(held.group.plan.short_at_last, len(may_be))))


def _brought(stage: Stage, held: Held, line: SheetLine, *, is_short: bool) -> tuple[Line, bool]:
    """What one woman brings, and whether others help her with the rest."""
    dice, group, part = stage.dice, held.group, held.group.women[line.member_id]
    attendance = dice.choice(NOT_THERE if dice.random() < ABSENT else THERE)
    saves = part.saves if attendance in THERE and dice.random() < 0.5 else 0
    luck = dice.random()
    brought = Line(line.member_id, attendance, line.loan_id, 0, saves)
    wanted = line.due + line.arrears
    if line.loan_id is None:
        return brought, False
    if part.stops_on is not None and held.on >= part.stops_on:
        paid = min(wanted, 20_000) if luck < 0.08 else 0
        promises = (2,) if held.on - part.stops_on > LONG_BEHIND else PROMISES
        return _short(stage, held, replace(brought, paid=paid, savings=0), wanted, WHY_NOTHING_COMES, promises), False
    if part.leans_from is not None and held.on >= part.leans_from and wanted:
        return replace(brought, attendance=Attendance.DIWAKILI, paid=min(wanted // 2 // COIN * COIN, 20_000), savings=0), True
    if is_short:
        return _short(stage, held, replace(brought, paid=_a_part(stage, line.due)), wanted, WHY_SHORT), False
    if not wanted:
        return _in_full(stage, group, line, brought), False
    if luck < HELPED:
        group.catches_up_after.pop(line.member_id, None)
        return replace(brought, paid=_a_part(stage, wanted), savings=0), True
    if held.is_last:
        return _in_full(stage, group, line, brought), False
    if line.member_id in group.catches_up_after:
        group.catches_up_after[line.member_id] -= 1
        if group.catches_up_after[line.member_id] >= 0:
            return _short(stage, held, replace(brought, paid=line.due), wanted, WHY_SHORT), False
        del group.catches_up_after[line.member_id]
        return _in_full(stage, group, line, brought), False
    if luck < HELPED + SHORT:
        group.catches_up_after[line.member_id] = 1 if dice.random() < BREAKS_HER_PROMISE else 0
        return _short(stage, held, replace(brought, paid=_a_part(stage, wanted), savings=0), wanted, WHY_SHORT), False
    return _in_full(stage, group, line, brought), False


def _in_full(stage: Stage, group: GroupAtWork, line: SheetLine, brought: Line) -> Line:
    """All that is asked; a woman who pays ahead keeps paying, and when business is good pays twice."""
    wanted = line.due + line.arrears
    if not group.women[line.member_id].pays_ahead:
        return replace(brought, paid=wanted, bulk=brought.attendance in THERE)
    weekly = group.weekly[line.member_id] = max(group.weekly.get(line.member_id, 0), line.due)
    extra = weekly if stage.dice.random() < 0.5 or not wanted else 0
    return replace(brought, paid=min(line.outstanding_total, wanted + extra), bulk=not extra)


def _a_part(stage: Stage, wanted: Rupiah) -> Rupiah:
    """Less than is wanted, in notes of Rp5,000: often nothing at all."""
    notes = [0, 0, *range(1, -(-wanted // 5_000))]
    in_notes: int = stage.dice.choice(notes)
    return 5_000 * in_notes


def _short(
    stage: Stage, held: Held, brought: Line, wanted: Rupiah, reasons: Sequence[ShortReason], promises: Sequence[int | None] = PROMISES
) -> Line:
    """The line with why it is short, and until when she promises the rest, if she does."""
    dice = stage.dice
    if brought.paid >= wanted:
        return brought
    attendance = dice.choice(NOT_THERE) if not brought.paid and dice.random() < 0.6 else brought.attendance
    days = dice.choice(promises)
    promise = None if days is None else held.on + timedelta(days=days)
    return replace(brought, attendance=attendance, shortfall=Shortfall(dice.choice(reasons), promise))


def _with_help(stage: Stage, line: SheetLine, brought: Line, can_help: Sequence[SheetLine]) -> Line:
    """What she lacks, from one to four others, of her own sub-group first; all of it, as is the custom."""
    lacking = line.due + line.arrears - brought.paid
    near = [other.member_id for other in can_help if other.sub_group == line.sub_group and other.member_id != line.member_id]
    far = [other.member_id for other in can_help if other.sub_group != line.sub_group]
    helpers = (near or far)[: min(stage.dice.randint(1, 4), max(1, lacking // COIN))]
    if not helpers:
        return replace(brought, paid=brought.paid + lacking)
    share = lacking // len(helpers) // COIN * COIN
    amounts = [lacking - share * (len(helpers) - 1), *[share] * (len(helpers) - 1)]
    return replace(brought, covers=tuple(Cover(helper, amount) for helper, amount in zip(helpers, amounts, strict=True)))


# ---- what is sent ----------------------------------------------------------------------------------------------------------------------


def _report(held: Held, lines: Sequence[Line], missing: Rupiah = 0) -> MeetingReport:
    """The whole meeting; `missing` is cash that should be there and is not."""
    report = MeetingReport(held.on, 0, tuple(lines))
    counted = report.total - missing
    difference = CashDifference(-missing, "Uang kembalian kurang, ditanggung petugas") if missing else None
    return replace(report, cash_counted=counted, notes_counted=in_notes(counted), cash_difference=difference)


def _send(stage: Stage, held: Held, report: MeetingReport) -> str:
    """Send the record as the phone would, and return the uuid it made."""
    plan, uuid = held.group.plan, stage.uuid()
    began = stage.moment(plan.time, stage.dice.randint(-2, 9), held.on)
    ended = began + timedelta(minutes=stage.dice.randint(28, 55))
    body: dict[str, Any] = {
        "meeting": held.meeting.id,
        "held_on": held.on.isoformat(),
        "started_at": began.isoformat(),
        "ended_at": ended.isoformat(),
        "fix": {"lat": plan.fix[0], "lon": plan.fix[1]},
        "pledge_read": True,
        "cash_counted": report.cash_counted,
        "note": "",
        "lines": [_line_sent(line) for line in report.lines],
    }
    if report.notes_counted is not None:
        body["notes_counted"] = {str(note): count for note, count in report.notes_counted.items()}
    if report.cash_difference is not None:
        body["cash_difference"] = {"amount": report.cash_difference.amount, "reason": report.cash_difference.reason}
    collection.record_meeting(uuid, held.meeting.id, report, body, stage.actor(plan.officer))
    return uuid


def _line_sent(line: Line) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "member": line.member_id,
        "attendance": line.attendance.value,
        "loan": line.loan_id,
        "paid": line.paid,
        "savings": line.savings,
        "entered": "bulk" if line.bulk else "single",
    }
    if line.covers:
        sent["renteng"] = [{"from": cover.from_member, "amount": cover.amount} for cover in line.covers]
    if line.shortfall is not None:
        promised = line.shortfall.promise_on
        sent["shortfall"] = {"reason": line.shortfall.reason.value, "promise_on": promised.isoformat() if promised else None}
    return sent
