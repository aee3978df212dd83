"""The women: found, enrolled, and one woman with what she agreed to, what was found at her home, and what she owes."""

from lending.web.members import record
from lending.web.members.routes import pages

__all__ = ["pages", "record"]
