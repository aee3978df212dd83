"""The migrations make exactly the tables that the models describe, on both databases, and can be taken back."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.pool import NullPool

from lending import schema
from lending.domain.refusals import Refusal
from lending.models import Base

VERSIONS = sorted(path.name for path in (schema.MIGRATIONS / "versions").glob("*.py"))


@contextmanager
def looking_at(url: str) -> Iterator[Connection]:
    """A connection past the house's guards, only to look."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def differences(url: str) -> list[Any]:
    """What Alembic would still have to do to make the database what the models say."""
    with looking_at(url) as connection:
        options = {"compare_type": True, "compare_server_default": True, "render_as_batch": connection.dialect.name == "sqlite"}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def triggers(url: str) -> list[tuple[str, str]]:
    """Every trigger with the text that it runs, in order of names."""
    question = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    }
    with looking_at(url) as connection:
        return [(str(name), str(body)) for name, body in connection.execute(text(question[connection.dialect.name]))]


def shape(url: str) -> dict[str, Any]:
    """Tables with their columns, keys, checks and indexes, by name."""
    with looking_at(url) as connection:
        looker = inspect(connection)

        def name_of(thing: ReflectedIndex) -> str:
            return str(thing["name"])

        return {
            table: {
                "columns": {(one["name"], str(one["type"]), one["nullable"]) for one in looker.get_columns(table)},
                "key": looker.get_pk_constraint(table)["name"],
                "foreign": {str(one["name"]) for one in looker.get_foreign_keys(table)},
                "checks": {str(one["name"]) for one in looker.get_check_constraints(table)},
                "unique": {str(one["name"]) for one in looker.get_unique_constraints(table)},
                "indexes": {name_of(one) for one in looker.get_indexes(table)},
            }
            for table in looker.get_table_names()
        }


def test_the_migrated_tables_are_those_of_the_models(database: str) -> None:
    assert differences(database) == []


def test_every_constraint_of_the_models_is_in_the_database_under_its_name(database: str) -> None:
    found = shape(database)
    missing = [
        (table.name, str(constraint.name))
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name and str(constraint.name) not in _names(found[table.name])
    ]
    assert missing == []


def _names(table: dict[str, Any]) -> set[str]:
    return {str(table["key"])}.union(*(table[kind] for kind in ("foreign", "checks", "unique", "indexes")))


def test_every_table_has_the_same_guards_on_both_databases(database: str, sqlite_template: Path) -> None:
    # A table that may only be added to says so on either database; how it says it differs.
    def guarded(url: str) -> set[str]:
        tables = sorted(Base.metadata.tables, key=len, reverse=True)
        return {
            next((table for table in tables if re.search(rf"\b(ON|on) \"?(public\.)?{table}\b", body)), name)
            for name, body in triggers(url)
        }

    assert guarded(database) == guarded(f"sqlite:///{sqlite_template}")


def test_down_to_nothing_and_up_again_gives_the_same_tables_and_triggers(database: str) -> None:
    before = shape(database), triggers(database)
    schema.move_to(database, "base")
    assert shape(database).keys() <= {"alembic_version"}
    assert triggers(database) == []
    schema.upgrade(database)
    assert (shape(database), triggers(database)) == before


def test_step_by_step_up_and_down_ends_where_it_began(empty_database: str) -> None:
    revisions = [name[:4] for name in VERSIONS]
    shapes = [shape(empty_database).keys() - {"alembic_version"}]
    for revision in revisions:
        schema.move_to(empty_database, revision)
        shapes.append(shape(empty_database).keys() - {"alembic_version"})
    for expected, revision in zip(reversed(shapes[:-1]), [*reversed(revisions[:-1]), "base"], strict=True):
        schema.move_to(empty_database, revision)
        assert shape(empty_database).keys() - {"alembic_version"} == expected


def test_migrations_are_numbered_in_one_row() -> None:
    assert [name[:5] for name in VERSIONS] == [f"{number:04}_" for number in range(1, len(VERSIONS) + 1)]
    texts = [(schema.MIGRATIONS / "versions" / name).read_text() for name in VERSIONS]
    found = [re.search(r'^revision = "(\d+)"\ndown_revision = (None|"\d+")$', body, re.MULTILINE) for body in texts]
    expected = [(name[:4], "None" if number == 0 else f'"{VERSIONS[number - 1][:4]}"') for number, name in enumerate(VERSIONS)]
    assert [match.groups() for match in found if match] == expected


@pytest.mark.parametrize("name", VERSIONS)
def test_a_migration_imports_no_model(name: str) -> None:
    # It must do the same thing for ever, whatever the models have become.
    body = (schema.MIGRATIONS / "versions" / name).read_text()
    assert "import lending" not in body
    assert "from lending" not in body


def test_an_upgrade_that_fails_half_way_leaves_the_old_tables(empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        schema, "MIGRATIONS", _with_a_last_one(tmp_path, "op.execute('CREATE TABLE half (id INTEGER)')\n    raise OSError('power')")
    )
    with pytest.raises(OSError, match="power"):
        schema.upgrade(empty_database)
    assert shape(empty_database).keys() <= {"alembic_version"}
    assert schema.current(empty_database) is None


def test_a_database_of_a_newer_programme_is_refused_by_name(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", _with_a_last_one(tmp_path, "pass"))
        schema.upgrade(database)
    with pytest.raises(Refusal) as no:
        schema.upgrade(database)
    assert no.value.code == "schema_too_new"


def _with_a_last_one(tmp_path: Path, body: str) -> Path:
    """A copy of the migrations with one more at the end."""
    copy = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    number = len(VERSIONS) + 1
    (copy / "versions" / f"{number:04}_more.py").write_text(
        f'from alembic import op\n\nrevision = "{number:04}"\ndown_revision = "{number - 1:04}"\n\n\n'
        f"def upgrade():\n    {body}\n\n\ndef downgrade():\n    pass\n"
    )
    return copy
