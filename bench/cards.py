"""Repayment cards against a plain platypus table, and against the least that a canvas must do for them.

The card is the fullest there is: A4, 50 rows, all of them paid, so that six columns are filled. All three ways print the same rows and the
same words in the same embedded font. `plain platypus`: what one writes first, a Table in a story, with reportlab's own QR widget. `canvas
floor`: rows and words straight onto a canvas, lines in one shared form, no QR.
"""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from io import BytesIO
from time import perf_counter
from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from lending.documents.card import cards_pdf
from lending.documents.paper import A4, BOLD, MM, REGULAR, printable
from lending.domain.schedule import Akad
from lending.i18n.formats import grouped, in_words, rupiah, short_date
from lending.queries.cards import CardRow, RepaymentCard

BATCH = 30
PRINTED_ON = date(2027, 11, 25)
_HEADINGS = ("Ke", "Jatuh tempo", "Tagihan", "Sisa", "Tanggal bayar", "Dibayar", "Tab", "Renteng", "AO", "Ketua")
_WIDTHS = tuple(width * MM for width in (9, 25, 21, 24, 23, 21, 19, 19, 14.5, 14.5))


def run(size: int | None = None, db: str = "sqlite", *, rounds: int = 3) -> list[dict[str, Any]]:
    """Print a batch of cards each way, in turn, and compare the best of each. `size` is the batch: 30, never above 100; no `db` is asked.

    A short run suffers more from a busy neighbour than a long one: in each round the quick ways run three times.
    """
    size = min(size or BATCH, 100)
    cards = [_card(number) for number in range(size)]
    ways: dict[str, Callable[[Sequence[RepaymentCard]], bytes]] = {
        "plain platypus": _platypus,
        "canvas floor": _floor,
        "ours": _ours,
    }
    printable()  # reading the font files is nobody's share
    best = dict.fromkeys(ways, float("inf"))
    kilobytes = dict.fromkeys(ways, 0.0)
    for _ in range(rounds):
        for name, way in [*ways.items(), *list(ways.items())[1:] * 2]:
            start = perf_counter()
            pdf = way(cards)
            best[name] = min(best[name], perf_counter() - start)
            kilobytes[name] = len(pdf) / size / 1024
    shared = {"name": "cards", "what": f"{size} repayment cards, A4, 50 paid rows, QR", "db": None, "size": size, "seconds": best["ours"]}
    faster, slower = best["plain platypus"] / best["ours"], best["ours"] / best["canvas floor"]
    return [
        {
            **shared,
            "than": "plain platypus",
            "floor_seconds": best["plain platypus"],
            "ratio": faster,
            "goal": ">= 20",
            "held": faster >= 20,
            "cards_per_second": size / best["ours"],
            "kb_per_card": kilobytes["ours"],
        },
        {**shared, "than": "canvas floor", "floor_seconds": best["canvas floor"], "ratio": slower, "goal": "<= 3", "held": slower <= 3},
    ]


def _card(number: int) -> RepaymentCard:
    rows = tuple(
        CardRow(k, due_on, None, 50_000, 2_500_000 - 50_000 * k, 50_000, due_on, savings=0)
        for k, due_on in ((k, date(2026, 11, 26) + timedelta(weeks=k - 1)) for k in range(1, 51))
    )
    code = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(number * 7919 + place * 104729) % 32] for place in range(16))
    return RepaymentCard(
        member_name=f"Siti Nurhaliza {number:02}",
        member_number=f"JMB-0007-{number:02}",
        group_name="Melati 07",
        sub_group=1 + number // 5,
        weekday=4,
        time=time(9),
        unit_name="Kota Jambi",
        product_name="Mekaar",
        akad=Akad.CONVENTIONAL,
        cycle=1,
        principal=2_000_000,
        margin=500_000,
        total=2_500_000,
        upj=100_000,
        weeks=50,
        instalment=50_000,
        disbursed_on=date(2026, 11, 23),
        rows=rows,
        outstanding_total=0,
        as_of=PRINTED_ON,
        check_code=code,
        check_url=f"http://127.0.0.1:8000/v/{code}",
        version="A",
    )


