"""Cash as a page: what lies where, moving it, and receiving what an officer holds."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms.widgets import HiddenInput

from lending.actions import cash as acts
from lending.domain.access import Permission, Role
from lending.queries import accounts, books
from lending.web import filters
from lending.web.cash.forms import HandoverForm, TransferForm
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("cash", __name__)

Shown = str | Response | tuple[str, int]


@pages.route("/cash", methods=["GET", "POST"])
@needs(Permission.TRANSFER_CASH)
def index() -> Shown:
    """Vault and officers' hands, and a transfer."""
    by = me()
    form = _transfer_form(None if request.method == "GET" else request.form)
    known: list[bool] = []

    def act() -> None:
        moved = acts.Transfer(form.key.data, form.on.data, form.amount.data, form.source.data, form.target.data, form.reason.data)
        known.append(acts.transfer(moved, by)[0])

    if form.done(act):
        flash(_("Pemindahan ini sudah tercatat sebelumnya.") if known[0] else _("Pemindahan kas dicatat."), "good")
        return redirect(url_for("cash.index"), 303)
    return _page(transfer=form), form.answer_status


@pages.post("/cash/handovers")
@needs(Permission.RECEIVE_CASH)
def hand_over() -> Shown:
    """Receive all that an officer holds; a difference needs its reason and stays under her name."""
    by = me()
    form = _handover_form(request.form)
    answers: list[Mapping[str, Any]] = []

    def act() -> None:
        counted = acts.Handover(form.key.data, form.officer.data, by.today, form.total.data, None, form.reason.data)
        answers.append(acts.hand_over(counted, by)[1])

    if not form.done(act):
        return _page(handover=form), form.answer_status
    if answers[0]["difference"]:
        flash(_("Diterima dengan selisih %(sum)s.", sum=filters.rupiah(answers[0]["difference"])), "watch")
    else:
        flash(_("Diterima %(sum)s, tanpa selisih.", sum=filters.rupiah(answers[0]["counted"])), "good")
    return redirect(url_for("cash.index"), 303)


def _transfer_form(typed: MultiDict[str, str] | None) -> TransferForm:
    form = TransferForm(typed, key=str(uuid.uuid4()), on=me().today, target="bank")
    places = [("vault", _("Brankas")), ("bank", _("Bank")), ("head_office", _("Kantor pusat"))]
    form.source.choices = form.target.choices = places
    form.key.widget = HiddenInput()
    return form


def _handover_form(typed: MultiDict[str, str] | None) -> HandoverForm:
    form = HandoverForm(typed, key=str(uuid.uuid4()), prefix="setor-")
    holding = {one.username: one.name for one in books.cash_in_hand(me())}
    if typed is not None:
        holding |= _officers()  # sent twice, she holds nothing any more; then the answer is the first one
    form.officer.choices = list(holding.items())
    form.key.widget = HiddenInput()
    return form


def _officers() -> dict[str, str]:
    unit_id = me().unit_id
    return {one.username: one.name for one in accounts.roles_of_unit(unit_id, Role.OFFICER)} if unit_id is not None else {}


def _page(transfer: TransferForm | None = None, handover: HandoverForm | None = None) -> str:
    by = me()
    return render_template(
        "cash/index.html",
        transfer=transfer or _transfer_form(None),
        handover=handover or _handover_form(None),
        vault=books.vault(by.unit_id) if by.unit_id is not None else 0,
        in_hand=books.cash_in_hand(by),
    )
