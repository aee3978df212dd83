"""What is done about a late loan, and which promises were not kept; lines are found by the day that was promised."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
PROMISED = sa.text("promise_on IS NOT NULL")

FACTS = {"case_event": (("id",), ("uuid",)), "broken_promise": (("loan_id", "promise_on"),)}
"""Tables of facts, with the keys that a replacing insert could hit."""


def upgrade() -> None:
    """New tables with their guards, and an index."""
    op.create_table(
        "case_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("means", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("promise_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("incident", sa.String(length=20), nullable=True),
        sa.Column("aside", sa.String(length=20), nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("amount > 0", name="ck_case_event_amount_positive"),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_case_event_actor_id"),
        sa.ForeignKeyConstraint(["assignee_id"], ["user_account.id"], name="fk_case_event_assignee_id"),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_case_event_loan_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_case_event_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        sa.UniqueConstraint("uuid", name="uq_case_event_uuid"),
    )
    op.create_index("ix_case_event_loan_id_on_day", "case_event", ["loan_id", "on_day"])
    op.create_index("ix_case_event_promise_on", "case_event", ["promise_on"])
    op.create_index("ix_case_event_assignee_id", "case_event", ["assignee_id"])
    op.create_table(
        "broken_promise",
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("promise_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("loan_id", "promise_on", name="pk_broken_promise"),
    )
    op.create_index("ix_broken_promise_as_of", "broken_promise", ["as_of"])
    op.create_index("ix_meeting_line_promise_on", "meeting_line", ["promise_on"], sqlite_where=PROMISED, postgresql_where=PROMISED)
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for table, keys in FACTS.items():
        guard(table, keys)


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


def _guard_postgresql(table: str, _keys: tuple[tuple[str, ...], ...]) -> None:
    for name, when, each in (("no_change", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_meeting_line_promise_on", table_name="meeting_line")
    op.drop_table("broken_promise")
    op.drop_table("case_event")
