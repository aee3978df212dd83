"""Signing in and out."""

from lending.web.sign_in.routes import pages

__all__ = ["pages"]
