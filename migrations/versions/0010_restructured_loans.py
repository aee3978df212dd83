"""Restructured loans: when it was agreed, and the meetings on which what is left falls due. New tables only, guarded like every fact.

The rows name the group's meetings and not their dates, so that a holiday moves them too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEYS = {"loan_restructuring": ("loan_id", "version"), "loan_schedule": ("loan_id", "version", "number")}


def upgrade() -> None:
    """The two tables, then their guards."""
    op.create_table(
        "loan_restructuring",
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("total_paid", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("late_since", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_loan_restructuring_loan_id"),
        sa.PrimaryKeyConstraint("loan_id", "version", name="pk_loan_restructuring"),
    )
    op.create_table(
        "loan_schedule",
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("cum_due", sa.BigInteger(), nullable=False),
        sa.Column("cum_margin", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["loan_id", "version"], ["loan_restructuring.loan_id", "loan_restructuring.version"], name="fk_loan_schedule_loan_id_version"
        ),
        sa.PrimaryKeyConstraint("loan_id", "version", "number", name="pk_loan_schedule"),
    )
    for table, key in KEYS.items():
        _guard_sqlite(table, key) if op.get_bind().dialect.name == "sqlite" else _guard_postgresql(table)


def _guard_sqlite(table: str, key: tuple[str, ...]) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} takes new rows only'); END"
        )
    taken = " AND ".join(f"{name} = NEW.{name}" for name in key)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "
        f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}'); END"
    )


def _guard_postgresql(table: str) -> None:
    for name, when, each in (("no_change", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def downgrade() -> None:
    """Without them; loans that were restructured keep their steps, and their state is one that the older programme does not know."""
    op.drop_table("loan_schedule")
    op.drop_table("loan_restructuring")
