"""What a person types to be let in."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from lending.web.forms import HouseForm, TextField


class SignInForm(HouseForm):
    username = TextField(
        _l("Nama pengguna"), longest=60, render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    )
    password = PasswordField(_l("Kata sandi"), render_kw={"autocomplete": "current-password"})
