"""What is not facts and may be changed, against the trace of who changed it (V7, V9): roles, product terms, and who took which step."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, func, select

from lending.database import session
from lending.domain.access import PERMISSIONS, Role
from lending.domain.lifecycle import STEPS
from lending.models import AuditEvent, DayClose, LoanEvent, MeetingRecord, Product, RecordUndo, Unit, User
from lending.queries.admin import SYSTEM, told_terms
from lending.queries.differences import Difference, Question, told


def look() -> Iterator[Difference]:
    """Everybody's role, every product's terms, and every step that somebody took who may not."""
    yield from _roles()
    yield from _products()
    yield from _steps()


def _trace(of: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """What the trace says of the rows of a kind, oldest first: a row's id, and how it was after an act."""
    question = select(AuditEvent.row, AuditEvent.after).where(AuditEvent.row.startswith(f"{of}:"), AuditEvent.after.is_not(None))
    for row, after in session.execute(question.order_by(AuditEvent.id)):
        number = row.removeprefix(f"{of}:")
        if number.isdecimal() and after is not None:
            yield int(number), after


def _roles() -> Iterator[Difference]:
    """Everybody has the role and the unit that the trace says she was given last, and is let in or shut out as it says."""
    traced: dict[int, dict[str, Any]] = defaultdict(dict)
    for user_id, after in _trace("user"):
        traced[user_id] |= {name: after[name] for name in ("role", "unit", "active") if name in after}
    people: Select[*tuple[Any, ...]] = select(User.id, User.username, User.role, Unit.code, User.active).outerjoin(
        Unit, Unit.id == User.unit_id
    )
    for user_id, username, role, unit, active in session.execute(people.order_by(User.id)):
        if username == SYSTEM:
            if role is not Role.ADMIN or unit is not None or active:
                yield Difference("V7", f"user:{user_id}", "the house's own account is none that could sign in, and this one could")
        elif user_id not in traced:
            yield Difference("V7", f"user:{user_id}", "nobody is known to have added this account")
        elif (role.value, unit) != (traced[user_id].get("role"), traced[user_id].get("unit")):
            said = traced[user_id]
            yield Difference("V7", f"user:{user_id}", f"{role.value} of {unit}, and by the trace {said.get('role')} of {said.get('unit')}")
        elif active is not traced[user_id].get("active", True):
            yield Difference(
                "V7", f"user:{user_id}", f"{'may sign in' if active else 'is shut out'}, and by the trace it is the other way round"
            )


def _products() -> Iterator[Difference]:
    """Every version of a product has the terms with which it was added."""
    traced = {product_id: after.get("terms") for product_id, after in _trace("product")}
    for product in session.scalars(select(Product).order_by(Product.id).execution_options(populate_existing=True)):
        said, stands = traced.get(product.id), told_terms(product)
        if said is None:
            yield Difference("V7", f"product:{product.id}", "nobody is known to have added it")
        elif said != stands:
            changed = ", ".join(
                f"{name} {stands[name]}, by the trace {said.get(name)}" for name in stands if stands[name] != said.get(name)
            )
            yield Difference("V7", f"product:{product.id}", changed or "the trace knows terms that it does not have")


def _steps() -> Iterator[Difference]:
    """Nobody took a step that no role of hers has ever allowed, or undid late what she recorded."""
    roles: dict[int, set[str]] = defaultdict(set)
    for user_id, after in _trace("user"):
        if "role" in after:
            roles[user_id].add(after["role"])
    taken: Select[*tuple[Any, ...]] = select(LoanEvent.step, LoanEvent.actor_id, func.min(LoanEvent.loan_id)).where(
        LoanEvent.step.is_not(None)
    )
    for step, actor_id, loan_id in session.execute(taken.group_by(LoanEvent.step, LoanEvent.actor_id).order_by(LoanEvent.actor_id)):
        permission = STEPS[step].permission
        allowed = {role.value for role, may in PERMISSIONS.items() if permission in may}
        if permission is not None and not allowed & roles[actor_id]:
            yield Difference("V9", f"loan:{loan_id}", f"{step.value} by user {actor_id}, whose role has never allowed it")
    late: Question = (
        select(MeetingRecord.uuid, RecordUndo.actor_id)
        .join(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
        .where(RecordUndo.actor_id == MeetingRecord.officer_id, RecordUndo.on_day > MeetingRecord.recorded_on)
    )
    yield from told("V9", "record", "undone later than the same day by user {0}, who recorded it", late)
    heads = [user_id for user_id, had in roles.items() if Role.HEAD.value in had]
    closers: Question = select(DayClose.on_day, DayClose.actor_id).where(DayClose.actor_id.not_in(heads))
    yield from told("V9", "day", "closed by user {0}, who was never a unit's head", closers)
