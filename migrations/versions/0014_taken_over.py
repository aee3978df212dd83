"""What is brought in from a workbook, and long work: when a loan and a woman were taken over, her meetings of before, and jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two columns, a table of facts with its guards, and one of work."""
    op.add_column("loan", sa.Column("lent_before_on", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("imported_on", sa.Date(), nullable=True))
    op.create_table(
        "former_meeting",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attendance", sa.String(length=20), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("savings", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_former_meeting_member_id"),
        sa.PrimaryKeyConstraint("member_id", "held_on", name="pk_former_meeting"),
    )
    op.create_table(
        "job",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_job_unit_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_job_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("uuid", name="uq_job_uuid"),
    )
    op.create_index("ix_job_unit_id", "job", ["unit_id"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER former_meeting_no_{verb.lower()} BEFORE {verb} ON former_meeting "
            "BEGIN SELECT RAISE(ABORT, 'former_meeting takes new rows only'); END"
        )
    op.execute(
        "CREATE TRIGGER former_meeting_no_replace BEFORE INSERT ON former_meeting WHEN EXISTS (SELECT 1 FROM former_meeting "
        "WHERE (member_id = NEW.member_id AND held_on = NEW.held_on)) "
        "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: former_meeting'); END"
    )


def _guard_postgresql() -> None:
    for name, when, each in (("no_change", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER former_meeting_{name} BEFORE {when} ON former_meeting FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        op.execute(f"ALTER TABLE former_meeting ENABLE ALWAYS TRIGGER former_meeting_{name}")


def downgrade() -> None:
    """Without them; a loan that was taken over keeps its opening entry."""
    op.drop_index("ix_job_unit_id", table_name="job")
    op.drop_table("job")
    op.drop_table("former_meeting")
    op.drop_column("member", "imported_on")
    op.drop_column("loan", "lent_before_on")
