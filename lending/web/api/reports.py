"""Reports: every one as JSON, as a file for a spreadsheet, and on paper."""

from lending import clock
from lending.documents.reports import written
from lending.documents.reports.catalogue import REPORTS, attachments
from lending.documents.reports.paper import Imprint, report_pdf
from lending.documents.reports.report import Made, Report, make
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotFound
from lending.i18n.catalogue import translated
from lending.queries import admin
from lending.web.api.door import MEDIA, Column, Paper
from lending.web.api.messages import reports as messages
from lending.web.api.messages.fields import Page, or_none
from lending.web.language import language

PDF = "application/pdf"

column = Column("reports", "Reports, on screen, in files and on paper")


@column.call("GET", "/reports", needs=Permission.SEE_REPORTS)
def reports(by: Actor) -> Page[messages.ReportListed]:
    """The reports that are for her, in the order in which people read them; all of them, in one piece."""
    listed = [
        messages.ReportListed(
            name=report.name,
            title=translated(report.title, language()),
            about=translated(report.about, language()),
            query=list(report.query),
            by=list(report.layouts_for(by)),
        )
        for report in REPORTS.values()
        if report.layouts_for(by)
    ]
    return Page(items=listed, next=None)


@column.call("GET", "/reports/{name}.json", needs=Permission.SEE_REPORTS)
def report(by: Actor, name: str, asked: messages.ReportAsked) -> messages.Report:
    """One report from the facts, for any day or period up to today; amounts of a day in the past are those of that day."""
    made = _made(by, name, asked)
    return messages.Report(
        name=name,
        title=translated(made.report.title, language()),
        unit=None if made.asked.unit_id is None else admin.unit_code(made.asked.unit_id),
        since=made.asked.first,
        until=made.asked.last,
        by=made.asked.layout,
        as_of_facts=clock.now(),
        head=written.head(made),
        items=written.items(made),
        total=written.total(made),
    )


@column.call("GET", "/reports/{name}.csv", needs=Permission.SEE_REPORTS, media=MEDIA["csv"])
def report_csv(by: Actor, name: str, asked: messages.ReportAsked) -> Paper:
    """The same as CSV: the JSON names, then all rows."""
    return Paper(written.as_csv(_made(by, name, asked)), MEDIA["csv"], f"{name}.csv", attached=True)


@column.call("GET", "/reports/{name}.xlsx", needs=Permission.SEE_REPORTS, media=MEDIA["xlsx"])
def report_xlsx(by: Actor, name: str, asked: messages.ReportAsked) -> Paper:
    """The same as a workbook."""
    return Paper(written.as_xlsx(_made(by, name, asked)), MEDIA["xlsx"], f"{name}.xlsx", attached=True)


@column.call("GET", "/reports/{name}.pdf", needs=Permission.SEE_REPORTS, media=PDF)
def report_on_paper(by: Actor, name: str, asked: messages.ReportAsked) -> Paper:
    """The same on A4, with its sums, whose it is, and who printed it when."""
    made = _made(by, name, asked)
    return Paper(report_pdf(made, imprint(by, made), attachments(made)), PDF, f"{name}.pdf")


def named(name: str) -> Report:
    """The report of that name. Refused: `not_found`."""
    if name not in REPORTS:
        raise NotFound
    return REPORTS[name]


def imprint(by: Actor, made: Made) -> Imprint:
    """Whose paper it is, and who prints it now."""
    unit = None if made.asked.unit_id is None else admin.unit_name(made.asked.unit_id)
    return Imprint(unit, by.name, clock.now(), by.zone, language())


def _made(by: Actor, name: str, asked: messages.ReportAsked) -> Made:
    found = named(name)
    days = {"first": or_none(asked.since), "last": or_none(asked.until)}
    return make(found, found.asked(by, **days, layout=or_none(asked.by), unit=or_none(asked.unit)))
