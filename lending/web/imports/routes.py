"""Imports as pages: hand a workbook in, see what is wrong with which row, and bring it in when nothing is."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from lending import clock
from lending.domain.access import Permission
from lending.domain.refusals import Refusal
from lending.i18n import words
from lending.queries import jobs as questions
from lending.web import import_work as work
from lending.web.api.imports import XLSX, imported, template_of
from lending.web.guards import needs
from lending.web.imports.forms import ImportForm
from lending.web.language import language
from lending.web.login import me

pages = Blueprint("imports", __name__)

Shown = str | AnyResponse | tuple[str, int]

SHOWN = 200
"""So many faulty rows stand on the page; all of them are in the answer for programs."""


@pages.route("/imports", methods=["GET", "POST"])
@needs(Permission.IMPORT)
def index() -> Shown:
    """Hand a workbook in, and the last ones that were."""
    by = me()
    form = ImportForm()
    begun: list[int] = []

    def act() -> None:
        sent = form.file.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            raise Refusal("required", status=400, at="file")
        begun.append(work.begin(sent.read(), by, dry_run=request.form.get("step") != "store")[0])

    if form.done(act):
        return redirect(url_for("imports.detail", job_id=begun[0]), 303)
    recent = questions.recent(by, work.KIND, now=clock.now())
    return render_template("imports/index.html", form=form, recent=recent), form.answer_status


@pages.get("/imports/<int:job_id>")
@needs(Permission.IMPORT)
def detail(job_id: int) -> str:
    """How far it is; once it is done, what came in or what is wrong with which row."""
    seen = questions.job(me(), job_id, now=clock.now(), kind=work.KIND)
    found = seen.result
    refused = None
    if found is not None and "refused" in found:
        refused = words.refusal(found["refused"]["code"], found["refused"]["facts"], language()).detail
    result = imported(found) if found is not None and refused is None else None
    return render_template("imports/detail.html", seen=seen, result=result, refused=refused, most=SHOWN)


@pages.get("/imports/template")
@needs(Permission.IMPORT)
def template() -> Response:
    """The empty workbook."""
    answer = Response(template_of(me()), mimetype=XLSX)
    answer.headers["Content-Disposition"] = "attachment; filename=templat-impor.xlsx"
    return answer
