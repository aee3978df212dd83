"""Receiving what an officer brings: counted first, then compared with the books and with what she said, then received; and what was."""

import uuid as uuids

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lending.actions import cash as acts
from lending.domain import ledger
from lending.domain.access import Actor, Permission, Role
from lending.domain.collection import NOTES
from lending.queries import accounts
from lending.queries import cash as questions
from lending.web.addresses import whole_number
from lending.web.cash import forms
from lending.web.cash.routes import Shown, pages
from lending.web.guards import needs
from lending.web.login import me
from lending.web.purse import with_purse

PAGE = 50


@pages.route("/cash/handovers/new", methods=["GET", "POST"])
@needs(Permission.RECEIVE_CASH)
def receive() -> Shown:
    """Count, without knowing what is expected; compare; receive. Each step is a page, so that it works without a script."""
    by = me()
    if not request.args.get("officer"):
        return redirect(url_for("cash.index"), 303)
    who = questions.carrier(by, request.args["officer"])
    form = with_purse(forms.HandoverForm, key=str(uuids.uuid4()))
    step = request.form.get("step")
    if not form.is_submitted() or step == "count":
        return render_template("cash/count.html", form=form, who=who)
    if not form.done(form.require_count):
        return render_template("cash/count.html", form=form, who=who), form.answer_status
    if step == "receive":

        def act() -> None:
            given = acts.Handover(form.key.data, who.username, by.today, form.total, form.notes, form.reason.data, form.shown.data)
            acts.hand_over(given, by)

        if form.done(act):
            flash(_("Setoran diterima. Cetak berita acaranya dan tanda tangani berdua."), "good")
            return redirect(url_for("cash.handover", uuid=form.key.data), 303)
    booked = ledger.handover(who.expected, form.total, officer_id=0) if who.expected or form.total else ()
    page = render_template("cash/compare.html", form=form, who=who, difference=form.total - who.expected, booked=booked, notes=NOTES)
    return page, form.answer_status


@pages.get("/cash/handovers")
@needs(Permission.SEE_BOOKS)
def handovers() -> Shown:
    """What was received, newest first: of one day or several, of one officer."""
    by = me()
    form = forms.FilterForm(request.args or None, since=by.today, until=by.today)
    form.officer.choices = [("", _("Semua")), *_officers(by)]
    good = not request.args or form.validate()
    last = (form.until.data if good else None) or by.today
    first = (form.since.data if good else None) or last
    found = questions.handovers(
        by, first=first, last=last, officer=(form.officer.data or None) if good else None, limit=PAGE + 1, before_id=_before()
    )
    rows = found[:PAGE]
    page = render_template(
        "cash/handovers.html", form=form, rows=rows, first=first, last=last, next=rows[-1].id if len(found) > PAGE else None
    )
    return page if good else (page, 400)


@pages.get("/cash/handovers/<uuid:uuid>")
@needs(Permission.SEE_BOOKS)
def handover(uuid: object) -> str:
    """One hand-over, as its minutes say it."""
    found = questions.handover(me(), str(uuid))
    return render_template(
        "cash/handover.html", about=found, number=questions.number_of(found), sources=questions.sources(found), notes=NOTES
    )


def _officers(by: Actor) -> list[tuple[str, str]]:
    return [(one.username, one.name) for one in accounts.roles_of_unit(by.unit_id, Role.OFFICER)] if by.unit_id is not None else []


def _before() -> int | None:
    return whole_number(request.args.get("cursor", ""))
