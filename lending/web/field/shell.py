"""The shell's files: read once, named by what is in them, so that a phone holds one whole version or another and never half of each."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lending.web.field import tightening
from lending.web.field.packing import pack

_HERE = Path(__file__).resolve().parents[2]
_STATIC = _HERE / "static"
_TEMPLATES = _HERE / "templates" / "field"
_WORDS = _HERE / "i18n" / "translations"


@dataclass(frozen=True)
class ShellFile:
    """One file as it goes out: its bytes, the same gzipped, and what kind it is."""

    content: bytes
    squeezed: bytes
    kind: str


@dataclass(frozen=True)
class Shell:
    """One version of the field page: its name, its files by name, the worker (served at the root), and the one that sends.

    `files` are on the phone before it says that it can do without a network, `rooms` soon after.
    """

    version: str
    files: Mapping[str, ShellFile]
    rooms: Mapping[str, ShellFile]
    worker: str
    sender: ShellFile


@lru_cache(maxsize=1)
def the_shell() -> Shell:
    """The shell as it lies on the disk when the server starts."""
    scripts = _STATIC / "js" / "field"
    rooms = {"rooms.js": text_file(pack(scripts / "later.js", after=scripts / "main.js"), "text/javascript")}
    files = {
        "early.js": text_file(pack(scripts / "early.js"), "text/javascript"),
        "field.js": text_file(pack(scripts / "main.js"), "text/javascript"),
        "field.css": text_file(tightening.style(_read("css/field.css")), "text/css"),
        "app.svg": text_file(_read("icons/app.svg"), "image/svg+xml"),
        "manifest.webmanifest": text_file(_read("manifest.webmanifest"), "application/manifest+json"),
    }
    worker, sender = pack(_STATIC / "sw.js"), pack(_STATIC / "sender.js")
    mark = hashlib.sha256(worker.encode())
    for name, file in {**files, **rooms}.items():
        mark.update(name.encode() + b"\0" + file.content)
    # The page itself is part of the version: its words are the templates' and the catalogue's.
    for path in sorted([*_TEMPLATES.glob("*.html"), *_WORDS.rglob("*.mo")]):
        mark.update(path.name.encode() + b"\0" + path.read_bytes())
    return Shell(mark.hexdigest()[:12], files, rooms, worker, text_file(sender, "text/javascript"))


def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def text_file(text: str, kind: str) -> ShellFile:
    """A text as it goes out."""
    content = text.encode()
    return ShellFile(content, gzip.compress(content, 9, mtime=0), kind)
