"""Loans: the list, the proposal, one loan with its next step, its new plan, how it ends early, and what a loan would cost."""

from lending.web.loans import endings, restructuring
from lending.web.loans.routes import pages

__all__ = ["endings", "pages", "restructuring"]
