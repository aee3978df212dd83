"""The unit head's first page: how the unit stands, what waits for her, who and which groups to look at; each figure leads to its list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from lending.domain.access import Actor
from lending.domain.lifecycle import LoanState
from lending.domain.portfolio import ratio
from lending.queries import books, cases, collection, days, home, loans, operations, portfolio
from lending.queries.cases import Case
from lending.queries.collection import MissedMeeting
from lending.queries.home import Phone, Purse, Served, Sums, Week
from lending.queries.portfolio import PortfolioRow
from lending.web import charts, filters
from lending.web.language import language

WEEK = timedelta(days=7)
LOW_COLLECTION, LOW_OWN_PAYMENT, HIGH_PAR = Decimal("0.8"), Decimal("0.9"), Decimal("0.1")
"""A group is to be looked at when less was collected, or paid by the members themselves, or more is at risk."""

MOST_GROUPS, MOST_MEETINGS = 5, 8
NO_SUMS = Sums()


@dataclass(frozen=True)
class Task:
    """Something that waits: how many, what, and where."""

    count: int
    what: str
    href: str


@dataclass(frozen=True)
class OfficerSide:
    """One officer beside the others: her groups, her week, what is at risk, her cash, her phone."""

    served: Served
    loans: int
    outstanding: int
    par: Decimal | None
    week: Sums
    purse: Purse | None
    phone: Phone | None

    @property
    def rate(self) -> Decimal | None:
        """Collected of what fell due, this week so far."""
        return ratio(self.week.collected, self.week.due)


@dataclass(frozen=True)
class GroupToSee:
    """A group, and why to look at it."""

    row: PortfolioRow
    reasons: tuple[str, ...]


def page(by: Actor) -> dict[str, Any]:
    """What the page shows."""
    found = portfolio.portfolio(by, by.today, "group")
    whole, week = found.whole, home.week(by)
    chased = [one for one in cases.cases(by, by.today) if one.aside is None]
    missed = collection.missed(by, by.today - WEEK)
    purses, phones = home.purses(by), home.phones(by)
    line = portfolio.line_of_weeks(by, by.today)
    before = ratio(line[-1].par_30, line[-1].outstanding_principal) if line else None
    served = home.officers(by)
    meetings = collection.meetings(by, by.today)
    return {
        "whole": whole,
        "week": week,
        "rate": ratio(week.so_far.collected, week.so_far.due),
        "purses": purses,
        "phones": [phone for phone in phones if phone.unsent],
        "officers": _officers(served, found.items, week, purses, phones),
        "groups": _to_see(found.items, missed, {one.group_id for one in meetings if one.record is None}),
        "par_line": par_line(line, whole),
        "par_before": before,
        "trend": _trend(before, whole.par_ratio[30]),
        "week_bars": week_bars(week),
        "meetings": meetings,
        "still_open": [one for one in meetings if one.record is None],
        "most_meetings": MOST_MEETINGS,
        "names": {one.username: one.name for one in served},
        "held_today": sum(one.record is not None for one in meetings),
        "vault": books.vault(by.unit_id) if by.unit_id is not None else 0,
        "tasks": [task for task in _tasks(by, chased, missed, purses) if task.count],
        "since": {"from": week.monday.isoformat(), "to": by.today.isoformat()},
    }


def _tasks(by: Actor, chased: Sequence[Case], missed: Sequence[MissedMeeting], purses: Sequence[Purse]) -> list[Task]:
    waiting = loans.waiting(by)
    yesterday = by.today - timedelta(days=1)
    night = operations.night_state(yesterday, unit_id=by.unit_id)
    open_days = days.open_days(by.unit_id, before=by.today) if by.unit_id is not None else []
    journal = url_for("books.index", account="officer_cash")
    verified, recommended = LoanState.VERIFIED, LoanState.RECOMMENDED
    to_approve, to_verify = (sum(loan.state is state for loan in waiting) for state in (verified, recommended))
    return [
        Task(night.late_days, _("hari belum ditutup oleh proses malam"), url_for("admin.night")),
        Task(to_approve, _("pengajuan menunggu persetujuan"), url_for("loans.index", state=verified.value)),
        Task(to_verify, _("pengajuan menunggu pemeriksaan"), url_for("loans.index", state=recommended.value)),
        Task(len(missed), _("pertemuan minggu ini belum dicatat"), url_for("collection.index")),
        Task(sum(purse.days > 0 for purse in purses), _("petugas memegang kas sejak kemarin atau lebih lama"), journal),
        Task(len(open_days), _("hari pembukuan belum ditutup"), url_for("books.days")),
        Task(sum(one.promise_broken for one in chased), _("janji bayar lewat"), url_for("arrears.index", late="broken")),
        Task(sum(one.late.weeks_late > 2 for one in chased), _("anggota menunggak lebih dari dua minggu"), url_for("arrears.index")),
    ]


def _officers(
    served: Sequence[Served], groups: Sequence[PortfolioRow], week: Week, purses: Sequence[Purse], phones: Sequence[Phone]
) -> list[OfficerSide]:
    by_group: Mapping[int, PortfolioRow] = {row.key: row for row in groups}
    purse_of, phone_of = {one.held.username: one for one in purses}, {one.username: one for one in phones}
    sides = []
    for one in served:
        hers = [by_group[group_id] for group_id in one.groups if group_id in by_group]
        outstanding = sum(row.outstanding_principal for row in hers)
        name = one.username or ""
        sides.append(
            OfficerSide(
                served=one,
                loans=sum(row.loans for row in hers),
                outstanding=outstanding,
                par=ratio(sum(row.par[30] for row in hers), outstanding),
                week=week.officers.get(one.username, NO_SUMS),
                purse=purse_of.get(name),
                phone=phone_of.get(name),
            )
        )
    return sides


def _to_see(groups: Sequence[PortfolioRow], missed: Sequence[MissedMeeting], meets_today: Collection[int]) -> list[GroupToSee]:
    """The groups that give most reasons, and of those the largest sums at risk; what has not come in today is not missed yet."""
    days_missed: dict[int, list[MissedMeeting]] = {}
    for one in missed:
        days_missed.setdefault(one.group_id, []).append(one)
    found = [GroupToSee(row, _reasons(row, days_missed.get(row.key, ()), row.key in meets_today)) for row in groups]
    worst = sorted((one for one in found if one.reasons), key=lambda one: (-len(one.reasons), -one.row.par[0], one.row.name))
    return worst[:MOST_GROUPS]


def _reasons(row: PortfolioRow, missed: Sequence[MissedMeeting], meets_today: bool) -> tuple[str, ...]:
    reasons = [_("pertemuan %(day)s belum dicatat", day=filters.short_date(one.planned_on)) for one in missed]
    if not (missed or meets_today) and row.collection_rate is not None and row.collection_rate < LOW_COLLECTION:
        reasons.append(_("tertagih %(rate)s dalam tujuh hari", rate=filters.ratio(row.collection_rate)))
    share = row.par_ratio[0]
    if share is not None and share >= HIGH_PAR:
        reasons.append(_("%(share)s sisa pokok menunggak", share=filters.ratio(share)))
    if row.own_payment_rate is not None and row.own_payment_rate < LOW_OWN_PAYMENT:
        reasons.append(_("%(share)s dibayari kelompok", share=filters.ratio(1 - row.own_payment_rate)))
    return tuple(reasons)


def par_line(line: Sequence[portfolio.PortfolioPoint], whole: PortfolioRow) -> charts.Chart:
    """PAR > 30 of the last twelve weeks from the night's history, and of today from the facts."""
    past = [(filters.short_date(point.on)[:6].rstrip("-"), _percent(point.par_30, point.outstanding_principal)) for point in line]
    now = _percent(whole.par[30], whole.outstanding_principal)
    return charts.line(
        "par",
        _("PAR > 30 hari, dua belas minggu"),
        _("Bagian sisa pokok yang menunggak lebih dari 30 hari; hari ini %(now)s.", now=_as_percent(now)),
        [*past, (_("kini"), now)],
        across=_("Tanggal"),
        upward=_("PAR > 30"),
        form=_as_percent,
    )


def _trend(before: Decimal | None, now: Decimal | None) -> str | None:
    """Up or down against a week ago, in the tenths of a per cent that are shown."""
    if before is None or now is None or round(before, 3) == round(now, 3):
        return None
    return "up" if now > before else "down"


def week_bars(week: Week) -> charts.Chart:
    """Each day of this week: what falls due, and what has come."""
    so_far = week.so_far
    values = [(f"{filters.weekday(on.isoweekday())[:3]} {on.day}", sums.due, max(sums.collected, 0)) for on, sums in week.days.items()]
    return charts.pairs(
        "week",
        _("Jatuh tempo dan terkumpul, minggu ini"),
        _("Sampai hari ini %(got)s dari %(due)s.", got=filters.rupiah(so_far.collected), due=filters.rupiah(so_far.due)),
        values,
        across=_("Hari"),
        upward=(_("Jatuh tempo"), _("Terkumpul")),
        form=lambda amount: charts.millions(amount, language()),
    )


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else Decimal(0)


def _as_percent(value: int | Decimal) -> str:
    return filters.ratio(Decimal(value) / 100)
