"""Cash as a page: what lies where, who carries some, and moving it. Receiving what an officer brings: `handovers.py`."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lending.actions import cash as acts
from lending.domain.access import Permission, Role
from lending.queries import accounts, books
from lending.queries import cash as questions
from lending.web.cash.forms import OfficerForm, TransferForm
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("cash", __name__)

Shown = str | Response | tuple[str, int]


@pages.route("/cash", methods=["GET", "POST"])
@needs(Permission.TRANSFER_CASH)
def index() -> Shown:
    """The vault, who carries cash, what was received today, and a transfer."""
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


def _transfer_form(typed: MultiDict[str, str] | None) -> TransferForm:
    form = TransferForm(typed, key=str(uuid.uuid4()), on=me().today, target="bank")
    places = [("vault", _("Brankas")), ("bank", _("Bank")), ("head_office", _("Kantor pusat"))]
    form.source.choices = form.target.choices = places
    return form


def _page(transfer: TransferForm | None = None) -> str:
    by = me()
    officer = OfficerForm().officer
    officers = accounts.roles_of_unit(by.unit_id, Role.OFFICER) if by.unit_id is not None else []
    officer.choices = [("", _("Pilih petugas lain")), *((one.username, one.name) for one in officers)]
    return render_template(
        "cash/index.html",
        transfer=transfer or _transfer_form(None),
        officer=officer,
        vault=books.vault(by.unit_id) if by.unit_id is not None else 0,
        carriers=questions.carriers(by),
        today=questions.handovers(by, first=by.today, last=by.today),
    )
