"""What a careful reader of JSON takes, and what it refuses by name and by place."""

from typing import Annotated

import pytest
from msgspec import UNSET, Meta, field

from lending.domain.refusals import Refusal
from lending.web.api import shapes, strict_json
from lending.web.api.messages.fields import Amount, AsOf, Body, Day, Flag, Maybe, Moment, Name, Note, Typed, Uuid, or_none


class Paid(Body, frozen=True, kw_only=True):
    paid: Amount


class Sent(Body, frozen=True, kw_only=True):
    name: Name
    note: Note = ""
    lines: list[Paid] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    at: Moment | None = None
    phone: Maybe[Typed] = UNSET
    id: Maybe[Uuid] = UNSET
    weekday: Annotated[int, Meta(ge=1, le=7)] = 1


class Wanted(AsOf, frozen=True, kw_only=True):
    group: Maybe[Amount] = UNSET
    dry_run: Flag = False
    officer: Maybe[Name] = UNSET


def read(text: str | bytes) -> Sent:
    raw = text if isinstance(text, bytes) else text.encode()
    return shapes.message(strict_json.read(raw), Sent)


def refused(text: str | bytes) -> tuple[str, int, str | None]:
    with pytest.raises(Refusal) as caught:
        read(text)
    refusal = caught.value
    return refusal.code, refusal.status, refusal.faults[0].at if refusal.faults else None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{} {}",
        '{"name": "a",}',
        "{'name': 'a'}",
        '{"name": "a" /* why */}',
        '{"name": 01}',
        '{"name": NaN}',
        '{"name": Infinity}',
        '{"name": -Infinity}',
        '{"name": "a\nb"}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b'{"name": "\xff"}',
        b'{"name": "\xed\xa0\x80"}',
    ],
)
def test_what_is_not_one_json_document_is_refused(text: str | bytes) -> None:
    assert refused(text) == ("not_json", 400, None)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('{"name": "a", "name": "b"}', "name"),
        ('{"name": "a", "lines": [{"paid": 1}, {"paid": 1, "paid": 1}]}', "lines.1.paid"),
    ],
)
def test_a_key_given_twice_is_refused_even_with_the_same_value(text: str, at: str) -> None:
    assert refused(text) == ("duplicate_key", 400, at)


def test_depth_ends_at_thirty_two() -> None:
    strict_json.read(b"[" * 32 + b"]" * 32)
    for levels in (33, 1_000, 400_000):
        with pytest.raises(Refusal) as caught:
            strict_json.read(b"[" * levels + b"]" * levels)
        assert caught.value.code == "too_deep"


@pytest.mark.parametrize("sign", ["\\u0000", "\\u0007", "\\t", "\\r", "\\u007f", "\\u0085", "\\u202e", "\\u2066", "\\ud800", "\\udc00"])
def test_characters_that_no_text_may_hold_are_refused_at_their_field(sign: str) -> None:
    assert refused(f'{{"name": "a", "note": "x{sign}y"}}') == ("text", 400, "note")
    assert refused(f'{{"name": "a", "no{sign}te": 1}}') == ("text", 400, None)


def test_a_line_feed_belongs_into_notes_only() -> None:
    assert read('{"name": "Siti", "note": "satu\\ndua\\n"}').note == "satu\ndua\n"
    assert refused('{"name": "Siti\\n"}') == ("text", 400, "name")


def test_a_whole_character_of_two_halves_is_one_character() -> None:
    assert read('{"name": "\\ud83d\\ude00"}').name == "😀"


@pytest.mark.parametrize(
    "amount", ["50000.0", "1e5", "5E4", "-1", '"50000"', "true", "null", "1234567890123456", "9" * 5_000, "[1]", "1e400"]
)
def test_an_amount_is_a_whole_number_of_at_most_fifteen_digits(amount: str) -> None:
    assert refused(f'{{"name": "a", "lines": [{{"paid": 0}}, {{"paid": {amount}}}]}}') == ("shape", 400, "lines.1.paid")


