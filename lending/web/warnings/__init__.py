"""Early warning: signs that come before arrears, and what each rule was worth."""

from lending.web.warnings.routes import pages

__all__ = ["pages"]
