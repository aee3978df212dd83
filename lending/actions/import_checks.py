"""Reading a workbook's rows against the rules and against what is known: every row to its end, every fault named. Only reads."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from sqlalchemy import select

from lending.actions.replanning import FIRST_LAID_OUT
from lending.actions.sealing import blind_index
from lending.database import session
from lending.domain import importing as cells
from lending.domain.access import Actor, Role
from lending.domain.calendar import SUNDAY, PlannedMeeting, check_not_later, lay_out
from lending.domain.collection import Attendance
from lending.domain.eligibility import check_purpose
from lending.domain.groups import LARGEST_GROUP, next_sub_group
from lending.domain.identity import LONGEST_NAME, check_age, check_name, parse_kk, parse_nik, parse_phone
from lending.domain.importing import LONGEST_ADDRESS, LONGEST_KEY, LONGEST_PLACE, Faults, Line
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.domain.schedule import LoanTerms, check_offered, terms_of, upj_of
from lending.models import Member, User
from lending.queries import admin

Progress = Callable[[int], None]
"""Told how many rows have been looked at."""

_RT_RW = re.compile(r"[0-9]{1,3}", re.ASCII)
_AT_ONCE = 500
_WEEK = timedelta(days=7)


@dataclass
class GroupRow:
    """A group to be formed."""

    line: Line
    name: str
    kelurahan: str
    weekday: int
    time: str
    place: str
    officer_id: int
    first_meeting: date
    leader_nik: str | None
    members: "list[MemberRow]" = field(default_factory=list)
    meetings: list[PlannedMeeting] = field(default_factory=list)
    id: int = 0
    """Its row, once there is one."""
    code: str = ""


@dataclass
class MemberRow:
    """A woman to be enrolled."""

    line: Line
    group: str
    name: str
    nik: str
    nik_index: str
    kk: str | None
    birth_date: date
    phone: str | None
    address: str
    rt: str
    rw: str
    kelurahan: str
    sub_group: int
    joined_on: date
    consents: tuple[str, ...]
    savings: Rupiah
    loan: "LoanRow | None" = None
    history: "list[HistoryRow]" = field(default_factory=list)


@dataclass
class LoanRow:
    """A loan that already runs."""

    line: Line
    product_id: int
    terms: LoanTerms
    upj: Rupiah
    cycle: int
    disbursed_on: date
    first_seq: int
    paid: Rupiah


@dataclass(frozen=True)
class HistoryRow:
    """One of her meetings before the house's books began."""

    held_on: date
    attendance: Attendance
    paid: Rupiah
    savings: Rupiah


@dataclass
class Checked:
    """What the workbook says, where all of it could be read; and everything that is wrong with it."""

    groups: list[GroupRow]
    counts: Mapping[str, int]
    faults: Faults


def check(sheets: Mapping[str, Sequence[Line]], faults: Faults, by: Actor, progress: Progress) -> Checked:
    """Read every row; `faults` may hold what was wrong with the sheets already."""
    return _Reading(sheets, faults, by, progress).read()


