"""A report on paper and in files: the same rows, whole, with their sums; whose it is; nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pypdf import PdfReader

from lending.documents.reports import columns as c
from lending.documents.reports import written
from lending.documents.reports.paper import Imprint, report_pdf
from lending.documents.reports.report import Made, Report, make
from lending.domain.access import HEAD_OFFICE_ZONE, Actor, Permission, Role
from lending.queries.reports.asked import Asked

BY = Actor(1, "head", "Ibu Rini", Role.HEAD, 1, "JMB", HEAD_OFFICE_ZONE, date(2026, 11, 26))
IMPRINT = Imprint("Kota Jambi", "Ibu Rini", datetime(2026, 11, 26, 2, 30, tzinfo=UTC), HEAD_OFFICE_ZONE)


@dataclass(frozen=True)
class Woman:
    id: int
    name: str
    due: int
    paid: int
    on: date | None = None


COLUMNS = (
    c.key("id"), c.text("name", "Anggota"), c.day("on", "Tanggal"), c.rupiah("due", "Tagihan"), c.rupiah("paid", "Dibayar"),
    c.share("rate.paid", "Terbayar", "paid", "due"),
)  # fmt: skip


def made(rows: Sequence[Any], columns: Sequence[c.Column] = COLUMNS) -> Made:
    report = Report("women", "Anggota", "Siapa", (Permission.SEE_PORTFOLIO,), {"member": columns}, lambda _: rows)
    return make(report, Asked(BY, BY.today, BY.today, "member", 1))


def words(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_sums_of_amounts_and_the_share_of_the_sums():
    found = made([Woman(1, "Siti", 100_000, 100_000, date(2026, 11, 5)), Woman(2, "Dewi", 300_000, 100_000)])
    assert found.totals == [None, None, None, 400_000, 200_000, Decimal("0.5000")]
    assert written.items(found)[0] == {
        "id": 1, "name": "Siti", "on": "2026-11-05", "due": 100_000, "paid": 100_000, "rate": {"paid": 1.0},
    }  # fmt: skip
    assert written.total(found) == {"due": 400_000, "paid": 200_000, "rate": {"paid": 0.5}}


def test_a_file_has_the_names_the_rows_and_nothing_else():
    content = written.as_csv(made([Woman(1, "=Siti", 100_000, 50_000)]))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["id", "name", "on", "due", "paid", "rate.paid"], ["1", "'=Siti", "", "100000", "50000", "0.5000"]]


def test_every_row_is_on_paper_once_and_the_sums_at_the_end():
    women = [Woman(number, f"Ibu {number:03}", 50_000, number) for number in range(1, 151)]
    pages = words(report_pdf(made(women), IMPRINT))
    assert len(pages) > 1
    together = "\n".join(pages)
    assert all(together.count(f"Ibu {number:03}") == 1 for number in range(1, 151))
    for number, page in enumerate(pages, 1):
        assert f"hal {number} dari {len(pages)}" in page
        assert "Kota Jambi" in page
        assert "Dicetak 26-11-2026 09.30 WIB oleh Ibu Rini" in page
        assert "Tagihan" in page
        assert ("7.500.000" in page) is (number == len(pages))


def test_what_is_wide_lies_across_and_nothing_runs_off_the_page():
    narrow = PdfReader(io.BytesIO(report_pdf(made([Woman(1, "Siti", 1, 1)]), IMPRINT))).pages[0].mediabox
    assert narrow.width < narrow.height
    many = (*COLUMNS, *(c.rupiah(f"more{number}", "Sisa pokok pinjaman", "due") for number in range(9)))
    longest = Woman(1, "Siti Nurhaliza binti Muhammad Syarifuddin Al Banjari", 123_456_789_012, 1)
    page = PdfReader(io.BytesIO(report_pdf(made([longest], many), IMPRINT))).pages[0]
    assert page.mediabox.width > page.mediabox.height
    assert "Siti Nurhaliza binti Muhammad Syarifuddin Al Banjari" in page.extract_text()
    assert page.extract_text().count("123.456.789.012") == 2 * 10


def test_an_empty_report_says_so_and_a_letter_without_a_shape_spoils_nothing():
    (page,) = words(report_pdf(made([]), IMPRINT))
    assert "Tidak ada yang memenuhi" in page
    (page,) = words(report_pdf(made([Woman(1, "Siti 🌸", 1, 1)]), IMPRINT))
    assert "Siti ?" in page


def test_the_same_in_english():
    english = Imprint(None, "Ibu Rini", IMPRINT.printed_at, HEAD_OFFICE_ZONE, "en")
    (page,) = words(report_pdf(made([Woman(1, "Siti", 1_000, 1_000)]), english))
    for sentence in ("All units", "page 1 of 1", "As at the end of Thursday, 26 November 2026", "1,000", "Total"):
        assert sentence in page
