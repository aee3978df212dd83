"""Bringing a unit's groups, members and running loans in from a workbook: all of it, or nothing and every reason why.

The rows are read and checked first, outside any transaction (`import_checks`); what is written then is written at once, a statement a
table however many rows there are. Opening balances are booked on the day of the import, against the account *opening*: each loan as it
was lent and what had been paid on it, each woman's savings. From that day on the loans stand in these books (`Loan.disbursed_on`), as far
paid, oldest instalment first, as they were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select

from lending import clock
from lending.actions import journal, sealing
from lending.actions.audit import note
from lending.actions.import_checks import Checked, GroupRow, LoanRow, MemberRow, Progress, check
from lending.actions.once import first_wins
from lending.database import lock, session, transaction
from lending.domain import ledger
from lending.domain.access import Actor, Permission
from lending.domain.allocation import allocate, next_unpaid, outstanding_principal
from lending.domain.groups import Duty
from lending.domain.importing import Faults, Line, RowFault
from lending.domain.ledger import EntryKind
from lending.domain.lifecycle import LoanState, LoanStep
from lending.domain.refusals import NotAllowed
from lending.models import (
    Assignment,
    CheckCode,
    Consent,
    FormerMeeting,
    Group,
    Leadership,
    Loan,
    LoanEvent,
    Meeting,
    Member,
    Membership,
    Unit,
)
from lending.models.base import table_of

AT_ONCE = 500
"""So many rows in one statement: databases limit how many values one may carry."""


@dataclass(frozen=True)
class Brought:
    """What came in, or in a dry run would; nothing where there are faults."""

    dry_run: bool
    groups: int
    members: int
    loans: int
    faults: tuple[RowFault, ...]


def bring_in(
    sheets: Mapping[str, Sequence[Line]], faults: Faults, by: Actor, *, dry_run: bool = False, progress: Progress = lambda _done: None
) -> Brought:
    """Store a workbook's rows in the unit, if every one is right; `faults` holds what was wrong with its sheets already.

    Training and the test of eligibility count as done on this day. Refused: `day_closed` (today's books are), `nik_taken` (409, a woman
    was enrolled elsewhere in this very moment).
    """
    by.require(Permission.IMPORT)
    if by.unit_id is None or by.unit_code is None:
        raise NotAllowed("not_allowed", role=by.role.value)
    checked = check(sheets, faults, by, progress)
    counts = (checked.counts["groups"], checked.counts["members"], checked.counts["loans"])
    if dry_run or len(faults):
        return Brought(dry_run, *counts, faults.in_order())
    with transaction():
        lock(Unit.id, by.unit_id)
        on_day = journal.book_day(by.today, unit_id=by.unit_id, by=by)
        _Writing(checked, by, clock.now()).write(on_day)
        after = dict(zip(("groups", "members", "loans"), counts, strict=True))
        note(by, "importing.bring_in", f"unit:{by.unit_id}", at=clock.now(), after=after)
    return Brought(False, *counts, ())


def _add(model: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store these rows, a few statements however many they are."""
    for lot in _lots(rows):
        session.connection().execute(insert(table_of(model)), lot)


def _ids(model: Any, key: str, rows: Iterable[Mapping[str, Any]]) -> dict[Any, int]:
    """The same, and the new id of each by this column of it."""
    table = table_of(model)
    found: dict[Any, int] = {}
    for lot in _lots(rows):
        told = insert(table).returning(table.c[key], table.c.id)
        found |= dict(session.connection().execute(told, lot).all())
    return found


