"""Home: what this person should look at first today, and the doors to everything she may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from lending.domain.access import Actor, Permission, Role
from lending.domain.lifecycle import LoanState
from lending.domain.mentoring import ActionState
from lending.queries import accounts, arrears, books, collection, groups, loans, mentoring, operations, portfolio
from lending.queries.portfolio import PortfolioRow
from lending.web import charts, filters
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("home", __name__)

WEEK = timedelta(days=7)
WORST_GROUPS = 5


@pages.get("/")
@needs()
def index() -> str:
    """The first page of the day, for each role its own."""
    by = me()
    match by.role:
        case Role.HEAD:
            return render_template("home/head.html", **_for_head(by))
        case Role.OFFICER:
            return render_template("home/officer.html", **_for_officer(by))
        case Role.LEADER:
            return render_template("home/leader.html", **_for_leader(by))
        case Role.CASHIER:
            return render_template("home/cashier.html", **_for_cashier(by))
        case Role.MENTOR:
            return render_template("home/mentor.html", overdue=mentoring.actions(by, state=ActionState.OVERDUE, on=by.today))
        case _:
            return render_template("home/index.html")


@dataclass(frozen=True)
class Task:
    """Something that waits for the head: how many, what, and where."""

    count: int
    what: str
    endpoint: str
    arguments: dict[str, Any]


def _for_head(by: Actor) -> dict[str, Any]:
    by_group = portfolio.portfolio(by, by.today, "group")
    by_officer = portfolio.portfolio(by, by.today, "officer")
    late = arrears.worklist(by, by.today)
    return {
        "whole": by_group.whole,
        "officers": by_officer.items,
        "names": {one.username: one.name for one in accounts.roles_of_unit(by.unit_id, Role.OFFICER)} if by.unit_id is not None else {},
        "worst": _worst(by_group.items),
        "par_line": _par_line(by, by_group.whole),
        "meetings": collection.meetings(by, by.today),
        "in_hand": books.cash_in_hand(by),
        "vault": books.vault(by.unit_id) if by.unit_id is not None else 0,
        "tasks": [task for task in _tasks(by, late) if task.count],
    }


def _tasks(by: Actor, late: Sequence[arrears.LateLoan]) -> list[Task]:
    waiting = loans.waiting(by)
    night = operations.night_state(by.today - timedelta(days=1))
    broken = sum(row.promise_broken for row in late)
    old = sum(row.weeks_late > 2 for row in late)
    to_verify = sum(loan.state is LoanState.RECOMMENDED for loan in waiting)
    to_approve = sum(loan.state is LoanState.VERIFIED for loan in waiting)
    missed = len(collection.missed(by, by.today - WEEK))
    return [
        Task(night.late_days, _("hari belum ditutup oleh proses malam"), "admin.night", {}),
        Task(to_approve, _("pengajuan menunggu persetujuan"), "loans.index", {"state": LoanState.VERIFIED.value}),
        Task(to_verify, _("pengajuan menunggu pemeriksaan"), "loans.index", {"state": LoanState.RECOMMENDED.value}),
        Task(missed, _("pertemuan minggu ini belum dicatat"), "collection.index", {}),
        Task(broken, _("janji bayar lewat"), "arrears.index", {}),
        Task(old, _("anggota menunggak lebih dari dua minggu"), "arrears.index", {}),
    ]


def _worst(rows: Sequence[PortfolioRow]) -> list[PortfolioRow]:
    at_risk = [row for row in rows if row.par[0]]
    return sorted(at_risk, key=lambda row: row.par_ratio[0] or Decimal(0), reverse=True)[:WORST_GROUPS]


def _par_line(by: Actor, whole: PortfolioRow) -> charts.Chart:
    """PAR > 30 of the last twelve weeks from the night's history, and of today from the facts."""
    past = [
        (filters.short_date(point.on)[:6].rstrip("-"), _percent(point.par_30, point.outstanding_principal))
        for point in portfolio.line_of_weeks(by, by.today)
    ]
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


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else Decimal(0)


def _as_percent(value: int | Decimal) -> str:
    return filters.ratio(Decimal(value) / 100)


def _for_officer(by: Actor) -> dict[str, Any]:
    return {
        "meetings": collection.meetings(by, by.today),
        "late": arrears.worklist(by, by.today, limit=10),
        "waiting": loans.waiting(by),
        "missed": collection.missed(by, by.today - WEEK),
        "overdue": mentoring.actions(by, state=ActionState.OVERDUE, on=by.today),
        "in_hand": sum(held.amount for held in books.cash_in_hand(by)),
    }


def _for_leader(by: Actor) -> dict[str, Any]:
    led = groups.groups(by, limit=1)
    if not led:
        return {"group": None}
    ahead = collection.meetings(by, by.today, until=by.today + WEEK)
    next_meeting = next((meeting for meeting in ahead if meeting.state != "held"), None)
    sheet = collection.sheet(by, next_meeting.id) if next_meeting else None
    short = [line for line in sheet.lines if line.arrears] if sheet else []
    printable = any(member.loan for member in groups.group(by, led[0].id).members)
    return {"group": led[0], "printable": printable, "next_meeting": next_meeting, "short": short, "sheet": sheet}


def _for_cashier(by: Actor) -> dict[str, Any]:
    approved = loans.loans(by, states=(LoanState.APPROVED,))
    return {
        "approved": approved,
        "in_hand": books.cash_in_hand(by),
        "vault": books.vault(by.unit_id) if by.unit_id is not None else 0,
        "officers": accounts.roles_of_unit(by.unit_id, Role.OFFICER) if by.unit_id is not None else [],
        "may_transfer": by.may(Permission.TRANSFER_CASH),
    }
