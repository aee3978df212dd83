"""Fields that check shape, and nothing but shape: what is typed is a date, an amount, a line of text. Sense is the domain's.

One form class an act. A refused act blames the form (`form.blame(refusal)`), and the page is shown again with what was typed. Amounts go
through the house's own parser: the library's would read `20.000` as twenty.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, TextArea, TextInput

from lending.domain.access import Actor
from lending.domain.money import parse_rupiah
from lending.domain.refusals import NotFound, Refusal
from lending.i18n import formats, words
from lending.web.language import language

LONGEST_NAME = 60
LONGEST_REASON = 200
LONGEST_NOTE = 2000

_UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3])[:.]([0-5]\d)(?::00)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


class HouseForm(FlaskForm):  # type: ignore[misc]
    """A form of ours. The CSRF token is checked before any view (web/login.py), so the form itself carries none."""

    class Meta:
        csrf = False

    answer_status = 200
    """The status of the page that shows this form: 400 after a wrong shape, a refusal's own after that."""

    def done(self, act: Callable[[], object]) -> bool:
        """Whether this was sent, has a good shape, and its act is done now. Otherwise show it again, with `answer_status`.

        A row that is not hers goes past it (404), unless it was named in a field.
        """
        if not self.is_submitted():
            return False
        if not self.validate():
            self.answer_status = 400
            return False
        try:
            act()
        except Refusal as no:
            if isinstance(no, NotFound) and not no.faults:
                raise
            self.answer_status = self.blame(no)
            return False
        return True

    def field_at(self, at: str) -> Field | None:
        """The field that a fault names, or the nearest around it: for `days.2` the field of that name, else the one named `days`."""
        named = {field.short_name: field for field in self}  # without the prefix that keeps two forms of a page apart
        while at and at not in named:
            at = at.rpartition(".")[0]
        return named.get(at)

    def blame(self, refusal: Refusal) -> int:
        """Put a refusal where it belongs: at the fields it names, or over the whole form. Answers the status for the page."""
        blamed = False
        for fault in refusal.faults:
            field = self.field_at(fault.at)
            sentence = _sentence(fault.code, fault.facts)
            if field is None:
                self.form_errors.append(sentence)
            else:
                field.errors = [*field.errors, sentence]
            blamed = True
        if not blamed:
            self.form_errors.append(_sentence(refusal.code, refusal.facts))
        return refusal.status


