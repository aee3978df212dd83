"""The rules of risk that hold on a day, and every version that there is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from lending.database import session
from lending.domain.arrears import QualityRegime
from lending.domain.risk_rules import CODES, RiskRules, rules_of
from lending.models import RiskRule, User


def in_force(on: date) -> RiskRules:
    """What holds on that day: of each rule the newest version that had begun by then, the shipped one where there is none."""
    question = select(RiskRule.code, RiskRule.terms).where(RiskRule.valid_from <= on).order_by(RiskRule.valid_from)
    return rules_of({code: terms for code, terms in session.execute(question)})  # noqa: C416  (rows are not pairs to mypy)


class Regimes:
    """The regimes of a day, asked for once and only where somebody asks for a class; or regimes that are known already."""

    def __init__(self, on: date | None, known: Iterable[QualityRegime] | None = None) -> None:
        self._on, self._known = on, None if known is None else tuple(known)

    @cached_property
    def all(self) -> tuple[QualityRegime, ...]:
        """Each of them."""
        if self._known is not None:
            return self._known
        if self._on is None:
            raise AssertionError("a question for any day needs to be told its regimes")
        return in_force(self._on).regimes


@dataclass(frozen=True)
class Version:
    """One version of a rule; `valid_to` is the first day of the next one."""

    code: str
    valid_from: date
    valid_to: date | None
    terms: Mapping[str, Any]
    reason: str
    recorded_at: datetime
    by: str

    def holds(self, on: date) -> bool:
        """Whether it is in force that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def versions() -> dict[str, list[Version]]:
    """Every version of each rule, by code, the newest first."""
    question = (
        select(RiskRule.code, RiskRule.valid_from, RiskRule.terms, RiskRule.reason, RiskRule.recorded_at, User.name)
        .join(User, User.id == RiskRule.actor_id)
        .order_by(RiskRule.valid_from.desc())
    )
    found: dict[str, list[Version]] = {code: [] for code in CODES}
    for code, valid_from, *rest in session.execute(question):
        known = found.setdefault(code, [])
        known.append(Version(code, valid_from, known[-1].valid_from if known else None, *rest))
    return found
