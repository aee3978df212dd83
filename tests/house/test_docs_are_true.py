"""What the documents say can be done, can be done; what they point at, is there."""

import re
import shlex
from pathlib import Path

import click
import pytest

from lending.cli import verbs
from tests.house import loan_states
from tests.house.source import ROOT, tracked_files

PAGES = [path for path in tracked_files() if path.suffix == ".md"]
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]

COMMAND = re.compile(r"(?:^|[`$ ])python3? run\.py(?P<words>(?: +(?:\"[^\"`]*\"|[^\s`#|·,;)]+))*)", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?: \"[^\"]*\")?\)")
SETTING = re.compile(r"\bLENDING_[A-Z_]+[A-Z]\b")


def settings_in(path: Path) -> set[str]:
    return {name for name in SETTING.findall(path.read_text(encoding="utf-8")) if not name.startswith("LENDING_TEST_")}


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings make, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def unknown_word(words: list[str]) -> str | None:
    """The first word of a command that the terminal would not know."""
    command: click.Command = verbs
    options: set[str] = set()
    for word in words:
        if word.startswith("-"):
            if command.context_settings.get("ignore_unknown_options"):
                return None  # handed on to a tool
            options = {name for parameter in command.params for name in parameter.opts} | {"--help", "-h"}
            if word.split("=")[0] not in options:
                return word
        elif isinstance(command, click.Group):
            if word not in command.commands:
                return word
            command = command.commands[word]
    return None


@pytest.mark.parametrize("name", NAMES)
def test_every_command_in_a_page_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    # Words in capitals, brackets and dots stand for something.
    commands = [re.sub(r"[\[\]…]", "", match["words"]) for match in COMMAND.finditer(text)]
    wrong = {command: word for command in commands if (word := unknown_word(shlex.split(command))) and not word.isupper()}
    assert wrong == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_inside_the_house_leads_somewhere(name: str) -> None:
    page = ROOT / name
    broken = []
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        target, _, anchor = match["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (page.parent / target).resolve() if target else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there.read_text(encoding="utf-8"))):
            broken.append(match["target"])
    assert broken == []


def test_the_operators_page_lists_every_setting_and_no_other() -> None:
    assert settings_in(ROOT / "docs" / "operating.md") == settings_in(ROOT / "config.py")


@pytest.mark.parametrize("name", NAMES)
def test_no_page_names_a_setting_that_nobody_reads(name: str) -> None:
    assert settings_in(ROOT / name) <= settings_in(ROOT / "config.py")


def test_the_operators_page_tells_of_every_verb() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [verb for verb in verbs.commands if f"`{verb}" not in text and f"run.py {verb}" not in text] == []


def test_the_picture_of_a_loans_life_is_the_state_table() -> None:
    assert loan_states.PAGE.read_text(encoding="utf-8") == loan_states.drawn()
