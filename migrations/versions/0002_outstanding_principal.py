"""Loans know their outstanding principal, so that a portfolio is a sum over an index; the night's history only grows at its end.

A second index on history would be written at a random place for every late loan of every night, and nobody asks by it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """The column with its index; two indexes less."""
    op.add_column("loan", sa.Column("outstanding_principal", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_loan_outstanding", "loan", ["group_id", "outstanding_principal"], sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.drop_index("ix_arrears_snapshot_loan_id", table_name="arrears_snapshot")
    op.drop_index("ix_portfolio_day_group_id", table_name="portfolio_day")


def downgrade() -> None:
    """As it was."""
    op.create_index("ix_portfolio_day_group_id", "portfolio_day", ["group_id", "as_of"])
    op.create_index("ix_arrears_snapshot_loan_id", "arrears_snapshot", ["loan_id", "as_of"])
    op.drop_index("ix_loan_outstanding", table_name="loan")
    op.drop_column("loan", "outstanding_principal")
