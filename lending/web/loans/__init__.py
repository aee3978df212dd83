"""Loans: the list, the proposal, one loan with its next step, and what a loan would cost."""

from lending.web.loans.routes import pages

__all__ = ["pages"]
