"""The receipt of a meeting, or of one woman at it: as text for a 58 mm printer, and as a PDF of that width or A6.

Text and PDF are set from the same lines, so they cannot say different things. A receipt is an original once; every later print says that it
is a copy, and the receipt of an undone record says so across the top (api-detail, part 3, *Papers*).
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lending.documents.paper import MM, Paper, check_printable, width_of
from lending.domain.money import Rupiah
from lending.i18n.formats import in_words, long_date, moment, rupiah

COLUMNS = 32
"""What a 58 mm printer prints in a line."""

ReceiptWidth = Literal["58", "a6"]


@dataclass(frozen=True)
class ReceiptLine:
    """One woman: her own cash on the loan, her savings, what others paid for her, and what is still short; `undone`: it was taken back."""

    member_name: str
    paid: Rupiah
    savings: Rupiah
    renteng: Rupiah
    short: Rupiah
    undone: bool = False


@dataclass(frozen=True)
class Receipt:
    """What was kept. `total` is the cash of all `lines`; `copy` is 0 for the original, then 1, 2 …; `for_member`: one woman's line."""

    number: str
    unit_name: str
    group_name: str
    meeting_number: int
    held_on: date
    recorded_at: datetime
    zone: str
    officer_name: str
    lines: tuple[ReceiptLine, ...]
    total: Rupiah
    undone: bool = False
    copy: int = 0
    for_member: bool = False


@dataclass(frozen=True)
class _Line:
    """A line of the receipt: words on the left, an amount on the right; `rule` draws a line instead."""

    left: str = ""
    right: str = ""
    bold: bool = False
    centred: bool = False
    rule: bool = False


_RULE = _Line(rule=True)


def receipt_text(receipt: Receipt) -> str:
    """The receipt in lines of at most 32 letters. Raises `Unprintable`."""
    return "".join(f"{_as_text(line)}\n" for line in _folded(list(_lines(receipt)), COLUMNS))


def receipt_pdf(receipt: Receipt, width: ReceiptWidth) -> bytes:
    """The receipt on a strip 58 mm wide and as long as it takes, or on A6. Raises `Unprintable`."""
    lines = list(_lines(receipt))
    return _strip(lines) if width == "58" else _a6(lines)


def _lines(receipt: Receipt) -> Iterator[_Line]:
    yield _Line("KUITANSI ANGGOTA" if receipt.for_member else "KUITANSI PERTEMUAN", bold=True, centred=True)
    yield _Line(receipt.unit_name, centred=True)
    if receipt.undone:
        yield _Line("*** DIBATALKAN ***", bold=True, centred=True)
    if receipt.copy:
        yield _Line(f"SALINAN ke-{receipt.copy}", bold=True, centred=True)
    yield _RULE
    yield _Line("No", receipt.number, bold=True)
    yield _Line(long_date(receipt.held_on))
    yield _Line(f"{receipt.group_name}, pertemuan ke-{receipt.meeting_number}")
    yield _Line(f"Petugas: {receipt.officer_name}")
    yield _Line(f"Dicatat {moment(receipt.recorded_at, receipt.zone)}")
    yield _RULE
    yield from _hers(receipt.lines[0]) if receipt.for_member else _everybodys(receipt.lines)
    yield _RULE
    yield _Line("TOTAL TUNAI", rupiah(receipt.total), bold=True)
    yield _Line(in_words(receipt.total))
    short = [line for line in receipt.lines if line.short]
    if short and not receipt.for_member:
        yield _RULE
        yield _Line("Kurang bayar", bold=True)
        yield from (_Line(line.member_name, rupiah(line.short)) for line in short)
    yield _RULE
    yield _Line("Simpan kuitansi ini.", centred=True)


def _hers(line: ReceiptLine) -> Iterator[_Line]:
    """One woman's part of the meeting."""
    yield _Line(line.member_name, bold=True)
    yield _Line("Angsuran", rupiah(line.paid))
    if line.renteng:
        yield _Line("Ditanggung kelompok", rupiah(line.renteng))
    if line.savings:
        yield _Line("Tabungan", rupiah(line.savings))
    if line.short:
        yield _Line("Masih kurang", rupiah(line.short))


def _everybodys(lines: Sequence[ReceiptLine]) -> Iterator[_Line]:
    """Every woman with the cash that came for her, then the sums by kind."""
    for line in lines:
        yield _Line(line.member_name, "DIBATALKAN" if line.undone else rupiah(line.paid + line.renteng + line.savings))
    yield _RULE
    yield _Line("Angsuran", rupiah(sum(line.paid for line in lines)))
    yield _Line("Renteng", rupiah(sum(line.renteng for line in lines)))
    yield _Line("Tabungan", rupiah(sum(line.savings for line in lines)))


def _as_text(line: _Line) -> str:
    check_printable(line.left)
    if line.rule:
        return "-" * COLUMNS
    if line.centred:
        return line.left.center(COLUMNS).rstrip()
    return f"{line.left}{line.right:>{COLUMNS - len(line.left)}}" if line.right else line.left


_SIZE = 7.4
_LEADING = 9.6


def _strip(lines: Sequence[_Line]) -> bytes:
    """58 mm of paper, of which such a printer reaches 48."""
    width, side = 58 * MM, 5 * MM
    lines = _folded(lines, COLUMNS)
    paper = Paper((width, 2 * 4 * MM + len(lines) * _LEADING), "Kuitansi")
    _set(paper, lines, side, _SIZE, _LEADING)
    return paper.finish()


def _a6(lines: Sequence[_Line]) -> bytes:
    """A6, closer set where a whole group must fit, on a second page where it cannot."""
    size = (105 * MM, 148 * MM)
    paper = Paper(size, "Kuitansi")
    lines = _folded(lines, 2 * COLUMNS)
    leading = max(min(14.0, (size[1] - 8 * MM) / len(lines)), 8.8)
    fit = int((size[1] - 8 * MM) / leading)
    for first in range(0, len(lines), fit):
        _set(paper, lines[first : first + fit], 7 * MM, leading * 0.74, leading)
    return paper.finish()


def _folded(lines: Sequence[_Line], columns: int) -> list[_Line]:
    """Long lines over several: letters that had to shrink would not be read on a strip of thermal paper."""
    folded: list[_Line] = []
    for line in lines:
        if len(line.left) + (len(line.right) + 1 if line.right else 0) <= columns:
            folded.append(line)
        else:
            words = textwrap.wrap(line.left, columns, break_on_hyphens=False)
            folded += [_Line(word, bold=line.bold, centred=line.centred) for word in words]
            folded += [_Line(right=line.right)] * bool(line.right)
    return folded


def _set(paper: Paper, lines: Sequence[_Line], side: float, size: float, leading: float) -> None:
    """Print the lines from the top of a page and turn it over."""
    y, right = paper.height - 4 * MM, paper.width - side
    for line in lines:
        y -= leading
        base = y + 0.27 * leading
        if line.rule:
            paper.draw(f"0.5 w {side:.2f} {base + 0.3 * size:.2f} m {right:.2f} {base + 0.3 * size:.2f} l S")
        elif line.centred:
            paper.centred(paper.width / 2, base, line.left, size, bold=line.bold)
        else:
            amount = width_of(line.right, size, bold=True) + size if line.right else 0
            paper.text(side, base, line.left, size, bold=line.bold, width=right - side - amount)
            if line.right:
                paper.right(right, base, line.right, size, bold=True)
    paper.end_page()
