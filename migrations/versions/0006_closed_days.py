"""Days of the books that are closed, and the seals of the hash chains; nothing is booked on a closed day any more, whoever asks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

APPEND_ONLY = {"chain_seal": "id = NEW.id", "day_close": "unit_id = NEW.unit_id AND on_day = NEW.on_day"}
"""The new tables of facts, each with the key that a replacing insert could hit."""

SQLITE_OPEN = """
CREATE TRIGGER entry_day_open BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM day_close WHERE unit_id = NEW.unit_id AND on_day >= NEW.on_day)
BEGIN SELECT RAISE(ABORT, 'the day is closed'); END
"""

POSTGRESQL_OPEN = """
CREATE FUNCTION day_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM day_close WHERE unit_id = NEW.unit_id AND on_day >= NEW.on_day) THEN
    RAISE EXCEPTION 'the day is closed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Both tables, then their guards, then the one that keeps closed days closed."""
    op.create_table(
        "chain_seal",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("occasion", sa.String(length=10), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("last_entry_id", ID, nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("last_audit_id", ID, nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_chain_seal_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chain_seal"),
    )
    op.create_index("ix_chain_seal_unit_id_id", "chain_seal", ["unit_id", "id"])
    op.create_table(
        "day_close",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("seal_id", ID, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_day_close_actor_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_day_close_entry_id"),
        sa.ForeignKeyConstraint(["seal_id"], ["chain_seal.id"], name="fk_day_close_seal_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_day_close_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "on_day", name="pk_day_close"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table, taken in APPEND_ONLY.items():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} takes new rows only'); END"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "
            f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}'); END"
        )
    op.execute(SQLITE_OPEN)


def _guard_postgresql() -> None:
    op.execute(POSTGRESQL_OPEN)
    guards = [("entry", "entry_day_open", "BEFORE INSERT", "ROW", "day_is_open")]
    for table in APPEND_ONLY:
        guards.append((table, f"{table}_no_change", "BEFORE UPDATE OR DELETE", "ROW", "facts_stay"))
        guards.append((table, f"{table}_no_truncate", "BEFORE TRUNCATE", "STATEMENT", "facts_stay"))
    for table, name, when, each, function in guards:
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")
        # ALWAYS: a session in replica role must not slip past.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    """Take the guard, then both tables away; their own guards go with them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER entry_day_open")
    else:
        op.execute("DROP TRIGGER entry_day_open ON entry")
        op.execute("DROP FUNCTION day_is_open()")
    op.drop_table("day_close")
    op.drop_index("ix_chain_seal_unit_id_id", table_name="chain_seal")
    op.drop_table("chain_seal")
