"""What the pages call by name is there: every file they point at, every word of the glossary."""

import re

import pytest

from tests.house.source import ROOT, house_files, tracked_files

PAGES = [path for path in tracked_files() if path.suffix == ".md" and path.is_relative_to(ROOT / "docs")]
GLOSSARY = ROOT / "docs" / "glossary.md"

FILE = re.compile(r"`((?:lending|migrations|tests|docs|bench)/[\w./-]+)`")
FIRST_COLUMN = re.compile(r"^\| (`[^|]+`) \|", re.MULTILINE)


@pytest.mark.parametrize("name", [str(path.relative_to(ROOT)) for path in PAGES])
def test_every_file_that_a_page_names_is_there(name: str) -> None:
    named = FILE.findall((ROOT / name).read_text(encoding="utf-8"))
    assert [file for file in named if not (ROOT / file).exists()] == []


def test_every_word_of_the_glossary_is_a_word_of_the_code() -> None:
    code = set(re.findall(r"[a-z_]+", "\n".join(path.read_text(encoding="utf-8") for path in house_files())))
    text = GLOSSARY.read_text(encoding="utf-8")
    words = {word for cell in FIRST_COLUMN.findall(text) for word in re.findall(r"`([a-z_]+)`", cell)}
    assert len(words) > 60
    assert words - code == set()
