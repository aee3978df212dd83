"""Values as people read them, in the language of this request: what templates may say after a `|`.

`rupiah` `number` `long_date` `short_date` `moment` `day_of` `hour_of` `hour` `weekday` `ratio` `basis_points` `in_words` `word`; and the
globals `asset`, `kind_of`, `here`.
"""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from lending.i18n import formats, words
from lending.web.addresses import here, here_with
from lending.web.language import language
from lending.web.login import zone
from lending.web.static_files import asset


def set_up(app: Flask) -> None:
    """Hang the filters and globals into the templates."""
    own = (rupiah, number, long_date, short_date, moment, day_of, hour_of, hour, weekday, ratio, basis_points, in_words, word, lines)
    app.jinja_env.filters.update({one.__name__: one for one in own})
    app.jinja_env.globals.update(asset=asset, kind_of=words.kind_of, here=here, here_with=here_with)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def rupiah(amount: int | None) -> str:
    """`Rp1.250.000`; – where there is no amount."""
    return "–" if amount is None else formats.rupiah(amount, language())


def number(count: int | None) -> str:
    """`1.250`; – where there is none."""
    return "–" if count is None else formats.grouped(count, language())


def long_date(day: date | None) -> str:
    """`Kamis, 26 November 2026`."""
    return "–" if day is None else formats.long_date(day, language())


def short_date(day: date | None) -> str:
    """`26-11-2026`."""
    return "–" if day is None else formats.short_date(day, language())


def moment(at: datetime | None) -> str:
    """`26-11-2026 09.41 WIB`, in the zone of whoever looks."""
    return "–" if at is None else formats.moment(at, zone(), language())


def day_of(at: datetime) -> str:
    """`26-11-2026`, the day of a moment in the zone of whoever looks."""
    return short_date(at.astimezone(ZoneInfo(zone())).date())


def hour_of(at: datetime) -> str:
    """`09.41 WIB`, the hour of a moment in the zone of whoever looks."""
    return hour(at.astimezone(ZoneInfo(zone())).time())


def hour(at: time | None) -> str:
    """`09.00 WIB`, a planned hour in the unit's own zone."""
    return "–" if at is None else formats.clock_time(at, zone(), language())


def weekday(day: int) -> str:
    """`Kamis` for 4."""
    return formats.weekday_name(day, language())


def ratio(fraction: Decimal | None) -> str:
    """`3,1 %`."""
    return formats.ratio(fraction, language())


def basis_points(rate: int) -> str:
    """A rate kept in basis points, as people say it: 2500 is `25 %`."""
    return ratio(Decimal(rate) / 10_000)


def in_words(amount: int) -> str:
    """`lima puluh ribu rupiah`."""
    return formats.in_words(amount, language())


def word(value: Enum | str | None, kind: str | None = None) -> str:
    """What people call a state, a role, a reason; `kind` only where the value is a bare string."""
    return "–" if value is None else words.word(value, kind, language())


def lines(text: Any) -> Markup:
    """A note as it was written, its line breaks kept."""
    return Markup("<br>").join(escape(text).splitlines())