def _words(card: RepaymentCard) -> list[str]:
    return [
        f"KARTU ANGSURAN · Sisa per {short_date(card.as_of)} {rupiah(card.outstanding_total)}",
        f"Nama {card.member_name}",
        f"Anggota {card.member_number} · {card.group_name} / sub {card.sub_group} · Kamis 09.00 · {card.unit_name}",
        f"Pinjaman {rupiah(card.principal)} ({in_words(card.principal)}) · {card.product_name}, siklus {card.cycle}",
        f"Total {rupiah(card.total)} ({in_words(card.total)})",
        f"Angsuran {rupiah(card.instalment)} × 50 minggu (pokok 40.000 + margin 10.000)",
        f"Dicairkan {short_date(card.disbursed_on)} · margin {rupiah(card.margin)} · UPJ {rupiah(card.upj)}",
        f"Kode {card.check_code}",
        f"Periksa sisa: pindai QR, atau buka {card.check_url}. Dicetak {short_date(PRINTED_ON)} · versi {card.version} · hal 1/1",
    ]


def _cells(row: CardRow) -> tuple[str, ...]:
    paid_on = short_date(row.paid_on) if row.paid_on else ""
    return (str(row.number), short_date(row.due_on), grouped(row.amount), grouped(row.balance_after), paid_on, grouped(row.paid))


def _ours(cards: Sequence[RepaymentCard]) -> bytes:
    return cards_pdf(cards, "a4", PRINTED_ON)


def _platypus(cards: Sequence[RepaymentCard]) -> bytes:
    """As the manual has it: paragraphs, a table with a style, the QR widget, a page break."""
    style = ParagraphStyle("words", fontName=REGULAR, fontSize=9, leading=12)
    ruled = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), REGULAR, 8),
            ("FONT", (0, 0), (-1, 0), BOLD, 8),
            ("GRID", (0, 0), (-1, -1), 0.4, colors.black),
            ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ]
    )
    story: list[Flowable] = []
    for card in cards:
        code = Drawing(22 * MM, 22 * MM)
        code.add(QrCodeWidget(card.check_url, barWidth=22 * MM, barHeight=22 * MM, barLevel="M"))
        words = [Paragraph(line, style) for line in _words(card)]
        story.append(Table([[words, code]], colWidths=[160 * MM, 30 * MM]))
        rows = [_HEADINGS, *((*_cells(row), "", "", "", "") for row in card.rows)]
        story += [Table(rows, colWidths=_WIDTHS, rowHeights=4.3 * MM, style=ruled), PageBreak()]
    pdf = BytesIO()
    SimpleDocTemplate(pdf, pagesize=A4, leftMargin=10 * MM, rightMargin=10 * MM, topMargin=6 * MM, bottomMargin=6 * MM, invariant=1).build(
        story
    )
    return pdf.getvalue()


def _floor(cards: Sequence[RepaymentCard]) -> bytes:
    """The least: one form with the lines, one string with the rows, one drawString a line of words; no QR."""
    pdf = BytesIO()
    canvas = Canvas(pdf, pagesize=A4, invariant=1, pageCompression=1)
    edges = [10 * MM + sum(_WIDTHS[:column]) for column in range(len(_WIDTHS) + 1)]
    top, height = 235 * MM, 4.3 * MM
    canvas.beginForm("grid")
    canvas.grid(edges, [top - row * height for row in range(51)])
    canvas.setFont(BOLD, 8)
    for x, heading in zip(edges, _HEADINGS, strict=False):
        canvas.drawString(x + 2, top + 4, heading)
    canvas.endForm()
    # reportlab has no public way to ask under which name a page knows its subset of a font.
    font = pdfmetrics.getFont(REGULAR).getSubsetInternalName(0, canvas._doc)  # type: ignore[attr-defined]  # noqa: SLF001
    places = [f"{x + 2:.1f}" for x in edges]
    for card in cards:
        canvas.doForm("grid")
        canvas.setFont(REGULAR, 9)
        for line, words in enumerate(_words(card)):
            canvas.drawString(10 * MM, 288 * MM - line * 12, words)
        lines = [
            "".join(f"1 0 0 1 {x} {top - (place + 0.8) * height:.1f} Tm({cell})Tj " for x, cell in zip(places, _cells(row), strict=False))
            for place, row in enumerate(card.rows)
        ]
        canvas.addLiteral(f"BT {font} 8 Tf " + "\n".join(lines) + " ET")
        canvas.showPage()
    canvas.save()
    return pdf.getvalue()
