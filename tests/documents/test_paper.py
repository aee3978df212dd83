"""What every paper keeps, whichever it is: its letters come with it, and nothing but letters and lines is in it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from lending.documents.card import cards_pdf
from lending.documents.meeting_sheet import PaperLine, PaperSheet, meeting_sheet_pdf
from lending.documents.paper import A5, Paper, Unprintable, check_printable, fitting_size, printable, width_of
from lending.documents.receipt import Receipt, ReceiptLine, receipt_pdf
from lending.domain.identity import check_name
from lending.domain.refusals import Refusal
from tests.documents.papers import PRINTED_ON, a_card, objects


def _sheet(name: str) -> bytes:
    line = PaperLine(name, 1, 12, 50_000, 0)
    place = "Rumah Ibu RT 004"
    sheet = PaperSheet("JMB-L-2026-0047", "Kota Jambi", name, name, name, place, date(2026, 11, 26), time(9), 12, (line,))
    return meeting_sheet_pdf(sheet, PRINTED_ON)


def _receipt(name: str) -> Receipt:
    recorded_at = datetime(2026, 11, 26, 2, 41, tzinfo=UTC)
    lines = (ReceiptLine(name, 50_000, 0, 0, 0),)
    return Receipt("JMB-2026-000123", name, name, 12, date(2026, 11, 26), recorded_at, "Asia/Jakarta", name, lines, 50_000)


PAPERS: dict[str, Callable[[str], bytes]] = {
    "card a5": lambda name: cards_pdf([a_card(name, group_name=name)], "a5", PRINTED_ON),
    "card a4": lambda name: cards_pdf([a_card(name, group_name=name)], "a4", PRINTED_ON),
    "sheet": _sheet,
    "receipt 58": lambda name: receipt_pdf(_receipt(name), "58"),
    "receipt a6": lambda name: receipt_pdf(_receipt(name), "a6"),
}

HOSTILE = [
    "Siti <b>Aminah",
    '<img src="local.png"/>',
    '<a href="javascript:app.alert(1)">Ana</a>',
    "Ana) Tj ET /URI (http://x",
    "Ana \\) \\( \\\\ \\101",
    "((((((((((",
    "))))))))))",
    "%PDF-1.7 %%EOF",
    "{member_name} {0.__class__} %s ${x}",
    "endstream endobj",
    'O\'Hara "Ibu" (Almh.)',
    "Nur’aini “Uni” – Şükran Ğ",
    "Đặng Ọ Žižková Łucja",
    "=cmd|' /C calc'!A1",
    "W" * 60,
    "Hj. Nur Aisyah Ramadhani Putri Kusumawardhani binti Abdullah",
]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_printed_as_it_was_entered_whatever_it_looks_like(paper: str, name: str) -> None:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(PAPERS[paper](name))).pages)
    assert "".join(name.split()) in "".join(text.split())


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", HOSTILE[:7])
def test_no_paper_holds_a_link_a_script_a_form_or_a_picture(paper: str, name: str) -> None:
    for thing in objects(PAPERS[paper](name)):
        assert (
            not {"/URI", "/JS", "/JavaScript", "/OpenAction", "/AA", "/A", "/Annots", "/AcroForm", "/EmbeddedFiles", "/Launch"}
            & thing.keys()
        )
        assert thing.get("/Subtype") not in {"/Image", "/Link", "/Widget"}
        assert thing.get("/Type") != "/Action"


@pytest.mark.parametrize("paper", PAPERS)
def test_every_letter_is_embedded(paper: str) -> None:
    fonts = [thing for thing in objects(PAPERS[paper]("Siti Nurhaliza")) if thing.get("/Type") == "/Font"]
    assert fonts
    for font in fonts:
        assert "NotoSans" in str(font["/BaseFont"])
        assert "/FontFile2" in cast(DictionaryObject, font["/FontDescriptor"])
        assert "/ToUnicode" in font


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_says_that_it_is_indonesian_and_names_nobody_but_on_the_page(paper: str) -> None:
    reader = PdfReader(BytesIO(PAPERS[paper]("Zubaidah")))
    assert str(cast(DictionaryObject, reader.trailer["/Root"])["/Lang"]) == "id"
    assert reader.metadata is not None
    assert reader.metadata.author == "Maju Bersama"
    assert not any("Zubaidah" in str(value) for value in reader.metadata.values())


@pytest.mark.parametrize("paper", PAPERS)
def test_the_same_content_is_the_same_bytes(paper: str) -> None:
    first = PAPERS[paper]("Nur’aini Ş")
    PAPERS[paper]("Žofie Đặng")  # another paper in between, with letters of its own
    assert PAPERS[paper]("Nur’aini Ş") == first


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    "name", ["王秀英", "Сити", "Siti\u202eanimA", "Siti\nAminah", "Siti\u200bAminah", "Siti 🙂", "Siti\x00", "Si\u00adti"]
)
def test_what_cannot_be_printed_is_never_replaced(paper: str, name: str) -> None:
    with pytest.raises(Unprintable):
        PAPERS[paper](name)


def test_the_refusal_to_print_names_the_letters() -> None:
    with pytest.raises(Unprintable, match=r"^U\+200B, U\+738B$"):
        check_printable("Siti\u200b王")


def test_whatever_is_accepted_as_a_name_can_be_printed() -> None:
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        try:
            name = check_name(f"a{chr(code)}a")
        except Refusal:
            continue
        assert printable().issuperset(name), f"U+{code:04X} is accepted and cannot be printed"


@given(st.text(sorted(printable()), min_size=1, max_size=60), st.booleans())
def test_a_long_name_shrinks_until_it_fits(name: str, bold: bool) -> None:
    size = fitting_size(name, 10, 120, bold=bold)
    assert 0 < size <= 10
    assert width_of(name, size, bold=bold) <= 120


@given(st.text(sorted(printable()), min_size=1, max_size=40).map(str.strip).filter(bool))
def test_any_printable_text_is_read_back(text: str) -> None:
    paper = Paper(A5, "Coba")
    paper.text(20, 300, text, 9)
    paper.end_page()
    read = PdfReader(BytesIO(paper.finish())).pages[0].extract_text()
    assert "".join(read.split()) == "".join(text.split())
