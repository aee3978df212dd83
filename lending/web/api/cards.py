"""Repayment cards as PDF: one woman's, or a whole group's."""

from flask import current_app, request

from lending.actions import cards as acts
from lending.documents.card import cards_pdf
from lending.domain.access import Actor, Permission
from lending.queries import cards as questions
from lending.web.api.door import Column, Paper
from lending.web.api.messages.cards import CardAsked, CardsAsked, CodeGone, CodeRevoked
from lending.web.api.messages.fields import or_none

PDF = "application/pdf"

column = Column("cards", "Repayment cards")


@column.call("GET", "/cards/{loan}.pdf", needs=Permission.SEE_CARDS, media=PDF)
def card(by: Actor, loan: int, asked: CardAsked) -> Paper:
    """The card of a disbursed loan, as of today."""
    found = questions.card(by, loan, _public_url())
    return Paper(cards_pdf([found], asked.size, by.today), PDF, f"kartu-{loan}.pdf")


@column.call("GET", "/groups/{id}/cards.pdf", needs=Permission.SEE_CARDS, media=PDF)
def group_cards(by: Actor, group: int, asked: CardsAsked) -> Paper:
    """The cards of a group's running loans, or of the loans named, by sub-group and name."""
    loans = [int(number) for number in (or_none(asked.loans) or "").split(",") if number]
    found = questions.group_cards(by, group, _public_url(), loans)
    return Paper(cards_pdf(found, asked.size, by.today), PDF, f"kartu-kelompok-{group}.pdf")


@column.call("POST", "/loans/{id}/check-code/revoke", needs=Permission.DECIDE_LOAN)
def revoke_code(by: Actor, loan: int, body: CodeRevoked) -> CodeGone:
    """End the code on a loan's card: whoever asks by it is told so, and the next print carries a new one."""
    acts.revoke_code(loan, body.reason, by)
    return CodeGone(loan=loan, revoked=True)


def _public_url() -> str:
    """What the code on the card begins with: the house's public address, or else the one that was asked."""
    return current_app.extensions["lending_settings"].public_url or request.host_url.rstrip("/")
