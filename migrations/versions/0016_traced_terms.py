"""The trace tells the terms with which each product was added; for those that are there already, what they are today."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ADDED = "admin.add_product"
MOMENT = sa.DateTime(timezone=True)
TERMS = (
    *("code", "valid_from", "name", "akad", "min_principal", "max_principal", "step", "weeks", "every_weeks", "margin_bp", "year_weeks"),
    *("coin", "upj_bp", "payment_order", "by_cycle", "block_days_late", "needs_recognition"),
)


def upgrade() -> None:
    """A row of the trace, by the house itself, for every product whose terms none tells yet: what went down and up again is told once."""
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "valid_from": sa.Date(),
        "weeks": sa.JSON(),
        "by_cycle": sa.JSON(),
        "needs_recognition": sa.Boolean(),
    }
    product = sa.table("product", sa.column("id", sa.BigInteger()), *(sa.column(name, kinds.get(name)) for name in TERMS))
    person = sa.table("user_account", sa.column("id", sa.BigInteger()), sa.column("username", sa.String()))
    trace = sa.table(
        "audit_event",
        sa.column("at", MOMENT),
        sa.column("actor_id", sa.BigInteger()),
        sa.column("act", sa.String()),
        sa.column("row", sa.String()),
        sa.column("after", sa.JSON()),
    )
    connection = op.get_bind()
    system = connection.execute(sa.select(person.c.id).where(person.c.username == "sistem")).scalar()
    at = datetime.now(UTC)
    if connection.dialect.name == "sqlite":
        at = at.replace(tzinfo=None)  # as the house keeps its moments there
    added = connection.execute(sa.select(trace.c.row, trace.c.after).where(trace.c.act == ADDED))
    told_of = {row.row for row in added if "terms" in (row.after or {})}
    for row in connection.execute(sa.select(product).order_by(product.c.id)).mappings().all():
        if f"product:{row['id']}" in told_of:
            continue
        terms = json.loads(json.dumps({name: row[name] for name in TERMS}, default=str))
        after = {"code": row["code"], "terms": terms}
        told = {"at": at, "actor_id": system, "act": ADDED, "row": f"product:{row['id']}", "after": after}
        connection.execute(sa.insert(trace).values(told))


def downgrade() -> None:
    """The trace keeps what it was told."""
