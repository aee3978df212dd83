"""Meetings of the random weeks: recorded on their day, late or out of order, sent again, undone whole or by one line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from lending.actions import undoing
from lending.actions.collection import Kept
from lending.domain.access import Actor
from lending.domain.collection import Attendance, CashDifference, Cover, Line, MeetingReport, Shortfall, ShortReason
from lending.domain.ledger import Account
from lending.queries import collection as questions
from tests.furnished import keep
from tests.journeys.weeks.memory import A_DAY, Payment
from tests.journeys.weeks.unit import Unit, step


@dataclass
class Recorded:
    """A record as it was sent and answered, and what of it still stands: by woman her payment (if any) and what she saved."""

    meeting_id: int
    report: MeetingReport
    officer: Actor
    kept: Kept
    stands: dict[int, tuple[int | None, Payment | None, int]]
    difference: int
    undone: bool = False
    lines_undone: set[int] = field(default_factory=set)


class Meetings(Unit):
    """What happens at meetings."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, Recorded] = {}

    @step(days=st.sampled_from((1, 3, 7, 7, 7)))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    @step(often=5, data=st.data())
    def a_week_goes_by(self, data: st.DataObject) -> None:
        self.today += timedelta(days=7)
        for group in (self.house.melati, self.house.kenanga):
            self._record(group, 0, data)

    @step(often=3, data=st.data(), kenanga=st.booleans(), back=st.sampled_from((0, 0, 0, 1, 2, 5)))
    def a_meeting_is_recorded(self, data: st.DataObject, kenanga: bool, back: int) -> None:
        self._record(self.group(kenanga), back, data)

    def _record(self, group: int, back: int, data: st.DataObject) -> None:
        by, past = self.serving(group), self.meetings(group, ahead=False)
        if len(past) <= back:
            return
        meeting_id, _, planned_on = past[back]
        held_on = self.today if data.draw(st.sampled_from((False, False, True)), "late") else planned_on
        lines = self._lines(by, group, meeting_id, held_on, data)
        report = MeetingReport(held_on, 0, tuple(lines))
        if difference := data.draw(st.sampled_from((0, 0, 0, 0, 2_500, -500)), "difference"):
            difference = max(difference, -report.total)
        if difference:
            report = replace(report, cash_difference=CashDifference(difference, "kembalian"))
        report = replace(report, cash_counted=report.total + difference)
        standing = [one for one in self.records.values() if one.meeting_id == meeting_id and not one.undone]
        uuid = self.next_uuid()
        kept: list[Kept] = []
        if not self.tried({"already_recorded"} if standing else set(), lambda: kept.append(keep(uuid, meeting_id, report, by))):
            return
        assert (kept[0].replay, kept[0].total) == (False, report.total)
        self._remember(uuid, Recorded(meeting_id, report, by, kept[0], {}, difference))

    def _remember(self, uuid: str, record: Recorded) -> None:
        memory, report, purse = self.memory, record.report, record.officer.user_id
        for line in report.lines:
            payment = memory.pay(line.loan_id, report.held_on, line.credited) if line.loan_id and line.credited else None
            if line.savings:
                memory.save(Account.SAVINGS, line.member_id, line.savings, report.held_on)
            record.stands[line.member_id] = (line.loan_id, payment, line.savings)
        memory.into_purse(purse, report.cash_counted, memory.day_in_books(report.held_on, self.today))
        memory.books[Account.OVER_SHORT, purse] -= record.difference
        self.records[uuid] = record

    def _lines(self, by: Actor, group: int, meeting_id: int, held_on: date, data: st.DataObject) -> list[Line]:
        place = questions.meeting_to_record(by, meeting_id, self.next_uuid(), held_on)
        assert place is not None
        members = sorted({person.member_id for person in place.people})
        there = {one for one, of in self.memory.group_of.items() if of == group and self.memory.left_on.get(one, date.max) > held_on}
        assert set(members) <= there
        assert there - set(members) <= {one for one in there if self.joined_on(one) > held_on}
        loan_of = {
            person.member_id: person
            for person in place.people
            if person.plan is not None and person.disbursed_on is not None and person.disbursed_on <= held_on
        }
        ways = data.draw(st.text("fffffpozgsw", min_size=len(members), max_size=len(members)), "ways")
        lines = []
        for member_id, way in zip(members, ways, strict=True):
            person = loan_of.get(member_id)
            line = Line(member_id, Attendance.ALPA if way == "z" else Attendance.HADIR, None, 0, 10_000 if way == "s" else 0)
            if person is not None and person.loan_id is not None and person.plan is not None:
                left = self.memory.loans[person.loan_id].left
                _, due, arrears = person.plan.asked(place.head.seq, person.total_paid)
                usual = due + arrears
                paid = min({"p": 7_000, "o": 3 * usual + 1, "z": 0, "g": 0, "w": left}.get(way, usual), left)
                covers = (Cover(next(one for one in members if one != member_id), min(left, 20_000)),) if way == "g" else ()
                line = replace(line, loan_id=person.loan_id, paid=paid, covers=covers)
                if way == "z" and usual:
                    line = replace(line, shortfall=Shortfall(ShortReason.SAKIT, held_on + 7 * A_DAY))
            lines.append(line)
        return lines

    def joined_on(self, member: int) -> date:
        """The day on which she joined; the furnished women were there from the beginning."""
        return self.memory.joined_on.get(member, date.min)

    @step(when=lambda self: self.records, data=st.data(), altered=st.booleans())
    def a_record_is_sent_again(self, data: st.DataObject, altered: bool) -> None:
        uuid = data.draw(st.sampled_from(sorted(self.records)))
        record = self.records[uuid]
        by = replace(record.officer, today=self.today)
        if altered:
            other = replace(record.report, cash_counted=record.report.cash_counted + 1)
            self.tried({"key_reused"}, lambda: keep(uuid, record.meeting_id, other, by))
            return
        again = keep(uuid, record.meeting_id, record.report, by)
        first = record.kept
        assert (again.replay, again.undone) == (True, record.undone)
        assert (again.receipt, again.total, plain(again.lines)) == (first.receipt, first.total, plain(first.lines))

    @step(when=lambda self: self.records, data=st.data(), who=st.sampled_from(("head", "head", "officer")))
    def a_record_is_undone(self, data: st.DataObject, who: str) -> None:
        uuid = data.draw(st.sampled_from(sorted(self.records)))
        record, by = self.records[uuid], self._whoever(uuid, who)
        hers = list(record.stands)
        reasons = self._reasons(record, by, hers, cash=self._cash(record, hers) + record.difference)
        if not self.tried(reasons, lambda: undoing.undo_record(uuid, by, reason="salah")):
            return
        self._take_back(record, hers, record.difference)
        self.memory.books[Account.OVER_SHORT, record.officer.user_id] += record.difference
        record.undone = True

    @step(when=lambda self: self.records, data=st.data(), who=st.sampled_from(("head", "head", "officer")))
    def a_line_is_undone(self, data: st.DataObject, who: str) -> None:
        uuid = data.draw(st.sampled_from(sorted(self.records)))
        record, by = self.records[uuid], self._whoever(uuid, who)
        member = data.draw(st.sampled_from(sorted(line.member_id for line in record.report.lines)))
        reasons = self._reasons(record, by, [member], cash=self._cash(record, [member]))
        if member in record.lines_undone and not record.undone:
            reasons = reasons & {"not_the_same_day"} or {"already_undone"}
        elif not reasons and not any(record.stands[member][1:]):
            reasons = {"nothing_to_undo"}
        if not self.tried(reasons, lambda: undoing.undo_line(uuid, member, by, reason="salah")):
            return
        self._take_back(record, [member], 0)
        record.lines_undone.add(member)

    def _whoever(self, uuid: str, who: str) -> Actor:
        return self.person("head") if who == "head" else replace(self.records[uuid].officer, today=self.today)

    def _cash(self, record: Recorded, members: list[int]) -> int:
        lines = [record.stands[one] for one in members]
        return sum((payment.amount if payment else 0) + saved for _, payment, saved in lines)

    def _reasons(self, record: Recorded, by: Actor, members: list[int], *, cash: int) -> set[str]:
        """Why these lines cannot be taken back by her now, by what is remembered."""
        if by.username != "head" and record.officer.today != self.today:
            return {"not_the_same_day"}
        if record.undone:
            return {"already_undone"}
        reasons = set()
        for member in members:
            loan_id, payment, saved = record.stands[member]
            loan = self.memory.loans[loan_id] if loan_id is not None and payment is not None else None
            if loan is not None and loan.ended is not None:
                reasons.add("loan_ended")
            elif loan is not None and not loan.runs and self.memory.running(member):
                reasons.add("loan_running")
            if saved > -self.memory.books[Account.SAVINGS, member]:
                reasons.add("savings_spent")
        if self.memory.books[Account.OFFICER_CASH, record.officer.user_id] < cash and self._least_in_vault() < cash:
            reasons.add("not_enough_cash")
        return reasons

    def _least_in_vault(self) -> int:
        return self.memory.least(self.memory.vault, self.memory.day_in_books(self.today, self.today))

    def _take_back(self, record: Recorded, members: list[int], difference: int) -> None:
        memory, purse = self.memory, record.officer.user_id
        cash = self._cash(record, members) + difference
        if memory.books[Account.OFFICER_CASH, purse] >= cash:
            memory.into_purse(purse, -cash, memory.day_in_books(self.today, self.today))
        else:
            memory.books[Account.VAULT_CASH, 0] -= cash
            memory.vault.append((memory.day_in_books(self.today, self.today), -cash))
        for member in members:
            loan_id, payment, saved = record.stands[member]
            if payment is not None and loan_id is not None:
                payment.undone_on = self.today
                memory.settle_figures(loan_id)
            if saved:
                memory.save(Account.SAVINGS, member, -saved, self.today)
            record.stands[member] = (loan_id, None, 0)


def plain(lines: tuple[Mapping[str, Any], ...]) -> list[dict[str, Any]]:
    return [dict(line) for line in lines]
