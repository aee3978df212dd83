"""The portfolio, laid out by what the reader wants to compare."""

from lending.web.reports.routes import pages

__all__ = ["pages"]
