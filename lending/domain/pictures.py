"""What a picture may be, told from its own first bytes: its kind, its size, and whether it is whole. Nothing is decoded here.

A name or a content type is what somebody says; the header is what a decoder goes by. So a picture that would unfold into gigabytes is
refused before anything unfolds it (reliability §4.2, *Image bomb*).
"""

from dataclasses import dataclass
from enum import StrEnum

from lending.domain.refusals import Refusal

LARGEST_BYTES = 15_000_000
MOST_PIXELS = 25_000_000
MOST_OF_A_VISIT = 8

MOST_SCANS = 64
"""A camera writes one, a careful page a dozen. Each is a pass over the whole picture, and thousands of them fit into a small file."""

SIDE, THUMB_SIDE = 1_600, 320
"""No side of a picture that we give out is longer."""

KEPT_BYTES = 400_000
"""No picture that we give out is larger."""


class Kind(StrEnum):
    """The kinds of picture we take, by the names that decoders know them under."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"


@dataclass(frozen=True)
class Header:
    """What a picture says of itself."""

    kind: Kind
    width: int
    height: int


def check_picture(content: bytes) -> Header:
    """The header of a picture that we take. Refused: `too_big` (413), `not_a_photo` (another kind, cut off, or too many pixels)."""
    if len(content) > LARGEST_BYTES:
        raise Refusal("too_big", status=413, at="photo", largest=LARGEST_BYTES)
    found = header(content)
    if found is None or not is_whole(content, found.kind) or not 0 < found.width * found.height <= MOST_PIXELS:
        raise Refusal("not_a_photo", at="photo")
    return found


def header(content: bytes) -> Header | None:
    """Kind and size as the first bytes say; None for what is no JPEG, PNG or WebP."""
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def is_whole(content: bytes, kind: Kind) -> bool:
    """Whether the end is there, and comes in good time. Decoders fill in what is missing of a picture that was cut off."""
    match kind:
        case Kind.JPEG:
            scan = _jpeg_parts(content)[1]
            return scan > 0 and content.find(b"\xff\xd9", scan) > 0 and content.count(b"\xff\xda") <= MOST_SCANS
        case Kind.PNG:
            return content.find(b"\0\0\0\0IEND\xaeB`\x82") > 0
        case Kind.WEBP:
            return len(content) >= 8 + int.from_bytes(content[4:8], "little")


def _jpeg(content: bytes) -> Header | None:
    size, _ = _jpeg_parts(content)
    return Header(Kind.JPEG, *size) if size else None


_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN = 0xDA


def _jpeg_parts(content: bytes) -> tuple[tuple[int, int] | None, int]:
    """The size that the frame's header names, and where the first scan begins; None and 0 for what is not there."""
    size, at = None, 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        if marker in _FRAMES and at + 9 <= len(content):
            height, width = int.from_bytes(content[at + 5 : at + 7]), int.from_bytes(content[at + 7 : at + 9])
            size = max(size or (0, 0), (width, height), key=lambda pair: pair[0] * pair[1])
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4]))
        if marker == _START_OF_SCAN:
            return size, at
    return size, 0


def _png(content: bytes) -> Header | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return Header(Kind.PNG, int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))


def _webp(content: bytes) -> Header | None:
    chunk, body = content[12:16], content[20:30]
    if chunk == b"VP8X" and len(body) == 10:
        return Header(Kind.WEBP, 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
    if chunk == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return Header(Kind.WEBP, 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if chunk == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return Header(Kind.WEBP, int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF)
    return None
