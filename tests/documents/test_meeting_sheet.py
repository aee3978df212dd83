"""The empty sheet asks for all that a meeting record needs, for every woman of the group."""

from datetime import date, time

from lending.documents.meeting_sheet import PaperLine, PaperSheet, meeting_sheet_pdf
from tests.documents.papers import PRINTED_ON, pages


def a_sheet(*lines: PaperLine) -> PaperSheet:
    return PaperSheet(
        number="JMB-L-2026-0047",
        unit_name="Kota Jambi",
        officer_name="Budi Santoso",
        leader_name="Aminah",
        group_name="Melati 07",
        place="Rumah Ibu Aminah",
        planned_on=date(2026, 11, 26),
        time=time(9),
        meeting_number=12,
        lines=lines,
    )


def test_the_sheet_says_whose_meeting_it_is_and_what_should_come_in() -> None:
    lines = (
        PaperLine("Aminah", 1, 12, 50_000, 0),
        PaperLine("Marlina", 2, 12, 50_000, 100_000),
        PaperLine("Sumarni", 2, None, 0, 0),
        PaperLine("Rohani", None, 12, 0, 0),
    )
    (page,) = pages(meeting_sheet_pdf(a_sheet(*lines), PRINTED_ON))
    for words in (
        "LEMBAR PERTEMUAN",
        "JMB-L-2026-0047",
        "Kamis, 26 November 2026, 09.00",
        "Melati 07",
        "Rumah Ibu Aminah",
        "Kota Jambi",
        "Budi Santoso",
        "Pertemuan ke 12",
        "1 Aminah 1 12 50.000 –",
        "2 Marlina 2 12 50.000 100.000",
        "3 Sumarni 2 – –",  # without a loan: she is there to be counted as present
        "4 Rohani 12 0 –",  # paid ahead
        "Harus masuk Rp200.000",
        "Hadir Dibayar Tabungan Renteng Tanda tangan",
        "Ketua kelompok",
        "100.000 75.000 50.000 20.000 10.000 5.000 2.000 1.000 500 200 100",
    ):
        assert words in page, words


def test_the_largest_group_fits_one_page_in_the_order_given() -> None:
    lines = [PaperLine(f"Anggota {number:02}", number // 6, 3, 50_000, 0) for number in range(30)]
    (page,) = pages(meeting_sheet_pdf(a_sheet(*lines), PRINTED_ON))
    places = [page.index(line.member_name) for line in lines]
    assert places == sorted(places)


def test_a_name_too_long_for_its_column_takes_two_lines() -> None:
    name = "Hj. Nur Aisyah Ramadhani Putri Kusumawardhani binti Abdullah"
    (page,) = pages(meeting_sheet_pdf(a_sheet(PaperLine(name, 1, 1, 50_000, 0)), PRINTED_ON))
    assert name in page
