"""A unit's entries found by the moment at which they arrived: what came after its night, and counts from a day before it."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index."""
    op.create_index("ix_entry_unit_id_recorded_at", "entry", ["unit_id", "recorded_at"])


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_entry_unit_id_recorded_at", table_name="entry")
