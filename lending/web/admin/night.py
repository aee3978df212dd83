"""The nights as a page: what was closed, how long it took, what is missing or wrong; and running them again."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lending import clock
from lending.actions import operations as acts
from lending.actions.arrears import NightFailed, close_next, write_failure
from lending.domain.access import Actor, Permission
from lending.queries import collection, home, operations, report_schedules
from lending.web.admin.routes import pages
from lending.web.guards import needs
from lending.web.login import me
from lending.web.reports.catalogue import title_of

AT_ONCE = 31
"""So many dates are closed while somebody waits; the clock does the rest."""

SHOWN = 21

WEEK = timedelta(days=7)


@pages.get("/operations")
@needs(Permission.SEE_OPERATIONS)
def night() -> str:
    """The newest nights of her unit, or of all; what is open is red."""
    by = me()
    nights = operations.unit_nights(None if by.reads_every_unit else by.unit_id)
    return render_template(
        "admin/operations.html",
        state=operations.night_state(_yesterday, unit_id=None if by.reads_every_unit else by.unit_id),
        behind=[(one, one.open_dates(_yesterday)) for one in nights if one.open_dates(_yesterday)],
        runs=operations.runs(by, limit=SHOWN),
        zones={one.code: one.zone for one in nights},
        look=operations.newest_look(),
        sees_rows=by.unit_id is None or by.reads_every_unit,
        sealed=operations.newest_seal(),
        backed_up=operations.newest_seal("backup"),
        unsent=report_schedules.failed(by)[:SHOWN],
        sendings=report_schedules.sendings(by, limit=SHOWN),
        title_of=title_of,
        phones=[one for one in home.phones(by, everywhere=by.unit_id is None or by.reads_every_unit) if one.unsent],
        not_held=collection.missed(by, by.today - WEEK),
        clock_is_real=clock.fixed() is None,
    )


def _yesterday(zone: str) -> date:
    return clock.today(zone) - timedelta(days=1)


@pages.post("/operations/run")
@needs(Permission.RUN_NIGHT)
def run_night() -> Response:
    """Close what is open now, and let everything be proved again at the clock's next waking."""
    by = me()
    reports = acts.run_again(by)
    closed, failed = _close_what_is_open(by)
    if failed:
        flash(_("Satu malam gagal ditutup; lihat baris merah di bawah dan beri tahu admin."), "bad")
    elif closed:
        flash(_("%(count)s malam ditutup. Pemeriksaan pembukuan diulang dalam beberapa menit.", count=closed), "good")
    else:
        flash(_("Tidak ada malam yang terbuka. Pemeriksaan pembukuan diulang dalam beberapa menit."), "good")
    if reports:
        flash(ngettext("%(num)s laporan dikirim lagi dalam beberapa menit.", "%(num)s laporan dikirim lagi dalam beberapa menit.", reports))
    return redirect(url_for("admin.night"), 303)


def _close_what_is_open(by: Actor) -> tuple[int, bool]:
    worker = f"page:{by.username}"[:60]
    for closed in range(AT_ONCE):
        try:
            if close_next(_yesterday, worker) is None:
                return closed, False
        except NightFailed as failed:
            write_failure(failed, worker)
            return closed, True
    return AT_ONCE, False
