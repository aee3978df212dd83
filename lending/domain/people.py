"""An account that changes: which place a role needs, and what must be settled before somebody leaves hers."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lending.domain.access import Role
from lending.domain.refusals import Gathered, Refusal, Warned

OF_A_UNIT = frozenset({Role.OFFICER, Role.MENTOR, Role.LEADER, Role.HEAD, Role.CASHIER})
"""Roles that mean nothing without a unit; auditors, the city's people and admins may do without."""


class Kept(Enum):
    """What a change says of a field that it leaves as it is: None is a value of some of them."""

    KEPT = "kept"


KEPT = Kept.KEPT


@dataclass(frozen=True)
class Change:
    """What is to become of an account. `unit` is a code, None for head office; `member` the number of the woman a leader is."""

    role: Role | Kept = KEPT
    unit: str | Kept | None = KEPT
    active: bool | Kept = KEPT
    member: str | Kept | None = KEPT


@dataclass(frozen=True)
class Ties:
    """All that still hangs on somebody. Groups are counted that she serves today or has been promised for later."""

    groups: int
    """As their officer."""
    mentored: int
    """As their mentor."""
    holds_cash: bool
    sessions: int
    tokens: int
    unsent: int
    """How many records her phone said that it still holds, when it spoke to us last, at `heard_at`."""
    heard_at: datetime | None
    alone: bool
    """Whether her unit has nobody else in her role who may sign in."""

    @property
    def hold_her(self) -> bool:
        """Whether she cannot leave her place yet."""
        return self.groups > 0 or self.holds_cash


def check_place(role: Role, unit: str | None, member: str | None) -> None:
    """Refuse a role that lacks what it needs, or has what it cannot use: `unit_needed`, `member_needed`, `member_not_hers`."""
    found = Gathered()
    with found:
        if unit is None and role in OF_A_UNIT:
            raise Refusal("unit_needed", at="unit", role=role.value)
    with found:
        if role is Role.LEADER and member is None:
            raise Refusal("member_needed", at="member")
        if role is not Role.LEADER and member is not None:
            raise Refusal("member_not_hers", at="member", role=role.value)
    found.refuse()


def check_free(ties: Ties, name: str, at: str) -> None:
    """Refuse to let her leave her place while women wait for her (`serves_groups`), or cash in her purse is not counted (`holds_cash`).

    Groups are given to another officer by the head, cash is received by the cashier of her unit, and neither could find her afterwards.
    """
    found = Gathered()
    with found:
        if ties.groups:
            raise Refusal("serves_groups", at=at, name=name, groups=ties.groups)
    with found:
        if ties.holds_cash:
            raise Refusal("holds_cash", at=at, name=name)
    found.refuse()


def doubts(ties: Ties, role: Role, at: str) -> tuple[Warned, ...]:
    """What is left behind when somebody of this role leaves her place, and forbids nothing.

    Not even records that were never sent: a phone that is lost or broken sends nothing any more, and would keep her in for ever.
    """
    left = {
        "unsent_on_phone": ties.unsent > 0,
        "still_mentors": ties.mentored > 0,
        "nobody_else": ties.alone and role in {Role.HEAD, Role.CASHIER},
    }
    return tuple(Warned(at, code) for code, is_so in left.items() if is_so)
