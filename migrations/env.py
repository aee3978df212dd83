"""How Alembic meets our database: through the connection and the one transaction that `lending/schema.py` opened.

It is not told of the models: a migration must do the same thing for ever, and the models' naming convention would rename its constraints.
That the tables it makes are those of the models is a test, `tests/house/test_migrations.py`.
"""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]

context.configure(
    connection=connection,
    # SQLite cannot alter a column: Alembic copies the table. Append-only tables are never changed that way, see docs/operating.md.
    render_as_batch=connection.dialect.name == "sqlite",
    # SQLite can roll back DDL when the driver does not begin transactions by itself; ours does not.
    transactional_ddl=True,
)
context.run_migrations()
