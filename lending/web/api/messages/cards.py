"""Repayment cards, asked for."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from lending.web.api.messages.fields import Maybe, Question, whole


class CardAsked(Question, frozen=True, kw_only=True):
    """On which paper."""

    size: Literal["a5", "a4"] = "a5"


class CardsAsked(CardAsked, frozen=True, kw_only=True):
    """On which paper, and whose: ids of loans with commas between them; of all running loans when left out."""

    loans: Maybe[Annotated[str, Meta(pattern=whole("^[0-9]{1,15}(,[0-9]{1,15}){0,99}$"))]] = UNSET
