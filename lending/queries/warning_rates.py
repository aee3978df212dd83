"""How often each early-warning rule was right: counted over the past, beside how often the same befell those who showed no sign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.portfolio import ratio
from lending.domain.refusals import NotFound
from lending.domain.warnings import HORIZON, LATER_THAN, OF_GROUPS, Rule, Sign, falling, newest, was_right
from lending.models import ArrearsSnapshot, Group, Loan
from lending.queries import warnings
from lending.queries.warnings import LOOK_BACK

COUNTED = timedelta(weeks=26)
"""Signs of so long before the horizon are counted."""


@dataclass
class Rate:
    """What one rule was worth: of so many signs so many were right, and of so many looks without a sign the same befell so many."""

    rule: Rule
    signs: int = 0
    right: int = 0
    others: int = 0
    others_late: int = 0

    @property
    def share(self) -> Decimal | None:
        """The part of the signs that were right."""
        return ratio(self.right, self.signs)

    @property
    def others_share(self) -> Decimal | None:
        """The part of the looks without a sign after which somebody was late all the same."""
        return ratio(self.others_late, self.others)

    def count(self, signed: bool, right: bool) -> None:
        """One look at one woman or group."""
        if signed:
            self.signs += 1
            self.right += right
        else:
            self.others += 1
            self.others_late += right


def rates(by: Actor, unit_id: int | None = None) -> list[Rate]:
    """How each rule, as it is today, would have done over the half year that ended a horizon ago, in her unit (the auditor says which).

    A sign that goes on counts once, when it began. A woman who was late already is no sign and no look. Refused: `not_found`.
    """
    by.require(Permission.SEE_ARREARS)
    unit_id = unit_id if by.reads_every_unit and unit_id is not None else by.unit_id
    if unit_id is None:
        raise NotFound
    until = by.today - HORIZON
    since = until - COUNTED
    found = {sign: Rate(rule) for sign, rule in warnings.rules(unit_id, by.today).items()}
    groups = list(session.scalars(select(Group.id).where(Group.unit_id == unit_id)))
    evenings = _late_evenings(unit_id, since - HORIZON, by.today)
    _of_loans(found, groups, evenings, since, until)
    _of_groups(found, groups, _by_group(evenings, groups), since, until)
    return list(found.values())


def _late_evenings(unit_id: int, since: date, on: date) -> dict[int, list[date]]:
    """The evenings on which each loan was later than a week, as the night wrote them down."""
    question = (
        select(ArrearsSnapshot.loan_id, ArrearsSnapshot.as_of)
        .join(Loan, Loan.id == ArrearsSnapshot.loan_id)
        .join(Group, Group.id == Loan.group_id)
        .where(ArrearsSnapshot.as_of.between(since, on), ArrearsSnapshot.days_late > LATER_THAN, Group.unit_id == unit_id)
        .order_by(ArrearsSnapshot.as_of)
    )
    found: dict[int, list[date]] = {}
    for loan_id, evening in session.execute(question):
        found.setdefault(loan_id, []).append(evening)
    return found


def _by_group(evenings: Mapping[int, list[date]], groups: Iterable[int]) -> dict[int, list[date]]:
    """The evenings on which somebody of a group *became* later than a week."""
    of_loan: dict[int, int] = dict(session.execute(select(Loan.id, Loan.group_id).where(Loan.group_id.in_(groups))).all())
    found: dict[int, list[date]] = {}
    for loan_id, days in evenings.items():
        began = [day for before, day in zip([None, *days], days, strict=False) if before is None or (day - before).days > 1]
        found.setdefault(of_loan[loan_id], []).extend(began)
    return found


def _of_loans(found: Mapping[Sign, Rate], groups: list[int], evenings: Mapping[int, list[date]], since: date, until: date) -> None:
    read = [rate for sign, rate in found.items() if sign not in OF_GROUPS and sign is not Sign.OTHER_LENDER]
    for _, loan_id, meetings in warnings.meetings_of_loans(groups, since - LOOK_BACK, until):
        late = evenings.get(loan_id, [])
        known_late = set(late)
        showed = dict.fromkeys((rate.rule.sign for rate in read), False)
        for n, meeting in enumerate(meetings, 1):
            right = was_right(meeting.held_on, late)
            for rate in read:
                signed = bool(newest(meetings[max(0, n - 12) : n], rate.rule))
                goes_on, showed[rate.rule.sign] = signed and showed[rate.rule.sign], signed
                if meeting.held_on >= since and not goes_on and meeting.held_on not in known_late:
                    rate.count(signed, right)
    lenders = found[Sign.OTHER_LENDER]
    for _, loan_id, found_on, weekly in warnings.other_lenders(groups, since, until):
        late = evenings.get(loan_id, [])
        if weekly >= lenders.rule.numbers["weekly"] and found_on not in set(late):
            lenders.count(signed=True, right=was_right(found_on, late))
    # A visit that found no other lender is not asked for: those who showed no sign are the same as those with no weak payment.
    lenders.others, lenders.others_late = found[Sign.WEAK_PAYMENTS].others, found[Sign.WEAK_PAYMENTS].others_late


def _of_groups(found: Mapping[Sign, Rate], groups: list[int], began: Mapping[int, list[date]], since: date, until: date) -> None:
    share, leader = found[Sign.OWN_PAYMENT_FALLING], found[Sign.LEADER_CHANGED]
    changed: dict[int, list[date]] = {}
    for group_id, from_on, _ in warnings.new_leaders(groups, since, until):
        changed.setdefault(group_id, []).append(from_on)
        leader.count(signed=True, right=was_right(from_on, began.get(group_id, [])))
    for group_id, meetings in warnings.meetings_of_groups(groups, since - LOOK_BACK, until).items():
        showed = False
        for n, meeting in enumerate(meetings, 1):
            right = was_right(meeting.held_on, began.get(group_id, []))
            signed = falling(meetings[:n], share.rule) is not None
            if meeting.held_on >= since:
                if not (signed and showed):
                    share.count(signed, right)
                if not any(timedelta(0) <= meeting.held_on - day < HORIZON for day in changed.get(group_id, [])):
                    leader.count(signed=False, right=right)
            showed = signed
