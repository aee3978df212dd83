"""One woman's line of a record can be undone by itself. A new table only, guarded like every fact."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The table, then its guards."""
    op.create_table(
        "line_undo",
        sa.Column("record_uuid", sa.String(length=36), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_line_undo_actor_id"),
        sa.ForeignKeyConstraint(
            ["record_uuid", "member_id"], ["meeting_line.record_uuid", "meeting_line.member_id"], name="fk_line_undo_record_uuid_member_id"
        ),
        sa.PrimaryKeyConstraint("record_uuid", "member_id", name="pk_line_undo"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER line_undo_no_{verb.lower()} BEFORE {verb} ON line_undo "
                "BEGIN SELECT RAISE(ABORT, 'line_undo takes new rows only'); END"
            )
        op.execute(
            "CREATE TRIGGER line_undo_no_replace BEFORE INSERT ON line_undo WHEN EXISTS "
            "(SELECT 1 FROM line_undo WHERE record_uuid = NEW.record_uuid AND member_id = NEW.member_id) "
            "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: line_undo'); END"
        )
    else:
        for name, when, each in (("no_change", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
            op.execute(f"CREATE TRIGGER line_undo_{name} BEFORE {when} ON line_undo FOR EACH {each} EXECUTE FUNCTION facts_stay()")
            op.execute(f"ALTER TABLE line_undo ENABLE ALWAYS TRIGGER line_undo_{name}")


def downgrade() -> None:
    """Without it. Its reversing entries stay in the journal; the older programme does not know of which lines they are."""
    op.drop_table("line_undo")
