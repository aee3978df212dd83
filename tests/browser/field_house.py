"""A small unit for the field page, built through the house's own acts: an officer's groups, three weeks into their loans."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from lending.actions import cash, collection, groups, loans
from lending.actions.once import plain
from lending.domain.access import Actor, Role
from lending.domain.collection import Attendance, Line, MeetingReport
from lending.queries import collection as questions
from tests import makers
from tests.conftest import TODAY

NAMES = """
Aminah|Siti Nurhaliza|Rohani|Dewi Anggraini|Yuliana|Marlina|Nurhayati|Sri Wahyuni|Fatimah Az-Zahra|Ratna Sari|
Lestari|Indah Permata Sari|Kartini|Mulyani|Halimah|Sumarni|Zubaidah|Eka Putri|Wulandari|Suryani|
Nurlela|Hasanah|Rosmala Dewi|Partini|Juminten|Maimunah|Asmawati|Ernawati|Tuti|Yanti
""".replace("\n", "").split("|")

BEGAN = TODAY - timedelta(days=21)
WITHOUT_LOAN = "Kartini"
IN_ARREARS = "Marlina"
DUE = 50_000


@dataclass(frozen=True)
class House:
    """What a test needs to know of it: members by name, and today's meeting, of each group by name."""

    members: dict[str, dict[str, int]]
    meetings: dict[str, int]
    groups: dict[str, int]


def build(women: int = 20, *, alone: bool = False) -> House:
    """Melati 07 with that many women (19 loans, one in arrears) and Kenanga 03 meet today, Anggrek 11 tomorrow, Mawar 02 is another's.

    `alone`: only Melati 07.
    """
    officer = makers.an_officer(BEGAN)
    other = makers.a_user(Role.OFFICER, username="officer2", on=BEGAN)
    head, cashier = (makers.a_user(role, on=BEGAN) for role in (Role.HEAD, Role.CASHIER))
    cash.transfer(cash.Transfer(str(UUID(int=1)), BEGAN, 500_000_000, "bank", "vault", "modal awal"), cashier)
    plan = (("Melati 07", officer, women, 0), ("Kenanga 03", officer, 10, 0), ("Anggrek 11", officer, 10, 1), ("Mawar 02", other, 10, 0))
    made: dict[str, dict[str, int]] = {}
    ids: dict[str, int] = {}
    for name, by, size, shift in plan[:1] if alone else plan:
        ids[name] = makers.a_group(by, name=name, officer=by.username, first_meeting=BEGAN + timedelta(days=7 + shift))
        made[name] = _women(ids[name], by, size)
        for woman, member in made[name].items():
            if woman != WITHOUT_LOAN:
                _lend(member, by, head, cashier, present=size)
    for week in (7, 14):
        _hold(officer, BEGAN + timedelta(days=week), short=made["Melati 07"].get(IN_ARREARS) if week == 14 else None)
    meetings = {group: listed.id for group, id_ in ids.items() for listed in _on_or_after(officer, other) if listed.group_id == id_}
    return House(made, meetings, ids)


def _women(group: int, by: Actor, size: int) -> dict[str, int]:
    found = {}
    for at, name in enumerate(NAMES[:size]):
        found[name] = makers.a_member(group, by, name=name, sub_group=at // 5 + 1)
        if name != WITHOUT_LOAN:
            makers.ready_for_a_loan(found[name], by)
    groups.name_leader(group, found["Aminah"], by)
    return found


def _lend(member: int, by: Actor, head: Actor, cashier: Actor, *, present: int) -> None:
    loan = loans.apply(loans.Proposal(member, "MEKAAR", 2_000_000, 50, "warung"), by)
    loans.recommend(loan, by, in_favour=present, present=present)
    loans.verify(loan, head)
    loans.approve(loan, head)
    loans.disburse(loan, cashier, loans.Disbursement(BEGAN, None, confirmed_by_member=True))


def _hold(by: Actor, day: date, short: int | None) -> None:
    """Hold the meetings of that day, everybody paying but one."""
    acting = makers.an_actor(by.username, day)
    for listed in questions.meetings(acting, day):
        lines = tuple(
            Line(line.member_id, Attendance.HADIR, line.loan_id, 0 if line.member_id == short else line.due, 5_000)
            for line in questions.sheet(acting, listed.id).lines
        )
        report = MeetingReport(day, sum(line.paid + line.savings for line in lines), lines)
        collection.record_meeting(str(UUID(int=listed.id)), listed.id, report, {"meeting": listed.id, **plain(report)}, acting)


def _on_or_after(*officers: Actor) -> list[questions.MeetingListed]:
    return [
        listed
        for officer in officers
        for listed in questions.meetings(makers.an_actor(officer.username, TODAY), TODAY, until=TODAY + timedelta(days=1))
    ]