class _Reading:
    """One workbook being read: what was found so far, and what is known of the unit."""

    def __init__(self, sheets: Mapping[str, Sequence[Line]], faults: Faults, by: Actor, progress: Progress) -> None:
        if by.unit_id is None:
            raise AssertionError("an import belongs to a unit")
        self.sheets, self.faults, self.by, self.progress = sheets, faults, by, progress
        self.done = 0
        self.served = {region.code for region in admin.served(by.unit_id)}
        self.holidays = admin.holiday_calendar()
        people = select(User.username, User.id).where(User.unit_id == by.unit_id, User.role == Role.OFFICER, User.active)
        self.officers: dict[str, int] = dict(session.execute(people).all())
        self.groups: dict[str, GroupRow | None] = {}
        """By their key; None for one whose own row is wrong, so that its women are not blamed for it."""
        self.members: dict[str, MemberRow | None] = {}
        """By NIK."""
        self.sub_groups: dict[str, list[int]] = defaultdict(list)
        self.calendars: dict[tuple[date, int], list[PlannedMeeting]] = {}
        self.products: dict[tuple[str, date], admin.ProductVersion | None] = {}

    def read(self) -> Checked:
        for line in self._lines("groups"):
            self._group(line)
        self._repeated()
        for line in self._lines("members"):
            self._member(line)
        self._known_elsewhere()
        self._leaders()
        self._lay_out()
        for line in self._lines("loans"):
            self._loan(line)
        for line in self._lines("history"):
            self._past(line)
        self._histories()
        groups = [group for group in self.groups.values() if group is not None]
        return Checked(groups, {name: len(self.sheets.get(name, ())) for name in cells.SHEETS}, self.faults)

    def _lines(self, sheet: str) -> Iterator[Line]:
        for line in self.sheets.get(sheet, ()):
            yield line
            self.done += 1
            if self.done % _AT_ONCE == 0:
                self.progress(self.done)

    # ---- groups ------------------------------------------------------------------------------------------------------------------------

    def _group(self, line: Line) -> None:
        found, before = line.cells, len(self.faults)
        key = name = kelurahan = time = place = officer = ""
        weekday, first_meeting, leader = 0, None, None
        with self.faults.at(line, "group"):
            key = cells.short(found["group"], LONGEST_KEY)
            if key in self.groups:
                raise Refusal("group_twice", key=key)
        with self.faults.at(line, "name"):
            name = check_name(cells.text(found["name"], LONGEST_NAME))
        with self.faults.at(line, "kelurahan"):
            kelurahan = self._kelurahan(line)
        with self.faults.at(line, "weekday"):
            weekday = cells.weekday(found["weekday"])
            if weekday >= SUNDAY:
                raise Refusal("unlawful_day")
        with self.faults.at(line, "time"):
            time = cells.hour(found["time"])
        with self.faults.at(line, "place"):
            place = cells.text(found["place"], LONGEST_PLACE)
        with self.faults.at(line, "officer"):
            officer = cells.text(found["officer"], LONGEST_NAME)
            if officer not in self.officers:
                raise Refusal("not_an_officer", username=officer)
        with self.faults.at(line, "first_meeting"):
            first_meeting = cells.day(found["first_meeting"])
            if weekday and first_meeting.isoweekday() != weekday:
                raise Refusal("wrong_weekday", on=first_meeting)
        with self.faults.at(line, "leader"):
            leader = None if cells.is_empty(found["leader"]) else self._nik(found["leader"])
        if key:
            good = len(self.faults) == before and first_meeting is not None
            row = None
            if good and first_meeting is not None:
                row = GroupRow(line, name, kelurahan, weekday, time, place, self.officers[officer], first_meeting, leader)
            self.groups.setdefault(key, row)

    def _kelurahan(self, line: Line) -> str:
        code = cells.text(line.cells["kelurahan"], LONGEST_KEY)
        if code not in self.served:
            raise Refusal("kelurahan_not_served" if admin.knows_region(code, "kelurahan") else "kelurahan_unknown", kelurahan=code)
        return code

    def _nik(self, cell: cells.Cell) -> str:
        return parse_nik(cells.text(cell, LONGEST_KEY), today=self.by.today).number

    def _leaders(self) -> None:
        for group in self.groups.values():
            if group is not None and group.leader_nik is not None:
                of_group = {member.nik for member in group.members}
                if group.leader_nik not in of_group and self.members.get(group.leader_nik, group) is not None:
                    self.faults.of(group.line, "leader", "leader_not_in_group")

    def _lay_out(self) -> None:
        """Each group's calendar, from its first meeting to a year ahead."""
        for group in self.groups.values():
            if group is not None:
                behind = max(0, (self.by.today - group.first_meeting) // _WEEK)
                group.meetings = self._calendar(group.first_meeting, behind + FIRST_LAID_OUT)

    def _calendar(self, first: date, count: int) -> list[PlannedMeeting]:
        """Many groups begin on one day: each calendar is laid out once."""
        if (first, count) not in self.calendars:
            self.calendars[first, count] = lay_out(first, count, self.holidays)
        return self.calendars[first, count]

    # ---- members -----------------------------------------------------------------------------------------------------------------------

    def _repeated(self) -> None:
        """A NIK that stands in two rows is a fault of both, and each names the other."""
        rows: dict[str, list[Line]] = defaultdict(list)
        for line in self.sheets.get("members", ()):
            try:
                rows[self._nik(line.cells["nik"])].append(line)
            except Refusal:
                continue
        for lines in rows.values():
            if len(lines) > 1:
                where = ", ".join(str(one.number) for one in lines)
                for line in lines:
                    self.faults.of(line, "nik", "nik_repeated", where=where)

    def _member(self, line: Line) -> None:
        found, faults, before = line.cells, self.faults, len(self.faults)
        key = name = nik = address = rt = rw = kelurahan = ""
        kk = phone = birth_date = None
        sub_group, joined_on, savings = 0, self.by.today, 0
        consents: tuple[str, ...] = ()
        with faults.at(line, "group"):
            key = cells.short(found["group"], LONGEST_KEY)
            if key not in self.groups:
                raise Refusal("group_unknown", key=key)
        with faults.at(line, "name"):
            name = check_name(cells.text(found["name"], LONGEST_NAME))
        with faults.at(line, "nik"):
            nik = self._nik(found["nik"])
        with faults.at(line, "kk"):
            kk = None if cells.is_empty(found["kk"]) else parse_kk(cells.text(found["kk"], LONGEST_KEY))
        with faults.at(line, "joined_on"):
            joined_on = self.by.today if cells.is_empty(found["joined_on"]) else cells.day(found["joined_on"])
            check_not_later(joined_on, "joined_on", today=self.by.today)
        with faults.at(line, "birth_date"):
            birth_date = cells.day(found["birth_date"])
            check_age(birth_date, joined_on)
        with faults.at(line, "phone"):
            phone = None if cells.is_empty(found["phone"]) else parse_phone(cells.text(found["phone"], LONGEST_KEY))
        with faults.at(line, "address"):
            address = cells.text(found["address"], LONGEST_ADDRESS)
        with faults.at(line, "rt"):
            rt = self._rt_rw(found["rt"])
        with faults.at(line, "rw"):
            rw = self._rt_rw(found["rw"])
        with faults.at(line, "kelurahan"):
            kelurahan = self._kelurahan(line)
        with faults.at(line, "sub_group"):
            taken = self.sub_groups[key]
            sub_group = next_sub_group(taken) if cells.is_empty(found["sub_group"]) else cells.whole(found["sub_group"])
            if not 1 <= sub_group <= LARGEST_GROUP:
                raise Refusal("too_large" if sub_group else "too_small", largest=LARGEST_GROUP, smallest=1)
            taken.append(sub_group)
        with faults.at(line, "consents"):
            consents = self._consents(found["consents"])
        with faults.at(line, "savings"):
            savings = cells.money(found["savings"])
        group = self.groups.get(key)
        if group is not None and len(group.members) >= LARGEST_GROUP:
            faults.of(line, "group", "group_too_large", size=len(group.members), largest=LARGEST_GROUP)
        if not nik:
            return
        row = None
        if len(faults) == before and birth_date is not None:
            row = MemberRow(
                line, key, name, nik, blind_index(nik, "nik"), kk, birth_date, phone, address, rt, rw, kelurahan, sub_group,
                joined_on, consents, savings,
            )  # fmt: skip
            if group is not None:
                group.members.append(row)
        self.members.setdefault(nik, row)

    @staticmethod
    def _rt_rw(cell: cells.Cell) -> str:
        number = cells.short(cell, LONGEST_KEY)
        if _RT_RW.fullmatch(number) is None:
            raise Refusal("rt_rw_format")
        return number.zfill(3)

    @staticmethod
    def _consents(cell: cells.Cell) -> tuple[str, ...]:
        if cells.is_empty(cell):
            return ()
        purposes = dict.fromkeys(part.strip().lower() for part in cells.text(cell, LONGEST_ADDRESS).split(",") if part.strip())
        for purpose in purposes:
            check_purpose(purpose, "consents")
        return tuple(purposes)

    def _known_elsewhere(self) -> None:
        """NIKs that are known already, anywhere; of another unit's woman nothing is told."""
        rows = {member.nik_index: member for member in self.members.values() if member is not None}
        for lot in _lots(rows):
            known = select(Member.nik_index, Member.number, Member.unit_id).where(Member.nik_index.in_(lot))
            for index, number, unit_id in session.execute(known):
                self.faults.of(rows[index].line, "nik", "nik_taken", number=number if unit_id == self.by.unit_id else None)

    # ---- loans -------------------------------------------------------------------------------------------------------------------------

    def _loan(self, line: Line) -> None:
        found, faults, before = line.cells, self.faults, len(self.faults)
        member, product, terms = None, None, None
        cycle, principal, weeks, first_seq, paid = 0, 0, 0, 0, 0
        disbursed_on = first_due = None
        with faults.at(line, "nik"):
            member = self._member_named(line)
            if member is not None and member.loan is not None:
                raise Refusal("loan_running")
        with faults.at(line, "cycle"):
            cycle = cells.whole(found["cycle"])
            if not 1 <= cycle <= 99:
                raise Refusal("out_of_range")
        with faults.at(line, "principal"):
            principal = cells.money(found["principal"])
        with faults.at(line, "weeks"):
            weeks = cells.whole(found["weeks"])
        with faults.at(line, "disbursed_on"):
            disbursed_on = cells.day(found["disbursed_on"])
            check_not_later(disbursed_on, "disbursed_on", today=self.by.today)
        with faults.at(line, "first_due"):
            first_due = cells.day(found["first_due"])
        with faults.at(line, "paid"):
            paid = cells.money(found["paid"])
        with faults.at(line, "product"):
            code = cells.text(found["product"], LONGEST_KEY)
            product = self._product(code, disbursed_on or self.by.today)
            if product is None:
                raise Refusal("no_such_product", product=code)
        if product is not None and principal and weeks and cycle:
            try:
                check_offered(product.terms, principal, weeks, cycle)
                terms = terms_of(product.terms, principal, weeks)
            except Refusal as no:
                faults.of(line, no.faults[0].at, no.code, **no.facts)
        elif not principal:
            faults.of(line, "principal", "too_small", smallest=1)
        if terms is not None and paid > terms.total:
            faults.of(line, "paid", "pays_too_much", left=terms.total)
        group = None if member is None else self.groups.get(member.group)
        if group is not None and terms is not None and disbursed_on is not None and first_due is not None:
            seq = next((one.seq for one in group.meetings if one.planned_on == first_due), None)
            if seq is None or first_due <= disbursed_on:
                faults.of(line, "first_due", "first_due_not_a_meeting", on=disbursed_on)
            else:
                first_seq = seq
                self._reach(group, first_seq + (terms.count - 1) * terms.every_weeks)
        if len(faults) == before and member is not None and product is not None and terms is not None and disbursed_on is not None:
            upj = upj_of(product.terms, terms.principal)
            member.loan = LoanRow(line, product.id, terms, upj, cycle, disbursed_on, first_seq, paid)

    def _member_named(self, line: Line) -> MemberRow | None:
        """The woman whom a row names by her NIK; None for one whose own row is wrong. Refused: `member_unknown`."""
        nik = self._nik(line.cells["nik"])
        if nik not in self.members:
            raise Refusal("member_unknown")
        return self.members[nik]

    def _reach(self, group: GroupRow, last_seq: int) -> None:
        if group.meetings[-1].seq < last_seq:
            group.meetings = self._calendar(group.first_meeting, last_seq)

    def _product(self, code: str, on: date) -> admin.ProductVersion | None:
        """The version of that day; of a day before the first version was written down here, that of today."""
        if (code, on) not in self.products:
            self.products[code, on] = admin.product(code, on) or admin.product(code, self.by.today)
        return self.products[code, on]

    # ---- history -----------------------------------------------------------------------------------------------------------------------

    def _past(self, line: Line) -> None:
        found, faults, before = line.cells, self.faults, len(self.faults)
        member, held_on, attendance, paid, savings = None, None, None, 0, 0
        with faults.at(line, "nik"):
            member = self._member_named(line)
        with faults.at(line, "held_on"):
            held_on = cells.day(found["held_on"])
            check_not_later(held_on, "held_on", today=self.by.today)
            if member is not None and any(one.held_on == held_on for one in member.history):
                raise Refusal("history_twice", on=held_on)
        with faults.at(line, "attendance"):
            word = cells.text(found["attendance"], LONGEST_KEY).lower()
            if word not in set(Attendance):
                raise Refusal("not_a_choice")
            attendance = Attendance(word)
        with faults.at(line, "paid"):
            paid = cells.money(found["paid"])
        with faults.at(line, "savings"):
            savings = cells.money(found["savings"])
        if len(faults) == before and member is not None and held_on is not None and attendance is not None:
            member.history.append(HistoryRow(held_on, attendance, paid, savings))

    def _histories(self) -> None:
        """Payments of single meetings must not be more than the loan has been paid in all."""
        for member in self.members.values():
            if member is not None and member.loan is not None:
                told = sum(one.paid for one in member.history if one.held_on >= member.loan.disbursed_on)
                if told > member.loan.paid:
                    self.faults.of(member.loan.line, "paid", "history_differs", told=told, paid=member.loan.paid)


def _lots(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while lot := list(islice(rest, _AT_ONCE)):
        yield lot
