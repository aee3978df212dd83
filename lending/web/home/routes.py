"""Home: what this person should look at first today, and the doors to everything she may do."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template

from lending.domain.access import Actor, Permission, Role
from lending.domain.lifecycle import LoanState
from lending.domain.mentoring import ActionState
from lending.queries import accounts, arrears, books, collection, days, groups, home, loans, mentoring
from lending.web.guards import needs
from lending.web.home import office, unit
from lending.web.login import me

pages = Blueprint("home", __name__)

WEEK = timedelta(days=7)


@pages.get("/")
@needs()
def index() -> str:
    """The first page of the day, for each role its own."""
    by = me()
    match by.role:
        case Role.HEAD:
            return render_template("home/head.html", **unit.page(by))
        case Role.OFFICER:
            return render_template("home/officer.html", **_for_officer(by))
        case Role.LEADER:
            return render_template("home/leader.html", **_for_leader(by))
        case Role.CASHIER:
            return render_template("home/cashier.html", **_for_cashier(by))
        case Role.MENTOR:
            return render_template("home/mentor.html", **_for_mentor(by))
        case Role.ADMIN:
            return render_template("home/admin.html", **office.of_admin(by))
        case Role.AUDITOR:
            return render_template("home/auditor.html", **office.of_auditor(by))
        case Role.CITY:
            return render_template("home/city.html", **office.of_city(by))


def _for_officer(by: Actor) -> dict[str, Any]:
    return {
        "meetings": collection.meetings(by, by.today),
        "late": arrears.worklist(by, by.today, limit=10),
        "waiting": loans.waiting(by),
        "missed": collection.missed(by, by.today - WEEK),
        "overdue": mentoring.actions(by, state=ActionState.OVERDUE, on=by.today),
        "purse": next(iter(home.purses(by)), None),
        "week": home.week(by),
    }


def _for_mentor(by: Actor) -> dict[str, Any]:
    return {
        "overdue": mentoring.actions(by, state=ActionState.OVERDUE, on=by.today),
        "open": mentoring.actions(by, state=ActionState.OPEN, on=by.today)[:10],
        "meetings": collection.meetings(by, by.today),
        "visits": mentoring.visits(by, author=by.username, from_on=by.today - WEEK, to_on=by.today),
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
        "purses": home.purses(by),
        "meetings": collection.meetings(by, by.today),
        "open_days": days.open_days(by.unit_id, before=by.today) if by.unit_id is not None else [],
        "vault": books.vault(by.unit_id) if by.unit_id is not None else 0,
        "officers": accounts.roles_of_unit(by.unit_id, Role.OFFICER) if by.unit_id is not None else [],
        "may_transfer": by.may(Permission.TRANSFER_CASH),
    }
