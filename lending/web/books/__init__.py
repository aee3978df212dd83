"""The books: journal and trial balance."""

from lending.web.books.routes import pages

__all__ = ["pages"]
