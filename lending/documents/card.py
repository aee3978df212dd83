"""The repayment card: her own paper, where every instalment is a row that she, the officer and the group's leader can read.

Made for a printer without colour: A5 front and back with 25 rows a page, or A4 with up to 50. It holds no NIK, phone or address. Where the
akad is murabahah it says pembiayaan and harga jual, never the words of a loan. Layout: stack.md, section 10.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from lending.documents.card_rows import A4_SHEET, A4_WIDE_SHEET, A5_SHEET, MOVED, Sheet, draw_bands, draw_grid, draw_rows
from lending.documents.paper import A4, A5, MM, Paper, width_of
from lending.documents.qr import qr_operators
from lending.domain.schedule import Akad
from lending.i18n.formats import grouped, in_words, rupiah, short_date, weekday_name
from lending.queries.cards import RepaymentCard

CardSize = Literal["a5", "a4"]

_RULES = (
    "1. Bayar hanya di pertemuan kelompok. AO dan ketua wajib paraf tiap baris.",
    "2. Kartu ini disimpan anggota sendiri, tidak dititipkan kepada petugas.",
    f"3. Bila pertemuan libur, jatuh tempo digeser (bertanda {MOVED}) tanpa tambahan margin.",
    "4. Ragu? Pindai QR di halaman 1: sisa di sana harus sama. Bila berbeda, laporkan.",
)


def cards_pdf(cards: Sequence[RepaymentCard], size: CardSize, printed_on: date) -> bytes:
    """The cards of one run in one PDF, in the order given; each begins on a page of its own.

    `size` a5: 25 rows a page, front and back; a4: up to 50 rows on one page. If one card of an A5 run needs its back, every card gets one,
    for notes if need be, so that a printer that turns the paper never puts two women on one sheet. Raises `Unprintable` for a name that
    should have been refused where it was entered.
    """
    paper = Paper(A5 if size == "a5" else A4, "Kartu angsuran")
    two_sided = size == "a5" and any(len(card.rows) > A5_SHEET.rows for card in cards)
    for place, card in enumerate(cards):
        sheet = A5_SHEET if size == "a5" else A4_SHEET if len(card.rows) > A4_WIDE_SHEET.rows else A4_WIDE_SHEET
        pages = [card.rows[first : first + sheet.rows] for first in range(0, len(card.rows), sheet.rows)]
        for number, rows in enumerate(pages, 1):
            (_front if number == 1 else _back)(paper, sheet, card)
            draw_bands(paper, sheet, rows)
            draw_grid(paper, sheet, len(rows))
            draw_rows(paper, sheet, rows)
            _foot(paper, sheet, card, f"Dicetak {short_date(printed_on)} · versi {card.version} · hal {number}/{len(pages)}")
            paper.end_page()
        if two_sided and len(pages) % 2 and place + 1 < len(cards):
            _back(paper, A5_SHEET, card)
            _notes(paper, A5_SHEET)
            paper.end_page()
    return paper.finish()


def _baselines(paper: Paper, sheet: Sheet) -> list[float]:
    """Where the title and the six lines below it stand, above the heading of the rows."""
    title = paper.height - sheet.edge * MM - 1.1 * sheet.words
    last = sheet.rows_top + sheet.heading_height * MM + 0.6 * sheet.words
    leading = (title - last) / 6.2
    return [title, *(last + line * leading for line in range(5, -1, -1))]


def _front(paper: Paper, sheet: Sheet, card: RepaymentCard) -> None:
    """Who, what was agreed, what is left today apart from the schedule, and the code that proves the card."""
    size, left, (title, *lines) = sheet.words, sheet.side * MM, _baselines(paper, sheet)
    right = paper.width - left - (sheet.qr_side + 5) * MM
    indent = left + 5.6 * size
    paper.text(left, title, "KARTU ANGSURAN", size * 1.45, bold=True)
    _left_today(paper, card, right, title, size)
    for y, (label, words) in zip(lines, _terms(card), strict=True):
        paper.text(left, y, label, size * 0.86)
        name = label == "Nama"
        paper.text(indent, y, words, size * 1.25 if name else size, bold=name, width=right - indent)
    _check_code(paper, sheet, card)


def _terms(card: RepaymentCard) -> tuple[tuple[str, str], ...]:
    """What was agreed, with whom, line by line; syariah in its own words."""
    syariah = card.akad is Akad.MURABAHAH
    group = f"{card.group_name} / sub {card.sub_group}" if card.sub_group is not None else card.group_name
    meets = f"{weekday_name(card.weekday)} {card.time:%H.%M}"
    principal = f"{rupiah(card.principal)} ({in_words(card.principal)}) · {card.product_name}, siklus {card.cycle}"
    return (
        ("Nama", card.member_name),
        ("Anggota", f"{card.member_number} · {group} · {meets} · {card.unit_name}"),
        ("Pembiayaan" if syariah else "Pinjaman", principal),
        ("Harga jual" if syariah else "Total", f"{rupiah(card.total)} ({in_words(card.total)})"),
        ("Angsuran", _instalments(card)),
        ("Dicairkan", f"{short_date(card.disbursed_on)} · margin {rupiah(card.margin)} · UPJ {rupiah(card.upj)}"),
    )


def _left_today(paper: Paper, card: RepaymentCard, right: float, y: float, size: float) -> None:
    """The balance of the day, in a box: the one figure that the schedule below does not give."""
    label, amount = f"Sisa per {short_date(card.as_of)}", rupiah(card.outstanding_total)
    label_width, amount_width = width_of(label, size * 0.9), width_of(amount, size * 1.2, bold=True)
    x = right - label_width - amount_width - 1.3 * size
    paper.draw(f"0.9 w {x:.2f} {y - 0.5 * size:.2f} {right - x:.2f} {1.75 * size:.2f} re S")
    paper.text(x + 0.4 * size, y, label, size * 0.9)
    paper.text(x + 0.9 * size + label_width, y, amount, size * 1.2, bold=True)


def _instalments(card: RepaymentCard) -> str:
    """`Rp50.000 × 50 minggu (pokok 40.000 + margin 10.000)`; the last one apart where it is smaller; the new rows, if restructured."""
    if card.restructured_on is not None:
        new = len(card.rows) - card.paid_before
        return f"{new} kali lagi, jadwal baru per {short_date(card.restructured_on)} mulai baris {card.paid_before + 1}"
    count, last = len(card.rows), card.rows[-1].amount
    if any(row.amount != card.instalment for row in card.rows[:-1]):
        return f"{count} kali, menurut jadwal di bawah"
    period = "minggu" if count == card.weeks else f"kali dalam {card.weeks} minggu"
    if last != card.instalment:
        return f"{rupiah(card.instalment)} × {count} {period}, yang terakhir {rupiah(last)}"
    if card.principal % count or card.margin % count:
        return f"{rupiah(card.instalment)} × {count} {period}"
    parts = f"pokok {grouped(card.principal // count)} + margin {grouped(card.margin // count)}"
    return f"{rupiah(card.instalment)} × {count} {period} ({parts})"


def _check_code(paper: Paper, sheet: Sheet, card: RepaymentCard) -> None:
    """The QR, and under it the same code in letters, in groups of four."""
    side, size = sheet.qr_side * MM, sheet.words * 0.84
    left, top = paper.width - sheet.side * MM - side, paper.height - sheet.edge * MM
    paper.draw(qr_operators(card.check_url, left, top - side, side))
    groups = [card.check_code[first : first + 4] for first in range(0, len(card.check_code), 4)]
    half = (len(groups) + 1) // 2
    for number, line in enumerate((groups[:half], groups[half:]), 1):
        paper.centred(left + side / 2, top - side - 0.3 * size - number * 1.2 * size, " ".join(line), size, bold=True)


def _back(paper: Paper, sheet: Sheet, card: RepaymentCard) -> None:
    """Her name again, since sheets come apart, and the rules."""
    size, left, lines = sheet.words, sheet.side * MM, _baselines(paper, sheet)
    width = paper.width - 2 * left
    paper.text(left, lines[0], "KARTU ANGSURAN", size * 1.45, bold=True)
    paper.text(left + 14.2 * size, lines[0], "halaman belakang", size * 0.86)
    paper.text(left, lines[1], card.member_name, size * 1.25, bold=True, width=width)
    paper.text(left, lines[2], f"{card.member_number} · {card.group_name} · {card.unit_name}", size, width=width)
    for y, rule in zip(lines[3:], _RULES, strict=True):
        paper.text(left, y, rule, size)


def _notes(paper: Paper, sheet: Sheet) -> None:
    """A back without rows is ruled for notes."""
    left, right, size = sheet.side * MM, paper.width - sheet.side * MM, sheet.words
    paper.text(left, sheet.rows_top, "Catatan", size, bold=True)
    lines = [sheet.rows_top - line * 1.5 * sheet.row_height * MM for line in range(1, int(sheet.rows / 1.5) + 1)]
    paper.draw("0.35 w 0.55 G " + " ".join(f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l" for y in lines) + " S 0 G")


def _foot(paper: Paper, sheet: Sheet, card: RepaymentCard, printed: str) -> None:
    """Which print this is, and how anybody can check it."""
    size, left, right = sheet.words * 0.8, sheet.side * MM, paper.width - sheet.side * MM
    y = sheet.edge * MM + 1.25 * size
    note = "AO dan ketua wajib paraf tiap baris."
    if any(row.moved_from for row in card.rows):
        note += f" {MOVED} Digeser, tanpa tambahan margin."
    paper.text(left, y, note, size)
    paper.right(right, y, printed, size)
    page = card.check_url.removesuffix(card.check_code)
    check = f"Periksa sisa: pindai QR, atau buka {page} dan ketik kodenya. Berbeda? Laporkan di sana."
    paper.text(left, sheet.edge * MM, check, size, width=right - left)
