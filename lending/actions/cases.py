"""What is done about a late loan, written down: contacts, promises, the group's help, proposals and the head's no, incidents, whose it is.

Each may come twice from a phone or a page: its UUID is kept once, with the first answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import select

from lending import clock
from lending.actions.audit import note as trace
from lending.actions.once import answered, hold, keep_answer, plain
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission, Role
from lending.domain.cases import AsideReason, CaseStep, ContactMeans, ContactOutcome, IncidentKind, check_promise, check_step_day
from lending.domain.money import Rupiah, check_amount
from lending.domain.next_action import Situation
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, Refusal
from lending.models import CaseEvent, Loan, Membership, User
from lending.queries import arrears, cases
from lending.queries.scope import in_force

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """Which loan, on which day, under which UUID: what every step has in common. A note where there is more to say."""

    uuid: str
    loan_id: int
    on: date
    note: str | None = None


@dataclass(frozen=True)
class Kept:
    """The step is kept; `replay` when it had been before."""

    uuid: str
    loan_id: int
    step: CaseStep
    on: date
    replay: bool = False


def record_contact(step: Step, means: ContactMeans, outcome: ContactOutcome, by: Actor) -> Kept:
    """Somebody spoke to her, or tried to. Refused as every step: see `_keep`."""
    return _keep(CaseStep.CONTACTED, step, by, {"means": means, "outcome": outcome})


def record_promise(step: Step, promise_on: date, amount: Rupiah | None, by: Actor) -> Kept:
    """She says by which day she pays, and how much; without an amount all that is late.

    Refused besides: `promise_too_early`, `promise_too_far` (another schedule is better), `too_small`, `promise_too_large`.
    """

    def check(loan: Loan) -> None:
        left = loan.principal + loan.margin - loan.total_paid
        check_promise(promise_on, amount, made_on=step.on, left=left)

    return _keep(CaseStep.PROMISED, step, by, {"promise_on": promise_on, "amount": amount}, check=check)


def record_renteng(step: Step, member_id: int, amount: Rupiah, by: Actor) -> Kept:
    """A woman of the group says that she will pay so much for her. It is a word, no money: what she brings is recorded at the meeting.

    Refused besides: `not_of_group` (she is of another group that day), `renteng_self`, `too_small`, `promise_too_large`.
    """

    def check(loan: Loan) -> None:
        of_group = select(Membership.id).where(
            Membership.group_id == loan.group_id,
            Membership.member_id == member_id,
            in_force(Membership.joined_on, Membership.left_on, step.on),
        )
        if member_id == loan.member_id:
            raise Refusal("renteng_self", at="member")
        if session.scalar(of_group) is None:
            raise Refusal("not_of_group", at="member")
        check_amount(amount, "amount")
        left = loan.principal + loan.margin - loan.total_paid
        if amount > left:
            raise Refusal("promise_too_large", at="amount", left=left)

    return _keep(CaseStep.RENTENG, step, by, {"member_id": member_id, "amount": amount}, check=check)


def propose_schedule(step: Step, by: Actor) -> Kept:
    """Ask the head for another schedule; the note says why. Refused besides: `reason_needed`, `already_proposed` (409)."""
    return _keep(CaseStep.PROPOSED, step, by, {}, check=_says_why(step), conflict=lambda of: of.waits_for_head and "already_proposed")


def decline_schedule(step: Step, by: Actor) -> Kept:
    """The head's no to a proposal, with her reason. Refused besides: `nothing_proposed` (409), `reason_needed`."""
    return _keep(
        CaseStep.DECLINED,
        step,
        by,
        {},
        Permission.DECIDE_CASES,
        check=_says_why(step),
        conflict=lambda of: not of.waits_for_head and "nothing_proposed",
    )


def report_incident(step: Step, kind: IncidentKind, by: Actor) -> Kept:
    """Something happened that the head must know. Refused besides: `reason_needed`."""
    return _keep(CaseStep.INCIDENT, step, by, {"incident": kind}, check=_says_why(step))


def set_aside(step: Step, why: AsideReason, by: Actor) -> Kept:
    """Nobody asks her for money until the head takes it up again; the loan stays in every figure.

    Refused besides: `reason_needed`, `already_aside` (409).
    """
    return _keep(
        CaseStep.ASIDE, step, by, {"aside": why}, check=_says_why(step), conflict=lambda of: of.aside is not None and "already_aside"
    )


def take_up(step: Step, by: Actor) -> Kept:
    """What stood in the way is settled. Refused besides: `not_aside` (409), `reason_needed`."""
    return _keep(
        CaseStep.TAKEN_UP,
        step,
        by,
        {},
        Permission.DECIDE_CASES,
        check=_says_why(step),
        conflict=lambda of: of.aside is None and "not_aside",
    )


def assign(step: Step, officer: str, by: Actor) -> Kept:
    """The head gives the case to an officer of the unit. Refused besides: `not_an_officer`."""
    hers = select(User.id).where(User.username == officer, User.unit_id == by.unit_id, User.role == Role.OFFICER, User.active)
    assignee = session.scalar(hers)

    def check(_loan: Loan) -> None:
        if assignee is None:
            raise Refusal("not_an_officer", at="officer")

    return _keep(CaseStep.ASSIGNED, step, by, {"assignee_id": assignee}, Permission.DECIDE_CASES, check=check)


def _says_why(step: Step) -> "_Check":
    return lambda _loan: check_reason(step.note or "", "note")


_Check = Callable[[Loan], None]
_Conflict = Callable[[Situation], str | Literal[False]]
"""The code of what stands in the way, if anything does."""


def _keep(
    kind: CaseStep,
    step: Step,
    by: Actor,
    told: Mapping[str, Any],
    permission: Permission = Permission.WORK_CASES,
    *,
    check: _Check | None = None,
    conflict: _Conflict | None = None,
) -> Kept:
    """Keep a step once, however often it is sent.

    Refused: `not_found` (a loan that is not hers), `key_reused`, `future_date`, `too_old`, `not_late` (neither late on that day, nor the
    evening before).
    """
    by.require(permission)
    act = f"cases.{kind.value}"
    said = {"loan": step.loan_id, "on": step.on, "note": step.note, **told}
    uuid = step.uuid.lower()
    with transaction():
        hold(uuid)
        known = answered(uuid, act, said, by)
        if known is not None:
            return Kept(uuid, step.loan_id, kind, step.on, replay=True)
        loan = cases.require_loan(by, step.loan_id)
        lock(Loan.id, loan.id)
        code = conflict(cases.situation(loan.id, by.today)) if conflict else False
        if code:
            raise Conflict(code)
        check_step_day(step.on, by.today)
        if not any(arrears.is_late(loan.id, day) for day in (step.on, step.on - A_DAY)):
            raise Refusal("not_late")
        if check is not None:
            check(loan)
        now = clock.now()
        event = CaseEvent(
            uuid=uuid, loan_id=loan.id, step=kind, on_day=step.on, recorded_at=now, actor_id=by.user_id, note=step.note, **told
        )
        session.add(event)
        keep_answer(uuid, act, said, {"uuid": uuid}, by, now)
        trace(by, act, f"loan:{loan.id}", at=now, after=plain({name: value for name, value in said.items() if name != "note"}))
        return Kept(uuid, loan.id, kind, step.on)
