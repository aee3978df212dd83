"""The minutes of a hand-over (berita acara setor kas): what an officer brought, what the cashier counted, and both their signatures.

Fields: domain.md, section 4. One page of A5; a long day's meetings shrink together rather than turn the page, so that the signatures stand
under all of it.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lending.documents.paper import A5, MM, Paper
from lending.domain.collection import NOTES
from lending.domain.money import Rupiah
from lending.i18n.formats import grouped, in_words, long_date, moment, rupiah


@dataclass(frozen=True)
class From:
    """What one meeting brought; without a receipt, whatever else moved in that purse."""

    name: str
    receipt: str | None
    amount: Rupiah


@dataclass(frozen=True)
class Minutes:
    """A hand-over that was received. `notes` and `declared_notes` are None where nobody counted by note."""

    number: str
    unit_name: str
    officer_name: str
    cashier_name: str
    on: date
    recorded_at: datetime
    zone: str
    sources: tuple[From, ...]
    expected: Rupiah
    counted: Rupiah
    notes: Mapping[Rupiah, int] | None
    declared: Rupiah | None
    declared_notes: Mapping[Rupiah, int] | None
    reason: str | None


_SIDE, _TOP, _FOOT = 11 * MM, 11 * MM, 34 * MM
_SIZE, _SMALL = 8.6, 7.4
_ROW = 12.4


def minutes_pdf(minutes: Minutes) -> bytes:
    """The minutes on A5. Raises `Unprintable`."""
    paper = Paper(A5, "Berita acara setor kas")
    y = _head(paper, minutes)
    rows = len(minutes.sources) + len(NOTES) + len(_reason(minutes)) + 10
    step = min(_ROW, (y - _FOOT) / rows)
    y = _from_where(paper, minutes, y, step)
    y = _by_note(paper, minutes, y - step, step)
    _result(paper, minutes, y - 0.6 * step, step)
    _signatures(paper, minutes)
    paper.end_page()
    return paper.finish()


def _head(paper: Paper, minutes: Minutes) -> float:
    right, y = paper.width - _SIDE, paper.height - _TOP - 12
    paper.text(_SIDE, y, "BERITA ACARA SETOR KAS", 13, bold=True)
    paper.right(right, y, minutes.number, _SIZE + 1, bold=True)
    for place, (label, words) in enumerate(
        (
            ("Unit", minutes.unit_name),
            ("Hari, tanggal", f"{long_date(minutes.on)} (dicatat {moment(minutes.recorded_at, minutes.zone)})"),
            ("Petugas (AO)", minutes.officer_name),
            ("Kasir", minutes.cashier_name),
        )
    ):
        line = y - 17 - place * 12.5
        paper.text(_SIDE, line, label, _SMALL)
        paper.text(_SIDE + 22 * MM, line, words, _SIZE, width=right - _SIDE - 22 * MM, bold=place == 2)
    return y - 17 - 4 * 12.5 - 6


def _from_where(paper: Paper, minutes: Minutes, top: float, step: float) -> float:
    """The meetings whose money it is, and what the books expect in all."""
    right = paper.width - _SIDE
    y = _heading(paper, top, step, (("Kelompok", _SIDE), ("No. kuitansi", _SIDE + 62 * MM)), "Jumlah")
    for one in minutes.sources:
        y -= step
        paper.text(_SIDE, y, one.name, _fit(step), width=60 * MM)
        if one.receipt:
            paper.text(_SIDE + 62 * MM, y, one.receipt, _fit(step), width=36 * MM)
        paper.right(right, y, grouped(one.amount), _fit(step))
    return _sum(paper, y, step, "Menurut pembukuan", minutes.expected)


def _by_note(paper: Paper, minutes: Minutes, top: float, step: float) -> float:
    """Notes and coins: what the officer had said, and what the cashier counted."""
    said, counted, right = _SIDE + 58 * MM, _SIDE + 92 * MM, paper.width - _SIDE
    y = _heading(paper, top, step, (("Pecahan", _SIDE),), "Jumlah dihitung", ((said, "Menurut petugas"), (counted, "Dihitung kasir")))
    told, found = minutes.declared_notes or {}, minutes.notes or {}
    for note in (one for one in NOTES if told.get(one) or found.get(one)):
        y -= step
        paper.text(_SIDE, y, rupiah(note), _fit(step))
        for x, notes in ((said, told), (counted, found)):
            paper.right(x, y, grouped(notes.get(note, 0)), _fit(step))
        paper.right(right, y, grouped(note * found.get(note, 0)), _fit(step))
    if minutes.notes is None:
        y -= step
        paper.text(_SIDE, y, "Dihitung dalam satu jumlah, tanpa rincian pecahan.", _fit(step))
    y = _sum(paper, y, step, "Dihitung kasir", minutes.counted)
    y -= step
    paper.text(_SIDE, y, "Menurut petugas, sebelum dihitung", _fit(step))
    paper.right(right, y, "tidak ada" if minutes.declared is None else rupiah(minutes.declared), _fit(step))
    return y


def _result(paper: Paper, minutes: Minutes, top: float, step: float) -> None:
    right, difference = paper.width - _SIDE, minutes.counted - minutes.expected
    y = top - step
    paper.text(_SIDE, y, "Selisih", _SIZE, bold=True)
    paper.right(right, y, rupiah(difference) if difference else "tidak ada", _SIZE + 1, bold=True)
    for line in _reason(minutes):
        y -= step
        paper.text(_SIDE, y, line, _fit(step), width=right - _SIDE)
    y -= step
    paper.text(_SIDE, y, f"Diterima: {in_words(minutes.counted)}.", _fit(step), width=right - _SIDE)


def _reason(minutes: Minutes) -> list[str]:
    return textwrap.wrap(f"Sebab: {minutes.reason}", 84) if minutes.reason else []


def _signatures(paper: Paper, minutes: Minutes) -> None:
    width = (paper.width - 2 * _SIDE) / 3
    for place, (role, name) in enumerate(
        (
            ("Yang menyerahkan, petugas", minutes.officer_name),
            ("Yang menerima, kasir", minutes.cashier_name),
            ("Mengetahui, kepala unit", ""),
        )
    ):
        x, wide = _SIDE + place * width, width - 5 * MM
        paper.text(x, _FOOT - 7 * MM, role, _SMALL, width=wide)
        paper.draw(f"0.4 w {x:.2f} {13 * MM:.2f} m {x + wide:.2f} {13 * MM:.2f} l S")
        if name:
            paper.text(x, 9.6 * MM, name, _SMALL, width=wide)


Columns = Sequence[tuple[str, float]]


def _heading(paper: Paper, top: float, step: float, left: Columns, last: str, middle: Sequence[tuple[float, str]] = ()) -> float:
    y = top - step
    for words, x in left:
        paper.text(x, y, words, _SMALL, bold=True)
    for x, words in middle:
        paper.right(x, y, words, _SMALL, bold=True)
    paper.right(paper.width - _SIDE, y, last, _SMALL, bold=True)
    _rule(paper, y - 0.3 * step)
    return y - 0.2 * step


def _sum(paper: Paper, y: float, step: float, words: str, amount: Rupiah) -> float:
    _rule(paper, y - 0.35 * step)
    y -= 1.25 * step
    paper.text(_SIDE, y, words, _fit(step), bold=True)
    paper.right(paper.width - _SIDE, y, rupiah(amount), _fit(step), bold=True)
    return y


def _rule(paper: Paper, y: float) -> None:
    paper.draw(f"0.5 w {_SIDE:.2f} {y:.2f} m {paper.width - _SIDE:.2f} {y:.2f} l S")


def _fit(step: float) -> float:
    return min(_SIZE, 0.74 * step)
