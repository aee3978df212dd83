"""A code that lets somebody choose a new password once, when hers is lost."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Its hash, and until when it holds."""
    op.add_column("user_account", sa.Column("code_hash", sa.String(200), nullable=True))
    op.add_column("user_account", sa.Column("code_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Without it."""
    op.drop_column("user_account", "code_until")
    op.drop_column("user_account", "code_hash")
