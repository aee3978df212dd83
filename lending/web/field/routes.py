"""`/lapangan`: the shell, its files, its worker, and the key that seals what the phone keeps. None of it names a person."""

import gzip
import re
from base64 import b64encode

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, url_for
from flask_babel import force_locale

from lending.actions.sealing import phone_key
from lending.domain.access import Permission
from lending.i18n.catalogue import LANGUAGES
from lending.web.field import tightening
from lending.web.field.shell import ShellFile, text_file, the_shell
from lending.web.guards import needs, open_to_anyone
from lending.web.login import me

pages = Blueprint("field", __name__)

_YEAR = 365 * 24 * 3600


@pages.get("/lapangan")
@needs(Permission.LOG_VISITS)
def shell() -> Response:
    """The page, empty: a phone may keep it. There is no secret in it and nothing that was typed, so it may be squeezed."""
    page = tightening.page(render_template("field/shell.html", file=_address)).encode()
    return _squeezed(Response(page, mimetype="text/html"), page, gzip.compress(page, 6, mtime=0))


@pages.get("/lapangan/aset/<version>/<path:name>")
@open_to_anyone("scripts and style, the same for everybody; the worker fetches them")
def part(version: str, name: str) -> Response:
    """One file of the shell. Its address carries the version, so it never changes; another version is not there any more."""
    found = the_shell()
    file = found.files.get(name) or found.rooms.get(name) or _screens(name)
    if file is None or version != found.version:
        abort(404)
    answer = Response(mimetype=file.kind)
    if file.kind == "text/html":
        answer.headers["Content-Security-Policy"] = "default-src 'none'"  # no page, though it is written like one
    answer.cache_control.public = answer.cache_control.immutable = True
    answer.cache_control.max_age = _YEAR
    return _squeezed(answer, file.content, file.squeezed)


@pages.get("/sw.js")
@open_to_anyone("a browser renews it by itself, signed in or not")
def worker() -> Response:
    """The worker, with the version and the files it keeps; another version is another text, and so the browser takes it."""
    found = the_shell()
    text = found.worker.replace("@version@", found.version).replace("@files@", " ".join(_address(name) for name in found.files))
    answer = Response(mimetype="text/javascript")
    answer.cache_control.no_cache = True
    return _squeezed(answer, text.encode(), gzip.compress(text.encode(), 9, mtime=0))


@pages.get("/lapangan/kirim.js")
@open_to_anyone("a browser renews it by itself, signed in or not")
def sender() -> Response:
    """The worker that sends in the background. It answers for no address: its scope is a folder in which nothing lies."""
    found = the_shell().sender
    answer = Response(mimetype=found.kind)
    answer.cache_control.no_cache = True
    return _squeezed(answer, found.content, found.squeezed)


@pages.get("/lapangan/kunci")
@needs(Permission.LOG_VISITS)
def key() -> Response:
    """The key of whoever is signed in, the same each time: so that what she left on the phone opens to her again, and to nobody else."""
    return jsonify(key=b64encode(phone_key(me().user_id)).decode())


def _screens(name: str) -> ShellFile | None:
    """All screens of one file in the language that its name says; made once a language, since the version names templates and words."""
    found = re.fullmatch(r"(screens|rooms)-(\w+)\.html", name)
    if found is None or found[2] not in LANGUAGES:
        return None
    made: dict[str, ShellFile] = current_app.extensions.setdefault("field_screens", {})
    if name not in made:
        with force_locale(found[2]):
            page = render_template(f"field/{found[1]}.html", language=lambda: found[2])
            made[name] = text_file(tightening.page(page), "text/html")
    return made[name]


def _address(name: str) -> str:
    return url_for("field.part", version=the_shell().version, name=name)


def _squeezed(answer: Response, content: bytes, squeezed: bytes) -> Response:
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        answer.headers["Content-Encoding"] = "gzip"
        answer.set_data(squeezed)
    else:
        answer.set_data(content)
    return answer
