"""Mentoring: the visits, logging one, one visit with what was agreed, and the promises that are still open."""

from lending.web.mentoring import log
from lending.web.mentoring.routes import pages

__all__ = ["log", "pages"]
