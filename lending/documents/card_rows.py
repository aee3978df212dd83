"""The ruled part of a card: how a sheet is divided into columns, its lines and headings, and the rows as one string of PDF operators."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise

from lending.documents.paper import A4, A5, MM, Paper, fitting_size, width_of
from lending.i18n.formats import grouped, short_date
from lending.queries.cards import CardRow

MOVED = "*"
"""Stands behind a due date that is not the one first laid out."""

_PADDING = 1.5 * MM


@dataclass(frozen=True)
class Sheet:
    """How a page of a card is divided: lengths in millimetres, letters in points."""

    size: tuple[float, float]
    side: float
    """White to the left and right."""
    edge: float
    """White above and below: what small printers cannot reach."""
    rows: int
    row_height: float
    heading_height: float
    foot_height: float
    qr_side: float
    figures: float
    """Letters in the rows."""
    words: float
    """Letters above the rows."""
    headings: tuple[str, ...]
    widths: tuple[float, ...]

    @property
    def rows_top(self) -> float:
        """Where the first row begins, in points from the bottom."""
        return (self.edge + self.foot_height + self.rows * self.row_height) * MM


_FIRST = ("Ke", "Jatuh tempo", "Tagihan", "Sisa\nmenurut jadwal", "Tanggal\nbayar", "Dibayar")
_INITIALS = ("Paraf\nAO", "Paraf\nketua")
# Savings are "Tab" and not "Tabungan": whoever looks for the forbidden word on a syariah card finds it inside the long one.
_A5_HEADINGS = (*_FIRST, "Tab/\nrenteng (R)", *_INITIALS)
_A4_HEADINGS = (*_FIRST, "Tab", "Renteng", *_INITIALS)
_SPLIT = len(_A4_HEADINGS)
"""How many columns a sheet has on which savings and renteng have one each."""
_A4_WIDTHS = (9, 25, 21, 24, 23, 21, 19, 19, 14.5, 14.5)

A5_SHEET = Sheet(
    *(A5, 6.5, 5, 25, 6.3, 7, 6.2),
    qr_side=19,
    figures=8.6,
    words=8.4,
    headings=_A5_HEADINGS,
    widths=(7, 21.5, 15.5, 20.5, 19, 15.5, 17, 9.5, 9.5),
)
A4_SHEET = Sheet(*(A4, 10, 8, 50, 4.65, 8, 7.4), qr_side=22, figures=8.8, words=9.6, headings=_A4_HEADINGS, widths=_A4_WIDTHS)
A4_WIDE_SHEET = Sheet(*(A4, 10, 8, 25, 8.6, 8, 8.4), qr_side=24, figures=10, words=11, headings=_A4_HEADINGS, widths=_A4_WIDTHS)


@cache
def _edges(sheet: Sheet) -> tuple[float, ...]:
    """The vertical lines, in points."""
    edges = [sheet.side * MM]
    for width in sheet.widths:
        edges.append(edges[-1] + width * MM)
    return tuple(edges)


def draw_bands(paper: Paper, sheet: Sheet, rows: Sequence[CardRow]) -> None:
    """A light band under the rows that are paid; drawn before the lines and the figures on it."""
    paper.draw(" ".join(_bands(sheet, rows)))


def draw_grid(paper: Paper, sheet: Sheet, rows: int) -> None:
    """The lines and headings of a page with so many rows; drawn once a run, then only named."""
    name = f"grid-{sheet.rows}-{rows}"
    if not paper.canvas.hasForm(name):
        paper.canvas.beginForm(name)
        _grid(paper, sheet, rows)
        paper.canvas.endForm()
    paper.canvas.doForm(name)


def _grid(paper: Paper, sheet: Sheet, rows: int) -> None:
    top, height, edges = sheet.rows_top, sheet.row_height * MM, _edges(sheet)
    head, bottom = top + sheet.heading_height * MM, top - rows * height
    lines = [f"{edges[0]:.2f} {y:.2f} m {edges[-1]:.2f} {y:.2f} l" for y in (top - row * height for row in range(1, rows))]
    paper.draw("0.35 w 0.55 G " + " ".join(lines) + " S")
    lines = [f"{x:.2f} {head:.2f} m {x:.2f} {bottom:.2f} l" for x in edges[1:-1]]
    paper.draw("0.5 w 0 G " + " ".join(lines) + " S")
    lines = [f"{edges[0]:.2f} {y:.2f} m {edges[-1]:.2f} {y:.2f} l" for y in (head, top)]
    paper.draw(f"0.9 w {' '.join(lines)} {edges[0]:.2f} {bottom:.2f} {edges[-1] - edges[0]:.2f} {head - bottom:.2f} re S")
    size = sheet.words * 0.82
    for (left, right), heading in zip(pairwise(edges), sheet.headings, strict=True):
        words = heading.split("\n")
        middle = top + sheet.heading_height * MM / 2 - 0.36 * size + (len(words) - 1) * 0.56 * size
        for number, line in enumerate(words):
            smaller = size if number == 0 or len(line) < 8 else size * 0.86
            paper.centred((left + right) / 2, middle - number * 1.12 * size, line, smaller, bold=number == 0)


def draw_rows(paper: Paper, sheet: Sheet, rows: Sequence[CardRow]) -> None:
    """What each row says, row after row, so that a reader without eyes hears it in order."""
    size = _figure_size(sheet, rows)
    places = _places(sheet, size)
    paper.draw(f"BT {paper.regular} {size:g} Tf\n" + "\n".join(_figures(paper, places, rows)) + "\nET")


def _figure_size(sheet: Sheet, rows: Sequence[CardRow]) -> float:
    """The letters of the rows: smaller only where a loan is so large that its amounts would leave their columns."""
    largest = {2: max(row.amount for row in rows), 3: max(row.balance_after for row in rows), 5: max(row.paid for row in rows)}
    room = {column: sheet.widths[column] * MM - 1.5 * _PADDING for column in largest}
    return min(fitting_size(grouped(amount), sheet.figures, room[column]) for column, amount in largest.items())


def _bands(sheet: Sheet, rows: Sequence[CardRow]) -> Iterator[str]:
    left, right = _edges(sheet)[0], _edges(sheet)[-1]
    height = sheet.row_height * MM
    first = 0
    while first < len(rows):
        last = first
        while last < len(rows) and rows[last].paid >= rows[last].amount:
            last += 1
        if last > first:
            yield f"0.93 g {left:.2f} {sheet.rows_top - last * height:.2f} {right - left:.2f} {(last - first) * height:.2f} re f 0 g"
        first = last + 1


@dataclass(frozen=True)
class _Places:
    """Where figures of one size stand, ready to be written: the baselines of the rows, and where a text of so many letters begins."""

    size: float
    baselines: tuple[str, ...]
    middles: tuple[tuple[str, ...], ...]
    ends: tuple[tuple[str, ...], ...]
    put_aside: tuple[float, float] | None
    """Where the column begins and ends that savings and renteng share; None if they have one each."""


@cache
def _places(sheet: Sheet, size: float) -> _Places:
    edges, height = _edges(sheet), sheet.row_height * MM
    # All digits are equally wide, and a grouped amount of n letters has n // 4 dots.
    widths = [width_of("." * (letters // 4) + "0" * (letters - letters // 4), size) for letters in range(20)]
    day = width_of("00-00-0000", size)
    columns = list(pairwise(edges))
    lowest = sheet.rows_top - height / 2 - 0.36 * size
    return _Places(
        size=size,
        baselines=tuple(f"{lowest - row * height:.2f} Tm(" for row in range(sheet.rows)),
        middles=tuple(
            tuple(f"1 0 0 1 {(left + right - (day if column else width)) / 2:.2f} " for width in widths)
            for column, (left, right) in enumerate(columns)
        ),
        ends=tuple(tuple(f"1 0 0 1 {right - _PADDING - width:.2f} " for width in widths) for _, right in columns),
        put_aside=None if len(columns) == _SPLIT else (edges[6] + _PADDING, edges[7] - _PADDING),
    )


def _figures(paper: Paper, places: _Places, rows: Sequence[CardRow]) -> Iterator[str]:
    """Figures and dates only: nothing here was typed by anyone, so nothing needs escaping."""
    numbers, (_, days, *_), ends = places.middles[0], places.middles, places.ends
    for row, base in zip(rows, places.baselines, strict=False):
        number, amount, balance = str(row.number), grouped(row.amount), grouped(row.balance_after)
        moved = MOVED if row.moved_from else ""
        yield (
            f"{numbers[len(number)]}{base}{number})Tj {days[0]}{base}{_day(row.due_on)}{moved})Tj "
            f"{ends[2][len(amount)]}{base}{amount})Tj {ends[3][len(balance)]}{base}{balance})Tj"
        )
        if row.paid or row.savings:
            yield from _paid(paper, places, row, base)


def _paid(paper: Paper, places: _Places, row: CardRow, base: str) -> Iterator[str]:
    """The filled right half of a row: when, how much, and what went into savings or came from other women."""
    if row.paid_on:
        yield f"{places.middles[4][0]}{base}{_day(row.paid_on)})Tj"
    paid, savings, renteng = grouped(row.paid), grouped(row.savings), grouped(row.renteng)
    if row.paid:
        yield f"{places.ends[5][len(paid)]}{base}{paid})Tj"
    if places.put_aside is None:
        if row.savings:
            yield f"{places.ends[6][len(savings)]}{base}{savings})Tj"
        if row.renteng:
            yield f"{places.ends[7][len(renteng)]}{base}{renteng})Tj"
    elif row.savings or row.renteng:
        left, right = places.put_aside
        both = " ".join([savings] * bool(row.savings) + [f"R {renteng}"] * bool(row.renteng))
        fit = fitting_size(both, places.size, right - left)
        x = right - width_of(both, fit)
        yield f"{paper.regular} {fit:g} Tf 1 0 0 1 {x:.2f} {base}{both})Tj {paper.regular} {places.size:g} Tf"


@lru_cache(maxsize=4096)
def _day(day: date) -> str:
    return short_date(day)
