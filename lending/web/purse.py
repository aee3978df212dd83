"""Cash counted note by note on a page: a field for each, and the sum, which the page's script says while it is typed."""

from collections.abc import Mapping
from typing import Any, TypeVar

from lending.domain.collection import NOTES
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.i18n import formats
from lending.web.forms import CountField, HouseForm

MOST_DIGITS = 6


class NoteCountField(CountField):
    """How many of one note or coin; empty is none."""

    def __init__(self, note: Rupiah, **rest: Any) -> None:
        keys = {"data-note": str(note), "maxlength": str(MOST_DIGITS)}
        super().__init__(formats.rupiah(note), optional=True, render_kw=keys, **rest)
        self.note = note


class PurseForm(HouseForm):
    """A form with a purse in it; made by `with_purse`."""

    @property
    def purse(self) -> list[NoteCountField]:
        """The fields, the largest note first."""
        return [self[f"counted.{note}"] for note in NOTES]

    @property
    def notes(self) -> Mapping[Rupiah, int]:
        """How many of each note there is some of."""
        return {field.note: field.data for field in self.purse if field.data}

    @property
    def total(self) -> Rupiah:
        """What they come to."""
        return sum(note * count for note, count in self.notes.items())

    def require_count(self) -> None:
        """Refuse (`count_needed`) a purse in which nothing was written at all: nobody has counted it."""
        if all(field.data is None for field in self.purse):
            raise Refusal("count_needed", at=f"counted.{NOTES[0]}")


F = TypeVar("F", bound=PurseForm)


def with_purse(kind: type[F], **given: Any) -> F:
    """A form of that kind with a field for every note."""
    made = type(kind.__name__, (kind,), {f"counted.{note}": NoteCountField(note) for note in NOTES})
    form: F = made(**given)
    return form
