"""The trace tells from which address an act came, and by which request. Columns are only added, so the guards of the table stand."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; rows written before do not know them."""
    op.add_column("audit_event", sa.Column("came_from", sa.String(length=45), nullable=True))
    op.add_column("audit_event", sa.Column("request", sa.String(length=16), nullable=True))


def downgrade() -> None:
    """Take both away."""
    op.drop_column("audit_event", "request")
    op.drop_column("audit_event", "came_from")
