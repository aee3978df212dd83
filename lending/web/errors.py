"""A no, as people and as programs read it: a page that says what to do next, or an `application/problem+json`.

Refusals come from the rules, HTTP errors from the door itself; both are looked up in `i18n/words.py` by their code. Anything else is a bug:
its answer is 500 with the request's number, and the log has the rest.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from lending.domain.refusals import NotAllowed, NotFound, NotSignedIn, Refusal
from lending.i18n import words
from lending.web.addresses import here, is_api
from lending.web.guards import open_to_anyone
from lending.web.headers import reference
from lending.web.language import language

pages = Blueprint("problems", __name__)

_CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "wrong_method",
    408: "bad_request",
    409: "conflict",
    413: "too_big",
    414: "bad_request",
    415: "wrong_content_type",
    416: "bad_request",
    422: "refused",
    429: "too_many_requests",
    500: "fault",
    501: "wrong_method",
    503: "busy",
    507: "disk_full",
}
"""The code of an HTTP error that nobody raised by name."""


def set_up(app: Flask) -> None:
    """Answer every refusal, HTTP error and bug of this app."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, _wrong_token)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _bug)
    app.register_blueprint(pages)


def refused(refusal: Refusal) -> AnyResponse:
    """The answer to a refusal: for programs a problem document, for people a page, or the sign-in page where nobody is signed in."""
    if is_api():
        return problem(refusal)
    if isinstance(refusal, NotSignedIn) and request.method in {"GET", "HEAD"}:
        return redirect(f"/sign-in?next={quote(here(), safe='/')}" if here() != "/" else "/sign-in", 303)
    return _page(refusal)


def problem(refusal: Refusal) -> Response:
    """The refusal as `application/problem+json` (RFC 9457; api.md §3), in the language that was asked for."""
    said = words.refusal(refusal.code, refusal.facts, language())
    document = {
        "type": f"/problems/{refusal.code}",
        "title": said.title,
        "status": refusal.status,
        "detail": said.detail,
        "errors": [
            {"at": fault.at, "code": fault.code, "message": words.refusal(fault.code, fault.facts, language()).detail}
            for fault in refusal.faults
        ],
    }
    answer = Response(json.dumps(document, ensure_ascii=False), refusal.status, content_type="application/problem+json")
    answer.headers["Content-Language"] = language()
    return _with_retry(answer, refusal)


@pages.get("/problems/<code>")
@open_to_anyone("the `type` of a problem document leads here")
def explained(code: str) -> str:
    """What a problem's code means, for whoever writes a program against us."""
    if code not in words.REFUSALS:
        raise NotFound()
    return render_template("errors/explained.html", code=code, said=words.refusal(code, {}, language()))


def _page(refusal: Refusal) -> Response:
    said = words.refusal(refusal.code, refusal.facts, language())
    if refusal.status >= 500:
        # Whatever is broken must not be needed to say so: no database, no session, no layout.
        bare = render_template("errors/bare.html", said=said, status=refusal.status, reference=reference())
        return _with_retry(Response(bare, refusal.status, content_type="text/html; charset=utf-8"), refusal)
    faults = [words.refusal(fault.code, fault.facts, language()).detail for fault in refusal.faults if fault.code != refusal.code]
    body = render_template(
        "errors/page.html",
        said=said,
        faults=faults,
        status=refusal.status,
        reference=reference(),
    )
    answer = Response(body, refusal.status, content_type="text/html; charset=utf-8")
    return _with_retry(answer, refusal)


def page_without_reference(refusal: Refusal) -> str:
    """The page of a refusal that must look the same each time, to the letter: no number tells one asking from another."""
    said = words.refusal(refusal.code, refusal.facts, language())
    return render_template("errors/page.html", said=said, faults=[], status=refusal.status, reference=None)


def retry_after(refusal: Refusal) -> dict[str, str]:
    """The header of a refusal that time will heal: how many seconds to wait."""
    return {"Retry-After": str(refusal.facts.get("retry_after", 5))} if refusal.status in {429, 503} else {}


def _with_retry(answer: Response, refusal: Refusal) -> Response:
    answer.headers.extend(retry_after(refusal))
    if refusal.status == 405 and (allowed := refusal.facts.get("allowed")):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _wrong_token(_fault: CSRFError) -> AnyResponse:
    return refused(NotAllowed("csrf"))


def _http_error(fault: HTTPException) -> AnyResponse:
    status = fault.code or 500
    if status < 400:
        return fault.get_response()
    facts: dict[str, Any] = {}
    if valid := getattr(fault, "valid_methods", None):
        facts["allowed"] = list(valid)
    # A status that we have no words for (a proxy's, a library's) is told as the nearest one that we have.
    code = _CODES.get(status) or ("bad_request" if status < 500 else "fault")
    refusal = Refusal(code, status=status, **facts)
    return problem(refusal) if is_api() else _page(refusal)


def _bug(fault: Exception) -> AnyResponse:
    current_app.logger.error("request %s: %s", reference(), type(fault).__name__, exc_info=fault)
    refusal = Refusal("fault", status=500, reference=reference())
    return problem(refusal) if is_api() else _page(refusal)
