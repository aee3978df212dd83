"""The officer's phone page: an empty shell that works without a signal. What it shows comes through the API, never from here."""

from lending.web.field.routes import pages

__all__ = ["pages"]
