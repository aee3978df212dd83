"""Reports that go out by themselves: the list of schedules with what became of each, one to be set up or changed, and stopping it."""

from uuid import uuid4

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending import delivery
from lending.actions import report_schedules as acts
from lending.documents.reports.catalogue import REPORTS
from lending.domain.access import Permission
from lending.domain.report_schedules import Every, FileForm, Wanted, addresses_in
from lending.i18n.catalogue import translated
from lending.queries import report_schedules as questions
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me
from lending.web.reports.catalogue import pages, title_of
from lending.web.reports.forms import ScheduleForm

Shown = str | Response | tuple[str, int]


@pages.get("/reports/schedules")
@needs(Permission.SCHEDULE_REPORTS)
def schedules() -> str:
    """What goes out, when, to whom, with whose eyes, and how it went last time."""
    by = me()
    found = questions.schedules(by)
    newest = questions.newest(found)
    return render_template(
        "reports/schedules.html",
        rows=[(one, newest.get(one.id), one.unit_id == by.unit_id) for one in found],
        title_of=title_of,
        shows_units=by.unit_id is None,
        has_folder=delivery.has_folder(),
        has_mail=delivery.has_mail(),
    )


@pages.route("/reports/schedules/new", methods=["GET", "POST"])
@needs(Permission.SCHEDULE_REPORTS)
def new_schedule() -> Shown:
    """Set one up."""
    form = _form(ScheduleForm(uuid=str(uuid4()), every=Every.DAILY.value, form=FileForm.PDF.value))
    if form.done(lambda: acts.add_schedule(form.uuid.data or str(uuid4()), _wanted(form), me())):
        flash(_("Jadwal disimpan. Kiriman pertama untuk hari kemarin, beberapa menit lagi, kalau harinya cocok."), "good")
        return redirect(url_for("report.schedules"), 303)
    return _shown(form, is_new=True), form.answer_status


@pages.route("/reports/schedules/<int:schedule_id>", methods=["GET", "POST"])
@needs(Permission.SCHEDULE_REPORTS)
def change_schedule(schedule_id: int) -> Shown:
    """Change one of hers; from then on it has her eyes."""
    by = me()
    now = questions.schedule(by, schedule_id)
    form = _form(
        ScheduleForm(
            reports=list(now.reports),
            every=now.every.value,
            form=now.form.value,
            to_folder=now.to_folder,
            addresses="\n".join(now.addresses),
        )
    )
    if form.done(lambda: acts.change_schedule(schedule_id, _wanted(form), by)):
        flash(_("Jadwal disimpan."), "good")
        return redirect(url_for("report.schedules"), 303)
    return _shown(form, is_new=False), form.answer_status


@pages.post("/reports/schedules/<int:schedule_id>/stop")
@needs(Permission.SCHEDULE_REPORTS)
def stop_schedule(schedule_id: int) -> Response:
    """Send nothing any more by this one."""
    acts.stop_schedule(schedule_id, me())
    flash(_("Jadwal dihentikan. Yang sudah terkirim tetap terkirim."), "good")
    return redirect(url_for("report.schedules"), 303)


def _shown(form: ScheduleForm, *, is_new: bool) -> str:
    has_folder, has_mail = delivery.has_folder(), delivery.has_mail()
    return render_template("reports/schedule.html", form=form, is_new=is_new, has_folder=has_folder, has_mail=has_mail)


def _form(form: ScheduleForm) -> ScheduleForm:
    form.reports.choices = [(one.name, translated(one.title, language())) for one in REPORTS.values() if one.layouts_for(me())]
    form.every.choices, form.form.choices = choices_of(Every), choices_of(FileForm)
    return form


def _wanted(form: ScheduleForm) -> Wanted:
    return Wanted(
        tuple(form.reports.data or ()),
        Every(form.every.data),
        FileForm(form.form.data),
        bool(form.to_folder.data),
        addresses_in(form.addresses.data or ""),
    )
