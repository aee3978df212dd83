"""Repayment cards: which to print, and what the code on one opens."""

from lending.web.cards.routes import pages

__all__ = ["pages"]
