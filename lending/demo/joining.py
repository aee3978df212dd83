"""How a woman of the demo joins a group and comes to the gates of a loan: enrolled, trained, visited at home."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from lending.actions import enrolment, members
from lending.demo import words
from lending.demo.plan import Part
from lending.demo.stage import GroupAtWork, Stage
from lending.domain.calendar import DAY, SUNDAY
from lending.domain.eligibility import MEKAAR_WELFARE, TRAINING_DAYS

CONSENTS = ("credit", "group", "photo", "city")


def enrol(stage: Stage, group: GroupAtWork, part: Part) -> int:
    """Enrol this woman today; returns her member id."""
    woman = part.woman
    new = enrolment.NewMember(
        name=woman.name,
        nik=woman.nik,
        birth_date=woman.birth_date,
        address=woman.address,
        rt=woman.rt,
        rw=woman.rw,
        kelurahan=woman.kelurahan,
        consents=CONSENTS if stage.dice.random() < 0.9 else CONSENTS[:2],
        kk=woman.kk,
        phone=woman.phone,
    )
    enrolled = enrolment.enrol(group.id, new, stage.actor(group.plan.officer))
    group.women[enrolled.id], group.numbers[enrolled.id] = part, enrolled.number
    stage.counted[group.plan.unit].members += 1
    return enrolled.id


def train(stage: Stage, group: GroupAtWork, member_ids: Sequence[int]) -> None:
    """Five days of training, none of them a Sunday, written down on the last."""
    days = [day for day in (stage.day + DAY * n for n in range(1, 8)) if day.isoweekday() != SUNDAY][:TRAINING_DAYS]
    stage.later(days[-1], partial(_write_down_training, stage, group, member_ids, days))


def _write_down_training(stage: Stage, group: GroupAtWork, member_ids: Sequence[int], days: Sequence[date]) -> None:
    for member_id in member_ids:
        members.record_training(member_id, days, stage.actor(group.plan.officer))


def visit_homes(stage: Stage, group: GroupAtWork, member_ids: Sequence[int]) -> None:
    """Test these women at their homes."""
    for member_id in member_ids:
        visit_home(stage, group, member_id)


def visit_home(stage: Stage, group: GroupAtWork, member_id: int) -> None:
    """Test at her home whether she may borrow (uji kelayakan); all women of the demo pass."""
    dice = stage.dice
    household = dice.randint(2, 6)
    above = group.women[member_id].above_bounds
    income = MEKAAR_WELFARE.income_per_head * household + 250_000 if above else dice.randrange(300_000, 780_000, 10_000) * household
    found = members.HomeVisit(
        on=stage.day,
        household_size=household,
        income_per_month=income,
        house_index=dice.randint(3, MEKAAR_WELFARE.house_index),
        passed=True,
        other_debt_weekly=dice.choice((0, 0, 0, 0, 15_000, 25_000)),
        note=dice.choice(words.EARLIER_BUSINESS),
    )
    members.record_eligibility(member_id, found, stage.actor(group.plan.officer))
