"""Home: what this person has come to do, as doors to it."""

from flask import Blueprint, render_template

from lending.web.guards import needs

pages = Blueprint("home", __name__)


@pages.get("/")
@needs()
def index() -> str:
    """The first page of the day, for each role its own."""
    return render_template("home/index.html")
