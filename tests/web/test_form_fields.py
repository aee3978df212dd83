"""What may be typed: shape is checked at the field, in words, and nothing that was typed is lost."""

from datetime import date, time

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from lending.domain.collection import ShortReason
from lending.domain.refusals import FieldFault, Refusal
from lending.web.forms import (
    ChoicesField,
    CountField,
    DateField,
    DigitsField,
    HourField,
    HouseForm,
    MoneyField,
    NoteField,
    PickField,
    TextField,
    choices_of,
)

GOOD = {"name": "Siti Aminah", "amount": "50.000", "on": "2026-11-26", "at": "09:00", "count": "12", "reason": "sakit", "weeks": "25"}


class Example(HouseForm):
    name = TextField("Nama")
    amount = MoneyField("Jumlah")
    on = DateField("Tanggal")
    at = HourField("Jam")
    count = CountField("Banyaknya")
    nik = DigitsField("NIK", optional=True)
    note = NoteField("Catatan", optional=True)
    reason = PickField("Alasan", choices=[("sakit", "Sakit"), ("lupa", "Lupa")])
    weeks = ChoicesField("Minggu", choices=[("25", "25"), ("50", "50")], coerce=int)


@pytest.fixture
def typed(app: Flask):
    """`typed(amount="50.000")`: the form as it was sent, with one field changed; None leaves a field out."""

    def send(**changed: str | list[str] | None) -> Example:
        words: MultiDict[str, str] = MultiDict()
        for name, value in {**GOOD, **changed}.items():
            if value is not None:
                words.setlist(name, value if isinstance(value, list) else [value])
        with app.test_request_context(method="POST", data=words):
            form = Example()
            form.ok = form.validate()
            form.html = {name: str(field()) for name, field in form._fields.items()}
        return form

    return send


def test_good_words_become_values(typed):
    form = typed(note=" satu\r\ndua ")
    assert form.ok, form.errors
    assert (form.name.data, form.amount.data, form.on.data) == ("Siti Aminah", 50_000, date(2026, 11, 26))
    assert (form.at.data, form.count.data, form.reason.data, form.weeks.data) == (time(9), 12, "sakit", 25)
    assert (form.note.data, form.nik.data) == ("satu\ndua", None)


WRONG_AMOUNTS = (
    *(
        "-1",
        "+1",
        "1E3",
        "1e9",
        "NaN",
        "Infinity",
        "0x10",
        "20.5",
        "20.00",
        "2.0000",
        "20,000",
        "1_000",
        "1.25",
        "50.000,00",
        "lima",
        "10 000",
    ),
    *("٥٠٠٠٠", "５００００", "५००००", "1" * 16, "9" * 30, "1" * 4_301, "Rp", "Rp-5", "5 ribu", "1.250.00", "01.0000", "²"),
)


@pytest.mark.parametrize("amount", WRONG_AMOUNTS)
def test_what_is_no_amount_is_refused_at_the_field_and_kept(typed, amount):
    form = typed(amount=amount)
    assert form.amount.errors == ["Jumlah tidak terbaca. Tulis rupiah bulat, misalnya 50.000, tanpa koma dan tanpa tanda kurang."]
    assert f'value="{amount}"' in form.html["amount"]


@pytest.mark.parametrize(
    ("amount", "rupiah"), [("50000", 50_000), ("Rp50.000", 50_000), ("rp 1.250.000", 1_250_000), ("0", 0), (" 20.000 ", 20_000)]
)
def test_what_indonesians_write_is_an_amount(typed, amount, rupiah):
    assert typed(amount=amount).amount.data == rupiah


@pytest.mark.parametrize(
    "day", ["2026-02-30", "29-02-2026", "2026-2-3", "26/11/2026", "0000-01-01", "２０２６-11-26", "2026-11-26T00:00", "besok"]
)
def test_a_day_that_does_not_exist_is_refused(typed, day):
    form = typed(on=day)
    assert form.on.data is None
    assert "Tanggal ini tidak ada" in form.on.errors[0]
    assert f'value="{day}"' in form.html["on"]


@pytest.mark.parametrize("hour", ["24:00", "9:00", "09:60", "pagi", "09:00:30"])
def test_an_hour_that_does_not_exist_is_refused(typed, hour):
    assert "Jam tidak terbaca" in typed(at=hour).at.errors[0]


@pytest.mark.parametrize("count", ["-1", "1.5", "1e2", "satu", "１２", "1" * 16])
def test_what_is_no_whole_number_is_refused(typed, count):
    assert "angka bulat" in typed(count=count).count.errors[0]


@pytest.mark.parametrize("field", ["name", "amount", "on", "at", "count", "reason", "weeks"])
@pytest.mark.parametrize("sent", ["", "   ", None])
def test_what_is_needed_must_be_filled_in(typed, field, sent):
    if field in {"reason", "weeks"} and sent == "   ":
        return
    form = typed(**{field: sent})
    assert not form.ok
    assert form[field].errors == ["Bagian ini harus diisi."]


@pytest.mark.parametrize("text", ["a\x00b", "a\tb", "a\u202eb", "a\u2066b", "dua\nbaris", "a\x85b"])
def test_a_line_holds_no_hidden_signs(typed, text):
    assert "tanda yang tidak diterima" in typed(name=text).name.errors[0]


def test_lengths_are_counted_in_characters(typed):
    assert typed(name="é" * 60).ok
    assert "paling banyak 60" in typed(name="é" * 61).name.errors[0]
    assert "paling banyak 2.000" in typed(note="x" * 2001).note.errors[0]


@pytest.mark.parametrize(
    ("field", "value"), [("reason", "bosan"), ("reason", "None"), ("weeks", "26"), ("weeks", "dua"), ("weeks", "25; DROP")]
)
def test_only_what_is_offered_can_be_chosen(typed, field, value):
    assert "Pilihan ini tidak ada" in typed(**{field: value})[field].errors[0]


def test_two_values_for_one_field_are_refused(typed):
    assert typed(amount=["50.000", "5.000"]).amount.errors


def test_a_refused_act_is_blamed_on_its_fields_and_the_rest_over_the_form(typed, app):
    form = typed()
    with app.test_request_context():
        refusal = Refusal(
            "pays_too_much", faults=[FieldFault("amount", "pays_too_much", {"left": 30_000}), FieldFault("lines.3", "not_short")]
        )
        assert form.blame(refusal) == 422
        assert form.amount.errors == ["Pembayaran lebih dari sisa pinjaman, Rp30.000. Sisanya boleh masuk simpanan."]
        assert form.form_errors == ["Baris ini tidak kurang bayar, jadi tidak perlu alasan."]


def test_a_value_of_ours_stands_in_its_field_as_people_write_it(app):
    with app.test_request_context():
        form = Example(amount=2_500_000, on=date(2026, 11, 26), at=time(9, 5))
        assert 'value="2.500.000"' in str(form.amount())
        assert 'value="2026-11-26"' in str(form.on())
        assert 'value="09:05"' in str(form.at())


def test_an_enum_is_offered_in_words(app):
    with app.test_request_context():
        assert choices_of(ShortReason, empty="–")[:3] == [("", "–"), ("sakit", "Sakit"), ("usaha_sepi", "Usaha sepi")]
