"""Every loan's outstanding principal from its own legs in the books."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The sum of what was lent and what came back."""
    op.execute(
        "UPDATE loan SET outstanding_principal = (SELECT coalesce(sum(amount), 0) FROM posting"
        " WHERE posting.loan_id = loan.id AND posting.account = 'loan_principal') WHERE disbursed_on IS NOT NULL"
    )


def downgrade() -> None:
    """Nothing to take back: the column goes with the revision before."""
