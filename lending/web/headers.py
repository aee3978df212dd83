"""What goes around every request: whose house is asked, how much may come in, which headers go out.

One place, so that a page cannot forget any of it; a test walks all routes and looks.
"""

import secrets
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from lending.domain.refusals import NotAllowed, Refusal
from lending.web.addresses import is_api

LARGEST_FORM = 500_000
LARGEST_JSON = 1_000_000
LARGEST_UPLOAD = 15_000_000

_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types app",
    )
)
_OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_SAFE = {"GET", "HEAD", "OPTIONS"}


def set_up(app: Flask, *, production: bool, trusted_hosts: Iterable[str], public_url: str | None = None) -> None:
    """Hang the checks before, and the headers after, every request."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=1000,
        LENDING_TRUSTED_HOSTS=frozenset(host.lower() for host in trusted_hosts),
        LENDING_LOOPBACK_TRUSTED=not production,
        LENDING_PUBLIC_HOST=urlsplit(public_url).netloc.lower() if public_url else None,
        LENDING_PRODUCTION=production,
    )
    app.before_request(_number)
    app.before_request(_check_host)
    app.before_request(_check_size)
    app.before_request(_check_origin)
    app.after_request(_dress)


def reference() -> str:
    """This request's number: on the error page and in the log, so that the one leads to the other."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4).upper()
    return str(g.reference)


def _number() -> None:
    reference()


def _check_host() -> None:
    """A foreign `Host` would end up in links and codes: 400, whatever was asked."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    name = name.strip("[]").lower()
    if request.host.lower() in current_app.config["LENDING_TRUSTED_HOSTS"] or name in current_app.config["LENDING_TRUSTED_HOSTS"]:
        return
    if current_app.config["LENDING_LOOPBACK_TRUSTED"] and _is_loopback(name):
        return
    raise Refusal("host_unknown", status=400)


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _check_size() -> None:
    """Each kind of body has its own limit; what is longer is refused before it is read. (The API asks later: 401 and 405 come first.)"""
    if is_api():
        return
    match request.mimetype:
        case "multipart/form-data":
            largest = LARGEST_UPLOAD
        case "application/json":
            largest = LARGEST_JSON
        case _:
            largest = LARGEST_FORM
    request.max_content_length = largest
    if request.content_length is not None and request.content_length > largest:
        raise Refusal("too_big", status=413, largest=largest)


def _check_origin() -> None:
    if not is_api():  # the API asks later: 401 comes first
        refuse_foreign_origin()


def refuse_foreign_origin() -> None:
    """A page of another house must not change anything here, whatever token it found. Refused: `foreign_origin` (403)."""
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    own = {request.host.lower(), current_app.config["LENDING_PUBLIC_HOST"]}
    if origin is not None and urlsplit(origin).netloc.lower() not in own:
        raise NotAllowed("foreign_origin")
    if origin is None and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise NotAllowed("foreign_origin")


def _dress(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Request-Id", reference())
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if answer.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()")
    elif is_api() or answer.mimetype in {"application/pdf", "image/svg+xml"}:
        headers.setdefault("Content-Security-Policy", _OTHER_POLICY)
    if request.endpoint != "static" or answer.status_code >= 400:
        headers.setdefault("Cache-Control", "no-store")
    if current_app.config["LENDING_PRODUCTION"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return answer
