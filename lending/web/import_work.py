"""An import as long work: read the workbook, check every row, store all or nothing, and keep what came of it."""

import time
from collections.abc import Mapping
from typing import Any

from lending.actions import jobs
from lending.actions.importing import Brought, bring_in
from lending.actions.once import plain
from lending.documents import import_sheets
from lending.domain.access import Actor
from lending.domain.importing import RowFault
from lending.domain.refusals import Refusal
from lending.web import long_work

KIND = "import"

EVERY = 1.0
"""So many seconds lie between two notes of how far it is: each is a transaction."""


def begin(content: bytes, by: Actor, *, dry_run: bool, uuid: str | None = None) -> tuple[int, bool]:
    """Begin it: (the job's id, whether it was known already under this key).

    Refused at once: `too_big`, `not_a_workbook`, `workbook_too_large`, `key_reused`, `not_found` (another unit's key).
    """
    import_sheets.check_zip(content)
    asked = (b"dry" if dry_run else b"") + content
    job_id, known = jobs.begin(KIND, asked, by, uuid=uuid)
    if not known:
        long_work.start(lambda: _do(job_id, content, by, dry_run=dry_run), name=f"{KIND} {job_id}")
    return job_id, known


def _do(job_id: int, content: bytes, by: Actor, *, dry_run: bool) -> None:
    told_at, of, done = time.monotonic(), 0, 0

    def progress(rows: int) -> None:
        nonlocal told_at, done
        done = rows
        if time.monotonic() - told_at >= EVERY:
            told_at = time.monotonic()
            jobs.go_on(job_id, rows, of)

    try:
        sheets, faults = import_sheets.read(content)
        of = sum(len(lines) for lines in sheets.values())
        jobs.go_on(job_id, 1 if of else 0, of)
        brought = bring_in(sheets, faults, by, dry_run=dry_run, progress=progress)
    except Refusal as no:
        jobs.finish(job_id, {"dry_run": dry_run, "refused": {"code": no.code, "facts": plain(no.facts)}}, failed=True, done=done, of=of)
        return
    except Exception:
        jobs.finish(job_id, {"dry_run": dry_run, "refused": {"code": "fault", "facts": {}}}, failed=True, done=done, of=of)
        raise
    jobs.finish(job_id, told(brought), failed=bool(brought.faults) and not dry_run, done=of, of=of)


def told(brought: Brought) -> Mapping[str, Any]:
    """What came of it, to be kept: sentences are said when somebody reads it, in her language."""
    return {
        "dry_run": brought.dry_run,
        "groups": brought.groups,
        "members": brought.members,
        "loans": brought.loans,
        "errors": [_fault(one) for one in brought.faults],
    }


def _fault(one: RowFault) -> Mapping[str, Any]:
    return {"sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code, "facts": plain(one.facts)}
