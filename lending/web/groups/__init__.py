"""Groups: the list, one group with its women, who leads and serves it, its calendar and what moves it."""

from lending.web.groups import calendar, reassigning
from lending.web.groups.routes import pages

__all__ = ["calendar", "pages", "reassigning"]