def test_the_largest_amount_has_fifteen_digits() -> None:
    assert read('{"name": "a", "lines": [{"paid": 999999999999999}]}').lines[0].paid == 999_999_999_999_999


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", ("required", 400, "name")),
        ('{"name": "a", "lines": [{}]}', ("required", 400, "lines.0.paid")),
        ('{"name": "a", "role": "admin"}', ("unknown_field", 400, "role")),
        ('{"name": "a", "lines": [{"paid": 1, "x": 1}]}', ("unknown_field", 400, "lines.0.x")),
        ("[]", ("shape", 400, None)),
        ('"a"', ("shape", 400, None)),
        ('{"name": 5}', ("shape", 400, "name")),
        ('{"name": null}', ("shape", 400, "name")),
        ('{"name": "a", "phone": null}', ("shape", 400, "phone")),
        ('{"name": "a", "lines": {}}', ("shape", 400, "lines")),
        ('{"name": "a", "days": ["2026-02-30"]}', ("shape", 400, "days.0")),
        ('{"name": "a", "days": ["2026-02-03T00:00:00"]}', ("shape", 400, "days.0")),
        ('{"name": "a", "days": ["0001-01-01"]}', ("date_format", 422, "days")),
        ('{"name": "a", "at": "2026-02-03T00:00:00"}', ("shape", 400, "at")),
        ('{"name": "a", "at": "0001-01-01T00:00:00+14:00"}', ("date_format", 422, "at")),
        ('{"name": "a", "id": "{0b0f2b8e-7c1d-4c8e-9a51-5d1c7c0d9f11}"}', ("shape", 400, "id")),
        ('{"name": "a", "id": "0b0f2b8e7c1d4c8e9a515d1c7c0d9f11"}', ("shape", 400, "id")),
        ('{"name": "a", "id": "urn:uuid:0b0f2b8e-7c1d-4c8e-9a51-5d1c7c0d9f11"}', ("shape", 400, "id")),
        ('{"name": "a", "weekday": 8}', ("out_of_range", 422, "weekday")),
        ('{"name": ""}', ("text", 400, "name")),
    ],
)
def test_each_wrong_shape_has_its_code_and_its_place(text: str, said: tuple[str, int, str | None]) -> None:
    assert refused(text) == said


def test_a_long_name_that_a_stranger_invented_is_not_echoed_at_length() -> None:
    with pytest.raises(Refusal) as caught:
        read('{"name": "a", "' + "x" * 10_000 + '": 1}')
    assert len(caught.value.faults[0].at) == 60


def test_what_may_be_left_out_reads_as_none() -> None:
    assert or_none(read('{"name": "a"}').phone) is None
    assert or_none(read('{"name": "a", "phone": "08"}').phone) == "08"


# ---- query strings ---------------------------------------------------------------------------------------------------------------------


def test_a_query_string_is_read_by_its_kinds() -> None:
    asked = shapes.question({"group": ["7"], "dry_run": ["1"], "officer": ["officer"], "on": ["2026-11-26"]}, Wanted)
    assert (asked.group, asked.dry_run, asked.officer) == (7, True, "officer")
    assert asked.on is not UNSET
    assert asked.on.isoformat() == "2026-11-26"


@pytest.mark.parametrize(
    ("sent", "code", "at"),
    [
        ({"grop": ["7"]}, "unknown_field", "grop"),
        ({"group": ["7", "8"]}, "duplicate_key", "group"),
        ({"group": ["7.0"]}, "shape", "group"),
        ({"group": ["07"]}, "shape", "group"),
        ({"group": ["-7"]}, "shape", "group"),
        ({"group": ["7_0"]}, "shape", "group"),
        ({"group": ["٧"]}, "shape", "group"),
        ({"group": ["1" * 16 + "1"]}, "shape", "group"),
        ({"on": [""]}, "shape", "on"),
        ({"on": ["null"]}, "shape", "on"),
        ({"on": ["2026-02-30"]}, "shape", "on"),
        ({"dry_run": ["yes"]}, "shape", "dry_run"),
        ({"officer": ["a\x00"]}, "text", "officer"),
        ({"officer": ["1571014101900001"]}, "nik_in_query", None),
        ({"officer": ["1571.0141.0190.0001"]}, "nik_in_query", None),
        ({"nik": ["1571014101900001"]}, "nik_in_query", None),
        ({"1571014101900001": [""]}, "nik_in_query", None),
    ],
)
def test_a_query_string_is_as_strict_as_a_body(sent: dict[str, list[str]], code: str, at: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        shapes.question(sent, Wanted)
    refusal = caught.value
    assert (refusal.code, refusal.status, refusal.faults[0].at if refusal.faults else None) == (code, 400, at)
