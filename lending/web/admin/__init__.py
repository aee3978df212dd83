"""Head office: people, units, products, days off; what everybody may look up; the trace; the nights."""

from lending.web.admin.routes import pages

__all__ = ["pages"]
