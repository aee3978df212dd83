"""The kinds of field a message is made of, each with its limits, and the structs that messages inherit from.

A limit broken here is a wrong shape (400), but for what the contract calls refused values (422): a word that is not among the choices, a
small number out of its range, a day of another age.
"""

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeAlias, TypeVar, get_args
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from lending.domain.money import LARGEST_SHAPE

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
"""Days outside are right in shape and mean nothing (422); arithmetic on them could leave the calendar."""

_UNPRINTABLE = r"\u007f-\u009f\u202a-\u202e\u2066-\u2069"
LINE = rf"^[^\u0000-\u001f{_UNPRINTABLE}]*$"
"""A text of one line: no control characters, no marks that turn the reading direction. (Half characters are refused where JSON is read.)"""
LINES = rf"^[^\u0000-\u0009\u000b-\u001f{_UNPRINTABLE}]*$"
"""The same, and line feeds."""


PYTHONS_END = "\\Z"
"""Where a text ends, in Python's own spelling: its `$` also stands before a last line feed."""


def whole(pattern: str) -> str:
    """A pattern that ends in `$`, meaning the end of the text and nothing else. To outsiders `openapi.py` says `$` again."""
    return pattern.removesuffix("$") + PYTHONS_END


def text(longest: int, *, shortest: int = 0, pattern: str = LINE) -> Meta:
    """A text of so many characters at most."""
    return Meta(min_length=shortest or None, max_length=longest, pattern=whole(pattern))


def _digits_and_dashes(pattern: str, example: str) -> Meta:
    return Meta(pattern=whole(pattern), examples=[example])


Denomination: TypeAlias = Literal["100000", "75000", "50000", "20000", "10000", "5000", "2000", "1000", "500", "200", "100"]
"""A note or coin, as JSON writes the key of a count."""

Amount: TypeAlias = Annotated[
    int, Meta(ge=0, le=LARGEST_SHAPE, description="Whole rupiah, written as an integer: 50000, never 50000.0 or 5e4.")
]
Id: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST_SHAPE, description="The id of a row.")]
Signed: TypeAlias = Annotated[int, Meta(ge=-LARGEST_SHAPE, le=LARGEST_SHAPE, description="Whole rupiah, negative when money is missing.")]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000, description="How many.")]

Notes: TypeAlias = Annotated[dict[Denomination, Count], Meta(extra_json_schema={"propertyNames": {"enum": list(get_args(Denomination))}})]
"""Cash by note: how many of each."""

Name: TypeAlias = Annotated[str, text(60, shortest=1)]
Code: TypeAlias = Annotated[str, text(20, shortest=1)]
Words: TypeAlias = Annotated[str, text(200)]
"""A reason, a purpose, an address, a source: one line."""
Place: TypeAlias = Annotated[str, text(120, shortest=1)]
"""Where a group meets."""
Note: TypeAlias = Annotated[str, text(2000, pattern=LINES)]
Typed: TypeAlias = Annotated[str, text(60)]
"""A number or code as somebody typed it; the domain reads it (NIK, KK, phone, kelurahan)."""
Short: TypeAlias = Annotated[str, text(3)]
"""RT and RW."""
Password: TypeAlias = Annotated[str, text(200, shortest=1)]
Uuid: TypeAlias = Annotated[
    str,
    _digits_and_dashes(
        "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$", "0b0f2b8e-7c1d-4c8e-9a51-5d1c7c0d9f11"
    ),
]
"""Made by the phone or program, written with hyphens; upper case means the same. `same_uuid()` gives the one spelling we keep."""
Hour: TypeAlias = Annotated[str, _digits_and_dashes("^([01][0-9]|2[0-3]):[0-5][0-9]$", "09:00")]

Day: TypeAlias = Annotated[date, Meta(description="A business date, YYYY-MM-DD; nobody means one before 1900 or after 2199.")]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True, description="RFC 3339 with its offset.", extra_json_schema={"minLength": 20})]
Latitude: TypeAlias = Annotated[float, Meta(ge=-90, le=90)]
Longitude: TypeAlias = Annotated[float, Meta(ge=-180, le=180)]

Flag: TypeAlias = Annotated[bool, Meta(description="`1` or `0` (also `true`, `false`).")]
"""Yes or no in a query string."""

T = TypeVar("T")
Maybe: TypeAlias = T | UnsetType
"""A field that may be left out, but not be null."""


def or_none(value: T | UnsetType) -> T | None:
    """The value of a field that was sent, None where it was left out."""
    return None if value is UNSET else value


def either(*ways: tuple[str, ...]) -> list[dict[str, object]]:
    """For the description of a body: exactly one of these sets of fields is sent, and nothing of the others."""
    every = {name for way in ways for name in way}
    return [{"required": list(way), "properties": dict.fromkeys(sorted(every - set(way)), False)} for way in ways]


def same_uuid(text: str) -> str:
    """The one spelling of a UUID that we keep: lower case, with hyphens."""
    return str(UUID(text))


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program sends. Unknown fields are refused by name."""

    def __post_init__(self) -> None:
        """Refuse days outside the years anybody means."""
        _check_years(self)


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program asks in a query string. Unknown parameters are refused by name."""

    def __post_init__(self) -> None:
        """Refuse days outside the years anybody means."""
        _check_years(self)


class AsOf(Question, frozen=True, kw_only=True):
    """As of the end of which day; today when left out."""

    on: Maybe[Day] = UNSET


class Answer(Struct, frozen=True, kw_only=True):
    """What a program gets."""


class Page(Answer, Generic[T], frozen=True, kw_only=True):
    """A piece of a list in its fixed order; `next` asks for the one after it, null when there is none."""

    items: list[T]
    next: str | None


class Warned(Answer, frozen=True, kw_only=True):
    """Something doubtful in what was accepted all the same."""

    at: str
    code: str
    message: str


OUT_OF_YEARS = "outside the calendar"


def _check_years(message: Struct) -> None:
    for field, name in zip(message.__struct_fields__, message.__struct_encode_fields__, strict=True):
        value = getattr(message, field)
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, date) and not EARLIEST_YEAR <= part.year <= LATEST_YEAR:
                raise ValueError(f"{OUT_OF_YEARS}: {name}")
