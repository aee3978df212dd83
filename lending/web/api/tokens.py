"""Programs' tokens: what head office gives out to those who knock here."""

from dataclasses import asdict

from lending.actions import tokens as acts
from lending.domain.access import Actor, Permission
from lending.queries import tokens as questions
from lending.web.api.door import Column
from lending.web.api.messages import tokens as messages
from lending.web.api.messages.fields import Page, or_none
from lending.web.api.paging import Window

column = Column("tokens", "Programs' tokens")


@column.call("GET", "/tokens", needs=Permission.MANAGE_ADMIN)
def list_tokens(by: Actor, asked: messages.TokensAsked, window: Window) -> Page[messages.Token]:
    """The tokens that are not revoked, oldest first; the keys themselves are told to nobody again."""
    rows = questions.tokens(by, username=or_none(asked.username), limit=window.fetch, after_id=window.after_id)
    return window.page([messages.Token(**asdict(row)) for row in rows], lambda row: (row.id,))


@column.call("POST", "/tokens", needs=Permission.MANAGE_ADMIN, status=201)
def issue_token(by: Actor, body: messages.NewToken) -> messages.NewlyMadeToken:
    """A token for a program, told this once. It acts as `username`, by default as whoever asks, and may what she may at that moment.

    `read` asks and changes nothing: every GET, `POST /quote`, `POST /members/search`. `write` may all of it. It holds to the end of
    `expires_on`.
    """
    username = or_none(body.username) or by.username
    made = acts.issue_token(username, by, scope=body.scope, expires_on=body.expires_on)
    return messages.NewlyMadeToken(**asdict(questions.token(by, made.id)), token=made.token)


@column.call("DELETE", "/tokens/{id}", needs=Permission.MANAGE_ADMIN)
def revoke_token(by: Actor, token: int) -> messages.Token:
    """End a token: its next request is 401 `token_ended`. Ending it again changes nothing."""
    acts.revoke_token(token, by)
    return messages.Token(**asdict(questions.token(by, token)))
