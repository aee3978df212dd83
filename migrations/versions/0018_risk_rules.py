"""The rules of risk as data: quality classes, their tolerances, and provision rates, each version from its day on."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The table and its guards; the start of the programme puts the shipped versions in."""
    op.create_table(
        "risk_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_risk_rule_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_risk_rule"),
        sa.UniqueConstraint("code", "valid_from", name="uq_risk_rule_code_valid_from"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER risk_rule_no_{verb.lower()} BEFORE {verb} ON risk_rule "
                "BEGIN SELECT RAISE(ABORT, 'risk_rule takes new rows only'); END"
            )
        op.execute(
            "CREATE TRIGGER risk_rule_no_replace BEFORE INSERT ON risk_rule "
            "WHEN EXISTS (SELECT 1 FROM risk_rule WHERE (id = NEW.id) OR (code = NEW.code AND valid_from = NEW.valid_from)) "
            "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: risk_rule'); END"
        )
        return
    for name, when, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER risk_rule_no_{name} BEFORE {when} ON risk_rule FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        op.execute(f"ALTER TABLE risk_rule ENABLE ALWAYS TRIGGER risk_rule_no_{name}")


def downgrade() -> None:
    """Without it; the shipped rules hold."""
    op.drop_table("risk_rule")
