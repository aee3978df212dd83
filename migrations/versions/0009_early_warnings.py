"""How each unit watches for the signs that come before arrears. Rules are kept as they were changed, so their table takes new rows only."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The table and its guards."""
    op.create_table(
        "warning_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("sign", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_warning_rule_actor_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_warning_rule_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_warning_rule"),
    )
    op.create_index("ix_warning_rule_unit_id_sign", "warning_rule", ["unit_id", "sign"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER warning_rule_no_{verb.lower()} BEFORE {verb} ON warning_rule "
                "BEGIN SELECT RAISE(ABORT, 'warning_rule takes new rows only'); END"
            )
        op.execute(
            "CREATE TRIGGER warning_rule_no_replace BEFORE INSERT ON warning_rule "
            "WHEN EXISTS (SELECT 1 FROM warning_rule WHERE (id = NEW.id)) "
            "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: warning_rule'); END"
        )
        return
    for name, when, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER warning_rule_no_{name} BEFORE {when} ON warning_rule FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        op.execute(f"ALTER TABLE warning_rule ENABLE ALWAYS TRIGGER warning_rule_no_{name}")


def downgrade() -> None:
    """Without it; every unit watches as usual."""
    op.drop_index("ix_warning_rule_unit_id_sign", table_name="warning_rule")
    op.drop_table("warning_rule")
