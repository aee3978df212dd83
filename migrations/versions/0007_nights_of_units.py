"""A night is closed for each unit in its own zone; a spell of lateness is a case, which opens and closes once.

Nights closed for the whole house become nights of each unit that had lent by then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("closed_on IS NULL")

TO_UNITS = """
INSERT INTO job_run (job, for_date, worker, lease_until, started_at, finished_at, unit_id)
SELECT 'night:' || unit.code, for_date, worker, lease_until, started_at, finished_at, unit.id FROM job_run, unit
WHERE job = 'night' AND EXISTS (
  SELECT 1 FROM loan JOIN borrower_group ON borrower_group.id = loan.group_id
  WHERE borrower_group.unit_id = unit.id AND loan.disbursed_on <= job_run.for_date)
"""

TO_THE_HOUSE = """
INSERT INTO job_run (job, for_date, worker, lease_until, started_at, finished_at)
SELECT 'night', for_date, min(worker), max(lease_until), min(started_at), max(finished_at) FROM job_run
WHERE unit_id IS NOT NULL AND finished_at IS NOT NULL GROUP BY for_date
"""

SQLITE_GUARDS = (
    """
CREATE TRIGGER arrears_case_closes_once BEFORE UPDATE ON arrears_case
WHEN OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL OR NEW.loan_id <> OLD.loan_id OR NEW.opened_on <> OLD.opened_on
BEGIN SELECT RAISE(ABORT, 'a case only closes, and once'); END
""",
    "CREATE TRIGGER arrears_case_no_delete BEFORE DELETE ON arrears_case BEGIN SELECT RAISE(ABORT, 'a case only closes, and once'); END",
    """
CREATE TRIGGER arrears_case_no_replace BEFORE INSERT ON arrears_case
WHEN EXISTS (SELECT 1 FROM arrears_case WHERE loan_id = NEW.loan_id AND (opened_on = NEW.opened_on OR closed_on IS NULL))
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: arrears_case'); END
""",
)

POSTGRESQL_GUARDS = (
    """
CREATE FUNCTION case_closes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL AND NEW.loan_id = OLD.loan_id AND NEW.opened_on = OLD.opened_on THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a case only closes, and once' USING ERRCODE = 'restrict_violation';
END $$
""",
    "CREATE TRIGGER arrears_case_closes_once BEFORE UPDATE OR DELETE ON arrears_case FOR EACH ROW EXECUTE FUNCTION case_closes_once()",
    "CREATE TRIGGER arrears_case_no_truncate BEFORE TRUNCATE ON arrears_case FOR EACH STATEMENT EXECUTE FUNCTION facts_stay()",
    "ALTER TABLE arrears_case ENABLE ALWAYS TRIGGER arrears_case_closes_once",
    "ALTER TABLE arrears_case ENABLE ALWAYS TRIGGER arrears_case_no_truncate",
)


def upgrade() -> None:
    """Columns are only added, so the guards of history stand."""
    op.add_column("portfolio_day", sa.Column("late_loans", sa.Integer(), nullable=True))
    op.add_column("job_run", sa.Column("unit_id", ID, nullable=True))
    op.create_index("ix_job_run_unit_id_for_date", "job_run", ["unit_id", "for_date"])
    op.execute(TO_UNITS)
    op.execute("DELETE FROM job_run WHERE job = 'night'")
    op.create_table(
        "arrears_case",
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("loan_id", "opened_on", name="pk_arrears_case"),
    )
    op.create_index("ix_arrears_case_open", "arrears_case", ["loan_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_arrears_case_opened_on", "arrears_case", ["opened_on"])
    op.create_index("ix_arrears_case_closed_on", "arrears_case", ["closed_on"])
    for guard in SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    """As it was: a night of the house where a unit closed one."""
    op.drop_table("arrears_case")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION case_closes_once()")
    op.execute(TO_THE_HOUSE)
    op.execute("DELETE FROM job_run WHERE unit_id IS NOT NULL OR job <> 'night'")
    op.drop_index("ix_job_run_unit_id_for_date", table_name="job_run")
    op.drop_column("job_run", "unit_id")
    op.drop_column("portfolio_day", "late_loans")
