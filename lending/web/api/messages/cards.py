"""Repayment cards, asked for."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from lending.web.api.messages.fields import Answer, Body, Id, Maybe, Question, Words, whole


class CardAsked(Question, frozen=True, kw_only=True):
    """On which paper."""

    size: Literal["a5", "a4"] = "a5"


class CardsAsked(CardAsked, frozen=True, kw_only=True):
    """On which paper, and whose: ids of loans with commas between them; of all running loans when left out."""

    loans: Maybe[Annotated[str, Meta(pattern=whole("^[0-9]{1,15}(,[0-9]{1,15}){0,99}$"))]] = UNSET


class CodeRevoked(Body, frozen=True, kw_only=True):
    """Why the code on her card must die."""

    reason: Words


class CodeGone(Answer, frozen=True, kw_only=True):
    """The next print of the card has a new code."""

    loan: Id
    revoked: bool
