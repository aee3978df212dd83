"""Imports: a workbook handed in, checked, and brought into the unit; its template, and what came of the last ones."""

from lending.web.imports.routes import pages

__all__ = ["pages"]
