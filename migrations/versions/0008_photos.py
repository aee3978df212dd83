"""Photos of visits: which file each is, and its fingerprint. The files lie in the data folder."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = {"photo": (("uuid",), ("visit_uuid", "n"), ("file",))}
"""Tables of facts, with the keys that a replacing insert could hit."""


def upgrade() -> None:
    """The table, with its guards."""
    op.create_table(
        "photo",
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("visit_uuid", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("n BETWEEN 1 AND 8", name="ck_photo_n_of_a_visit"),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name="fk_photo_author_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_photo_unit_id"),
        sa.ForeignKeyConstraint(["visit_uuid"], ["visit.uuid"], name="fk_photo_visit_uuid"),
        sa.PrimaryKeyConstraint("uuid", name="pk_photo"),
        sa.UniqueConstraint("file", name="uq_photo_file"),
        sa.UniqueConstraint("visit_uuid", "n", name="uq_photo_visit_uuid_n"),
    )
    for table, keys in APPEND_ONLY.items():
        if op.get_bind().dialect.name == "sqlite":
            _guard_sqlite(table, keys)
        else:
            _guard_postgresql(table)


def _guard_sqlite(table: str, keys: tuple[tuple[str, ...], ...]) -> None:
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


def _guard_postgresql(table: str) -> None:
    for name, when, each in (("no_change", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION facts_stay()")
        # ALWAYS: a session in replica role must not slip past.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def downgrade() -> None:
    """As it was."""
    op.drop_table("photo")
