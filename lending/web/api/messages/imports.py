"""A workbook handed in, long work, and what came of it."""

from typing import Literal

from lending.web.api.messages.fields import Answer, Id


class JobBegun(Answer, frozen=True, kw_only=True):
    """The work that does it: ask after it at `/jobs/{id}`."""

    job: Id


class Job(Answer, frozen=True, kw_only=True):
    """One piece of long work: how far it is; `result` is the path of what came of it, null until then."""

    id: Id
    kind: str
    state: Literal["waiting", "running", "done", "failed"]
    done: int
    of: int
    result: str | None


class RowFault(Answer, frozen=True, kw_only=True):
    """What is wrong with one cell; `row` or `column` is null where a whole sheet or row is."""

    sheet: str
    row: int | None
    column: str | None
    code: str
    message: str


class Imported(Answer, frozen=True, kw_only=True):
    """What came in, or with `dry_run` would. Where there are errors nothing did."""

    dry_run: bool
    groups: int
    members: int
    loans: int
    errors: list[RowFault]
