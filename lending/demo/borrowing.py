"""How a woman of the demo comes by her loan: asked for, recommended, verified, approved, paid out; and what may go otherwise."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from lending.actions import endings, loans
from lending.demo import vault, words
from lending.demo.joining import visit_home
from lending.demo.plan import Fate, Part
from lending.demo.stage import GroupAtWork, Stage
from lending.domain.calendar import DAY
from lending.domain.identity import OLDEST, age_on
from lending.domain.lifecycle import WAITING
from lending.domain.money import Rupiah
from lending.queries.loans import as_of

MOST: Rupiah = 5_000_000


@dataclass(frozen=True)
class Days:
    """When the steps that the office takes are taken."""

    verified: date
    approved: date
    disbursed: date


def propose(stage: Stage, group: GroupAtWork, member_id: int, principal: Rupiah, days: Days) -> None:
    """She asks for a loan today and the group recommends it; the rest comes on those days."""
    loan_id = _apply(stage, group, member_id, principal)
    _recommend(stage, group, loan_id)
    part = group.women[member_id]
    fate = part.fate
    if part.settles_on is not None:
        stage.later(part.settles_on, partial(_settle, stage, group, loan_id))
    if part.dies_on is not None:
        stage.later(part.dies_on, partial(_die, stage, group, loan_id, member_id))
    if fate is Fate.CHANGES_HER_MIND:
        reason = "Suami belum setuju; menunggu panen berikutnya"
        stage.later(days.verified, lambda: loans.cancel(loan_id, stage.actor(group.plan.officer), reason=reason))
        return
    stage.later(days.verified, partial(_verify, stage, group, loan_id, member_id))
    if fate is Fate.IS_REJECTED:
        reason = "Angsuran di tempat lain sudah terlalu berat"
        stage.later(days.approved, lambda: loans.reject(loan_id, stage.staff(group.plan.unit, "head"), reason=reason))
        return
    stage.later(days.approved, partial(_approve, stage, group, loan_id, principal))
    stage.later(days.disbursed, partial(_disburse, stage, group, loan_id, principal))


def propose_in_small_steps(stage: Stage, group: GroupAtWork, member_id: int, part: Part) -> None:
    """She asks today; every second day one step more, as far as the plan says."""
    loan_id = _apply(stage, group, member_id, part.principal)
    steps = (
        partial(_recommend, stage, group, loan_id),
        partial(_verify, stage, group, loan_id, member_id),
        partial(_approve, stage, group, loan_id, part.principal),
    )
    day = stage.day
    for step in steps[: WAITING.index(part.waits_at)]:
        day = stage.working_day(day + DAY * 2)
        stage.later(day, step)


def borrow_again(stage: Stage, group: GroupAtWork, member_id: int) -> None:
    """Her loan is repaid: in the days after the meeting she asks for the next, larger one, if she wants one."""
    part, dice = group.women[member_id], stage.dice
    too_old = age_on(part.woman.birth_date, stage.day) >= OLDEST
    if dice.random() < 0.08 or too_old or group.plan.in_trouble:
        return
    principal = min(MOST, group.principal[member_id] + dice.choice((500_000, 500_000, 1_000_000)))
    applies_on = stage.working_day(stage.day + DAY)
    verified_on = stage.working_day(applies_on + DAY)
    approved_on = stage.working_day(verified_on + DAY)
    days = Days(verified_on, approved_on, stage.working_day(approved_on + DAY))
    stage.later(applies_on, partial(_return, stage, group, member_id, principal, days))


def _return(stage: Stage, group: GroupAtWork, member_id: int, principal: Rupiah, days: Days) -> None:
    """A new test at her home first: the last one holds half a year."""
    visit_home(stage, group, member_id)
    propose(stage, group, member_id, principal, days)


def _apply(stage: Stage, group: GroupAtWork, member_id: int, principal: Rupiah) -> int:
    purpose = stage.dice.choice(words.PURPOSES)
    proposal = loans.Proposal(member_id, group.plan.product, principal, group.plan.weeks, purpose)
    group.principal[member_id] = principal
    stage.counted[group.plan.unit].loans += 1
    return loans.apply(proposal, stage.actor(group.plan.officer))


def _recommend(stage: Stage, group: GroupAtWork, loan_id: int) -> None:
    present = len(group.women) - stage.dice.randint(0, 2)
    in_favour = present - stage.dice.choice((0, 0, 0, 1))
    loans.recommend(loan_id, stage.actor(group.plan.officer), in_favour=in_favour, present=present)


def _verify(stage: Stage, group: GroupAtWork, loan_id: int, member_id: int) -> None:
    plan, head = group.plan, stage.staff(group.plan.unit, "head")
    reason = "Pendapatan tambahan hanya musiman; sudah dicek ke rumah" if group.women[member_id].above_bounds else None
    if plan.unit == "JMB" and stage.dice.random() < 0.1:
        colleague = "officer2" if plan.officer == "officer" else "officer"
        loans.name_verifier(loan_id, head, officer=colleague)
        loans.verify(loan_id, stage.actor(colleague), override_reason=reason)
    else:
        loans.verify(loan_id, head, override_reason=reason)


def _approve(stage: Stage, group: GroupAtWork, loan_id: int, asked: Rupiah) -> None:
    head = stage.staff(group.plan.unit, "head")
    if asked > 2_000_000 and stage.dice.random() < 0.05:
        loans.approve(loan_id, head, principal=asked - 500_000, reason="Disesuaikan dengan kemampuan usaha")
    else:
        loans.approve(loan_id, head)


def _disburse(stage: Stage, group: GroupAtWork, loan_id: int, asked: Rupiah) -> None:
    unit = group.plan.unit
    vault.make_room_for(stage, unit, asked)
    loans.disburse(loan_id, stage.staff(unit, "cashier"), loans.Disbursement(stage.day, None, confirmed_by_member=True))
    stage.vault[unit] -= asked
    stage.has_lent = True


def _settle(stage: Stage, group: GroupAtWork, loan_id: int) -> None:
    """Her shop was sold: she brings all that is left, and is let off half of the margin that is not earned yet."""
    cashier = stage.staff(group.plan.unit, "cashier")
    now = as_of(cashier, loan_id, stage.day)
    rebate = (now.outstanding_total - now.outstanding_principal) // 2 // 1_000 * 1_000
    stage.vault[group.plan.unit] += endings.settle(loan_id, cashier, endings.Settlement(None, rebate)).received


def _die(stage: Stage, group: GroupAtWork, loan_id: int, member_id: int) -> None:
    """The insurer owes what she owed; her savings and her UPJ wait for her heirs."""
    endings.record_death(loan_id, stage.staff(group.plan.unit, "head"), reason="Sakit jantung; surat kematian dari RT", claim=True)
    del group.women[member_id]
