"""What a picture may be, told from its first bytes and its last, before anything unfolds it."""

import pytest

from lending.domain.pictures import LARGEST_BYTES, MOST_PIXELS, Header, Kind, check_picture, header
from lending.domain.refusals import Refusal
from tests.pictures import a_huge_jpeg, a_huge_png, a_huge_webp, a_picture


def code(content: bytes) -> str | None:
    try:
        check_picture(content)
    except Refusal as no:
        return no.code
    return None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (a_picture("JPEG", (300, 200)), Header(Kind.JPEG, 300, 200)),
        (a_picture("JPEG", (300, 200), progressive=True), Header(Kind.JPEG, 300, 200)),
        (a_picture("PNG", (300, 200)), Header(Kind.PNG, 300, 200)),
        (a_picture("WEBP", (300, 200)), Header(Kind.WEBP, 300, 200)),
        (a_picture("WEBP", (300, 200), lossless=True), Header(Kind.WEBP, 300, 200)),
        (a_picture("WEBP", (300, 200), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"), Header(Kind.WEBP, 300, 200)),
        (a_huge_jpeg(60_000, 50_000), Header(Kind.JPEG, 60_000, 50_000)),
        (a_huge_png(60_000, 50_000), Header(Kind.PNG, 60_000, 50_000)),
        (a_huge_webp(16_000, 15_000), Header(Kind.WEBP, 16_000, 15_000)),
        (a_picture("GIF"), None),
        (b"\xff\xd8\xff", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"RIFF\0\0\0\0WEBPVP8X", None),
        (b"", None),
    ],
)
def test_kind_and_size_stand_in_the_first_bytes(content: bytes, expected: Header | None):
    assert header(content) == expected


def test_as_many_pixels_as_are_taken_and_one_row_more():
    assert MOST_PIXELS == 25_000_000
    assert code(a_huge_png(5_000, 5_000)) is None
    assert code(a_huge_png(5_000, 5_001)) == "not_a_photo"
    assert code(a_huge_jpeg(5_000, 5_001)) == "not_a_photo"
    assert code(a_huge_webp(5_000, 5_001)) == "not_a_photo"


def test_as_many_bytes_as_are_taken_and_one_more():
    whole = a_picture()
    assert code(whole + bytes(LARGEST_BYTES - len(whole))) is None
    assert code(whole + bytes(LARGEST_BYTES - len(whole) + 1)) == "too_big"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_was_cut_off_has_no_end(kind: str):
    whole = a_picture(kind)
    assert code(whole) is None
    assert {code(whole[:cut]) for cut in range(len(whole))} == {"not_a_photo"}


def test_a_frame_that_is_told_twice_counts_as_the_larger():
    small, large = a_huge_jpeg(10, 10), a_huge_jpeg(60_000, 60_000)
    at, of = small.index(b"\xff\xc0"), large.index(b"\xff\xc0")
    told_twice = small[:at] + large[of : of + 19] + small[at:]
    assert header(told_twice) == Header(Kind.JPEG, 60_000, 60_000)
    assert code(told_twice) == "not_a_photo"
