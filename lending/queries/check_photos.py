"""Every picture's file against the fingerprint in its row (V18)."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from lending import pictures
from lending.database import session
from lending.models import Photo
from lending.queries.differences import Difference


def look() -> Iterator[Difference]:
    """Pictures whose file is gone, or is not the one that was kept."""
    for uuid, file, fingerprint in session.execute(select(Photo.uuid, Photo.file, Photo.sha256).order_by(Photo.uuid)):
        content = pictures.content_of(file)
        if content is None:
            yield Difference("V18", f"photo:{uuid}", f"its file {file} is gone")
        elif hashlib.sha256(content).hexdigest() != fingerprint:
            yield Difference("V18", f"photo:{uuid}", f"its file {file} is not the one that was kept")
