"""Reports that go out by themselves: each schedule's date once, after the night has closed it, by whoever of the workers claims it.

A report is made with the eyes of the schedule's owner, as she stands now: what she may not see any more is not sent. What fails is written
down, told on the page of the nights, and tried again after a rest; what had arrived by then is not sent a second time.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

import structlog

from lending import clock, delivery
from lending.actions import operations as acts
from lending.delivery import File, Letter, NotDelivered
from lending.documents.reports.catalogue import REPORTS, attachments
from lending.documents.reports.paper import Imprint, report_pdf
from lending.documents.reports.report import Made, make
from lending.documents.reports.written import as_csv, as_xlsx
from lending.domain.access import Actor, Permission
from lending.domain.refusals import Refusal
from lending.domain.report_schedules import FileForm, begins
from lending.i18n import formats
from lending.i18n.catalogue import mark, translated
from lending.jobs.nightly import worker_name
from lending.queries import accounts
from lending.queries import report_schedules as questions
from lending.queries.report_schedules import Schedule, Sending

_log = structlog.get_logger()

FOLDER = "folder"
"""What a run says of the folder among the addresses that it has reached."""

RESTS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""Between one failure and the next try; the last of them for all that follow."""

MEDIA = {
    FileForm.PDF: "application/pdf",
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileForm.CSV: "text/csv; charset=utf-8",
}

_EVERY_UNIT = mark("Semua unit")
_SUBJECT = mark("Laporan {unit}, {day}")
_TEXT = mark(
    "Terlampir, {unit}, keadaan sampai {day}:\n\n{list}\n\n"
    "Dikirim otomatis oleh Maju Bersama menurut jadwal yang diatur {owner}. "
    "Isinya untuk Anda; jangan diteruskan kepada yang tidak berhak melihatnya.\n"
)


def send_owed() -> tuple[int, int]:
    """Send all that is owed and free: how many dates of schedules went out, and how many failed. Safe with any number of processes."""
    worker = worker_name()
    out = failed = 0
    for one in questions.waiting(clock.now()):
        job = questions.job_of(one.schedule.id)
        if not acts.claim(job, one.for_date, worker):
            continue
        sent, fault = _sent(one, job, worker)
        if fault is None:
            acts.finish(job, one.for_date, worker, {"sent": sent})
            out += 1
            continue
        tries = one.tries + 1
        told = {"fault": fault.fault, "said": fault.said, "sent": sent, "tries": tries}
        acts.fail(job, one.for_date, worker, told, rest=RESTS[min(tries, len(RESTS)) - 1])
        _log.warning("report not sent", job=job, on=one.for_date.isoformat(), fault=fault.fault, said=fault.said)
        failed += 1
    return out, failed


def _sent(one: Sending, job: str, worker: str) -> tuple[list[str], NotDelivered | None]:
    """Where it has gone by now, and what kept it from the rest."""
    schedule, on, sent = one.schedule, one.for_date, one.sent
    try:
        files = _files(schedule, on)
    except NotDelivered as no:
        return sent, no
    fault: NotDelivered | None = None
    for place in ([FOLDER] if schedule.to_folder else []) + list(schedule.addresses):
        if place in sent:
            continue
        try:
            if place == FOLDER:
                for file in files:
                    delivery.put(schedule.unit_code or "semua-unit", file)
            else:
                delivery.mail(_letter(schedule, on, place, files), place)
        except NotDelivered as no:
            fault = fault or no
            if place != FOLDER and no.fault != "mail_address":
                break  # what the server says to one letter it says to all; only an address is one's own
        else:
            sent.append(place)
            acts.go_on(job, on, worker, {"sent": sent, "tries": one.tries})
    return sent, fault


def _files(schedule: Schedule, on: date) -> list[File]:
    try:
        by = _owner(schedule)
        return [_file(name, schedule, by, on) for name in schedule.reports]
    except Refusal as no:
        raise NotDelivered("owner_may_not", no.code) from no
    except NotDelivered:
        raise
    except Exception as bug:
        _log.exception("report not made", schedule=schedule.id, on=on.isoformat())
        raise NotDelivered("not_made", type(bug).__name__) from bug


def _owner(schedule: Schedule) -> Actor:
    """Whoever set it up, as she stands now."""
    person = accounts.active_person(schedule.owner_id)
    if person is None or person.unit_id != schedule.unit_id:
        raise NotDelivered("owner_may_not", schedule.owner_name)
    by = person.acting(clock.today(person.zone))
    by.require(Permission.SCHEDULE_REPORTS)
    return by


def _file(name: str, schedule: Schedule, by: Actor, on: date) -> File:
    report = REPORTS[name]
    made = make(report, report.asked(by, first=begins(schedule.every, on), last=on))
    file_name = f"{on.isoformat()}-{schedule.every.value}-{name}.{schedule.form.value}"
    return File(file_name, _content(made, schedule, by), MEDIA[schedule.form])


def _content(made: Made, schedule: Schedule, by: Actor) -> bytes:
    match schedule.form:
        case FileForm.CSV:
            return as_csv(made)
        case FileForm.XLSX:
            return as_xlsx(made)
        case FileForm.PDF:
            unit = schedule.unit_name if made.asked.unit_id is not None else None
            return report_pdf(made, Imprint(unit, by.name, clock.now(), by.zone), attachments(made))


def _letter(schedule: Schedule, on: date, address: str, files: Sequence[File]) -> Letter:
    unit, day = schedule.unit_name or translated(_EVERY_UNIT), formats.long_date(on)
    listed = "\n".join(f"- {translated(REPORTS[name].title)}" for name in schedule.reports)
    text = translated(_TEXT).format(unit=unit, day=day, list=listed, owner=schedule.owner_name)
    whose = hashlib.sha256(address.encode()).hexdigest()[:12]
    subject = translated(_SUBJECT).format(unit=unit, day=day)
    return Letter(f"report-{schedule.id}.{on.isoformat()}.{whose}", subject, text, files, clock.now())
