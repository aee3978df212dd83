"""How Alembic meets our database: through the connection and the one transaction that `lending/schema.py` opened."""

from alembic import context
from sqlalchemy import Connection

from lending.models import Base

connection: Connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite cannot alter a column: Alembic copies the table. Append-only tables are never changed that way, see docs/operating.md.
    render_as_batch=connection.dialect.name == "sqlite",
    # SQLite can roll back DDL when the driver does not begin transactions by itself; ours does not.
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