class _Typed(StringField):
    """A field that keeps what was typed, whatever became of it, and reads it with `read`; empty is `required` unless `optional`."""

    widget: Any = TextInput()
    data: Any

    def __init__(self, label: Any = None, *, optional: bool = False, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.optional = optional
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; two values for one field are a wrong shape."""
        self.data = None
        self.typed = str(valuelist[0]) if valuelist else ""
        if len(valuelist) > 1:
            raise ValueError(_sentence("shape", {}))
        text = unicodedata.normalize("NFC", self.typed).strip()
        if not text:
            if not self.optional:
                raise ValueError(_sentence("required", {}))
            return
        if _UNFIT.search(text.replace("\r\n", "\n").replace("\n", "" if self.takes_lines else "\n")):
            raise ValueError(_sentence("text", {}))
        try:
            self.data = self.read(text)
        except Refusal as refusal:
            raise ValueError(_sentence(refusal.code, refusal.facts)) from refusal

    takes_lines = False

    def read(self, text: str) -> Any:
        """The value of what was typed; raises a refusal."""
        raise NotImplementedError

    def shown(self, value: Any) -> str:
        """The value as it stands in the field before anybody types."""
        return str(value)

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.shown(self.data)


class TextField(_Typed):
    """One line, at most `longest` characters, no control characters."""

    def __init__(self, label: Any = None, *, longest: int = LONGEST_NAME, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.longest = longest

    def read(self, text: str) -> str:
        """The line itself. Refused: `text_too_long`."""
        if "\n" in text or "\r" in text:
            raise Refusal("text")
        if len(text) > self.longest:
            raise Refusal("text_too_long", longest=self.longest)
        return text


class NoteField(TextField):
    """Several lines, at most 2,000 characters."""

    widget = TextArea()
    takes_lines = True

    def __init__(self, label: Any = None, *, longest: int = LONGEST_NOTE, **rest: Any) -> None:
        super().__init__(label, longest=longest, **rest)

    def read(self, text: str) -> str:
        """The lines, with plain line feeds. Refused: `text_too_long`."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.longest:
            raise Refusal("text_too_long", longest=self.longest)
        return text


class MoneyField(_Typed):
    """Whole rupiah as Indonesians type them: `50000`, `50.000`, `Rp50.000`."""

    def __init__(self, label: Any = None, **rest: Any) -> None:
        keys = {"inputmode": "numeric", "autocomplete": "off", **rest.pop("render_kw", {})}
        super().__init__(label, render_kw=keys, **rest)

    def read(self, text: str) -> int:
        """Refused: `amount_format`."""
        return parse_rupiah(text)

    def shown(self, value: int) -> str:
        """With its thousands apart; dots, in both languages, since that is what the parser takes."""
        return formats.grouped(value)


class CountField(_Typed):
    """A whole number from 0: people, weeks, points."""

    def __init__(self, label: Any = None, **rest: Any) -> None:
        keys = {"inputmode": "numeric", "autocomplete": "off", **rest.pop("render_kw", {})}
        super().__init__(label, render_kw=keys, **rest)

    def read(self, text: str) -> int:
        """Refused: `whole_number`."""
        if not _WHOLE.fullmatch(text):
            raise Refusal("whole_number", typed=text[:40])
        return int(text)


class DigitsField(TextField):
    """A number that is not counted with: NIK, KK, telephone. The domain says whether it can be one."""

    def __init__(self, label: Any = None, **rest: Any) -> None:
        keys = {"inputmode": "numeric", "autocomplete": "off", **rest.pop("render_kw", {})}
        super().__init__(label, render_kw=keys, **rest)


class DateField(_Typed):
    """A day that exists, as the browser's own date field sends it: `2026-11-26`."""

    def __init__(self, label: Any = None, **rest: Any) -> None:
        super().__init__(label, render_kw={"type": "date", **rest.pop("render_kw", {})}, **rest)

    def read(self, text: str) -> date:
        """Refused: `date_format`; 30 February, too."""
        if not _ISO_DATE.fullmatch(text):
            raise Refusal("date_format")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Refusal("date_format") from None

    def shown(self, value: date) -> str:
        """As the browser wants it."""
        return value.isoformat()


class HourField(_Typed):
    """An hour of the day: `09:00` or `09.00`."""

    def __init__(self, label: Any = None, **rest: Any) -> None:
        super().__init__(label, render_kw={"type": "time", **rest.pop("render_kw", {})}, **rest)

    def read(self, text: str) -> time:
        """Refused: `hour_format`."""
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise Refusal("hour_format")
        return time(int(found[1]), int(found[2]))

    def shown(self, value: time) -> str:
        """As the browser wants it."""
        return f"{value:%H:%M}"


class KeyField(TextField):
    """The page's own UUID, handed back as it was given, so that pressing twice does it once."""

    widget = HiddenInput()

    def read(self, text: str) -> str:
        """Refused: `shape`."""
        if not _UUID.fullmatch(text):
            raise Refusal("shape")
        return text


class HiddenIdField(CountField):
    """A row's id that the page hands back."""

    widget = HiddenInput()


class _Choosing:
    """What a select and a list of radio buttons share: choices are (value, label), and an unknown one is refused in our words."""

    def __init__(
        self,
        label: Any = None,
        *,
        choices: Iterable[tuple[Any, Any]] | None = None,
        optional: bool = False,
        coerce: Callable[[Any], Any] = str,
        **rest: Any,
    ) -> None:
        super().__init__(label, choices=_offered(choices), coerce=_empty_or(coerce), validate_choice=False, **rest)  # type: ignore[call-arg]
        self.optional = optional

    @property
    def choices(self) -> Any:
        """What is offered; a view sets it where it comes from a query."""
        return _SELECT.choices.fget(self)

    @choices.setter
    def choices(self, choices: Iterable[tuple[Any, Any]] | None) -> None:
        _SELECT.choices.fset(self, _offered(choices))

    def pre_validate(self, form: Any) -> None:
        """Refuse (`required`, `not_a_choice`) what is not offered."""
        chosen: Any = self.data  # type: ignore[attr-defined]
        if chosen in (None, ""):
            if not self.optional:
                raise StopValidation(_sentence("required", {}))
        elif str(chosen) not in {choice.value for choice in self.choices}:
            raise StopValidation(_sentence("not_a_choice", {}))


_SELECT: Any = SelectField


class PickField(_Choosing, SelectField):
    """One of many, from a list that folds out."""


class ChoicesField(_Choosing, RadioField):
    """One of a few, all in sight."""


class ManyField(_Choosing, SelectMultipleField):
    """Several of a few, each a box to tick; its value is the list of what was ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse (`required`, `not_a_choice`) nothing at all, or what is not offered."""
        ticked = {str(one) for one in self.data or ()}
        if not ticked and not self.optional:
            raise StopValidation(_sentence("required", {}))
        if ticked - {choice.value for choice in self.choices}:
            raise StopValidation(_sentence("not_a_choice", {}))


class YesField(BooleanField):
    """A box to tick."""


def choices_of(values: Iterable[Any], *, empty: str | None = None, kind: str | None = None) -> list[tuple[str, str]]:
    """The members of an enum as choices, in words; `empty` is the first line where nothing need be chosen, `kind` whose words they are."""
    offered = [(str(value), words.word(value, kind, language())) for value in values]
    return [("", empty), *offered] if empty is not None else offered


def _offered(choices: Iterable[tuple[Any, Any]] | None) -> list[Any] | None:
    return None if choices is None else [SelectChoice(str(value), label) for value, label in choices]


def _empty_or(coerce: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """WTForms would turn nothing into the word `None`, and let a foreign value's fault escape."""

    def read(value: Any) -> Any:
        if value is None or value == "":
            return None
        try:
            return coerce(value)
        except (ValueError, TypeError):
            return str(value)[:LONGEST_NAME]

    return read


def _sentence(code: str, facts: Mapping[str, Any]) -> str:
    return words.refusal(code, facts, language()).detail


__all__ = [
    "ChoicesField",
    "CountField",
    "DateField",
    "DigitsField",
    "Field",
    "HiddenIdField",
    "HourField",
    "HouseForm",
    "KeyField",
    "ManyField",
]
__all__ += ["MoneyField", "NoteField", "PickField", "TextField", "YesField", "choices_of"]


def unit_choices(by: Actor, units: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Whoever reads every unit chooses among these (code, name); everybody else has her own. Who has none begins at the first."""
    own = [("", _("Unit sendiri"))] if by.unit_id is not None else []
    return [*own, *(units if by.reads_every_unit else ())]
