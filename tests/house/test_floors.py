"""Who may import whom (design.md §3): the table is here, and a file that breaks it is named."""

import ast
import subprocess
import sys
from dataclasses import dataclass
from typing import TypeGuard

from tests.house.source import ROOT, house_files, imports, module_name, nodes, room, tree, where

STANDARD = frozenset(sys.stdlib_module_names)
FLASK = frozenset({"flask", "werkzeug", "jinja2", "markupsafe"})


@dataclass(frozen=True)
class May:
    """What a room may import: rooms of the house, and packages from outside besides the standard library."""

    house: frozenset[str]
    outside: frozenset[str]


def may(house: str = "", outside: str = "") -> May:
    return May(frozenset(house.split()), frozenset(outside.split()))


ROOMS = {
    # the ground: no Flask, no SQLAlchemy, no clock
    "__init__": may(),
    "domain": may(),
    "settings": may(),
    "clock": may(),
    "reference": may("domain"),
    "i18n": may("domain", "babel"),
    # the store
    "models": may("domain", "sqlalchemy"),
    "database": may("models domain", "flask flask_sqlalchemy sqlalchemy psycopg pysqlite3"),
    "pictures": may("domain", "flask PIL"),
    "schema": may("domain", "alembic sqlalchemy pysqlite3"),
    "anchors": may("domain", "flask structlog"),
    "delivery": may("", "flask"),
    # questions, papers, acts
    "queries": may("anchors database pictures models domain", "sqlalchemy"),
    "documents": may("queries i18n domain", "reportlab segno xlsxwriter openpyxl"),
    "actions": may("queries anchors database delivery pictures models domain reference clock", "sqlalchemy argon2 cryptography"),
    "demo": may("actions queries database models domain reference clock", "sqlalchemy"),
    # the doors
    "server": may("", "flask waitress"),
    "jobs": may("anchors delivery actions documents queries i18n domain clock settings", "flask apscheduler structlog"),
    "web": may(
        "actions delivery queries documents i18n domain clock settings",
        "flask werkzeug jinja2 markupsafe wtforms flask_wtf flask_login flask_babel babel msgspec structlog xlsxwriter",
    ),
    "app": may("web jobs anchors database delivery pictures clock settings i18n domain", "flask structlog werkzeug"),
    "logs": may("", "structlog"),
    "opening": may("app actions queries domain clock logs schema settings", "flask structlog"),
    "demo_once": may("anchors demo queries domain clock schema settings", "flask"),
    "backup": may("anchors app actions queries database domain clock schema settings", "flask sqlalchemy pysqlite3"),
    "terminal": may("domain i18n", "click"),
    "cli": may(
        "anchors opening backup terminal demo_once jobs demo documents actions queries domain clock schema server settings", "click flask"
    ),
}


def test_every_file_imports_only_from_floors_below_its_own() -> None:
    broken = []
    for path in house_files():
        allowed = ROOMS.get(room(path))
        if allowed is None:
            broken.append(f"{path.relative_to(ROOT)}: no such room in design.md §3")
            continue
        for found in imports(path):
            top, _, rest = found.module.partition(".")
            if top == "lending":
                floor = rest.split(".")[0] or found.name or ""
                if floor != room(path) and floor not in allowed.house:
                    broken.append(f"{where(path, found.line)}: {room(path)} may not import lending.{floor}")
            elif top in {"config", "run", "tests", "bench"}:
                broken.append(f"{where(path, found.line)}: lending is handed its settings, it never imports {top}")
            elif top not in STANDARD and top not in allowed.outside:
                broken.append(f"{where(path, found.line)}: {room(path)} may not import {top}")
    assert broken == []


def test_only_acts_open_a_transaction() -> None:
    broken = [
        where(path, found.line)
        for path in house_files()
        if room(path) not in {"actions", "demo", "database"}
        for found in imports(path)
        if found.module == "lending.database" and found.name == "transaction"
    ]
    assert broken == []


def test_an_act_never_calls_another_act() -> None:
    files = {module_name(path): path for path in house_files() if room(path) == "actions"}
    # An act is a function that opens a transaction; what acts share adds its rows inside somebody else's.
    acts = {f"{name}.{node.name}" for name, path in files.items() for node in tree(path).body if is_act(node)}
    broken = []
    for name, path in files.items():
        names = {node.name: f"{name}.{node.name}" for node in tree(path).body if isinstance(node, ast.FunctionDef)}
        names |= {found.name: f"{found.module}.{found.name}" for found in imports(path) if found.name}
        for act in (node for node in tree(path).body if is_act(node)):
            for call in (node for node in ast.walk(act) if isinstance(node, ast.Call)):
                first, _, rest = ast.unparse(call.func).partition(".")
                called = names.get(first, first) + (f".{rest}" if rest else "")
                if called in acts:
                    broken.append(f"{where(path, call.lineno)}: the act {act.name} calls the act {called}")
    assert broken == []


def is_act(node: ast.AST) -> TypeGuard[ast.FunctionDef]:
    """Whether this is a function that opens a transaction."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(inner, ast.With) and any(ast.unparse(item.context_expr) == "transaction()" for item in inner.items)
        for inner in ast.walk(node)
    )


def test_no_files_import_each_other_in_a_circle() -> None:
    files = {module_name(path): path for path in house_files()}
    below: dict[str, set[str]] = {name: set() for name in files}
    for name, path in files.items():
        for found in imports(path):
            for target in (f"{found.module}.{found.name}", found.module):
                if target in files and target != name:
                    below[name].add(target)
                    break
    done: set[str] = set()

    def circle(name: str, trail: tuple[str, ...]) -> tuple[str, ...]:
        if name in trail:
            return (*trail[trail.index(name) :], name)
        if name in done:
            return ()
        for target in sorted(below[name]):
            if around := circle(target, (*trail, name)):
                return around
        done.add(name)
        return ()

    circles = [circle(name, ()) for name in sorted(files)]
    assert list(filter(None, circles)) == []


def test_the_house_itself_imports_nothing() -> None:
    assert list(imports(ROOT / "lending" / "__init__.py")) == []


def test_the_rules_load_where_nothing_is_installed() -> None:
    names = ", ".join(module_name(path) for path in house_files() if room(path) == "domain")
    # -I and -S: no packages but the standard library's.
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {names}"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""


def test_only_the_clock_reads_the_time() -> None:
    broken = []
    for path in house_files():
        for node in nodes(path):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            asked = f"{ast.unparse(node.func.value).split('.')[-1]}.{node.func.attr}"
            if (
                asked in {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "func.now"}
                and room(path) != "clock"
            ):
                broken.append(f"{where(path, node.lineno)}: {asked}()")
            if asked == "clock.today" and room(path) in {"actions", "queries"}:
                broken.append(f"{where(path, node.lineno)}: the business date of an act or a question is `by.today`")
    assert broken == []


def test_no_name_says_only_what_pattern_it_is() -> None:
    vague = ("utils", "util", "helpers", "helper", "services", "service", "common", "misc", "constants", "base_service")
    files = [str(path.relative_to(ROOT)) for path in house_files() if path.stem in vague or path.parent.name in vague]
    classes = [
        f"{where(path, node.lineno)}: {node.name}"
        for path in house_files()
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Service", "Repository", "Impl", "Helper", "Util", "Utils"))
    ]
    assert (files, classes) == ([], [])
