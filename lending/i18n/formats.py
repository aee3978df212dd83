"""Values out, words in two languages: amounts, dates, hours, ratios, and an amount said in words.

Pure functions, Indonesian unless told otherwise. Amounts are spelled by ourselves, not by a library: Babel writes `IDR1,250,000` in English
and `Rp1.250.000,00` in Indonesian, and both are wrong for a currency whose smallest coin is a whole rupiah.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date

ZONE_WORDS = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
"""How Indonesians name the zone after an hour."""


def _is_english(locale: str) -> bool:
    return locale.startswith("en")


def grouped(number: int, locale: str = "id") -> str:
    """A whole number with its thousands apart: `1.250.000`, in English `1,250,000`."""
    written = f"{number:,}"
    return written if _is_english(locale) else written.replace(",", ".")


def rupiah(amount: int, locale: str = "id") -> str:
    """An amount of whole rupiah: `Rp1.250.000`, in English `Rp1,250,000`; below zero `-Rp1.250.000`."""
    return f"{'-' if amount < 0 else ''}Rp{grouped(abs(amount), locale)}"


def long_date(day: date, locale: str = "id") -> str:
    """A day in full: `Kamis, 26 November 2026`, in English `Thursday, 26 November 2026`."""
    return format_date(day, "EEEE, d MMMM y", locale="en" if _is_english(locale) else "id")


def short_date(day: date, locale: str = "id") -> str:
    """A day for a column: `26-11-2026`. In English the month is a word, `26 Nov 2026`, since 05-06 would be read two ways."""
    return format_date(day, "dd MMM y", locale="en") if _is_english(locale) else f"{day:%d-%m-%Y}"


def weekday_name(weekday: int, locale: str = "id") -> str:
    """The day of the week by its number, 1 Monday … 7 Sunday: `Kamis`."""
    return format_date(date(2024, 1, weekday), "EEEE", locale="en" if _is_english(locale) else "id")  # 1 January 2024 was a Monday


def clock_time(hour: time, zone: str = "Asia/Jakarta", locale: str = "id") -> str:
    """An hour of the day in its zone: `09.05 WIB`, in English `09:05 WIB`."""
    return f"{hour:{'%H:%M' if _is_english(locale) else '%H.%M'}} {ZONE_WORDS.get(zone, zone)}"


def moment(at: datetime, zone: str = "Asia/Jakarta", locale: str = "id") -> str:
    """An aware moment as the clock on the wall of `zone` showed it: `26-11-2026 09.41 WIB`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{short_date(local.date(), locale)} {clock_time(local.time(), zone, locale)}"


def ratio(fraction: Decimal | None, locale: str = "id") -> str:
    """A fraction as per cent, half up to one decimal: 0.0312 is `3,1 %`; None, where nothing can be divided, is `–`."""
    if fraction is None:
        return "–"
    written = f"{(fraction * 100).quantize(Decimal('0.1'), ROUND_HALF_UP):,f} %"
    return written if _is_english(locale) else written.translate({ord(","): ".", ord("."): ","})


def in_words(amount: int, locale: str = "id") -> str:
    """An amount of rupiah in words, as receipts must say it: `satu juta dua ratus lima puluh ribu rupiah`. At most 15 digits."""
    if abs(amount) >= 10**15:
        raise ValueError("an amount of more than fifteen digits has no name here")
    said = _said_in_english(abs(amount)) if _is_english(locale) else _said_in_indonesian(abs(amount))
    return f"{'minus ' if amount < 0 else ''}{said} rupiah"


_DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_SCALES = ((10**12, "triliun", "trillion"), (10**9, "miliar", "billion"), (10**6, "juta", "million"), (10**3, "ribu", "thousand"))


def _said_in_indonesian(number: int) -> str:
    if number < 12:
        return _DIGITS[number]
    if number < 20:
        return f"{_DIGITS[number - 10]} belas"
    if number < 100:
        return _joined(f"{_DIGITS[number // 10]} puluh", number % 10, _said_in_indonesian)
    if number < 1000:
        hundreds = "seratus" if number < 200 else f"{_DIGITS[number // 100]} ratus"
        return _joined(hundreds, number % 100, _said_in_indonesian)
    size, word, _ = next(scale for scale in _SCALES if number >= scale[0])
    # One thousand has its own word; one million has not: seribu, but satu juta.
    head = "seribu" if number < 2000 else f"{_said_in_indonesian(number // size)} {word}"
    return _joined(head, number % size, _said_in_indonesian)


_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _said_in_english(number: int) -> str:
    if number < 20:
        return _UNITS[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_UNITS[number % 10]}" if number % 10 else "")
    if number < 1000:
        return _joined(f"{_UNITS[number // 100]} hundred", number % 100, _said_in_english)
    size, _, word = next(scale for scale in _SCALES if number >= scale[0])
    return _joined(f"{_said_in_english(number // size)} {word}", number % size, _said_in_english)


def _joined(head: str, rest: int, say: Callable[[int], str]) -> str:
    return f"{head} {say(rest)}" if rest else head
