"""Who someone is on paper: NIK, family card, telephone, name, age. Read strictly, and kept as text.

A NIK never changes: its region is where she was first registered, so it need not match her address, and a birth date that differs is a
warning for others to give. Source: domain.md §6.1, §6.3; api-detail part 3 *People*.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from lending.domain.refusals import Refusal

PROVINCES = frozenset(
    {
        *("11", "12", "13", "14", "15", "16", "17", "18", "19", "21"),  # Sumatra
        *("31", "32", "33", "34", "35", "36"),  # Java
        *("51", "52", "53", "54"),  # Bali and Nusa Tenggara; 54 was Timor Timur until 1999
        *("61", "62", "63", "64", "65"),  # Kalimantan
        *("71", "72", "73", "74", "75", "76"),  # Sulawesi
        *("81", "82"),  # Maluku
        *("91", "92", "93", "94", "95", "96"),  # Papua
    }
)
"""Kemendagri codes of every province that is or was (not the BPS codes, which differ in Papua)."""

YOUNGEST, OLDEST = 18, 63
"""From the 18th birthday to the day before the 64th."""

LONGEST_NAME = 60

WOMAN = 40
"""Added to the day of birth in a woman's NIK."""

_SPACERS = str.maketrans("", "", " .-")
_SIXTEEN = re.compile(r"[0-9]{16}")
_PHONE = re.compile(r"(?:\+62|0)(8[0-9]{8,11})")

# What Noto Sans prints in the cut that the papers embed: Latin with its extensions, and ordinary punctuation. No soft hyphen, no
# no-break space, no loose accents: they are not seen, or land beside their letter.
_PRINTABLE = re.compile(
    "[\u0020-\u007e\u00a1-\u00ac\u00ae-\u024f\u02bb\u02bc\u1e00-\u1e9e\u1ef2-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2026]*"
)


@dataclass(frozen=True)
class Nik:
    """A NIK taken apart. `number` is the sixteen digits; `region` the kecamatan of first registration, written `15.71.01`."""

    number: str
    region: str
    birth_date: date
    is_woman: bool
    serial: str


def parse_nik(text: str, *, today: date, women_only: bool = True) -> Nik:
    """Read a NIK; blanks, dots and dashes are passed over. Two-digit years up to this year's are 20YY, others 19YY.

    Refused at `nik`: `nik_format` (not sixteen digits 0–9), `nik_date` (no such day), `nik_region` (a province that never was),
    `nik_serial` (0000), `not_a_woman`. Nothing of the number stands in a refusal.
    """
    number = text.translate(_SPACERS)
    if _SIXTEEN.fullmatch(number) is None:
        raise Refusal("nik_format", at="nik")
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    is_woman = day > WOMAN
    century = 2000 if year <= today.year % 100 else 1900
    try:
        birth_date = date(century + year, month, day - WOMAN if is_woman else day)
    except ValueError:
        raise Refusal("nik_date", at="nik") from None
    if number[:2] not in PROVINCES:
        raise Refusal("nik_region", at="nik")
    if number[12:] == "0000":
        raise Refusal("nik_serial", at="nik")
    if women_only and not is_woman:
        raise Refusal("not_a_woman", at="nik")
    return Nik(number, f"{number[:2]}.{number[2:4]}.{number[4:6]}", birth_date, is_woman, number[12:])


def parse_kk(text: str) -> str:
    """Read a family card's number, sixteen digits; blanks, dots and dashes are passed over. Refused: `kk_format` at `kk`.

    Only the shape: the number changes with every new card, and its date is the card's.
    """
    number = text.translate(_SPACERS)
    if _SIXTEEN.fullmatch(number) is None:
        raise Refusal("kk_format", at="kk")
    return number


def parse_phone(text: str) -> str:
    """Read a mobile number as people write it, `0812-3456-7890` or `+62 812 …`, into E.164. Refused: `phone_format` at `phone`.

    Ten to thirteen digits in the national form. Women share phones, so the same number twice is no error.
    """
    found = _PHONE.fullmatch(text.replace(" ", "").replace("-", ""))
    if found is None:
        raise Refusal("phone_format", at="phone")
    return f"+62{found[1]}"


def check_name(text: str) -> str:
    """A name of 1 to 60 characters that the papers can print, composed (NFC) and without blanks around it; never changed otherwise.

    Refused at `name`: `name_length`; `name_characters` for what cannot be printed or seen (control and direction marks, other scripts).
    """
    name = unicodedata.normalize("NFC", text).strip(" ")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refusal("name_length", at="name", longest=LONGEST_NAME)
    if _PRINTABLE.fullmatch(name) is None:
        raise Refusal("name_characters", at="name")
    return name


def masked(last4: str) -> str:
    """How a NIK or family card's number is shown: twelve stars and its last four digits."""
    return "*" * 12 + last4


def age_on(birth_date: date, on: date) -> int:
    """Full years on that day. Who was born on 29 February has her birthday on 1 March where there is none."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def check_age(birth_date: date, on: date) -> None:
    """Refuse (`age_out_of_range`, at `birth_date`) whoever is not 18 to 63 years old on that day."""
    if not YOUNGEST <= age_on(birth_date, on) <= OLDEST:
        raise Refusal("age_out_of_range", at="birth_date", youngest=YOUNGEST, oldest=OLDEST)
