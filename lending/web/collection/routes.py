"""Meetings as pages of the desk."""

from datetime import date, timedelta
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.actions import undoing
from lending.domain.access import Actor, Permission, Role
from lending.domain.portfolio import ratio
from lending.domain.refusals import NotFound
from lending.queries import accounts, books, records
from lending.queries import collection as questions
from lending.queries.records import RecordKept, RecordLine
from lending.web.collection.forms import DayForm, UndoForm
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("collection", __name__)

Shown = str | Response | tuple[str, int]

WEEK = timedelta(days=7)


@pages.get("/meetings")
@needs(Permission.SEE_SHEETS)
def index() -> Shown:
    """The meetings of a day, and those of the last week that nobody has recorded."""
    by = me()
    form = DayForm(request.args or None, on=by.today)
    staff = accounts.roles_of_unit(by.unit_id, Role.OFFICER) if by.unit_id is not None else []
    officers = staff if by.role is not Role.OFFICER else []
    form.officer.choices = [("", _("Semua")), *((one.username, one.name) for one in officers)]
    valid = not request.args or form.validate()
    on: date = (form.on.data if valid else None) or by.today
    meetings = questions.meetings(by, on, officer=(form.officer.data if valid else None) or None)
    page = render_template(
        "collection/index.html",
        form=form,
        on=on,
        officers=officers,
        names={one.username: one.name for one in staff},
        meetings=meetings,
        missed=questions.missed(by, by.today - WEEK) if on == by.today else [],
        earlier=on - timedelta(days=1),
        later=on + timedelta(days=1),
    )
    return page if valid else (page, 400)


@pages.get("/meetings/<int:meeting_id>")
@needs(Permission.SEE_SHEETS)
def sheet(meeting_id: int) -> str:
    """The sheet of one meeting, to read and to print; what was recorded of it, if it was."""
    by = me()
    found = questions.sheet(by, meeting_id)
    records_seen = by.may(Permission.SEE_RECORDS)
    return render_template("collection/sheet.html", sheet=found, meeting=found.meeting, records_seen=records_seen)


@pages.get("/records/<uuid:uuid>")
@needs(Permission.SEE_RECORDS)
def record(uuid: object) -> str:
    """A kept record: who came, what was paid, who paid for whom, and what the books say of it."""
    by = me()
    kept = records.record(by, str(uuid))
    lines = records.lines(kept.uuid)
    own = sum(line.paid for line in lines)
    credited = own + sum(line.renteng for line in lines)
    entries = books.of_record(kept.uuid) if by.may(Permission.SEE_BOOKS) else []
    own_rate: Decimal | None = ratio(own, credited)
    return render_template(
        "collection/record.html", kept=kept, lines=lines, entries=entries, own_rate=own_rate, may_undo=_may_undo(by, kept)
    )


def _may_undo(by: Actor, kept: RecordKept) -> bool:
    """The officer on the day on which it was kept, later the head, never one of her own; once."""
    if kept.undone_at is not None:
        return False
    if by.role is Role.OFFICER:
        return kept.recorded_on == by.today
    return by.may(Permission.UNDO_LATE) and kept.officer_id != by.user_id


@pages.route("/records/<uuid:uuid>/undo", methods=["GET", "POST"])
@needs(Permission.SEE_RECORDS)
def undo(uuid: object) -> Shown:
    """Undo a record: first what it would do, then a reason, then the reversing entries."""
    by = me()
    kept = records.record(by, str(uuid))
    form = UndoForm()
    if form.done(lambda: undoing.undo_record(kept.uuid, by, reason=form.reason.data)):
        flash(_("Catatan dibatalkan. Pertemuan ini boleh dicatat lagi."), "watch")
        return redirect(url_for("collection.record", uuid=kept.uuid), 303)
    return _effect_page(kept, form, None)


@pages.route("/records/<uuid:uuid>/lines/<int:member_id>/undo", methods=["GET", "POST"])
@needs(Permission.SEE_RECORDS)
def undo_line(uuid: object, member_id: int) -> Shown:
    """Undo the money of one woman's line: what it would do, a reason, the reversing entries."""
    by = me()
    kept = records.record(by, str(uuid))
    line = next((one for one in records.lines(kept.uuid) if one.member_id == member_id), None)
    if line is None:
        raise NotFound
    form = UndoForm()
    if form.done(lambda: undoing.undo_line(kept.uuid, member_id, by, reason=form.reason.data)):
        flash(_("Baris %(name)s dibatalkan.", name=line.name), "watch")
        return redirect(url_for("collection.record", uuid=kept.uuid), 303)
    return _effect_page(kept, form, line)


def _effect_page(kept: RecordKept, form: UndoForm, line: RecordLine | None) -> Shown:
    """What undoing would do to each woman, and out of whose hands the cash would come."""
    effect = [] if kept.undone_at else records.undo_effect(kept.uuid, line.member_id if line else None)
    cash = sum(one.cash for one in effect) + (0 if line else kept.cash_counted - kept.total)
    from_vault = books.in_hand_of(kept.officer_id, kept.unit_id) < cash
    page = render_template("collection/undo.html", kept=kept, form=form, effect=effect, line=line, cash=cash, from_vault=from_vault)
    return page, form.answer_status
