"""The empty weekly collection sheet: what should come in is printed, what does come in is written by hand, at the table.

It is the paper a group falls back on when no phone works, so it asks for everything that a meeting record asks for: attendance, money,
savings, renteng, the notes in the purse, and two signatures. Fields: domain.md, section 4 (LPM).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from lending.documents.paper import A4, MM, Paper, fitting_size
from lending.domain.money import Rupiah
from lending.i18n.formats import grouped, long_date, rupiah, short_date

ROWS = 30
"""No group has more women than that (design.md, section 6), so a sheet is one page."""

_SIDE, _EDGE = 10 * MM, 9 * MM
_HEADINGS = ("No", "Nama", "Sub", "Ke", "Tagihan", "Tunggakan", "Hadir", "Dibayar", "Tabungan", "Renteng", "Tanda tangan")
_WIDTHS = (7, 44, 8, 8, 17, 18, 11, 20, 16, 16, 25)
_NOTES = (100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
_EDGES = tuple(_SIDE + sum(_WIDTHS[:column]) * MM for column in range(len(_WIDTHS) + 1))
_PADDING = 1.3 * MM
_SMALL, _NORMAL = 7.5, 9.0


@dataclass(frozen=True)
class PaperLine:
    """One woman: `number` is the instalment due at this meeting (None when none is), `due` what is unpaid of it, `arrears` of earlier."""

    member_name: str
    sub_group: int | None
    number: int | None
    due: Rupiah
    arrears: Rupiah


@dataclass(frozen=True)
class PaperSheet:
    """A meeting to be held; `number` is the sheet's own (`UNIT-L-YEAR-NNNN`), `meeting_number` the meeting's in the group's calendar."""

    number: str
    unit_name: str
    officer_name: str
    leader_name: str | None
    group_name: str
    place: str
    planned_on: date
    time: time
    meeting_number: int
    lines: tuple[PaperLine, ...]


def meeting_sheet_pdf(sheet: PaperSheet, printed_on: date) -> bytes:
    """The sheet on A4, rows in the order given; rows are as high as the page allows. Raises `Unprintable`."""
    paper = Paper(A4, "Lembar pertemuan")
    pages = [sheet.lines[first : first + ROWS] for first in range(0, len(sheet.lines), ROWS)] or [()]
    for page, lines in enumerate(pages):
        top = _head(paper, sheet, f"Dicetak {short_date(printed_on)} · hal {page + 1}/{len(pages)}")
        bottom = _rows(paper, top, lines, page * ROWS)
        _foot(paper, sheet, bottom)
        paper.end_page()
    return paper.finish()


def _head(paper: Paper, sheet: PaperSheet, printed: str) -> float:
    """Whose meeting, when, where; returns where the rows' heading begins."""
    right, y = paper.width - _SIDE, paper.height - _EDGE - 12
    paper.text(_SIDE, y, "LEMBAR PERTEMUAN", 14, bold=True)
    paper.right(right, y, sheet.number, 12, bold=True)
    middle = paper.width / 2 + 6 * MM
    left_words = (
        ("Kelompok", sheet.group_name),
        ("Hari, tanggal", f"{long_date(sheet.planned_on)}, {sheet.time:%H.%M}"),
        ("Tempat", sheet.place),
    )
    right_words = (("Unit", sheet.unit_name), ("Petugas (AO)", sheet.officer_name), ("Pertemuan ke", str(sheet.meeting_number)))
    for place, (first, second) in enumerate(zip(left_words, right_words, strict=True)):
        line = y - 16 - place * 13
        for start, end, (label, words) in ((_SIDE, middle - 3 * MM, first), (middle, right, second)):
            paper.text(start, line, label, _SMALL)
            paper.text(start + 20 * MM, line, words, _NORMAL + 0.5, bold=place == 0, width=end - start - 20 * MM)
    line = y - 16 - 3 * 13
    paper.text(_SIDE, line, "Jam mulai ................   selesai ................      Ikrar dibaca  [   ] ya", _NORMAL)
    paper.right(right, line, printed, _SMALL)
    return line - 8


def _rows(paper: Paper, top: float, lines: Sequence[PaperLine], before: int) -> float:
    """Heading and one row a woman, with two blank ones where there is room for a guest; returns where they end."""
    count = min(len(lines) + 2, ROWS)
    heading = 7 * MM
    height = min(8 * MM, (top - heading - _EDGE - _FOOT) / count)
    bottom = top - heading - count * height
    horizontal = [f"{_EDGES[0]:.2f} {y:.2f} m {_EDGES[-1]:.2f} {y:.2f} l" for y in (top - heading - row * height for row in range(count))]
    vertical = [f"{x:.2f} {top:.2f} m {x:.2f} {bottom:.2f} l" for x in _EDGES]
    paper.draw(f"0.35 w 0.5 G {' '.join(horizontal)} S 0.5 w 0 G {' '.join(vertical)} S")
    paper.draw(f"0.9 w {_EDGES[0]:.2f} {bottom:.2f} {_EDGES[-1] - _EDGES[0]:.2f} {top - bottom:.2f} re S")
    for (left, right), words in zip(pairwise(_EDGES), _HEADINGS, strict=True):
        paper.centred((left + right) / 2, top - heading / 2 - 0.36 * _SMALL, words, _SMALL, bold=True)
    for place, line in enumerate(lines):
        _row(paper, top - heading - (place + 0.5) * height - 0.36 * _NORMAL, before + place + 1, line)
    return bottom


