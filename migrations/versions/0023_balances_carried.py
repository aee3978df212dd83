"""What every account had come to at the end of a closed day, so that what lies before it is added up once and never again."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ACCOUNTS = (
    "officer_cash", "vault_cash", "bank", "head_office", "loan_principal", "margin_income", "savings", "upj", "over_short", "write_off",
    "recovery", "rebate", "death_claim", "opening",
)  # fmt: skip

CARRY = f"""
INSERT INTO day_balance (unit_id, on_day, account, debit, credit)
SELECT closed.unit_id, closed.on_day, chart.account,
       coalesce(sum(CASE WHEN leg.amount > 0 THEN leg.amount END), 0), coalesce(sum(CASE WHEN leg.amount < 0 THEN -leg.amount END), 0)
FROM (SELECT unit_id, max(on_day) AS on_day FROM day_close GROUP BY unit_id) AS closed
CROSS JOIN ({" UNION ALL ".join(f"SELECT '{account}' AS account" for account in ACCOUNTS)}) AS chart
LEFT JOIN (SELECT e.unit_id, e.on_day, p.account, p.amount FROM entry AS e JOIN posting AS p ON p.entry_id = e.id) AS leg
       ON leg.unit_id = closed.unit_id AND leg.on_day <= closed.on_day AND leg.account = chart.account
GROUP BY closed.unit_id, closed.on_day, chart.account
"""
"""The newest closed day of each unit begins it."""


def upgrade() -> None:
    """The table, what the newest closed days had come to, and the guards."""
    op.create_table(
        "day_balance",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id", "on_day"], ["day_close.unit_id", "day_close.on_day"], name="fk_day_balance_unit_id_on_day"),
        sa.PrimaryKeyConstraint("unit_id", "on_day", "account", name="pk_day_balance"),
    )
    op.execute(CARRY)
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER day_balance_no_{verb.lower()} BEFORE {verb} ON day_balance "
                "BEGIN SELECT RAISE(ABORT, 'day_balance takes new rows only'); END"
            )
        op.execute(
            "CREATE TRIGGER day_balance_no_replace BEFORE INSERT ON day_balance "
            "WHEN EXISTS (SELECT 1 FROM day_balance WHERE unit_id = NEW.unit_id AND on_day = NEW.on_day AND account = NEW.account) "
            "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: day_balance'); END"
        )
        return
    for name, when, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER day_balance_no_{name} BEFORE {when} ON day_balance FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        op.execute(f"ALTER TABLE day_balance ENABLE ALWAYS TRIGGER day_balance_no_{name}")


def downgrade() -> None:
    """Without it; everything is added up from the beginning."""
    op.drop_table("day_balance")
