"""How many records a phone said were still waiting on it; and records found by the day on which they were held."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column beside when the phone was last seen, and an index."""
    op.add_column("sign_in", sa.Column("unsent", sa.Integer(), nullable=True))
    op.create_index("ix_meeting_record_unit_id_held_on", "meeting_record", ["unit_id", "held_on"])


def downgrade() -> None:
    """Without them."""
    op.drop_index("ix_meeting_record_unit_id_held_on", table_name="meeting_record")
    op.drop_column("sign_in", "unsent")
