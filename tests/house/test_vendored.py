"""What others made and we ship is listed, and is still what it was when we took it."""

import hashlib
import re

import pytest

from tests.house.source import ROOT, tracked_files

ROW = re.compile(
    r"^\| (?P<file>\S+) \| (?P<source>[^|]+) \| (?P<version>[^|]+) \| (?P<licence>[^|]+) \| (?P<digest>[0-9a-f]{64}) \|$", re.MULTILINE
)

LISTED = {row["file"]: row for row in ROW.finditer((ROOT / "lending" / "static" / "VENDORED.md").read_text(encoding="utf-8"))}

# Kinds of files that we do not draw or write ourselves.
FOREIGN = {".ttf", ".otf", ".woff", ".woff2", ".eot"}


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_listed_file_is_what_was_taken(name: str) -> None:
    assert hashlib.sha256((ROOT / "lending" / name).read_bytes()).hexdigest() == LISTED[name]["digest"]


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_listed_file_says_whose_it_is_and_under_which_licence(name: str) -> None:
    row = LISTED[name]
    assert row["version"].strip()[0].isdigit()
    assert row["licence"].strip() in {"MIT", "ISC", "OFL-1.1", "Apache-2.0", "BSD-3-Clause"}


def test_every_font_script_and_licence_of_others_is_listed() -> None:
    inside = [path for path in tracked_files() if path.is_relative_to(ROOT / "lending")]
    foreign = [
        path
        for path in inside
        if path.suffix in FOREIGN or path.name.startswith(("LICENSE-", "OFL-")) or ".min." in path.name or "vendor" in path.parts
    ]
    assert {str(path.relative_to(ROOT / "lending")) for path in foreign} - set(LISTED) == set()
