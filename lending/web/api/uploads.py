"""A file at the programs' door: one multipart form with the file and the sender's own `id`, and nothing else."""

from dataclasses import dataclass
from typing import Any

import msgspec
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from lending.documents.import_sheets import LARGEST_FILE
from lending.domain.pictures import LARGEST_BYTES
from lending.domain.refusals import Refusal
from lending.web.api.messages.fields import Uuid, same_uuid

MEDIA = "multipart/form-data"

AROUND = 10_000
"""What multipart puts around a file."""


@dataclass(frozen=True)
class PhotoSent:
    """A picture under the phone's own UUID."""

    id: str
    photo: bytes


@dataclass(frozen=True)
class FileSent:
    """A table; under the program's own UUID where it named one."""

    id: str | None
    file: bytes


@dataclass(frozen=True)
class Kind:
    """What a call takes: the field of the file, how large, whether its `id` must be there, what it is."""

    field: str
    largest: int
    id_needed: bool
    about: str

    @property
    def needed(self) -> list[str]:
        """The fields that must be there."""
        return ["id", self.field] if self.id_needed else [self.field]


KINDS: dict[Any, Kind] = {
    PhotoSent: Kind("photo", LARGEST_BYTES, True, "JPEG, PNG or WebP, at most 15 MB and 25 million pixels."),
    FileSent: Kind("file", LARGEST_FILE, False, "An XLSX workbook, at most 5 MB."),
}
"""By the type of the function's `upload`."""


def schema(kind: Kind) -> dict[str, Any]:
    """How the description tells it."""
    file = {"type": "string", "format": "binary", "description": kind.about}
    fields = {"id": msgspec.json.schema(Uuid), kind.field: file}
    return {"type": "object", "properties": fields, "required": kind.needed, "additionalProperties": False}


def arrive(kind: Kind) -> None:
    """Take the form in. Refused: `wrong_content_type` (415), `too_big` (413)."""
    if request.mimetype != MEDIA:
        raise Refusal("wrong_content_type", status=415)
    request.max_content_length = kind.largest + AROUND
    try:
        _ = request.files
    except RequestEntityTooLarge:
        raise Refusal("too_big", status=413, largest=kind.largest) from None


def sent(kind: Kind) -> PhotoSent | FileSent:
    """What arrived. Refused (400): `unknown_field`, `required`, `duplicate_key`, `shape`."""
    texts, files = request.form, request.files
    for name in (*texts, *files):
        if name not in ("id", kind.field):
            raise Refusal("unknown_field", status=400, at=name[:60], name=name[:60])
    for name in ("id", kind.field):
        if name in kind.needed and name not in texts and name not in files:
            raise Refusal("required", status=400, at=name, name=name)
        if len(texts.getlist(name)) + len(files.getlist(name)) > 1:
            raise Refusal("duplicate_key", status=400, at=name, key=name)
    if "id" in files or kind.field in texts:
        raise Refusal("shape", status=400, at="id" if "id" in files else kind.field)
    id_ = None
    if "id" in texts:
        try:
            id_ = same_uuid(msgspec.convert(texts["id"], Uuid))
        except msgspec.ValidationError:
            raise Refusal("shape", status=400, at="id") from None
    content = files[kind.field].read()
    return FileSent(id_, content) if id_ is None or not kind.id_needed else PhotoSent(id_, content)
