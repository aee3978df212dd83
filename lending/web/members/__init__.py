"""The women: found, enrolled, and one woman with what she agreed to, what was found at her home, what she owes and what is hers."""

from lending.web.members import record, savings
from lending.web.members.routes import pages

__all__ = ["pages", "record", "savings"]
