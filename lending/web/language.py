"""Which language this answer speaks, and the two buttons that choose it.

Pages go by the cookie that the buttons set, and are Indonesian without it: phones here are often set to English by the shop that sold
them. Programs go by `Accept-Language`.
"""

from flask import Blueprint, Flask, redirect, request
from flask_babel import Babel
from werkzeug.wrappers import Response

from lending.i18n.catalogue import DIRECTORY, LANGUAGES, SOURCE
from lending.web.addresses import is_api, local_path
from lending.web.guards import open_to_anyone

COOKIE = "bahasa"
_YEAR = 365 * 24 * 3600

pages = Blueprint("language", __name__)


def set_up(app: Flask) -> None:
    """Give the app its languages."""
    Babel(app, default_locale=SOURCE, default_translation_directories=str(DIRECTORY), locale_selector=language)
    app.jinja_env.globals["language"] = language


def language() -> str:
    """`id` or `en`, for this request."""
    if is_api():
        return request.accept_languages.best_match(LANGUAGES, SOURCE)
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else SOURCE


@pages.post("/language")
@open_to_anyone("the sign-in page can be read in both languages")
def choose() -> Response:
    """Remember the language for a year and go back to where the button was pressed."""
    answer = redirect(local_path(request.form.get("next")) or "/", 303)
    wanted = request.form.get("language")
    if wanted in LANGUAGES:
        answer.set_cookie(COOKIE, wanted, max_age=_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
