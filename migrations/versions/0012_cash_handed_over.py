"""What an officer says that she carries, and hand-overs as rows of their own: counted by note, with the entry they booked.

Hand-overs of before are taken from the answers that were kept for ever; their notes were not, and stay unknown.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = {
    "cash_declaration": (("id",), ("uuid",)),
    "handover": (("id",), ("uuid",), ("declaration_id",), ("entry_id",)),
}
"""Tables of facts, with the keys that a replacing insert could hit."""


def upgrade() -> None:
    """The two tables, the hand-overs of before, the guards."""
    op.create_table(
        "cash_declaration",
        sa.Column("id", ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("total > 0", name="ck_cash_declaration_total_positive"),
        sa.ForeignKeyConstraint(["officer_id"], ["user_account.id"], name="fk_cash_declaration_officer_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_cash_declaration_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cash_declaration"),
        sa.UniqueConstraint("uuid", name="uq_cash_declaration_uuid"),
    )
    op.create_index("ix_cash_declaration_officer_id", "cash_declaration", ["officer_id"])
    op.create_table(
        "handover",
        sa.Column("id", ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("cashier_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("declaration_id", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cashier_id"], ["user_account.id"], name="fk_handover_cashier_id"),
        sa.ForeignKeyConstraint(["declaration_id"], ["cash_declaration.id"], name="fk_handover_declaration_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_handover_entry_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["user_account.id"], name="fk_handover_officer_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_handover_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
        sa.UniqueConstraint("declaration_id", name="uq_handover_declaration_id"),
        sa.UniqueConstraint("entry_id", name="uq_handover_entry_id"),
        sa.UniqueConstraint("uuid", name="uq_handover_uuid"),
    )
    op.create_index("ix_handover_officer_id", "handover", ["officer_id"])
    op.create_index("ix_handover_unit_id_on_day", "handover", ["unit_id", "on_day"])
    _take_over()
    for table, keys in APPEND_ONLY.items():
        if op.get_bind().dialect.name == "sqlite":
            _guard_sqlite(table, keys)
        else:
            _guard_postgresql(table)


def _take_over() -> None:
    """A row for each hand-over that was answered before there were rows; one without an entry (nothing held, nothing counted) has none."""
    told = sa.text(
        "SELECT s.uuid, s.unit_id, s.actor_id, s.recorded_at, s.answer, u.id AS officer_id, e.id AS entry_id, e.on_day, e.reason "
        "FROM sent_once s JOIN entry e ON e.kind = 'handover' AND e.recorded_at = s.recorded_at AND e.actor_id = s.actor_id "
        "AND e.unit_id = s.unit_id JOIN posting p ON p.entry_id = e.id AND p.account = 'officer_cash' "
        "JOIN user_account u ON u.id = p.user_id WHERE s.act = 'cash.hand_over' ORDER BY e.id"
    )
    kept = ("uuid", "unit_id", "officer_id", "on_day", "reason", "entry_id", "recorded_at")
    for found in op.get_bind().execute(told).mappings().all():
        answer: dict[str, Any] = json.loads(found["answer"]) if isinstance(found["answer"], str) else found["answer"]
        sums = {"cashier_id": found["actor_id"], "expected": answer["expected"], "counted": answer["counted"]}
        row: dict[str, Any] = {name: found[name] for name in kept} | sums
        op.get_bind().execute(sa.text(f"INSERT INTO handover ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"), row)


def _guard_sqlite(table: str, keys: tuple[tuple[str, ...], ...]) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} takes new rows only'); END"
        )
    taken = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}'); END"
    )


def _guard_postgresql(table: str) -> None:
    for name, when, each in (("no_change", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        # ALWAYS: a session in replica role must not slip past.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def downgrade() -> None:
    """As it was."""
    op.drop_table("handover")
    op.drop_table("cash_declaration")
