"""The unit's cash."""

from lending.web.cash import handovers
from lending.web.cash.routes import pages

__all__ = ["handovers", "pages"]
