"""The first tables: people, groups, members, loans, the journal, meetings, visits, arrears, and the guards of what may only be added.

An entry's id is a deferred foreign key to its seal, and only the seal's trigger lets a balanced entry in; so no path can commit half an
entry. Tables of facts refuse UPDATE and DELETE, and on SQLite also the INSERT OR REPLACE that would delete without a trigger.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

APPEND_ONLY = {
    "entry": (("id",), ("reversal_of_id",)),
    "posting": (("entry_id", "n"),),
    "entry_seal": (("entry_id",),),
    "sent_once": (("uuid",),),
    "meeting_record": (("uuid",), ("meeting_id", "attempt"), ("unit_id", "year", "number")),
    "meeting_line": (("record_uuid", "member_id"),),
    "renteng": (("record_uuid", "debtor_id", "coverer_id"),),
    "record_undo": (("record_uuid",),),
    "receipt_print": (("id",),),
    "loan_event": (("id",),),
    "consent": (("id",),),
    "eligibility": (("id",),),
    "training_day": (("member_id", "on_day"),),
    "calendar_move": (("id",), ("undoes_id",)),
    "meeting_move": (("move_id", "meeting_id"),),
    "visit": (("uuid",),),
    "visit_member": (("visit_uuid", "member_id"),),
    "visit_action": (("id",),),
    "action_outcome": (("action_id", "visit_uuid"),),
    "audit_event": (("id",),),
    "arrears_snapshot": (("as_of", "loan_id"),),
    "portfolio_day": (("as_of", "group_id"),),
}
"""Tables of facts, with the keys that a replacing insert could hit."""

SQLITE_SEAL = """
CREATE TRIGGER entry_seal_balanced BEFORE INSERT ON entry_seal BEGIN
  SELECT RAISE(ABORT, 'an entry needs two legs or more that sum to zero')
    WHERE (SELECT count(*) < 2 OR sum(amount) <> 0 FROM posting WHERE entry_id = NEW.entry_id);
  SELECT RAISE(ABORT, 'the debits differ from the control total')
    WHERE (SELECT sum(amount) FROM posting WHERE entry_id = NEW.entry_id AND amount > 0)
       IS NOT (SELECT control_total FROM entry WHERE id = NEW.entry_id);
  SELECT RAISE(ABORT, 'a reversal is not the mirror of its entry')
    WHERE EXISTS (
      SELECT 1 FROM entry e JOIN posting p ON p.entry_id IN (e.id, e.reversal_of_id)
      WHERE e.id = NEW.entry_id AND e.reversal_of_id IS NOT NULL
      GROUP BY CASE WHEN p.account IN ('officer_cash', 'vault_cash') THEN 'cash' ELSE p.account END, p.loan_id, p.member_id
      HAVING sum(p.amount) <> 0);
  SELECT RAISE(ABORT, 'a reversal is not reversed')
    WHERE EXISTS (
      SELECT 1 FROM entry e JOIN entry r ON r.id = e.reversal_of_id WHERE e.id = NEW.entry_id AND r.reversal_of_id IS NOT NULL);
END
"""

SQLITE_LEG = """
CREATE TRIGGER posting_unsealed BEFORE INSERT ON posting BEGIN
  SELECT RAISE(ABORT, 'a sealed entry takes no more legs')
    WHERE EXISTS (SELECT 1 FROM entry_seal WHERE entry_id = NEW.entry_id);
  SELECT RAISE(ABORT, 'an amount is whole rupiah') WHERE typeof(NEW.amount) <> 'integer';
END
"""

POSTGRESQL_FUNCTIONS = (
    """
CREATE FUNCTION facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% takes new rows only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
""",
    """
CREATE FUNCTION entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE legs bigint; total numeric; debits numeric; head entry%ROWTYPE;
BEGIN
  SELECT * INTO head FROM entry WHERE id = NEW.entry_id;
  SELECT count(*), sum(amount), sum(amount) FILTER (WHERE amount > 0) INTO legs, total, debits FROM posting WHERE entry_id = NEW.entry_id;
  IF legs < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'an entry needs two legs or more that sum to zero' USING ERRCODE = 'check_violation';
  END IF;
  IF debits IS DISTINCT FROM head.control_total THEN
    RAISE EXCEPTION 'the debits differ from the control total' USING ERRCODE = 'check_violation';
  END IF;
  IF head.reversal_of_id IS NOT NULL THEN
    IF EXISTS (SELECT 1 FROM posting p WHERE p.entry_id IN (head.id, head.reversal_of_id)
               GROUP BY CASE WHEN p.account IN ('officer_cash', 'vault_cash') THEN 'cash' ELSE p.account END, p.loan_id, p.member_id
               HAVING sum(p.amount) <> 0) THEN
      RAISE EXCEPTION 'a reversal is not the mirror of its entry' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM entry r WHERE r.id = head.reversal_of_id AND r.reversal_of_id IS NOT NULL) THEN
      RAISE EXCEPTION 'a reversal is not reversed' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE FUNCTION entry_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM entry_seal WHERE entry_id = NEW.entry_id) THEN
    RAISE EXCEPTION 'a sealed entry takes no more legs' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