def _row(paper: Paper, y: float, place: int, line: PaperLine) -> None:
    paper.right(_EDGES[1] - _PADDING, y, str(place), _NORMAL)
    _name(paper, y, line.member_name)
    for column, value in ((2, line.sub_group), (3, line.number)):
        if value is not None:
            paper.centred((_EDGES[column] + _EDGES[column + 1]) / 2, y, str(value), _NORMAL)
    for column, amount in ((4, line.due), (5, line.arrears)):
        words = grouped(amount) if amount or (column == 4 and line.number is not None) else "–"
        size = fitting_size(words, _NORMAL, _EDGES[column + 1] - _EDGES[column] - _PADDING, bold=column == 5 and amount > 0)
        paper.right(_EDGES[column + 1] - _PADDING, y, words, size, bold=column == 5 and amount > 0)


def _name(paper: Paper, y: float, name: str) -> None:
    """Her name on one line, or on two small ones where it would have to shrink below what is read at arm's length."""
    x, width = _EDGES[1] + _PADDING, _EDGES[2] - _EDGES[1] - 2 * _PADDING
    if fitting_size(name, _NORMAL, width) >= _SMALL or " " not in name:
        paper.text(x, y, name, _NORMAL, width=width)
        return
    middle = min((place for place, letter in enumerate(name) if letter == " "), key=lambda place: abs(place - len(name) // 2))
    for line, part in enumerate((name[:middle], name[middle + 1 :])):
        paper.text(x, y + (0.55 - line) * _SMALL, part, _SMALL, width=width)


_FOOT = 66 * MM
"""What the foot needs: the notes in the purse on the left, sums and signatures on the right."""


def _foot(paper: Paper, sheet: PaperSheet, top: float) -> None:
    size = _SMALL + 0.5
    signs = "Hadir: H hadir · T terlambat · I izin · A alpa · W diwakili.    Renteng: + ditanggung untuknya, – ia menanggung."
    paper.text(_SIDE, top - 10, signs, _SMALL)
    _purse(paper, top - 6 * MM, size)
    left, right, y = _SIDE + 92 * MM, paper.width - _SIDE, top - 6 * MM - 11
    due = sum(line.due + line.arrears for line in sheet.lines)
    for place, (label, amount) in enumerate((("Harus masuk", rupiah(due)), ("Uang diterima", ""), ("Selisih", ""))):
        line = y - place * 15
        paper.text(left, line, label, _NORMAL, bold=place == 0)
        if amount:
            paper.right(right, line, amount, _NORMAL + 1, bold=True)
        else:
            paper.draw(f"0.4 w {left + 32 * MM:.2f} {line - 1:.2f} m {right:.2f} {line - 1:.2f} l S")
    for x, role, name in ((left, "Ketua kelompok", sheet.leader_name or ""), (left + 52 * MM, "Petugas (AO)", sheet.officer_name)):
        paper.text(x, y - 56, role, size)
        paper.draw(f"0.4 w {x:.2f} {y - 110:.2f} m {x + 44 * MM:.2f} {y - 110:.2f} l S")
        paper.text(x, y - 120, name, size, width=44 * MM)


def _purse(paper: Paper, top: float, size: float) -> None:
    """Notes and coins, to be counted by hand."""
    edges = (_SIDE, _SIDE + 24 * MM, _SIDE + 48 * MM, _SIDE + 82 * MM)
    height = 4.4 * MM
    bottom = top - (len(_NOTES) + 2) * height
    horizontal = [f"{edges[0]:.2f} {top - row * height:.2f} m {edges[-1]:.2f} {top - row * height:.2f} l" for row in range(len(_NOTES) + 3)]
    vertical = [f"{x:.2f} {top:.2f} m {x:.2f} {bottom:.2f} l" for x in edges]
    paper.draw(f"0.4 w 0.3 G {' '.join((*horizontal, *vertical))} S 0 G")
    for (left, right), words in zip(pairwise(edges), ("Pecahan", "Lembar/keping", "Jumlah"), strict=True):
        paper.centred((left + right) / 2, top - height + 1.2 * MM, words, _SMALL, bold=True)
    for place, note in enumerate(_NOTES, 2):
        paper.right(edges[1] - _PADDING, top - place * height + 1.2 * MM, grouped(note), size)
    paper.text(edges[0] + _PADDING, bottom + 1.2 * MM, "Jumlah", size, bold=True)
