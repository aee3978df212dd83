"""A loan knows the day on which it ended before all of it was paid. The column is only added: no rebuilt table, no lost guard."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ENDED = sa.text("ended_on IS NOT NULL")


def upgrade() -> None:
    """The column, and an index of the few loans that have it."""
    op.add_column("loan", sa.Column("ended_on", sa.Date(), nullable=True))
    op.create_index("ix_loan_ended_on", "loan", ["ended_on"], sqlite_where=ENDED, postgresql_where=ENDED)


def downgrade() -> None:
    """Without them. Loans that ended keep their state and their steps."""
    op.drop_index("ix_loan_ended_on", table_name="loan")
    op.drop_column("loan", "ended_on")
