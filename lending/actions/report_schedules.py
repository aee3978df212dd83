"""Letting reports go out by themselves after a night, changing what goes where, and stopping it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lending import clock, delivery
from lending.actions.audit import note
from lending.actions.once import hold
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotFound, Refusal
from lending.domain.report_schedules import Wanted, check_wanted
from lending.models import ReportSchedule

FIRST = timedelta(days=1)
"""The first date is yesterday's, whose night is over: so that whoever sets it up sees within minutes that it works."""


def add_schedule(uuid: str, wanted: Wanted, by: Actor) -> int:
    """Set up a schedule of her unit, or of head office, once however often it is sent; its id. What it sends is what she may see.

    Refused: `required`, `folder_not_set_up`, `mail_not_set_up`, `address_format`, `too_many_addresses`, `nowhere_to_send`, `key_reused`.
    """
    by.require(Permission.SCHEDULE_REPORTS)
    with transaction():
        hold(uuid)
        known = session.scalar(select(ReportSchedule).where(ReportSchedule.uuid == uuid))
        if known is not None and known.owner_id != by.user_id:
            raise Refusal("key_reused")
        if known is not None:
            return known.id
        _check(wanted)
        now = clock.now()
        row = ReportSchedule(uuid=uuid, unit_id=by.unit_id, owner_id=by.user_id, from_on=by.today - FIRST, changed_at=now, **_told(wanted))
        session.add(row)
        session.flush()
        note(by, "reports.schedule", f"report_schedule:{row.id}", at=now, after=_told(wanted))
        return row.id


def change_schedule(schedule_id: int, wanted: Wanted, by: Actor) -> bool:
    """Let a schedule of hers go by this from now on, with her as its owner; False where it does so already.

    Refused: `not_found` for one that is not hers or was stopped, and what `add_schedule` refuses.
    """
    by.require(Permission.SCHEDULE_REPORTS)
    with transaction():
        row = _running(schedule_id)
        if row.unit_id != by.unit_id:
            raise NotFound
        _check(wanted)
        before, after = _as_told(row), _told(wanted)
        if before == after and row.owner_id == by.user_id:
            return False
        now = clock.now()
        note(
            by,
            "reports.change_schedule",
            f"report_schedule:{row.id}",
            at=now,
            before={**before, "owner": row.owner_id},
            after={**after, "owner": by.user_id},
        )
        row.owner_id, row.changed_at = by.user_id, now
        for name, value in after.items():
            setattr(row, name, value)
        return True


def stop_schedule(schedule_id: int, by: Actor) -> None:
    """Let it send nothing any more, for ever. Head office may stop any unit's; twice is as good as once.

    Refused: `not_found`.
    """
    by.require(Permission.SCHEDULE_REPORTS)
    with transaction():
        row = _running(schedule_id, stopped_too=True)
        if by.unit_id is not None and row.unit_id != by.unit_id:
            raise NotFound
        if row.stopped_on is not None:
            return
        now = clock.now()
        row.stopped_on, row.changed_at = by.today, now
        note(by, "reports.stop_schedule", f"report_schedule:{row.id}", at=now, before=_as_told(row))


def _running(schedule_id: int, *, stopped_too: bool = False) -> ReportSchedule:
    lock(ReportSchedule.id, schedule_id)
    row = session.get(ReportSchedule, schedule_id, populate_existing=True)
    if row is None or (row.stopped_on is not None and not stopped_too):
        raise NotFound
    return row


def _check(wanted: Wanted) -> None:
    check_wanted(wanted, has_folder=delivery.has_folder(), has_mail=delivery.has_mail())


def _told(wanted: Wanted) -> dict[str, Any]:
    return {
        "reports": list(wanted.reports),
        "every": wanted.every,
        "form": wanted.form,
        "to_folder": wanted.to_folder,
        "addresses": list(wanted.addresses),
    }


def _as_told(row: ReportSchedule) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("reports", "every", "form", "to_folder", "addresses")}
