"""The demo's mentoring: every few weeks somebody comes by, talks, agrees something, and asks what became of the last time's promises."""

from datetime import timedelta
from functools import partial

from lending.actions import mentoring
from lending.demo import words
from lending.demo.stage import GroupAtWork, Stage
from lending.domain.calendar import DAY
from lending.domain.mentoring import SETTLING, ActionOwner, Fix, Followed, NewAction, NewVisit, Outcome, Topic, VisitPlace, VisitTrigger

EVERY_DAYS = (17, 27)

OUTCOMES = (Outcome.DONE,) * 13 + (Outcome.NOT_DONE,) * 5 + (Outcome.DROPPED,) * 2


def expect(stage: Stage, group: GroupAtWork) -> None:
    """Put this group's visits on the agenda, from a fortnight after its first loans on."""
    stage.later(stage.working_day(group.plan.first_meeting + DAY * stage.dice.randint(7, 20)), partial(_visit, stage, group))


def _visit(stage: Stage, group: GroupAtWork) -> None:
    plan, dice = group.plan, stage.dice
    topic = dice.choice(tuple(Topic))
    in_arrears = [member_id for member_id, part in group.women.items() if part.stops_on is not None and part.stops_on < stage.day]
    trigger = VisitTrigger.ARREARS if in_arrears else dice.choice((VisitTrigger.PLANNED,) * 6 + (VisitTrigger.END_USE, VisitTrigger.GROWTH))
    visited = dice.sample(in_arrears or sorted(group.women), 1) if dice.random() < 0.6 or in_arrears else []
    followed = _followed(stage, group)
    began = stage.moment("14:00" if visited else plan.time, dice.randint(0, 90))
    new = NewVisit(
        on=stage.day,
        started_at=began,
        ended_at=began + timedelta(minutes=dice.randint(15, 50)),
        place=dice.choice((VisitPlace.HOME, VisitPlace.BUSINESS)) if visited else VisitPlace.MEETING,
        findings=dice.choice(words.FINDINGS[topic]),
        members=tuple(visited),
        topics=(topic,),
        actions=_agreed(stage, topic, alone=bool(visited)),
        previous=followed,
        group=group.id,
        trigger=trigger,
        fix=Fix(*plan.fix),
    )
    kept = mentoring.log_visit(stage.uuid(), new, stage.actor(plan.mentor or plan.officer))
    for settled in followed:
        if settled.outcome in SETTLING:
            del group.promised[settled.action]
    group.promised |= {action.id: action.due for action in kept.actions}
    stage.later(stage.working_day(stage.day + DAY * dice.randint(*EVERY_DAYS)), partial(_visit, stage, group))


def _followed(stage: Stage, group: GroupAtWork) -> tuple[Followed, ...]:
    """What became of the promises that are due by now."""
    due = [action_id for action_id, due in group.promised.items() if due <= stage.day]
    return tuple(Followed(action_id, stage.dice.choice(OUTCOMES)) for action_id in due)


def _agreed(stage: Stage, topic: Topic, *, alone: bool) -> tuple[NewAction, ...]:
    dice = stage.dice
    promises = [(what, ActionOwner.MEMBER if alone else ActionOwner.GROUP) for what in words.AGREED[topic]]
    promises += [(dice.choice(words.MENTORS_PROMISES), ActionOwner.MENTOR), (dice.choice(words.GROUPS_PROMISES), ActionOwner.GROUP)]
    chosen = dice.sample(promises, dice.choice((1, 1, 2)))
    return tuple(NewAction(what, owner, stage.day + DAY * dice.randint(7, 24)) for what, owner in chosen)
