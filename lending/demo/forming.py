"""How a group of the demo comes about and changes: formed, joined by its women, led by one of them, met on another day, left."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from lending.actions.calendars import move_meeting
from lending.actions.groups import NewGroup, assign_mentor, form_group, name_leader
from lending.actions.members import leave
from lending.demo import borrowing
from lending.demo.joining import enrol, train, visit_homes
from lending.demo.plan import Fate, GroupPlan, Part
from lending.demo.stage import GroupAtWork, Stage
from lending.domain.calendar import DAY, SUNDAY, WEEK
from lending.domain.lifecycle import WAITING
from lending.queries.calendars import calendar

COMES_DAYS_AHEAD = 12
"""A later comer is enrolled so many days before she applies."""


def expect(stage: Stage, plan: GroupPlan) -> GroupAtWork:
    """Put all that makes this group a group on the agenda."""
    group = GroupAtWork(plan)
    stage.later(plan.formed_on, partial(_form, stage, group))
    stage.later(plan.gathered_on, partial(_gather, stage, group))
    ready_on = _not_sunday(plan.first_meeting - DAY * 9)
    stage.later(ready_on, partial(_begin_borrowing, stage, group))
    for part in plan.parts:
        if part.fate is Fate.COMES_LATER:
            steps = WAITING.index(part.waits_at)
            applies_on = max(stage.on - DAY * (3 + 2 * steps), plan.gathered_on + DAY * COMES_DAYS_AHEAD)
            joins_on = max(applies_on - DAY * COMES_DAYS_AHEAD, plan.gathered_on)
            stage.later(joins_on, partial(_come_later, stage, group, part, applies_on))
    return group


def read_calendar(stage: Stage, group: GroupAtWork) -> None:
    """Look the group's meetings up anew, after some have moved or more were laid out."""
    group.calendar = {meeting.planned_on: meeting for meeting in calendar(stage.actor(group.plan.officer), group.id)}


def _form(stage: Stage, group: GroupAtWork) -> None:
    plan = group.plan
    new = NewGroup(plan.name, plan.kelurahan, plan.first_meeting.isoweekday(), plan.time, plan.place, plan.officer, plan.first_meeting)
    group.id = form_group(new, stage.actor(plan.officer)).id
    stage.groups.append(group)
    stage.counted[plan.unit].groups += 1
    read_calendar(stage, group)
    if plan.mentor is not None:
        assign_mentor(group.id, plan.mentor, stage.staff(plan.unit, "head"), reason="Pendamping sejak kelompok dibentuk")


def _gather(stage: Stage, group: GroupAtWork) -> None:
    here = [enrol(stage, group, part) for part in group.plan.parts if part.fate is not Fate.COMES_LATER]
    group.leader = here[0]
    stage.later(_not_sunday(stage.day + DAY), partial(visit_homes, stage, group, here[::2]))
    stage.later(_not_sunday(stage.day + DAY * 2), partial(visit_homes, stage, group, here[1::2]))
    train(stage, group, here)


def _begin_borrowing(stage: Stage, group: GroupAtWork) -> None:
    """The group recognises itself: a leader is named, and those who want to borrow say so."""
    plan = group.plan
    name_leader(group.id, group.leader, stage.actor(plan.officer))
    verified_on = _not_sunday(stage.day + DAY)
    days = borrowing.Days(verified_on, verified_on, stage.working_day(max(plan.first_meeting - DAY * 7, verified_on)))
    for member_id, part in group.women.items():
        if part.fate in {Fate.BORROWS, Fate.IS_REJECTED, Fate.CHANGES_HER_MIND}:
            borrowing.propose(stage, group, member_id, part.principal, days)
        if part.fate is Fate.LEAVES:
            stage.later(plan.first_meeting + DAY * 38, partial(_leave, stage, group, member_id))


def _come_later(stage: Stage, group: GroupAtWork, part: Part, applies_on: date) -> None:
    """A woman hears of the group and joins it; her first proposal then goes as far as the plan says."""
    member_id = enrol(stage, group, part)
    stage.later(stage.day + DAY, partial(visit_homes, stage, group, [member_id]))
    train(stage, group, [member_id])
    stage.later(applies_on, partial(borrowing.propose_in_small_steps, stage, group, member_id, part))


def _leave(stage: Stage, group: GroupAtWork, member_id: int) -> None:
    leave(member_id, stage.day, "Pindah rumah mengikuti suami", stage.staff(group.plan.unit, "head"))
    del group.women[member_id]


def expect_changes(stage: Stage, groups: Sequence[GroupAtWork]) -> None:
    """What also happens to groups: one has moved a meeting, another is about to, and one has another leader. Never the first group."""
    if len(groups) < 2:
        return
    has_moved, has_changed, will_move = (groups[min(nth, len(groups) - 1)] for nth in (4, 5, 6))
    moved_on = has_moved.plan.first_meeting + DAY * 38
    if moved_on < stage.on - WEEK * 2:
        stage.later(moved_on, partial(_move_next, stage, has_moved, moved_on, "Hajatan di rumah ketua kelompok"))
    changed_on = has_changed.plan.first_meeting + DAY * 66
    if changed_on < stage.on:
        stage.later(changed_on, partial(_change_leader, stage, has_changed))
    stage.later(stage.on - DAY * 2, partial(_move_next, stage, will_move, stage.on, "Balai RT dipakai posyandu"))


def _change_leader(stage: Stage, group: GroupAtWork) -> None:
    others = [member_id for member_id, part in group.women.items() if member_id != group.leader and part.fate is Fate.BORROWS]
    group.leader = stage.dice.choice([member_id for member_id in others if group.women[member_id].stops_on is None])
    name_leader(group.id, group.leader, stage.actor(group.plan.officer))


def _move_next(stage: Stage, group: GroupAtWork, after: date, reason: str) -> None:
    """The officer moves the group's first meeting after that day to the next day on which groups may meet, if that is soon enough."""
    meeting = min((one for day, one in group.calendar.items() if day > after), key=lambda one: one.planned_on)
    to = stage.working_day(meeting.planned_on + DAY)
    if to < meeting.planned_on + WEEK:
        move_meeting(group.id, meeting.seq, to, reason, stage.actor(group.plan.officer))
        read_calendar(stage, group)


def _not_sunday(day: date) -> date:
    return day + DAY if day.isoweekday() == SUNDAY else day
