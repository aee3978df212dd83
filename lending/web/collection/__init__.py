"""Meetings at the desk: the day, the sheet, the record and its undoing. Recording is done in the field page, the only way in."""

from lending.web.collection.routes import pages

__all__ = ["pages"]
