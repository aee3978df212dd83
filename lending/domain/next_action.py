"""The one thing to do next about a late loan, and why: a table of rules, of which the first that fits holds.

Whoever reads the worklist sees the reason beside the action; nothing is weighed or learned. Nobody is spoken to twice on one day, nor
before a day that she promised (POJK 22/2023 art. 62: not without end, and only herself).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lending.domain.arrears import weeks_late
from lending.domain.cases import AsideReason, ContactMeans, ContactOutcome
from lending.domain.collection import ShortReason


class NextAction(StrEnum):
    """What can be done next."""

    MESSAGE = "message"
    CALL = "call"
    VISIT = "visit"
    PROMISE = "promise"
    RENTENG = "renteng"
    PROPOSE = "propose"
    INCIDENT = "incident"
    WAIT = "wait"


FIRST_WEEKS = 4
"""So long a call may be enough."""

TRIES = 2
"""So many calls without an answer, and somebody goes there."""

VISIT_HOLDS = timedelta(days=14)
TALK_HOLDS = timedelta(days=7)
REMINDED = timedelta(days=1)
"""A promise is reminded of on the day before it, and on its day."""

HARDSHIP = frozenset({ShortReason.SAKIT, ShortReason.MUSIBAH})


@dataclass(frozen=True)
class Situation:
    """What is known of a late loan on the day `today`, of this spell of lateness."""

    today: date
    days_late: int
    has_phone: bool = True
    reason: ShortReason | None = None
    promise_on: date | None = None
    promise_broken: bool = False
    broken_before: int = 0
    """How many promises of this spell were broken, the last one included."""
    contacted_on: date | None = None
    contact_means: ContactMeans | None = None
    contact_outcome: ContactOutcome | None = None
    unanswered: int = 0
    """How many tries found nobody since she was last spoken to."""
    visited_on: date | None = None
    renteng_on: date | None = None
    proposed_on: date | None = None
    declined_on: date | None = None
    incident_on: date | None = None
    aside: AsideReason | None = None

    @property
    def weeks(self) -> int:
        """Weeks begun since the oldest unpaid due date."""
        return weeks_late(self.days_late)

    @property
    def threatened(self) -> bool:
        """Whether the last contact ended in a threat that nobody has written down as an incident."""
        ended_so = self.contact_outcome is ContactOutcome.THREATENED and self.contacted_on is not None
        return ended_so and not (self.incident_on and self.contacted_on and self.incident_on >= self.contacted_on)

    @property
    def waits_for_head(self) -> bool:
        """Whether the head has not answered a proposal."""
        return self.proposed_on is not None and (self.declined_on is None or self.declined_on < self.proposed_on)

    @property
    def promise_ahead(self) -> bool:
        """Whether she promised a day that is not over."""
        return self.promise_on is not None and self.promise_on >= self.today

    @property
    def reminder_due(self) -> bool:
        """Whether it is the promised day, or the one before."""
        return self.promise_on is not None and timedelta(0) <= self.promise_on - self.today <= REMINDED

    @property
    def spoken_to_today(self) -> bool:
        """Whether somebody has tried today already."""
        return self.today in (self.contacted_on, self.visited_on)

    @property
    def talked_lately(self) -> bool:
        """Whether she was spoken to within a week, after any broken promise."""
        talked = self.contact_outcome is ContactOutcome.TALKED and self._since(self.contacted_on, TALK_HOLDS)
        return talked and not (self.promise_broken and self.promise_on and self.contacted_on and self.contacted_on <= self.promise_on)

    @property
    def visited_lately(self) -> bool:
        """Whether somebody was there within two weeks."""
        return self._since(self.visited_on, VISIT_HOLDS)

    @property
    def out_of_reach(self) -> bool:
        """Whether calling is of no use."""
        return not self.has_phone or self.unanswered >= TRIES or self.contact_outcome is ContactOutcome.WRONG_NUMBER

    def _since(self, on: date | None, span: timedelta) -> bool:
        return on is not None and self.today - on <= span


@dataclass(frozen=True)
class Rule:
    """When it fits, what to do, and the reason that is shown (a word of `next_reason`)."""

    why: str
    action: NextAction
    fits: Callable[[Situation], bool]


RULES: tuple[Rule, ...] = (
    Rule("set_aside", NextAction.WAIT, lambda of: of.aside is not None),
    Rule("threatened", NextAction.INCIDENT, lambda of: of.threatened),
    Rule("proposal_waits", NextAction.WAIT, lambda of: of.waits_for_head),
    Rule("spoken_to_today", NextAction.WAIT, lambda of: of.spoken_to_today and not of.talked_lately),
    Rule("promise_near", NextAction.MESSAGE, lambda of: of.reminder_due and of.has_phone and not of.spoken_to_today),
    Rule("promise_ahead", NextAction.WAIT, lambda of: of.promise_ahead),
    Rule("talked_without_promise", NextAction.PROMISE, lambda of: of.talked_lately),
    Rule("hardship", NextAction.PROPOSE, lambda of: of.reason in HARDSHIP and of.weeks > 1 and of.declined_on is None),
    Rule("promises_broken", NextAction.VISIT, lambda of: of.broken_before > 1 and not of.visited_lately),
    Rule("promise_broken_unreached", NextAction.VISIT, lambda of: of.promise_broken and of.out_of_reach and not of.visited_lately),
    Rule("promise_broken", NextAction.CALL, lambda of: of.promise_broken and not of.out_of_reach and of.weeks <= FIRST_WEEKS),
    Rule("first_week_unanswered", NextAction.CALL, lambda of: of.weeks <= 1 and of.unanswered > 0 and not of.out_of_reach),
    Rule("first_week", NextAction.MESSAGE, lambda of: of.weeks <= 1 and not of.out_of_reach),
    Rule("no_phone", NextAction.VISIT, lambda of: not of.has_phone and not of.visited_lately),
    Rule("unreached", NextAction.VISIT, lambda of: of.out_of_reach and not of.visited_lately),
    Rule("weeks", NextAction.CALL, lambda of: of.weeks <= FIRST_WEEKS and not of.visited_lately),
    Rule("long_late", NextAction.VISIT, lambda of: not of.visited_lately),
    Rule("visited_in_vain", NextAction.RENTENG, lambda of: of.renteng_on is None),
    Rule("group_cannot", NextAction.PROPOSE, lambda of: of.declined_on is None),
    Rule("all_tried", NextAction.CALL, lambda of: not of.out_of_reach),
    Rule("visited_lately", NextAction.WAIT, lambda of: True),
)
"""First what must not wait, then what she promised, then the lightest step that has not been taken."""


def next_action(of: Situation) -> tuple[NextAction, str]:
    """What to do next, and the reason."""
    rule = next(rule for rule in RULES if rule.fits(of))
    return rule.action, rule.why
