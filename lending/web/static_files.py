"""Style sheets, scripts, icons: named with a mark of their content, so that a browser keeps them for a year and never shows old ones.

Text among them is sent gzipped; nothing else is, since a page that mixes secrets with what an outsider may put in must not be.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

_YEAR = 365 * 24 * 3600
_TEXT = (".css", ".js", ".svg", ".webmanifest", ".json", ".txt", ".md")


def set_up(app: Flask) -> None:
    """Serve static files with their caching and compression."""
    app.after_request(_keep_and_squeeze)


def asset(filename: str) -> str:
    """The address of a file in `static/`, with the mark of its content."""
    path = Path(str(current_app.static_folder)) / filename
    return url_for("static", filename=filename, v=_mark(path, path.stat().st_mtime_ns))


def _keep_and_squeeze(answer: Response) -> Response:
    if request.endpoint != "static" or answer.status_code != 200:
        return answer
    answer.cache_control.public = True
    if request.args.get("v"):
        answer.cache_control.max_age = _YEAR
        answer.cache_control.immutable = True
    else:
        answer.cache_control.no_cache = True
    name = (request.view_args or {}).get("filename", "")
    if name.endswith(_TEXT):
        answer.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0 and request.method == "GET" and not request.range:
            path = Path(str(current_app.static_folder)) / name
            answer.close()  # the file that would have been sent as it is
            answer.direct_passthrough = False
            answer.set_data(_squeezed(path, path.stat().st_mtime_ns))
            answer.headers["Content-Encoding"] = "gzip"
    return answer


@lru_cache(maxsize=256)
def _mark(path: Path, _changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=256)
def _squeezed(path: Path, _changed_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)
