"""Our quick encoder draws what segno draws, and what another library reads."""

import string

import segno
from hypothesis import given
from hypothesis import strategies as st

from lending.documents.qr import qr_rows

_URL_LETTERS = string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%"


def _segno(content: str) -> list[str]:
    code = segno.make_qr(content, error="m", boost_error=False, mask=3, mode="byte")
    return ["".join(map(str, line)) for line in code.matrix]


@given(st.text(_URL_LETTERS, min_size=1, max_size=260))
def test_every_module_is_where_segno_puts_it(content: str) -> None:
    assert qr_rows(content) == _segno(content)


def test_every_length_of_a_printed_address_is_drawn_right() -> None:
    for length in range(1, 200):
        content = "".join(_URL_LETTERS[place * place * 7 % len(_URL_LETTERS)] for place in range(length))
        assert qr_rows(content) == _segno(content), length
