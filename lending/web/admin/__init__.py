"""Head office: people, units, products, days off, the rules of risk; what everybody may look up; the trace; the nights."""

from lending.web.admin import night, people, rules
from lending.web.admin.routes import pages

__all__ = ["night", "pages", "people", "rules"]
