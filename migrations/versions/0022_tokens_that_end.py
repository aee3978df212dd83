"""A program's token says what it may, ends on a day, and shows when it was used last.

Those that were given out before may write, until they are revoked.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three columns."""
    op.add_column("api_token", sa.Column("scope", sa.String(20), server_default="write", nullable=False))
    op.add_column("api_token", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column("api_token", sa.Column("used_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Without them; a token that could only read is revoked, for nothing would hold it back any more."""
    op.execute(
        "UPDATE api_token SET revoked_at = CURRENT_TIMESTAMP WHERE revoked_at IS NULL AND (scope <> 'write' OR expires_on IS NOT NULL)"
    )
    for name in ("used_on", "expires_on", "scope"):
        op.drop_column("api_token", name)
