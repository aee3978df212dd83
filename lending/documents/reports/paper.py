"""A report on A4: upright where it fits, else across; heading on every page, sums at the end, page numbers, and whose paper it is.

The letters are of one size on all pages, as large as the widest row allows; a text that is too long for its column becomes smaller, and
nothing is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise

from lending.documents.paper import A4, MM, Paper, fitting_size, printable, width_of
from lending.documents.reports.columns import Kind
from lending.documents.reports.report import Made
from lending.documents.reports.written import label, said
from lending.i18n import formats, words
from lending.i18n.catalogue import SOURCE, mark, translated

_SIDE, _TOP, _BOTTOM = 12 * MM, 12 * MM, 14 * MM
_LARGEST, _SMALLEST = 9.0, 6.0
_PADDING = 1.4 * MM
_HEAD, _FACT = 34.0, 13.0
"""What the head of a page needs, and each line above a table."""

_LONGEST_TEXT = 46 * MM
"""A column of text asks for no more; what is longer becomes smaller."""

_PRINTED = mark("Dicetak {at} oleh {by}")
_PAGE = mark("hal {page} dari {pages}")
_SUM = mark("Jumlah")
_EMPTY = mark("Tidak ada yang memenuhi pertanyaan ini.")
_AS_OF = mark("Keadaan per akhir {last}")
_FROM_TO = mark("{first} sampai {last}")
_BY = mark("menurut {layout}")
_RUPIAH = mark("jumlah uang dalam rupiah")
_EVERY_UNIT = mark("Semua unit")


@dataclass(frozen=True)
class Imprint:
    """Whose paper it is: the unit it is about (None: every unit), who printed it, when, and in which zone's hours."""

    unit: str | None
    printed_by: str
    printed_at: datetime
    zone: str
    language: str = SOURCE


@dataclass(frozen=True)
class _Table:
    """The words of the whole table, and how wide each column is."""

    heads: list[list[str]]
    rows: list[list[str]]
    totals: list[str] | None
    to_right: list[bool]
    widths: list[float]
    size: float
    is_across: bool

    @property
    def line(self) -> float:
        """How high a row is."""
        return self.size * 1.55

    @property
    def head(self) -> float:
        """How high the heading is."""
        return max(map(len, self.heads), default=1) * self.size * 1.2 + 4


def report_pdf(made: Made, imprint: Imprint, attached: Sequence[Made] = ()) -> bytes:
    """The report as a paper; what is attached begins on pages of its own, all of them numbered through."""
    parts = [(one, _measured(one, imprint.language)) for one in (made, *attached)]
    sheets = [(one, table, _pages(one, table)) for one, table in parts]
    pages = sum(len(rows) for _, _, rows in sheets)
    paper = Paper(_size(sheets[0][1]), translated(made.report.title, imprint.language))
    number = 0
    for one, table, rows_of in sheets:
        paper.turn_to(_size(table))
        for place, rows in enumerate(rows_of):
            number += 1
            foot = translated(_PAGE, imprint.language).format(page=number, pages=pages)
            y = _page_head(paper, one, imprint, foot)
            if place == 0:
                y = _facts(paper, one, imprint, y)
            y = _heads(paper, table, y)
            for row in rows:
                y -= table.line
                _row(paper, table, y, row, bold=False)
            if place == len(rows_of) - 1:
                _sums(paper, table, y, imprint)
            paper.end_page()
    return paper.finish()


def _size(table: _Table) -> tuple[float, float]:
    width, height = A4
    return (height, width) if table.is_across else (width, height)