""",
)


def upgrade() -> None:
    """Make every table and index, then the guards."""
    op.create_table(
        "entry_seal",
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_entry_seal"),
    )
    op.create_table(
        "holiday",
        sa.Column("id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_holiday"),
        sa.UniqueConstraint("on_day", name="uq_holiday_on_day"),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(length=20), nullable=False),
        sa.Column("for_date", sa.Date(), nullable=False),
        sa.Column("worker", sa.String(length=60), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("job", "for_date", name="pk_job_run"),
    )
    op.create_table(
        "product",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("akad", sa.String(length=20), nullable=False),
        sa.Column("min_principal", sa.BigInteger(), nullable=False),
        sa.Column("max_principal", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("margin_bp", sa.Integer(), nullable=False),
        sa.Column("year_weeks", sa.Integer(), nullable=False),
        sa.Column("coin", sa.BigInteger(), nullable=False),
        sa.Column("upj_bp", sa.Integer(), nullable=False),
        sa.Column("payment_order", sa.String(length=20), nullable=False),
        sa.Column("by_cycle", sa.JSON(), nullable=False),
        sa.Column("block_days_late", sa.Integer(), nullable=True),
        sa.Column("needs_recognition", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.UniqueConstraint("code", "valid_from", name="uq_product_code_valid_from"),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("parent", sa.String(length=13), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_region"),
    )
    op.create_index("ix_region_parent", "region", ["parent"])
    op.create_table(
        "unit",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("regime", sa.String(length=20), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", name="uq_unit_code"),
    )
    op.create_table(
        "wrong_password",
        sa.Column("id", ID, nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wrong_password"),
    )
    op.create_index("ix_wrong_password_username_at", "wrong_password", ["username", "at"])
    op.create_table(
        "borrower_group",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kelurahan", sa.String(length=13), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("time", sa.String(length=5), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["kelurahan"], ["region.code"], name="fk_borrower_group_kelurahan"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_borrower_group_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_borrower_group"),
        sa.UniqueConstraint("code", name="uq_borrower_group_code"),
    )
    op.create_index("ix_borrower_group_unit_id", "borrower_group", ["unit_id"])
    op.create_table(
        "member",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("nik_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("nik_index", sa.String(length=64), nullable=False),
        sa.Column("nik_last4", sa.String(length=4), nullable=False),
        sa.Column("kk_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kk_index", sa.String(length=64), nullable=True),
        sa.Column("kk_last4", sa.String(length=4), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("rt", sa.String(length=3), nullable=False),
        sa.Column("rw", sa.String(length=3), nullable=False),
        sa.Column("kelurahan", sa.String(length=13), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["kelurahan"], ["region.code"], name="fk_member_kelurahan"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_member_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("nik_index", name="uq_member_nik_index"),
        sa.UniqueConstraint("number", name="uq_member_number"),
    )
    op.create_index("ix_member_kk_index", "member", ["kk_index"])
    op.create_index("ix_member_unit_id", "member", ["unit_id"])
    op.create_table(
        "unit_area",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("kelurahan", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["kelurahan"], ["region.code"], name="fk_unit_area_kelurahan"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_area_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "kelurahan", name="pk_unit_area"),
    )
    op.create_table(
        "leadership",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_leadership_group_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_leadership_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_leadership"),
    )
    op.create_index("ix_leadership_group_id", "leadership", ["group_id"])
    op.create_table(
        "meeting",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("original_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_meeting_group_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.UniqueConstraint("group_id", "seq", name="uq_meeting_group_id_seq"),
    )
    op.create_index("ix_meeting_planned_on", "meeting", ["planned_on", "group_id"])
    op.create_table(
        "membership",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("sub_group", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_membership_group_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_membership_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
    )
    op.create_index("ix_membership_group_id", "membership", ["group_id"])
    op.create_index("ix_membership_member_id", "membership", ["member_id"])
    op.create_table(
        "user_account",
        sa.Column("id", ID, nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_user_account_member_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_user_account_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("username", name="uq_user_account_username"),
    )
    op.create_index("ix_user_account_unit_id", "user_account", ["unit_id"])
    op.create_table(
        "api_token",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_api_token_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    op.create_index("ix_api_token_user_id", "api_token", ["user_id"])
    op.create_table(
        "assignment",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("duty", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_assignment_group_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_assignment_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
    )
    op.create_index("ix_assignment_group_id_duty", "assignment", ["group_id", "duty"])
    op.create_index("ix_assignment_user_id", "assignment", ["user_id"])
    op.create_table(
        "audit_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_audit_event_actor_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_audit_event_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_row", "audit_event", ["row"])
    op.create_index("ix_audit_event_unit_id_id", "audit_event", ["unit_id", "id"])
    op.create_table(
        "calendar_move",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("undoes_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_calendar_move_actor_id"),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_calendar_move_group_id"),
        sa.ForeignKeyConstraint(["undoes_id"], ["calendar_move.id"], name="fk_calendar_move_undoes_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_move"),
        sa.UniqueConstraint("undoes_id", name="uq_calendar_move_undoes_id"),
    )
    op.create_table(
        "consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_consent_actor_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_consent_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_member_id", "consent", ["member_id"])
    op.create_table(
        "eligibility",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("household_size", sa.Integer(), nullable=False),
        sa.Column("income_per_month", sa.BigInteger(), nullable=False),
        sa.Column("house_index", sa.Integer(), nullable=False),
        sa.Column("other_debt_weekly", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("contradicts_rule", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_eligibility_actor_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_eligibility_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_eligibility"),
    )
    op.create_index("ix_eligibility_member_id", "eligibility", ["member_id"])
    op.create_table(
        "known_browser",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_known_browser_user_id"),
        sa.PrimaryKeyConstraint("token_hash", "user_id", name="pk_known_browser"),
    )
    op.create_table(
        "loan",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("maker_id", ID, nullable=False),
        sa.Column("verifier_id", ID, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("margin", sa.BigInteger(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("instalment", sa.BigInteger(), nullable=False),
        sa.Column("payment_order", sa.String(length=20), nullable=False),
        sa.Column("upj", sa.BigInteger(), nullable=False),
        sa.Column("disbursed_on", sa.Date(), nullable=True),
        sa.Column("first_seq", sa.Integer(), nullable=True),
        sa.Column("total_paid", sa.BigInteger(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.CheckConstraint("principal > 0 AND margin >= 0 AND instalment > 0 AND count > 0", name="ck_loan_terms_positive"),
        sa.CheckConstraint("total_paid >= 0 AND total_paid <= principal + margin", name="ck_loan_paid_within_total"),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_loan_group_id"),
        sa.ForeignKeyConstraint(["maker_id"], ["user_account.id"], name="fk_loan_maker_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_loan_member_id"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_loan_product_id"),
        sa.ForeignKeyConstraint(["verifier_id"], ["user_account.id"], name="fk_loan_verifier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_loan"),
    )
    op.create_index("ix_loan_group_id", "loan", ["group_id"])
    op.create_index("ix_loan_member_id", "loan", ["member_id"])
    op.create_index("ix_loan_next_due", "loan", ["next_due"])
    op.create_table(
        "meeting_record",
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("cash_counted", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.CheckConstraint("total >= 0 AND cash_counted >= 0", name="ck_meeting_record_sums_not_negative"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_record_meeting_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["user_account.id"], name="fk_meeting_record_officer_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_meeting_record_unit_id"),
        sa.PrimaryKeyConstraint("uuid", name="pk_meeting_record"),
        sa.UniqueConstraint("meeting_id", "attempt", name="uq_meeting_record_meeting_id_attempt"),
        sa.UniqueConstraint("unit_id", "year", "number", name="uq_meeting_record_unit_id_year_number"),
    )
    op.create_table(
        "portfolio_day",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("loans", sa.Integer(), nullable=False),
        sa.Column("outstanding_principal", sa.BigInteger(), nullable=False),
        sa.Column("par_0", sa.BigInteger(), nullable=False),
        sa.Column("par_7", sa.BigInteger(), nullable=False),
        sa.Column("par_30", sa.BigInteger(), nullable=False),
        sa.Column("par_60", sa.BigInteger(), nullable=False),
        sa.Column("par_90", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_portfolio_day_group_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["user_account.id"], name="fk_portfolio_day_officer_id"),
        sa.PrimaryKeyConstraint("as_of", "group_id", name="pk_portfolio_day"),
    )
    op.create_index("ix_portfolio_day_group_id", "portfolio_day", ["group_id", "as_of"])
    op.create_table(
        "sent_once",
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_sent_once_actor_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_sent_once_unit_id"),
        sa.PrimaryKeyConstraint("uuid", name="pk_sent_once"),
    )
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("signed_in_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_sign_in_user_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_user_id", "sign_in", ["user_id"])
    op.create_table(
        "training_day",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_training_day_actor_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_training_day_member_id"),
        sa.PrimaryKeyConstraint("member_id", "on_day", name="pk_training_day"),
    )
    op.create_table(
        "visit",
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("trigger", sa.String(length=20), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("findings", sa.String(length=2000), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name="fk_visit_author_id"),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_visit_group_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_visit_unit_id"),
        sa.PrimaryKeyConstraint("uuid", name="pk_visit"),
    )
    op.create_index("ix_visit_group_id_on_day", "visit", ["group_id", "on_day"])
    op.create_index("ix_visit_unit_id_on_day", "visit", ["unit_id", "on_day"])
    op.create_table(
        "arrears_snapshot",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.Column("overdue", sa.BigInteger(), nullable=False),
        sa.Column("outstanding_principal", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_arrears_snapshot_loan_id"),
        sa.PrimaryKeyConstraint("as_of", "loan_id", name="pk_arrears_snapshot"),
    )
    op.create_index("ix_arrears_snapshot_loan_id", "arrears_snapshot", ["loan_id", "as_of"])
    op.create_table(
        "check_code",
        sa.Column("id", ID, nullable=False),
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_check_code_loan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_check_code"),
        sa.UniqueConstraint("code", name="uq_check_code_code"),
    )
    op.create_index("ix_check_code_loan_id", "check_code", ["loan_id"])
    op.create_table(
        "entry",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("record_uuid", sa.String(length=36), nullable=True),
        sa.Column("reversal_of_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("control_total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("control_total > 0", name="ck_entry_control_positive"),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_entry_actor_id"),
        sa.ForeignKeyConstraint(["id"], ["entry_seal.entry_id"], name="fk_entry_id", initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["record_uuid"], ["meeting_record.uuid"], name="fk_entry_record_uuid"),
        sa.ForeignKeyConstraint(["reversal_of_id"], ["entry.id"], name="fk_entry_reversal_of_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_entry_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("reversal_of_id", name="uq_entry_reversal_of_id"),
    )
    op.create_index("ix_entry_happened_on", "entry", ["happened_on"])
    op.create_index("ix_entry_record_uuid", "entry", ["record_uuid"])
    op.create_index("ix_entry_unit_id_on_day", "entry", ["unit_id", "on_day"])
    op.create_table(
        "loan_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_loan_event_actor_id"),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_loan_event_loan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_loan_event"),
    )
    op.create_index("ix_loan_event_loan_id", "loan_event", ["loan_id"])
    op.create_table(
        "meeting_line",
        sa.Column("record_uuid", sa.String(length=36), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("attendance", sa.String(length=20), nullable=False),
        sa.Column("loan_id", ID, nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("savings", sa.BigInteger(), nullable=False),
        sa.Column("renteng", sa.BigInteger(), nullable=False),
        sa.Column("bulk", sa.Boolean(), nullable=False),
        sa.Column("short_reason", sa.String(length=20), nullable=True),
        sa.Column("promise_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_meeting_line_loan_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_meeting_line_member_id"),
        sa.ForeignKeyConstraint(["record_uuid"], ["meeting_record.uuid"], name="fk_meeting_line_record_uuid"),
        sa.PrimaryKeyConstraint("record_uuid", "member_id", name="pk_meeting_line"),
    )
    op.create_index("ix_meeting_line_loan_id", "meeting_line", ["loan_id"])
    op.create_index("ix_meeting_line_member_id", "meeting_line", ["member_id"])
    op.create_table(
        "meeting_move",
        sa.Column("move_id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason_before", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_meeting_move_meeting_id"),
        sa.ForeignKeyConstraint(["move_id"], ["calendar_move.id"], name="fk_meeting_move_move_id"),
        sa.PrimaryKeyConstraint("move_id", "meeting_id", name="pk_meeting_move"),
    )
    op.create_table(
        "receipt_print",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_uuid", sa.String(length=36), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_receipt_print_actor_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_receipt_print_member_id"),
        sa.ForeignKeyConstraint(["record_uuid"], ["meeting_record.uuid"], name="fk_receipt_print_record_uuid"),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_print"),
    )
    op.create_index("ix_receipt_print_record_uuid", "receipt_print", ["record_uuid"])
    op.create_table(
        "record_undo",
        sa.Column("record_uuid", sa.String(length=36), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_record_undo_actor_id"),
        sa.ForeignKeyConstraint(["record_uuid"], ["meeting_record.uuid"], name="fk_record_undo_record_uuid"),
        sa.PrimaryKeyConstraint("record_uuid", name="pk_record_undo"),
    )
    op.create_table(
        "renteng",
        sa.Column("record_uuid", sa.String(length=36), nullable=False),
        sa.Column("debtor_id", ID, nullable=False),
        sa.Column("coverer_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_renteng_amount_positive"),
        sa.CheckConstraint("debtor_id <> coverer_id", name="ck_renteng_two_women"),
        sa.ForeignKeyConstraint(["coverer_id"], ["member.id"], name="fk_renteng_coverer_id"),
        sa.ForeignKeyConstraint(["debtor_id"], ["member.id"], name="fk_renteng_debtor_id"),
        sa.ForeignKeyConstraint(["record_uuid"], ["meeting_record.uuid"], name="fk_renteng_record_uuid"),
        sa.PrimaryKeyConstraint("record_uuid", "debtor_id", "coverer_id", name="pk_renteng"),
    )
    op.create_table(
        "visit_action",
        sa.Column("id", ID, nullable=False),
        sa.Column("visit_uuid", sa.String(length=36), nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["borrower_group.id"], name="fk_visit_action_group_id"),
        sa.ForeignKeyConstraint(["visit_uuid"], ["visit.uuid"], name="fk_visit_action_visit_uuid"),
        sa.PrimaryKeyConstraint("id", name="pk_visit_action"),
    )
    op.create_index("ix_visit_action_group_id", "visit_action", ["group_id"])
    op.create_index("ix_visit_action_visit_uuid", "visit_action", ["visit_uuid"])
    op.create_table(
        "visit_member",
        sa.Column("visit_uuid", sa.String(length=36), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_visit_member_member_id"),
        sa.ForeignKeyConstraint(["visit_uuid"], ["visit.uuid"], name="fk_visit_member_visit_uuid"),
        sa.PrimaryKeyConstraint("visit_uuid", "member_id", name="pk_visit_member"),
    )
    op.create_index("ix_visit_member_member_id", "visit_member", ["member_id"])
    op.create_table(
        "action_outcome",
        sa.Column("action_id", ID, nullable=False),
        sa.Column("visit_uuid", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["visit_action.id"], name="fk_action_outcome_action_id"),
        sa.ForeignKeyConstraint(["visit_uuid"], ["visit.uuid"], name="fk_action_outcome_visit_uuid"),
        sa.PrimaryKeyConstraint("action_id", "visit_uuid", name="pk_action_outcome"),
    )
    op.create_table(
        "posting",
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("loan_id", ID, nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0 AND amount BETWEEN -100000000000 AND 100000000000", name="ck_posting_amount_sensible"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_posting_entry_id"),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name="fk_posting_loan_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_posting_member_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_posting_user_id"),
        sa.PrimaryKeyConstraint("entry_id", "n", name="pk_posting"),
    )
    op.create_index("ix_posting_account_user_id", "posting", ["account", "user_id"])
    op.create_index("ix_posting_loan_id", "posting", ["loan_id"])
    op.create_index("ix_posting_member_id", "posting", ["member_id"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table, keys in APPEND_ONLY.items():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} takes new rows only'); END"
            )
        taken = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "
            f"BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: {table}'); END"
        )
    op.execute(SQLITE_SEAL)
    op.execute(SQLITE_LEG)


def _guard_postgresql() -> None:
    for function in POSTGRESQL_FUNCTIONS:
        op.execute(function)
    guards = []
    for table in APPEND_ONLY:
        guards.append((table, f"{table}_no_change", "BEFORE UPDATE OR DELETE", "ROW", "facts_stay"))
        guards.append((table, f"{table}_no_truncate", "BEFORE TRUNCATE", "STATEMENT", "facts_stay"))
    guards.append(("entry_seal", "entry_seal_balanced", "BEFORE INSERT", "ROW", "entry_is_balanced"))
    guards.append(("posting", "posting_unsealed", "BEFORE INSERT", "ROW", "entry_is_open"))
    for table, name, when, each, function in guards:
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")
        # ALWAYS: a session in replica role must not slip past.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    """Take everything away again."""

    op.drop_index("ix_posting_member_id", table_name="posting")
    op.drop_index("ix_posting_loan_id", table_name="posting")
    op.drop_index("ix_posting_account_user_id", table_name="posting")
    op.drop_table("posting")
    op.drop_table("action_outcome")
    op.drop_index("ix_visit_member_member_id", table_name="visit_member")
    op.drop_table("visit_member")
    op.drop_index("ix_visit_action_visit_uuid", table_name="visit_action")
    op.drop_index("ix_visit_action_group_id", table_name="visit_action")
    op.drop_table("visit_action")
    op.drop_table("renteng")
    op.drop_table("record_undo")
    op.drop_index("ix_receipt_print_record_uuid", table_name="receipt_print")
    op.drop_table("receipt_print")
    op.drop_table("meeting_move")
    op.drop_index("ix_meeting_line_member_id", table_name="meeting_line")
    op.drop_index("ix_meeting_line_loan_id", table_name="meeting_line")
    op.drop_table("meeting_line")
    op.drop_index("ix_loan_event_loan_id", table_name="loan_event")
    op.drop_table("loan_event")
    op.drop_index("ix_entry_unit_id_on_day", table_name="entry")
    op.drop_index("ix_entry_record_uuid", table_name="entry")
    op.drop_index("ix_entry_happened_on", table_name="entry")
    op.drop_table("entry")
    op.drop_index("ix_check_code_loan_id", table_name="check_code")
    op.drop_table("check_code")
    op.drop_index("ix_arrears_snapshot_loan_id", table_name="arrears_snapshot")
    op.drop_table("arrears_snapshot")
    op.drop_index("ix_visit_unit_id_on_day", table_name="visit")
    op.drop_index("ix_visit_group_id_on_day", table_name="visit")
    op.drop_table("visit")
    op.drop_table("training_day")
    op.drop_index("ix_sign_in_user_id", table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("sent_once")
    op.drop_index("ix_portfolio_day_group_id", table_name="portfolio_day")
    op.drop_table("portfolio_day")
    op.drop_table("meeting_record")
    op.drop_index("ix_loan_next_due", table_name="loan")
    op.drop_index("ix_loan_member_id", table_name="loan")
    op.drop_index("ix_loan_group_id", table_name="loan")
    op.drop_table("loan")
    op.drop_table("known_browser")
    op.drop_index("ix_eligibility_member_id", table_name="eligibility")
    op.drop_table("eligibility")
    op.drop_index("ix_consent_member_id", table_name="consent")
    op.drop_table("consent")
    op.drop_table("calendar_move")
    op.drop_index("ix_audit_event_unit_id_id", table_name="audit_event")
    op.drop_index("ix_audit_event_row", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index("ix_assignment_user_id", table_name="assignment")
    op.drop_index("ix_assignment_group_id_duty", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index("ix_api_token_user_id", table_name="api_token")
    op.drop_table("api_token")
    op.drop_index("ix_user_account_unit_id", table_name="user_account")
    op.drop_table("user_account")
    op.drop_index("ix_membership_member_id", table_name="membership")
    op.drop_index("ix_membership_group_id", table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_meeting_planned_on", table_name="meeting")
    op.drop_table("meeting")
    op.drop_index("ix_leadership_group_id", table_name="leadership")
    op.drop_table("leadership")
    op.drop_table("unit_area")
    op.drop_index("ix_member_unit_id", table_name="member")
    op.drop_index("ix_member_kk_index", table_name="member")
    op.drop_table("member")
    op.drop_index("ix_borrower_group_unit_id", table_name="borrower_group")
    op.drop_table("borrower_group")
    op.drop_index("ix_wrong_password_username_at", table_name="wrong_password")
    op.drop_table("wrong_password")
    op.drop_table("unit")
    op.drop_index("ix_region_parent", table_name="region")
    op.drop_table("region")
    op.drop_table("product")
    op.drop_table("job_run")
    op.drop_table("holiday")
    op.drop_table("entry_seal")
    if op.get_bind().dialect.name != "sqlite":
        for name in ("facts_stay", "entry_is_balanced", "entry_is_open"):
            op.execute(f"DROP FUNCTION {name}()")
