"""Which passwords are taken."""

import pytest

from lending.domain.passwords import check_password
from lending.domain.refusals import Refusal


@pytest.mark.parametrize(
    "password", ["empat-kuda-di-sawah", "Kopi Pahit 06 Pagi", "x7#mQ2!vb9Lp", "ö" * 3 + "abcdefgh1", "sandi-dapur-ibu-7"]
)
def test_a_long_password_of_ones_own_is_taken(password):
    check_password(password, "officer")


@pytest.mark.parametrize("password", ["", "pendek", "sebelas-11!", "a" * 201])
def test_too_short_or_too_long(password):
    with pytest.raises(Refusal, match="password_weak"):
        check_password(password, "officer")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "123456789012",
        "password1234",
        "Rahasia-12345",
        "maju-bersama-1",
        "officer-officer-1",
        "qwertyuiopas",
        "121212121212",
    ],
)
def test_what_everybody_tries_first_is_refused(password):
    with pytest.raises(Refusal, match="password_weak"):
        check_password(password, "officer")
