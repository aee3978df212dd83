"""A session that was ended on purpose says why, so that the phone that held it takes the names away."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column for the reason."""
    op.add_column("sign_in", sa.Column("ended", sa.String(20), nullable=True))


def downgrade() -> None:
    """Without it."""
    op.drop_column("sign_in", "ended")
