"""Addresses of our own: where this is, what it names, and where we may send somebody back to."""

from urllib.parse import urlencode, urlsplit

from flask import has_request_context, request

API = "/api/"


def is_api() -> bool:
    """Whether a program asks: it gets problem documents, people get pages."""
    return has_request_context() and request.path.startswith(API)


def whole_number(said: str, *, digits: int = 15) -> int | None:
    """The number that somebody's address or form names; None for whatever is none, or too long to be one of ours (a row's id, at most)."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= digits else None


def local_path(wanted: str | None) -> str | None:
    """The address, if it is a path of this house; None for anything a browser might read as another host or scheme.

    Browsers drop tabs and line breaks and take `\\` for `/`, so whatever holds one of them is refused rather than repaired.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > 2000:
        return None
    if any(sign == "\\" or sign.isspace() or ord(sign) < 32 or ord(sign) == 127 for sign in wanted):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc or parts.path.startswith("//") else wanted


def here() -> str:
    """Path and query of this page, to come back to; the start page where this was a POST that a reload would repeat."""
    if request.method not in {"GET", "HEAD"}:
        return request.path
    return request.full_path.rstrip("?")


def here_with(**changed: str | None) -> str:
    """This page's address with some words of its query changed; None takes a word out."""
    words = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    words += [(name, value) for name, value in changed.items() if value is not None]
    return request.path + (f"?{urlencode(words)}" if words else "")
