"""Pictures for tests: true ones in each kind, and files that only look like one."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image

SECRET = b"SECRET-SERIAL-0815"


def a_picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, mode: str = "RGB", colour: Any = (200, 60, 20), busy: bool = False, **how: Any
) -> bytes:
    """A picture with a corner of another colour, so that it can be seen which way up it is; `busy`: full of detail, and so a large file."""
    pixels = Image.effect_noise(size, 60).convert(mode) if busy else Image.new(mode, size, colour)
    if mode == "RGB":
        pixels.paste((0, 0, 255), (0, 0, size[0] // 2, size[1] // 2))
    written = BytesIO()
    pixels.save(written, kind, **how)
    return written.getvalue()


def from_a_camera(size: tuple[int, int] = (64, 48), turned: int = 1, *, busy: bool = False) -> bytes:
    """A JPEG as a phone writes it: with the place, the camera's number, a comment and a profile."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "S", 2: (1.0, 36.0, 40.0), 3: "E", 4: (103.0, 36.0, 50.0)})
    return a_picture(size=size, busy=busy, exif=exif, comment=SECRET, icc_profile=b"profile " + SECRET)


def a_chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_huge_png(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""
    head = a_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + a_chunk(b"IDAT", zlib.compress(bytes(1_000))) + a_chunk(b"IEND", b"")


def a_huge_webp(width: int, height: int) -> bytes:
    """The same in WebP: the canvas's size stands in its first chunk."""
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def a_huge_jpeg(width: int, height: int) -> bytes:
    """The same in JPEG: a small one whose frame says something else."""
    small = a_picture()
    at = small.index(b"\xff\xc0")
    return small[: at + 5] + struct.pack(">HH", height, width) + small[at + 9 :]


def hostile() -> Iterator[tuple[str, bytes]]:
    """What is no picture, or not a whole one, or one that should not be unfolded; each with a name."""
    jpeg, png, webp = (a_picture(kind) for kind in ("JPEG", "PNG", "WEBP"))
    yield "nothing", b""
    yield "text", b"ini bukan foto"
    yield "zeros", bytes(5_000)
    yield "a GIF", a_picture("GIF", mode="P", colour=3)
    yield "a BMP", a_picture("BMP")
    yield "a TIFF", a_picture("TIFF")
    yield "an SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "an SVG behind a BOM", b"\xef\xbb\xbf<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"
    yield "a page", b"<!doctype html><script>alert(1)</script>"
    yield "a PDF", b"%PDF-1.7\n" + jpeg
    yield "a ZIP", b"PK\x03\x04" + jpeg
    yield "a JPEG behind a line feed", b"\n" + jpeg
    yield "the first bytes of a JPEG", b"\xff\xd8\xff\xe0" + b"<script>" * 100
    yield "the first bytes of a PNG", b"\x89PNG\r\n\x1a\n" + b"<script>" * 100
    yield "the first bytes of a WebP", b"RIFF\x20\x03\x00\x00WEBP" + b"<script>" * 100
    yield "a PNG bomb", a_huge_png(50_000, 50_000)
    yield "a PNG just too large", a_huge_png(5_001, 5_000)
    yield "a PNG without width", a_huge_png(0, 10)
    yield "a WebP bomb", a_huge_webp(16_383, 16_383)
    yield "a JPEG bomb", a_huge_jpeg(65_535, 65_535)
    yield "a PNG whose text unfolds", png[:33] + a_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(20_000_000))) + png[33:]
    yield "a JPEG of a thousand scans", jpeg[:-2] + b"\xff\xda\x00\x02" * 1_000 + b"\xff\xd9"
    for name, whole in (("JPEG", jpeg), ("PNG", png), ("WebP", webp)):
        for cut in range(1, len(whole), max(1, len(whole) // 17)):
            yield f"a {name} cut after {cut} bytes", whole[:cut]
        yield f"a {name} without its last byte", whole[:-1]


BOUNDARY = "----a-boundary-of-the-tests"


def a_form(**fields: bytes | str | list[bytes]) -> dict[str, Any]:
    """A multipart form as a phone sends it: texts as fields, bytes as files. (The client's own would leave a temporary file open.)"""
    parts = []
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            file = f'; filename="../{name}.jpg"\r\nContent-Type: image/jpeg' if isinstance(value, bytes) else ""
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
            parts.append(head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n")
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={BOUNDARY}"}
