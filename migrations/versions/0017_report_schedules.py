"""Reports that go out by themselves after a night, to a folder or by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The table of schedules. They are no facts: they are changed and stopped, and the trace tells by whom."""
    op.create_table(
        "report_schedule",
        sa.Column("id", ID, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("reports", sa.JSON(), nullable=False),
        sa.Column("every", sa.String(length=20), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("to_folder", sa.Boolean(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name="fk_report_schedule_owner_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_report_schedule_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_schedule"),
        sa.UniqueConstraint("uuid", name="uq_report_schedule_uuid"),
    )
    op.create_index("ix_report_schedule_unit_id", "report_schedule", ["unit_id"])


def downgrade() -> None:
    """Without it, and without what was sent by it."""
    op.execute("DELETE FROM job_run WHERE job LIKE 'report:%'")
    op.drop_index("ix_report_schedule_unit_id", table_name="report_schedule")
    op.drop_table("report_schedule")
