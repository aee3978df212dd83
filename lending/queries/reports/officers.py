"""Officers side by side: what each has in hand, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lending.database import session
from lending.domain.access import Role
from lending.domain.groups import Duty
from lending.domain.money import Rupiah
from lending.domain.portfolio import ratio
from lending.models import Assignment, Group, MeetingRecord, Membership, User, Visit
from lending.queries.portfolio import PortfolioRow
from lending.queries.reports.asked import Asked
from lending.queries.reports.collection import AttendanceRow, CollectionRow, attendance, demand
from lending.queries.reports.lending import DisbursedRow, disbursed
from lending.queries.reports.money import DifferenceRow, differences
from lending.queries.reports.quality import at_risk
from lending.queries.scope import in_force


@dataclass(frozen=True)
class OfficerRow:
    """One officer: how she stands on the last day, and what happened in the period."""

    key: str | None
    name: str
    groups: int
    members: int
    portfolio: PortfolioRow
    collected: CollectionRow | None
    meetings: AttendanceRow | None
    disbursed: DisbursedRow | None
    visits: int
    difference: Rupiah
    last_sent: datetime | None

    @property
    def rate(self) -> Decimal | None:
        """Paid of what fell due in the period."""
        return self.collected.rate if self.collected else None

    @property
    def held_rate(self) -> Decimal | None:
        """Meetings held of those planned."""
        return ratio(self.meetings.held, self.meetings.planned) if self.meetings else None


def officers(asked: Asked) -> list[OfficerRow]:
    """A row for each officer who serves groups on the last day or did something in the period, and one for groups that nobody serves."""
    asked = replace(asked, layout="officer")
    portfolios = {row.key: row for row in at_risk(asked)}
    collected = {row.key: row for row in demand(asked)}
    meetings = {row.key: row for row in attendance(asked)}
    lent: Mapping[Any, Any] = {row.key: row for row in disbursed(asked)}
    visits = _visits(asked)
    differing: Mapping[Any, DifferenceRow] = {row.key: row for row in differences(asked)}
    served = _served(asked)
    last = _last_sent(asked)
    names: dict[Any, str] = {key: name for key, (name, _, _) in served.items()}
    for rows in (portfolios, collected, meetings, lent):
        names |= {key: row.name for key, row in rows.items() if key not in names}
    return [
        OfficerRow(
            key=key,
            name="" if key is None else names[key],
            groups=served[key][1] if key in served else 0,
            members=served[key][2] if key in served else 0,
            portfolio=portfolios.get(key) or PortfolioRow(key, names[key]),
            collected=collected.get(key),
            meetings=meetings.get(key),
            disbursed=lent.get(key),
            visits=visits.get(key, 0),
            difference=differing[key].difference if key in differing else 0,
            last_sent=last.get(key),
        )
        for key in sorted(names, key=lambda key: (key is None, key))
    ]


def _served(asked: Asked) -> dict[str | None, tuple[str, int, int]]:
    """Of each officer: her name, the groups she serves on the last day, and the women in them."""
    sizes = (
        select(Membership.group_id, func.count().label("size"))
        .where(in_force(Membership.joined_on, Membership.left_on, asked.last))
        .group_by(Membership.group_id)
        .subquery()
    )
    question = (
        select(User.username, User.name, func.count(Group.id), func.coalesce(func.sum(sizes.c.size), 0))
        .join(Assignment, Assignment.user_id == User.id)
        .join(Group, Group.id == Assignment.group_id)
        .outerjoin(sizes, sizes.c.group_id == Group.id)
        .where(Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, asked.last), asked.groups)
        .group_by(User.username, User.name)
    )
    return {username: (name, groups, int(members)) for username, name, groups, members in session.execute(question)}


def _visits(asked: Asked) -> dict[str, int]:
    question = (
        select(User.username, func.count())
        .join(Visit, Visit.author_id == User.id)
        .join(Group, Group.id == Visit.group_id)
        .where(Visit.on_day.between(asked.first, asked.last), User.role == Role.OFFICER, asked.groups)
        .group_by(User.username)
    )
    return {key: value for key, value in session.execute(question)}  # noqa: C416  (rows are not pairs to mypy)


def _last_sent(asked: Asked) -> dict[str, datetime]:
    """When each officer's last record came in, of those that count up to the last day."""
    question = (
        select(User.username, func.max(MeetingRecord.recorded_at))
        .join(MeetingRecord, MeetingRecord.officer_id == User.id)
        .where(MeetingRecord.held_on <= asked.last)
        .group_by(User.username)
    )
    if asked.unit_id is not None:
        question = question.where(MeetingRecord.unit_id == asked.unit_id)
    return {key: value for key, value in session.execute(question)}  # noqa: C416  (rows are not pairs to mypy)
