"""Loans know their outstanding principal, so that a portfolio is a walk along an index; the night's history only grows at its end.

A second index on history would be written at a random place for every late loan of every night, and nobody asks by it; nor is its loan
looked up again for every row that is made from it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

HISTORY = {
    "arrears_snapshot": (("as_of", "loan_id"), ("loan_id",), {"loan_id": "loan"}),
    "portfolio_day": (("as_of", "group_id"), ("group_id",), {"group_id": "borrower_group", "officer_id": "user_account"}),
}
"""The night's tables: their keys, the column of the index that goes, and what their rows referred to."""


def upgrade() -> None:
    """The column with its index, a wider one of due dates; history without references."""
    op.add_column("loan", sa.Column("outstanding_principal", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_loan_outstanding", "loan", ["group_id", "outstanding_principal"], sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.drop_index("ix_loan_next_due", table_name="loan")
    op.create_index("ix_loan_next_due", "loan", ["next_due", "group_id", "outstanding_principal"])
    op.drop_index("ix_meeting_planned_on", table_name="meeting")
    op.create_index("ix_meeting_group_id_planned_on", "meeting", ["group_id", "planned_on"])
    for table, (_, indexed, references) in HISTORY.items():
        op.drop_index(f"ix_{table}_{indexed[0]}", table_name=table)
        if op.get_bind().dialect.name == "sqlite":
            _rebuild(table, {})
        else:
            for column in references:
                op.drop_constraint(f"fk_{table}_{column}", table)


def downgrade() -> None:
    """As it was."""
    for table, (_, indexed, references) in HISTORY.items():
        if op.get_bind().dialect.name == "sqlite":
            _rebuild(table, references)
        else:
            for column, target in references.items():
                op.create_foreign_key(f"fk_{table}_{column}", table, target, [column], ["id"])
        op.create_index(f"ix_{table}_{indexed[0]}", table, [indexed[0], "as_of"])
    op.drop_index("ix_meeting_group_id_planned_on", table_name="meeting")
    op.create_index("ix_meeting_planned_on", "meeting", ["planned_on", "group_id"])
    op.drop_index("ix_loan_next_due", table_name="loan")
    op.create_index("ix_loan_next_due", "loan", ["next_due"])
    op.drop_index("ix_loan_outstanding", table_name="loan")
    op.drop_column("loan", "outstanding_principal")


def _columns(table: str) -> "list[sa.Column[Any]]":
    amounts = {
        "arrears_snapshot": ("overdue", "outstanding_principal"),
        "portfolio_day": ("outstanding_principal", "par_0", "par_7", "par_30", "par_60", "par_90"),
    }
    own: dict[str, list[sa.Column[Any]]] = {
        "arrears_snapshot": [
            sa.Column("loan_id", ID, nullable=False),
            sa.Column("days_late", sa.Integer(), nullable=False),
            sa.Column("quality", sa.String(length=20), nullable=False),
        ],
        "portfolio_day": [
            sa.Column("group_id", ID, nullable=False),
            sa.Column("officer_id", ID, nullable=True),
            sa.Column("loans", sa.Integer(), nullable=False),
        ],
    }
    money: list[sa.Column[Any]] = [sa.Column(name, sa.BigInteger(), nullable=False) for name in amounts[table]]
    return [sa.Column("as_of", sa.Date(), nullable=False), *own[table], *money]


def _rebuild(table: str, references: dict[str, str]) -> None:
    """SQLite changes a table's references only by making it anew, its guards too."""
    key, *_ = HISTORY[table]
    guards = op.get_bind().execute(sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"), {"name": table})
    texts = [str(sql) for (sql,) in guards]
    op.create_table(
        f"{table}_anew",
        *_columns(table),
        *(sa.ForeignKeyConstraint([name], [f"{target}.id"], name=f"fk_{table}_{name}") for name, target in references.items()),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
    )
    op.execute(f"INSERT INTO {table}_anew SELECT * FROM {table}")
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
    for text in texts:
        op.execute(sa.text(text.replace(":", "\\:")))
