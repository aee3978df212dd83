"""Cash as a page: what lies where, moving it, and receiving what an officer holds."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms.widgets import HiddenInput

from lending.actions import cash as acts
from lending.domain.access import Permission
from lending.domain.refusals import Refusal
from lending.queries import books
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
    if form.validate_on_submit():
        moved = acts.Transfer(form.key.data, form.on.data, form.amount.data, form.source.data, form.target.data, form.reason.data)
        try:
            known, _answer = acts.transfer(moved, by)
        except Refusal as no:
            status = form.blame(no)
            return _page(transfer=form), status
        flash(_("Pemindahan ini sudah tercatat sebelumnya.") if known else _("Pemindahan kas dicatat."), "good")
        return redirect(url_for("cash.index"), 303)
    return (_page(transfer=form), 400) if form.errors else _page(transfer=form)


@pages.post("/cash/handovers")
@needs(Permission.RECEIVE_CASH)
def hand_over() -> Shown:
    """Receive all that an officer holds; a difference needs its reason and stays under her name."""
    by = me()
    form = _handover_form(request.form)
    if not form.validate_on_submit():
        return _page(handover=form), 400
    counted = acts.Handover(form.key.data, form.officer.data, by.today, form.total.data, None, form.reason.data)
    try:
        _known, answer = acts.hand_over(counted, by)
    except Refusal as no:
        status = form.blame(no)
        return _page(handover=form), status
    if answer["difference"]:
        flash(_("Diterima dengan selisih %(sum)s.", sum=filters.rupiah(answer["difference"])), "watch")
    else:
        flash(_("Diterima %(sum)s, tanpa selisih.", sum=filters.rupiah(answer["counted"])), "good")
    return redirect(url_for("cash.index"), 303)


def _transfer_form(typed: MultiDict[str, str] | None) -> TransferForm:
    form = TransferForm(typed, key=str(uuid.uuid4()), on=me().today, target="bank")
    places = [("vault", _("Brankas")), ("bank", _("Bank")), ("head_office", _("Kantor pusat"))]
    form.source.choices = form.target.choices = places
    form.key.widget = HiddenInput()
    return form


def _handover_form(typed: MultiDict[str, str] | None) -> HandoverForm:
    form = HandoverForm(typed, key=str(uuid.uuid4()), prefix="setor-")
    form.officer.choices = [(one.username, one.name) for one in books.cash_in_hand(me())]
    form.key.widget = HiddenInput()
    return form


def _page(transfer: TransferForm | None = None, handover: HandoverForm | None = None) -> str:
    by = me()
    return render_template(
        "cash/index.html",
        transfer=transfer or _transfer_form(None),
        handover=handover or _handover_form(None),
        vault=books.vault(by.unit_id) if by.unit_id is not None else 0,
        in_hand=books.cash_in_hand(by),
    )
