"""A workbook brought into the unit, and long work asked after."""

from lending import clock
from lending.documents.import_template import template as workbook
from lending.domain.access import Actor, Permission, Role
from lending.domain.refusals import NotFound, Refusal
from lending.i18n import words
from lending.queries import accounts, admin
from lending.queries import jobs as questions
from lending.web import import_work as work
from lending.web.api.door import PREFIX, Column, Guard, Paper
from lending.web.api.messages import imports as messages
from lending.web.api.messages.admin import DryRun
from lending.web.api.uploads import FileSent
from lending.web.language import language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

column = Column("imports", "Groups, members and running loans brought in from a workbook; long work")


@column.call("GET", "/imports/template.xlsx", needs=Permission.IMPORT, media=XLSX)
def template(by: Actor) -> Paper:
    """The workbook to fill in: its sheets with their columns, the unit's officers and the house's products to choose from, and how."""
    return Paper(template_of(by), XLSX, "templat-impor.xlsx")


def template_of(by: Actor) -> bytes:
    """The empty workbook for her unit."""
    if by.unit_id is None:
        raise NotFound
    products = [one.terms for one in admin.products(by.today)]
    return workbook(
        officers=[person.username for person in accounts.roles_of_unit(by.unit_id, Role.OFFICER)],
        products=[one.code for one in products],
        weeks=sorted({weeks for one in products for weeks in one.weeks}),
    )


@column.call("POST", "/imports", needs=Permission.IMPORT, status=(202, 200))
def begin(by: Actor, upload: FileSent, asked: DryRun) -> tuple[messages.JobBegun, int]:
    """Bring a workbook in: all of it, or nothing and every reason why. With `?dry_run=1` every row is read and nothing is stored.

    The work goes on by itself: ask after it at `GET /jobs/{id}`. The same file again under the same `id` is 200 and the same work.
    """
    job, known = work.begin(upload.file, by, dry_run=asked.dry_run, uuid=upload.id)
    return messages.JobBegun(job=job), 200 if known else 202


@column.call("GET", "/imports/{id}", needs=Permission.IMPORT)
def result(by: Actor, job: int) -> messages.Imported:
    """What came of an import, once it is done: how much came in, or what is wrong with which row."""
    found = questions.job(by, job, now=clock.now(), kind=work.KIND).result
    if found is None:
        raise NotFound
    if "refused" in found:
        raise Refusal(found["refused"]["code"], **found["refused"]["facts"])
    return imported(found)


def imported(found: dict[str, object]) -> messages.Imported:
    """The same in the reader's language."""
    errors = found["errors"]
    assert isinstance(errors, list)
    return messages.Imported(
        dry_run=bool(found["dry_run"]),
        groups=int(str(found["groups"])),
        members=int(str(found["members"])),
        loans=int(str(found["loans"])),
        errors=[
            messages.RowFault(
                sheet=one["sheet"],
                row=one["row"],
                column=one["column"],
                code=one["code"],
                message=words.refusal(one["code"], one["facts"], language()).detail,
            )
            for one in errors
        ],
    )


@column.call("GET", "/jobs/{id}", needs=Guard.SIGNED_IN)
def job(by: Actor, job: int) -> messages.Job:
    """How far a piece of the unit's long work is, and where to find what came of it."""
    seen = questions.job(by, job, now=clock.now())
    path = f"{PREFIX}/{seen.kind}s/{seen.id}" if seen.result is not None else None
    # The question works the state out as a plain word; it is always one of the message's four.
    return messages.Job(id=seen.id, kind=seen.kind, state=seen.state, done=seen.done, of=seen.of, result=path)  # type: ignore[arg-type]
