"""The worklist of arrears."""

from lending.web.arrears import case
from lending.web.arrears.routes import pages

__all__ = ["case", "pages"]