def _lots(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(rows)
    while lot := [dict(row) for row in islice(rest, AT_ONCE)]:
        yield lot


class _Writing:
    """One import being written, inside its transaction."""

    def __init__(self, checked: Checked, by: Actor, at: datetime) -> None:
        self.groups, self.by, self.at = checked.groups, by, at
        self.group_ids: dict[str, int] = {}
        self.member_ids: dict[str, int] = {}
        """By NIK's index."""

    @property
    def members(self) -> Iterator[MemberRow]:
        return (member for group in self.groups for member in group.members)

    @property
    def loans(self) -> Iterator[tuple[GroupRow, MemberRow, LoanRow]]:
        for group in self.groups:
            for member in group.members:
                if member.loan is not None:
                    yield group, member, member.loan

    def write(self, on_day: date) -> None:
        self._groups()
        self._members()
        loan_ids = _ids(Loan, "member_id", (self._loan(*one) for one in self.loans))
        self._loan_lives(loan_ids)
        self._opening(loan_ids, on_day)

    def _groups(self) -> None:
        given = session.scalar(select(func.count()).where(Group.unit_id == self.by.unit_id)) or 0
        codes = [f"{self.by.unit_code}-{given + nth:04}" for nth in range(1, len(self.groups) + 1)]
        ids = _ids(
            Group,
            "code",
            (
                {
                    "unit_id": self.by.unit_id,
                    "code": code,
                    "name": group.name,
                    "kelurahan": group.kelurahan,
                    "weekday": group.weekday,
                    "time": group.time,
                    "place": group.place,
                }
                for code, group in zip(codes, self.groups, strict=True)
            ),
        )
        for code, group in zip(codes, self.groups, strict=True):
            group.code, group.id = code, ids[code]
        _add(
            Assignment,
            (
                {
                    "group_id": group.id,
                    "user_id": group.officer_id,
                    "duty": Duty.OFFICER,
                    "from_on": min(self.by.today, group.first_meeting),
                    "to_on": None,
                    "reason": None,
                }
                for group in self.groups
            ),
        )
        _add(
            Meeting,
            (
                {
                    "group_id": group.id,
                    "seq": meeting.seq,
                    "planned_on": meeting.planned_on,
                    "original_on": meeting.original_on,
                    "reason": meeting.reason,
                }
                for group in self.groups
                for meeting in group.meetings
            ),
        )

    def _members(self) -> None:
        rows = [self._member(group, nth, member) for group in self.groups for nth, member in enumerate(group.members, 1)]
        with first_wins("nik_taken", at="nik"):
            self.member_ids = _ids(Member, "nik_index", rows)
        hers = [(group, member, self.member_ids[member.nik_index]) for group in self.groups for member in group.members]
        _add(
            Membership,
            (
                {
                    "group_id": group.id,
                    "member_id": member_id,
                    "sub_group": member.sub_group,
                    "joined_on": member.joined_on,
                    "left_on": None,
                }
                for group, member, member_id in hers
            ),
        )
        _add(
            Leadership,
            (
                {"group_id": group.id, "member_id": member_id, "from_on": self.by.today, "to_on": None}
                for group, member, member_id in hers
                if member.nik == group.leader_nik
            ),
        )
        agreed = {"given": True, "on_day": self.by.today, "recorded_at": self.at, "actor_id": self.by.user_id}
        _add(
            Consent,
            ({"member_id": member_id, "purpose": purpose, **agreed} for _, member, member_id in hers for purpose in member.consents),
        )
        _add(
            FormerMeeting,
            (
                {
                    "member_id": member_id,
                    "held_on": past.held_on,
                    "attendance": past.attendance,
                    "paid": past.paid,
                    "savings": past.savings,
                }
                for _, member, member_id in hers
                for past in member.history
            ),
        )

    def _member(self, group: GroupRow, nth: int, member: MemberRow) -> dict[str, Any]:
        number = f"{group.code}-{nth:02}"
        kk = member.kk
        return {
            "unit_id": self.by.unit_id,
            "number": number,
            "name": member.name,
            "nik_sealed": sealing.seal(member.nik, "nik", number),
            "nik_index": member.nik_index,
            "nik_last4": member.nik[-4:],
            "kk_sealed": None if kk is None else sealing.seal(kk, "kk", number),
            "kk_index": None if kk is None else sealing.blind_index(kk, "kk"),
            "kk_last4": None if kk is None else kk[-4:],
            "birth_date": member.birth_date,
            "phone": member.phone,
            "address": member.address,
            "rt": member.rt,
            "rw": member.rw,
            "kelurahan": member.kelurahan,
            "enrolled_at": self.at,
            "imported_on": self.by.today,
        }

    def _loan(self, group: GroupRow, member: MemberRow, loan: LoanRow) -> dict[str, Any]:
        """The loan's row. Its maker is its officer, so that whoever imports may still decide about it."""
        of = loan.terms
        number = next_unpaid(of, loan.paid)
        due = None if number is None else loan.first_seq + (number - 1) * of.every_weeks
        return {
            "member_id": self.member_ids[member.nik_index],
            "group_id": group.id,
            "product_id": loan.product_id,
            "cycle": loan.cycle,
            "purpose": "impor",
            "applied_on": self.by.today,
            "maker_id": group.officer_id,
            "verifier_id": None,
            "state": LoanState.REPAID if due is None else LoanState.RUNNING,
            "principal": of.principal,
            "margin": of.margin,
            "weeks": of.weeks,
            "every_weeks": of.every_weeks,
            "count": of.count,
            "instalment": of.instalment,
            "payment_order": of.payment_order,
            "upj": loan.upj,
            "disbursed_on": self.by.today,
            "lent_before_on": loan.disbursed_on,
            "first_seq": loan.first_seq,
            "total_paid": loan.paid,
            "outstanding_principal": outstanding_principal(of, loan.paid),
            "next_due": None if due is None else group.meetings[due - group.meetings[0].seq].planned_on,
        }

    def _loan_lives(self, loan_ids: Mapping[int, int]) -> None:
        steps = ((None, LoanState.APPLIED), (LoanStep.IMPORT, LoanState.RUNNING))
        about = {"on_day": self.by.today, "recorded_at": self.at, "actor_id": self.by.user_id, "reason": None, "details": None}
        _add(
            LoanEvent,
            ({"loan_id": loan_id, "step": step, "state": state, **about} for loan_id in loan_ids.values() for step, state in steps),
        )
        _add(
            CheckCode,
            (
                {"loan_id": loan_id, "code": sealing.check_code(loan_id, 1), "made_at": self.at, "revoked_at": None}
                for loan_id in loan_ids.values()
            ),
        )

    def _opening(self, loan_ids: Mapping[int, int], on_day: date) -> None:
        entries = []
        for _, member, loan in self.loans:
            member_id = self.member_ids[member.nik_index]
            paid = allocate(loan.terms, loan.paid)
            legs = ledger.opening_loan(loan.terms.principal, paid, loan_id=loan_ids[member_id], member_id=member_id)
            entries.append(journal.NewEntry(EntryKind.OPENING, self.by.today, legs))
        for member in self.members:
            if member.savings:
                legs = ledger.opening_savings(member.savings, member_id=self.member_ids[member.nik_index])
                entries.append(journal.NewEntry(EntryKind.OPENING, self.by.today, legs))
        assert self.by.unit_id is not None
        for first in range(0, len(entries), AT_ONCE):
            journal.post(entries[first : first + AT_ONCE], unit_id=self.by.unit_id, on_day=on_day, at=self.at, by=self.by)
