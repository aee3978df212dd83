"""The first page after the cover."""

from lending.web.home.routes import pages

__all__ = ["pages"]
