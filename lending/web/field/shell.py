"""The shell's files: read once, named by what is in them, so that a phone holds one whole version or another and never half of each."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).resolve().parents[2]
_STATIC = _HERE / "static"
_TEMPLATES = _HERE / "templates" / "field"
_WORDS = _HERE / "i18n" / "translations"

WORKER = "sw.js"
"""The worker's own file; it is served at the root, because a worker governs only what lies below it."""


@dataclass(frozen=True)
class ShellFile:
    """One file as it goes out: its bytes, the same gzipped, and what kind it is."""

    content: bytes
    squeezed: bytes
    kind: str


@dataclass(frozen=True)
class Shell:
    """One version of the field page: the version's name, and its files by their names under `static/`."""

    version: str
    files: Mapping[str, ShellFile]
    worker: str

    @property
    def scripts(self) -> list[str]:
        """The page's modules, for the browser to fetch all at once instead of one after the other."""
        return [name for name in self.files if name.endswith(".js")]


@lru_cache(maxsize=1)
def the_shell() -> Shell:
    """The shell as it lies on the disk when the server starts."""
    names = sorted(
        [path.relative_to(_STATIC).as_posix() for path in (_STATIC / "js" / "field").glob("*.js")]
        + ["css/field.css", "icons/app.svg", "manifest.webmanifest"]
    )
    files = {name: _read(_STATIC / name) for name in names}
    worker = (_STATIC / WORKER).read_text(encoding="utf-8")
    mark = hashlib.sha256(worker.encode())
    for name, file in files.items():
        mark.update(name.encode() + b"\0" + file.content)
    # The page itself is part of the version: its words are the templates' and the catalogue's.
    for path in sorted([*_TEMPLATES.glob("*.html"), *_WORDS.rglob("*.mo")]):
        mark.update(path.name.encode() + b"\0" + path.read_bytes())
    return Shell(mark.hexdigest()[:12], files, worker)


def _read(path: Path) -> ShellFile:
    content = path.read_bytes()
    kind = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return ShellFile(content, gzip.compress(content, 9, mtime=0), kind or "application/octet-stream")
