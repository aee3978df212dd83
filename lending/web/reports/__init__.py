"""The portfolio, laid out by what the reader wants to compare, every other report, and those that go out by themselves."""

from lending.web.reports import schedules
from lending.web.reports.catalogue import pages as report_pages
from lending.web.reports.routes import pages

__all__ = ["pages", "report_pages", "schedules"]
