"""The books: the days that are closed one by one, the accounts and what moved them, the journal, the trial balance."""

from lending.web.books import days, ledger
from lending.web.books.routes import pages

__all__ = ["days", "ledger", "pages"]
