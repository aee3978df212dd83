"""What a person types to be let in, and to change with what."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import StopValidation

from lending.i18n import words
from lending.web.forms import HouseForm, TextField
from lending.web.language import language


def _needed(_form: HouseForm, field: PasswordField) -> None:
    """Refused: `required`."""
    if not field.data:
        raise StopValidation(words.refusal("required", {}, language()).detail)


def _same(form: HouseForm, field: PasswordField) -> None:
    """Refused: `password_differs`."""
    if field.data != form["password"].data:
        raise StopValidation(words.refusal("password_differs", {}, language()).detail)


class SignInForm(HouseForm):
    username = TextField(
        _l("Nama pengguna"), longest=60, render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    )
    password = PasswordField(_l("Kata sandi"), render_kw={"autocomplete": "current-password"})


class CodeForm(HouseForm):
    """The code that she was given, and a new password twice."""

    username = TextField(
        _l("Nama pengguna"), longest=60, render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    )
    code = TextField(
        _l("Kode"), longest=40, render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
    )
    password = PasswordField(_l("Kata sandi baru"), [_needed], render_kw={"autocomplete": "new-password"})
    again = PasswordField(_l("Kata sandi baru sekali lagi"), [_needed, _same], render_kw={"autocomplete": "new-password"})


class NewPasswordForm(HouseForm):
    """The old one, and the new one twice. None of them is ever shown again."""

    old = PasswordField(_l("Kata sandi sekarang"), [_needed], render_kw={"autocomplete": "current-password"})
    password = PasswordField(_l("Kata sandi baru"), [_needed], render_kw={"autocomplete": "new-password"})
    again = PasswordField(_l("Kata sandi baru sekali lagi"), [_needed, _same], render_kw={"autocomplete": "new-password"})
