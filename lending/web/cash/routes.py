"""Cash as a page: what lies where, and moving it between vault, bank and head office."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.widgets import HiddenInput

from lending.actions import cash as acts
from lending.domain.access import Permission
from lending.domain.refusals import Refusal
from lending.queries import books
from lending.web.cash.forms import TransferForm
from lending.web.guards import needs
from lending.web.login import me

pages = Blueprint("cash", __name__)

Shown = str | Response | tuple[str, int]


@pages.route("/cash", methods=["GET", "POST"])
@needs(Permission.TRANSFER_CASH)
def index() -> Shown:
    """Vault and officers' hands, and a transfer."""
    by = me()
    form = TransferForm() if request.method == "POST" else TransferForm(formdata=None, key=str(uuid.uuid4()), on=by.today)
    form.key.widget = HiddenInput()
    places = [("vault", _("Brankas")), ("bank", _("Bank")), ("head_office", _("Kantor pusat"))]
    form.source.choices = form.target.choices = places
    if form.validate_on_submit():
        moved = acts.Transfer(form.key.data, form.on.data, form.amount.data, form.source.data, form.target.data, form.reason.data)
        try:
            known, _answer = acts.transfer(moved, by)
        except Refusal as no:
            status = form.blame(no)
            return _page(form), status
        flash(_("Pemindahan ini sudah tercatat sebelumnya.") if known else _("Pemindahan kas dicatat."), "good")
        return redirect(url_for("cash.index"), 303)
    return (_page(form), 400) if form.errors else _page(form)


def _page(form: TransferForm) -> str:
    by = me()
    vault = books.vault(by.unit_id) if by.unit_id is not None else 0
    return render_template("cash/index.html", form=form, vault=vault, in_hand=books.cash_in_hand(by))