def _pages(made: Made, table: _Table) -> list[list[list[str]]]:
    """The rows of each page: as many as there is room for, fewer on the first where lines stand above the table."""
    room = _size(table)[1] - _TOP - _BOTTOM - _HEAD - table.head - table.line
    first = max(int((room - len(made.head) * _FACT - (_FACT if made.head else 0)) // table.line), 1)
    each = max(int(room // table.line), 1)
    pages, rest = [table.rows[:first]], table.rows[first:]
    return pages + [rest[start : start + each] for start in range(0, len(rest), each)]


def _measured(made: Made, language: str) -> _Table:
    shown = [place for place, column in enumerate(made.columns) if column.is_shown]
    columns = [made.columns[place] for place in shown]
    rows = [[_printable(said(made.columns[place], cells[place], language)) for place in shown] for cells in made.cells]
    totals = None
    if made.totals is not None:
        totals = [said(made.columns[place], made.totals[place], language) for place in shown]
        if not columns[0].is_number:
            totals[0] = translated(_SUM, language)
    heads = [_broken(label(column, language)) for column in columns]
    asked = []
    for place, column in enumerate(columns):
        # The longest words decide; measuring every cell of ten thousand rows would take longer than drawing them.
        longest = sorted({row[place] for row in rows}, key=len)[-3:] + ([totals[place]] if totals else [])
        needed = max([width_of(text, _LARGEST, bold=True) for text in [*longest, *heads[place]]], default=0)
        asked.append(needed if column.kind is not Kind.TEXT else min(needed, _LONGEST_TEXT))
    asked = [width + 2 * _PADDING for width in asked]
    is_across = sum(asked) > A4[0] - 2 * _SIDE
    room = (A4[1] if is_across else A4[0]) - 2 * _SIDE
    size = max(min(_LARGEST, round(_LARGEST * room / sum(asked) - 0.05, 1)), _SMALLEST)
    shrunk = [width * size / _LARGEST for width in asked]
    over = sum(shrunk) - room
    if over > 0:
        shrunk = [width * room / sum(shrunk) for width in shrunk]
    elif over < 0:
        # What is left over goes to the first column of text, so that the figures stay together.
        grows = next((place for place, column in enumerate(columns) if not column.is_number), 0)
        shrunk[grows] += min(-over, _LONGEST_TEXT)
    return _Table(heads, rows, totals, [column.is_number for column in columns], shrunk, size, is_across)


def _broken(text: str) -> list[str]:
    """A heading on two lines where it is long, broken at the blank nearest its middle."""
    blanks = [place for place, letter in enumerate(text) if letter == " "]
    if len(text) < 10 or not blanks:
        return [text]
    middle = min(blanks, key=lambda place: abs(place - len(text) / 2))
    return [text[:middle], text[middle + 1 :]]


def _printable(text: str) -> str:
    """A letter that the paper has not becomes a question mark: a report is never refused for one name in it."""
    return text if printable().issuperset(text) else "".join(letter if letter in printable() else "?" for letter in text)


def _page_head(paper: Paper, made: Made, imprint: Imprint, page: str) -> float:
    """What it is about, and whose it is; returns where the table begins."""
    language, asked = imprint.language, made.asked
    right, y = paper.width - _SIDE, paper.height - _TOP - 10
    paper.text(_SIDE, y, translated(made.report.title, language), 13, bold=True)
    unit = imprint.unit or translated(_EVERY_UNIT, language)
    paper.right(right, y, _printable(unit), 11, bold=True)
    if made.report.begins:
        days = translated(_FROM_TO, language).format(
            first=formats.short_date(asked.first, language), last=formats.short_date(asked.last, language)
        )
    else:
        days = translated(_AS_OF, language).format(last=formats.long_date(asked.last, language))
    layout = words.word(asked.layout, "group_by", language).lower()
    paper.text(_SIDE, y - 15, f"{days} · {translated(_BY, language).format(layout=layout)} · {translated(_RUPIAH, language)}", 9)
    foot = translated(_PRINTED, language).format(at=formats.moment(imprint.printed_at, imprint.zone, language), by=imprint.printed_by)
    paper.text(_SIDE, _BOTTOM - 6 * MM, f"Maju Bersama · {_printable(foot)}", 7.5)
    paper.right(right, _BOTTOM - 6 * MM, page, 7.5)
    return y - 24


def _facts(paper: Paper, made: Made, imprint: Imprint, y: float) -> float:
    """What stands above the table, a line each; returns where the table begins."""
    if not made.head:
        return y
    for column, value in made.head:
        y -= _FACT
        paper.text(_SIDE, y + 4, label(column, imprint.language), 9)
        words_of = _printable(said(column, value, imprint.language, imprint.zone)) or "–"
        paper.text(_SIDE + 52 * MM, y + 4, words_of, 9, bold=True, width=paper.width - 2 * _SIDE - 52 * MM)
    return y - _FACT


def _edges(table: _Table) -> list[float]:
    return [_SIDE + width for width in accumulate(table.widths, initial=0.0)]


def _heads(paper: Paper, table: _Table, top: float) -> float:
    edges, height = _edges(table), table.head
    paper.draw(f"0.93 g {edges[0]:.2f} {top - height:.2f} {edges[-1] - edges[0]:.2f} {height:.2f} re f 0 g")
    for (left, right), lines, to_right in zip(pairwise(edges), table.heads, table.to_right, strict=True):
        for place, text in enumerate(reversed(lines)):
            _word(paper, (left, right), top - height + 4 + place * table.size * 1.2, text, table.size, to_right=to_right, bold=True)
    paper.draw(f"0.8 w {edges[0]:.2f} {top - height:.2f} m {edges[-1]:.2f} {top - height:.2f} l S")
    return top - height


def _row(paper: Paper, table: _Table, y: float, cells: Sequence[str], *, bold: bool) -> None:
    edges = _edges(table)
    for (left, right), text, to_right in zip(pairwise(edges), cells, table.to_right, strict=True):
        if text:
            _word(paper, (left, right), y + table.size * 0.4, text, table.size, to_right=to_right, bold=bold)
    if not bold:
        paper.draw(f"0.3 w 0.75 G {edges[0]:.2f} {y:.2f} m {edges[-1]:.2f} {y:.2f} l S 0 G")


def _word(paper: Paper, edges: tuple[float, float], y: float, text: str, size: float, *, to_right: bool, bold: bool) -> None:
    left, right = edges
    fitted = fitting_size(text, size, right - left - 2 * _PADDING, bold=bold)
    if to_right:
        paper.right(right - _PADDING, y, text, fitted, bold=bold)
    else:
        paper.text(left + _PADDING, y, text, fitted, bold=bold)


def _sums(paper: Paper, table: _Table, y: float, imprint: Imprint) -> None:
    line = table.line
    if not table.rows:
        paper.text(_SIDE + _PADDING, y - line, translated(_EMPTY, imprint.language), table.size)
        return
    if table.totals is None:
        return
    edges = _edges(table)
    paper.draw(f"0.8 w {edges[0]:.2f} {y:.2f} m {edges[-1]:.2f} {y:.2f} l S")
    _row(paper, table, y - line, table.totals, bold=True)
    paper.draw(f"0.8 w {edges[0]:.2f} {y - line:.2f} m {edges[-1]:.2f} {y - line:.2f} l S")
