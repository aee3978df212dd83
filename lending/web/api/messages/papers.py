"""Receipts, asked for."""

from typing import Literal

from msgspec import UNSET

from lending.web.api.messages.fields import Id, Maybe, Question


class ReceiptAsked(Question, frozen=True, kw_only=True):
    """How wide, and whose: of the whole meeting when no woman is named."""

    width: Literal["58", "a6"] = "a6"
    member: Maybe[Id] = UNSET
