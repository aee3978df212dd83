"""The programs' door: JSON under `/api/v1`, one file a column, and a description of all of it that is made from the calls.

To add a call: write its messages in `messages/<column>.py`, declare it in `<column>.py` (how, says `door.py`), and hang a new column into
`COLUMNS`. Nothing is to be said a second time: routes, order of refusals, `.csv` and `.xlsx` twins, `openapi.json` follow. Later work is
absent, not stubbed.
"""

from flask import Flask

from lending.web import limits, login
from lending.web.api import (
    accounts,
    admin,
    arrears,
    books,
    cards,
    cases,
    cash,
    collection,
    days,
    groups,
    imports,
    loans,
    members,
    mentoring,
    openapi,
    papers,
    portfolio,
    quotes,
    reports,
    shapes,
    tokens,
    warnings,
)
from lending.web.api.door import Column, Door

COLUMNS: tuple[Column, ...] = (
    accounts.column,
    quotes.column,
    admin.column,
    tokens.column,
    groups.column,
    members.column,
    loans.column,
    collection.column,
    cards.column,
    papers.column,
    cash.column,
    mentoring.column,
    arrears.column,
    cases.column,
    warnings.column,
    portfolio.column,
    reports.column,
    books.column,
    days.column,
    imports.column,
)


def hang_on(app: Flask) -> None:
    """Give the app its API."""
    shapes.meet_all()
    limits.set_up(app)
    rooms = Door([*COLUMNS, openapi.described(COLUMNS)]).blueprint()
    login.csrf.exempt(rooms)  # the door asks for the token itself, where a cookie vouches and not a program's token
    app.register_blueprint(rooms)
