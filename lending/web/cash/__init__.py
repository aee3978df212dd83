"""The unit's cash."""

from lending.web.cash.routes import pages

__all__ = ["pages"]
