"""Cards as pages: choosing what to print, and the one page that a stranger with a card in her hand may open."""

import re

from flask import Blueprint, Response, make_response, render_template, request

from lending import clock
from lending.domain.access import HEAD_OFFICE_ZONE, Permission
from lending.domain.refusals import NotFound
from lending.queries import cards, groups
from lending.web import limits
from lending.web.errors import page_without_reference
from lending.web.guards import needs, open_to_anyone
from lending.web.login import me

pages = Blueprint("cards", __name__)

_CODE = re.compile(r"[A-Z2-7]{32}")


@pages.get("/cards")
@needs(Permission.SEE_CARDS)
def index() -> str:
    """The groups whose cards she may print; a leader's own group at once, woman by woman."""
    by = me()
    seen = groups.groups(by, limit=200)
    asked = request.args.get("group", "")
    chosen = next((group for group in seen if str(group.id) == asked), seen[0] if len(seen) == 1 else None)
    printable = [member for member in groups.group(by, chosen.id).members if member.loan] if chosen else []
    return render_template("cards/index.html", groups=seen, chosen=chosen, printable=printable)


@pages.get("/v/<code>")
@open_to_anyone("whoever holds the card holds its code; the page shows nothing that tells who she is")
def check(code: str) -> Response:
    """What the card's QR opens: compare it with the paper. The same page for a changed, unknown or malformed code."""
    limits.take_card_check()
    plain = re.sub(r"[\s-]", "", code).upper()
    found = cards.check(plain) if _CODE.fullmatch(plain) else None
    if found is None:
        answer = make_response(page_without_reference(NotFound("code_unknown")), 404)
    else:
        answer = make_response(render_template("cards/check.html", card=found, today=clock.today(HEAD_OFFICE_ZONE)))
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "no-store"
    return answer
