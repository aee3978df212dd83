"""The one door to the pictures: what comes in is re-encoded, what is kept is one file each in `photos/` of the data folder.

Of what somebody sends only the pixels are kept, in a JPEG that we write ourselves: no place, no serial number, no thumbnail, no script
behind the last byte. A file's name is random and stands in its row, and in nobody's address. It is written through before its row is,
so that there is no row without a file; what a failed act leaves is taken away, and what a killed one leaves by `sweep`.
"""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from lending.domain.pictures import KEPT_BYTES, SIDE, THUMB_SIDE, check_picture
from lending.domain.refusals import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels
    from PIL.Image import Transpose

FOLDER = "photos"

SPARE_BYTES = 200_000_000
"""So much of the disk is left to the books: pictures stop first (reliability §3, *disk full*)."""

GRACE_SECONDS = 3600
"""A file without a row that is younger may belong to an act that is still under way."""

_one_at_a_time = Lock()
"""A picture of 25 megapixels takes a hundred megabytes while it is decoded: never two of them at once in one process."""


@dataclass(frozen=True)
class Picture:
    """A picture as we keep it: a JPEG without metadata."""

    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The fingerprint by which `check` knows the file again."""
        return hashlib.sha256(self.content).hexdigest()


# ---- pixels ----------------------------------------------------------------------------------------------------------------------------


def cleaned(sent: bytes) -> Picture:
    """The pixels of what was sent, upright, no side longer than `SIDE`, no more than `KEPT_BYTES`.

    Refused: `too_big` (413), `not_a_photo`: not a JPEG, PNG or WebP by its content, cut, broken, or of more than 25 megapixels.
    """
    said = check_picture(sent)
    with _one_at_a_time:
        pixels = _decoded(sent, said.kind.value)
    return _written(pixels, KEPT_BYTES)


def thumb(content: bytes) -> bytes:
    """A kept picture again, no side longer than `THUMB_SIDE`."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=("JPEG",)) as opened:
        opened.draft("RGB", (THUMB_SIDE, THUMB_SIDE))
        opened.thumbnail((THUMB_SIDE, THUMB_SIDE))
        return _written(opened, KEPT_BYTES).content


def _decoded(sent: bytes, kind: str) -> "Pixels":
    """Nothing but pixels, in red, green and blue on white, upright and not larger than we keep."""
    from PIL import Image

    try:
        with Image.open(BytesIO(sent), formats=(kind,)) as opened:
            turn = _turned(opened)
            opened.draft("RGB", (SIDE, SIDE))
            # A fresh sheet: what Pillow opens carries comments and profiles along, and would write some of them down again.
            paper = _on_white(opened)
        paper.thumbnail((SIDE, SIDE))
        return paper if turn is None else paper.transpose(turn)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (whatever a decoder says of a file that somebody made up, it is the file's fault)
        raise Refusal("not_a_photo", at="photo") from None


def _on_white(opened: "Pixels") -> "Pixels":
    """About the size that we keep. In strips, so that a large picture lies in memory once and not three times."""
    from PIL import Image

    width, height = opened.size
    by = max(1, max(width, height) // SIDE)
    holes = opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info
    paper = Image.new("RGB", (-(-width // by), -(-height // by)), "white")
    for top in range(0, height, 64 * by):
        strip = opened.crop((0, top, width, min(height, top + 64 * by))).convert("RGBA" if holes else "RGB").reduce(by)
        paper.paste(strip, (0, top // by), strip if holes else None)
    return paper


def _turned(opened: "Pixels") -> "Transpose | None":
    """How the camera was held, as the picture's own notes say; None for upright, or for notes that cannot be read."""
    from PIL import Image

    turns = Image.Transpose
    try:
        way = int(opened.getexif().get(0x0112) or 1)
    except Exception:  # noqa: BLE001  (broken notes do not make a broken picture)
        return None
    return {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_270,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_90,
    }.get(way)


def _written(pixels: "Pixels", most: int) -> Picture:
    """As a JPEG of ours: a little coarser, then smaller, until it fits."""
    while True:
        for quality in (82, 70, 55, 40):
            written = BytesIO()
            pixels.save(written, "JPEG", quality=quality, optimize=True)
            if written.tell() <= most:
                return Picture(written.getvalue(), *pixels.size)
        pixels = pixels.resize((max(1, pixels.width * 3 // 4), max(1, pixels.height * 3 // 4)))


# ---- files -----------------------------------------------------------------------------------------------------------------------------


def hang_on(app: Flask, data_dir: Path) -> None:
    """Give the app its folder of pictures; it is made when the first picture comes."""
    app.config["LENDING_PHOTOS"] = data_dir / FOLDER


def _folder() -> Path:
    return cast(Path, current_app.config["LENDING_PHOTOS"])


@contextmanager
def laid_down(picture: Picture) -> Iterator[str]:
    """The picture in a file, under a random name; it goes again when the block ends badly. Refused: `disk_full` (507).

    The block ends before the transaction does: where nobody can say whether the rows were kept, the file stays, and `sweep` decides.
    """
    path = _folder() / f"{secrets.token_hex(16)}.jpg"
    try:
        _write_through(path, picture.content)
        yield path.name
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write_through(path: Path, content: bytes) -> None:
    """Bytes and name are on the disk when this returns."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if shutil.disk_usage(path.parent).free < SPARE_BYTES:
            raise Refusal("disk_full", status=507)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if hasattr(os, "O_DIRECTORY"):
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as fault:
        if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refusal("disk_full", status=507) from fault
        raise


def content_of(name: str) -> bytes | None:
    """A kept picture, by the name in its row; None when the file is gone."""
    with suppress(FileNotFoundError):
        return (_folder() / name).read_bytes()
    return None


def sweep(known: Callable[[list[str]], set[str]], now: float) -> int:
    """Take away the files that no row names, but for the youngest; how many. `known` says which of some names a row has."""
    folder = _folder()
    if not folder.is_dir():
        return 0
    old = [path.name for path in folder.iterdir() if path.stat().st_mtime < now - GRACE_SECONDS]
    lost = set(old) - known(old) if old else set()
    for name in lost:
        (folder / name).unlink(missing_ok=True)
    return len(lost)
