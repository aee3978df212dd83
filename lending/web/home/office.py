"""The first pages of head office: the admin compares units, the auditor finds what asks for a second look, the city what was reached."""

from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from lending.domain.access import Actor
from lending.queries import admin, books, operations, portfolio
from lending.web.home.unit import Task, par_line

LOOK_BACK = timedelta(days=7)
"""The auditor's page counts the acts of so many days."""


def of_admin(by: Actor) -> dict[str, Any]:
    """Units side by side, and whether the house is in order."""
    found = portfolio.portfolio(by, by.today, "unit")
    night = operations.night_state(by.today - timedelta(days=1))
    tasks = [Task(night.late_days, _("hari belum ditutup oleh proses malam"), url_for("admin.night"))]
    return {
        "whole": found.whole,
        "units": found.items,
        "par_line": par_line(portfolio.line_of_weeks(by, by.today), found.whole),
        "tasks": [task for task in tasks if task.count],
    }


def of_auditor(by: Actor) -> dict[str, Any]:
    """Units side by side, cash not handed over, and what of the last week asks for a second look."""
    found = portfolio.portfolio(by, by.today, "unit")
    since = by.today - LOOK_BACK
    about = _looked_into()
    counted = admin.acts_counted(by, since, tuple(about))
    first, last = since.isoformat(), by.today.isoformat()
    tasks = [Task(counted[act], what, url_for("admin.audit", act=act, first=first, last=last)) for act, what in about.items()]
    balances = [books.trial_balance(by, by.today, code) for code, _name in books.units_read(by)]
    return {
        "whole": found.whole,
        "units": found.items,
        "par_line": par_line(portfolio.line_of_weeks(by, by.today), found.whole),
        "tasks": [task for task in tasks if task.count],
        "in_hand": books.cash_in_hand(by),
        "balanced": all(balance.debit == balance.credit for balance in balances),
        "debit": sum(balance.debit for balance in balances),
    }


def of_city(by: Actor) -> dict[str, Any]:
    """What was reached, in sums; no row of fewer than five loans is in them."""
    found = portfolio.portfolio(by, by.today, "kelurahan")
    return {"whole": found.whole, "reached": len(found.items)}


def _looked_into() -> dict[str, str]:
    """Acts that an auditor wants to see one by one."""
    return {
        "collection.undo": _("catatan pertemuan dibatalkan"),
        "nik_shown": _("NIK dibuka lengkap"),
        "loans.write_off": _("pinjaman dihapusbukukan"),
        "loans.death": _("pinjaman selesai karena meninggal"),
        "loans.settle": _("pelunasan lebih awal"),
        "loans.restructure": _("pinjaman dijadwalkan ulang"),
        "groups.move_meetings": _("jadwal pertemuan digeser"),
        "people.change_user": _("akun diubah, ditutup, atau dibuka lagi"),
        "admin.issue_token": _("token dibuat untuk program"),
        "admin.revoke_token": _("token program dicabut"),
    }
