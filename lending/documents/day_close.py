"""The close sheet of a day of the books: on one page of A4 what was expected, counted and posted, every account, the day's hash, and room
for the signatures. Whoever holds this paper can prove years later that the books of that day are still the same.

A day with many officers shrinks together rather than turn the page, so that the signatures stand under all of it.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lending.documents.paper import A4, MM, Paper, fitting_size
from lending.domain.chain import in_fours, spoken
from lending.domain.collection import NOTES
from lending.domain.money import Rupiah
from lending.i18n.formats import grouped, in_words, long_date, moment, rupiah
from lending.i18n.words import word
from lending.queries.day_sheet import DaySheet
from lending.queries.days import ClosedDay

_SIDE, _TOP, _FOOT = 15 * MM, 14 * MM, 38 * MM
_SIZE, _SMALL, _TINY = 8.6, 7.4, 6.6
_ROW = 12.2
_SEAL = 30 * MM
"""The height of what stands about the hash."""


def close_sheet_pdf(sheet: DaySheet, closed: ClosedDay) -> bytes:
    """The sheet of a day that is closed. Raises `Unprintable`."""
    paper = Paper(A4, "Lembar tutup hari")
    y = _head(paper, sheet, closed)
    vault = max(len(sheet.vault_moves) + 3, len(_notes(closed)) + 2)
    rows = len(sheet.officers) + len(sheet.accounts) + vault + len(_said(closed)) + 11
    step = min(_ROW, (y - _FOOT - _SEAL) / rows)
    y = _officers(paper, sheet, y, step)
    y = _vault(paper, sheet, closed, y - step, step)
    y = _accounts(paper, sheet, y - step, step)
    for line in _said(closed):
        y -= step
        paper.text(_SIDE, y, line, _fit(step), width=paper.width - 2 * _SIDE)
    _seal(paper, sheet, closed)
    _signatures(paper, closed)
    paper.end_page()
    return paper.finish()


def number_of(sheet: DaySheet) -> str:
    """The number of the sheet, such as `JMB-T-20261126`."""
    return f"{sheet.unit_code}-T-{sheet.on:%Y%m%d}"


def _head(paper: Paper, sheet: DaySheet, closed: ClosedDay) -> float:
    right, y = paper.width - _SIDE, paper.height - _TOP - 14
    paper.text(_SIDE, y, "LEMBAR TUTUP HARI", 15, bold=True)
    paper.right(right, y, number_of(sheet), 11, bold=True)
    facts = (
        ("Unit", f"{sheet.unit_name} ({sheet.unit_code})"),
        ("Hari pembukuan", long_date(sheet.on)),
        ("Ditutup", f"{moment(closed.closed_at, sheet.zone)} oleh {closed.by_name} ({closed.by})"),
        ("Catatan", f"{grouped(closed.entries)} catatan, debet dan kredit masing-masing {rupiah(sheet.debit)}"),
    )
    for place, (label, words) in enumerate(facts):
        line = y - 20 - place * 13
        paper.text(_SIDE, line, label, _SMALL)
        paper.text(_SIDE + 30 * MM, line, words, _SIZE, width=right - _SIDE - 30 * MM, bold=place == 1)
    return y - 20 - len(facts) * 13


def _officers(paper: Paper, sheet: DaySheet, top: float, step: float) -> float:
    grid = _Grid(_SIDE, paper.width - 2 * _SIDE, (0.30, 0.46, 0.60, 0.74, 0.86, 1.0))
    y = grid.heading(paper, top, step, ("Kas petugas", "Seharusnya", "Dihitung", "Dibukukan", "Selisih", "Masih dipegang"))
    rows = [(one.expected, one.counted, one.posted, one.difference, one.held) for one in sheet.officers]
    for one, amounts in zip(sheet.officers, rows, strict=True):
        y = grid.row(paper, y, step, (one.name, *map(grouped, amounts)))
    if not rows:
        return replace(grid, ends=(1.0,)).row(paper, y, step, ("Tidak ada petugas yang memegang atau menyetor kas.",))
    return grid.sum(paper, y, step, ("Jumlah", *(grouped(sum(amounts)) for amounts in zip(*rows, strict=True))))


def _vault(paper: Paper, sheet: DaySheet, closed: ClosedDay, top: float, step: float) -> float:
    """On the left what moved the vault, on the right what was counted in it."""
    half = (paper.width - 2 * _SIDE) / 2 - 4 * MM
    grid = _Grid(_SIDE, half, (0.62, 1.0))
    y = grid.heading(paper, top, step, ("Brankas menurut pembukuan", "Jumlah"))
    y = grid.row(paper, y, step, ("Sisa hari sebelumnya", grouped(sheet.vault_before)))
    for move in sheet.vault_moves:
        y = grid.row(paper, y, step, (word(move.kind), grouped(move.amount)))
    y = grid.sum(paper, y, step, ("Seharusnya ada", rupiah(closed.expected)))
    grid = _Grid(paper.width - _SIDE - half, half, (0.34, 0.62, 1.0))
    other = grid.heading(paper, top, step, ("Dihitung", "Lembar", "Jumlah"))
    for note, many in _notes(closed):
        other = grid.row(paper, other, step, (rupiah(note), grouped(many), grouped(note * many)))
    if not _notes(closed):
        how = "Tidak dihitung; ditutup bersama hari sesudahnya." if closed.counted is None else "Dihitung dalam satu jumlah."
        other = replace(grid, ends=(1.0,)).row(paper, other, step, (how,))
    counted = "tidak dihitung" if closed.counted is None else rupiah(closed.counted)
    return min(y, grid.sum(paper, other, step, ("Ada di brankas", "", counted)))


def _accounts(paper: Paper, sheet: DaySheet, top: float, step: float) -> float:
    grid = _Grid(_SIDE, paper.width - 2 * _SIDE, (0.08, 0.42, 0.565, 0.71, 0.855, 1.0), texts=2)
    y = grid.heading(paper, top, step, ("Kode", "Akun", "Awal hari", "Debet", "Kredit", "Akhir hari"))
    rows = [(one.opening, one.debit, one.credit, one.closing) for one in sheet.accounts]
    for one, amounts in zip(sheet.accounts, rows, strict=True):
        y = grid.row(paper, y, step, (one.code, word(one.account), *map(grouped, amounts)))
    return grid.sum(paper, y, step, ("", "Jumlah", *(grouped(sum(amounts)) for amounts in zip(*rows, strict=True))))


def _said(closed: ClosedDay) -> list[str]:
    """The difference, why, and what was counted in words."""
    if closed.counted is None:
        return ["Hari ini ditutup bersama hari sesudahnya, seperti tercatat di pembukuan; uangnya tidak dihitung."]
    difference = f"Selisih: {rupiah(closed.difference)}" if closed.difference else "Selisih: tidak ada"
    reason = textwrap.wrap(f"Sebab: {closed.reason}", 120) if closed.reason else []
    return ["", f"{difference}. Dihitung: {in_words(closed.counted)}.", *reason]


def _seal(paper: Paper, sheet: DaySheet, closed: ClosedDay) -> None:
    """The hash of the day, to be read aloud and in full, and how anybody proves it later."""
    right, top = paper.width - _SIDE, _FOOT + _SEAL - 4 * MM
    paper.draw(f"0.8 w {_SIDE:.2f} {top:.2f} m {right:.2f} {top:.2f} l S")
    paper.text(_SIDE, top - 15, "SIDIK HARI", _SMALL, bold=True)
    paper.text(_SIDE + 24 * MM, top - 16, spoken(closed.hash), 14, bold=True)
    paper.right(right, top - 15, f"sesudah {spoken(closed.previous_hash)}", _SMALL)
    lines = [f"Selengkapnya: {in_fours(closed.hash)}"]
    if sheet.chains is not None:
        books, acts = sheet.chains.books, sheet.chains.acts
        lines.append(f"Rantai pembukuan, {grouped(books.length)} catatan: {books.head}")
        lines.append(f"Rantai perbuatan, {grouped(acts.length)} baris: {acts.head}")
    lines.append(
        "Diperiksa kapan saja dengan `python run.py check --anchor anchors.log`: kedua rantai tercatat juga di salinan anchors.log"
        " yang disimpan di luar server."
    )
    for place, line in enumerate(lines):
        paper.text(_SIDE, top - 30 - place * 9.6, line, _TINY, width=right - _SIDE)


def _signatures(paper: Paper, closed: ClosedDay) -> None:
    width = (paper.width - 2 * _SIDE) / 3
    for place, (role, name) in enumerate((("Yang menutup, kepala unit", closed.by_name), ("Kasir", ""), ("Mengetahui", ""))):
        x, wide = _SIDE + place * width, width - 6 * MM
        paper.text(x, _FOOT - 6 * MM, role, _SMALL, width=wide)
        paper.draw(f"0.4 w {x:.2f} {15 * MM:.2f} m {x + wide:.2f} {15 * MM:.2f} l S")
        paper.text(x, 11.4 * MM, name or "Nama:", _SMALL, width=wide)


def _notes(closed: ClosedDay) -> list[tuple[Rupiah, int]]:
    return [(note, closed.notes[note]) for note in NOTES if closed.notes.get(note)] if closed.notes else []


@dataclass(frozen=True)
class _Grid:
    """Columns side by side: from `left`, `wide` in all, each ending at its share of the width; the first `texts` keep to the left."""

    left: float
    wide: float
    ends: Sequence[float]
    texts: int = 1

    def heading(self, paper: Paper, top: float, step: float, words: Sequence[str]) -> float:
        """The names of the columns, ruled off below."""
        self._cells(paper, top - step, words, _SMALL, bold=True)
        self._rule(paper, top - 1.32 * step)
        return top - 1.2 * step

    def row(self, paper: Paper, y: float, step: float, words: Sequence[str]) -> float:
        """One row more."""
        self._cells(paper, y - step, words, _fit(step))
        return y - step

    def sum(self, paper: Paper, y: float, step: float, words: Sequence[str]) -> float:
        """The sums, ruled off above."""
        self._rule(paper, y - 0.35 * step)
        self._cells(paper, y - 1.3 * step, words, _fit(step), bold=True)
        return y - 1.3 * step

    def _cells(self, paper: Paper, y: float, words: Sequence[str], size: float, *, bold: bool = False) -> None:
        begins = self.left
        for place, (cell, share) in enumerate(zip(words, self.ends, strict=True)):
            ends = self.left + share * self.wide
            if place < self.texts:
                paper.text(begins, y, cell, size, width=ends - begins - 4, bold=bold)
            else:
                paper.right(ends, y, cell, fitting_size(cell, size, ends - begins - 4, bold=bold), bold=bold)
            begins = ends

    def _rule(self, paper: Paper, y: float) -> None:
        paper.draw(f"0.5 w {self.left:.2f} {y:.2f} m {self.left + self.wide:.2f} {y:.2f} l S")


def _fit(step: float) -> float:
    return min(_SIZE, 0.74 * step)
