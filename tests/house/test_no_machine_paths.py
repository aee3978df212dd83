"""Nothing in the house tells on whose machine it was made, where its packages came from, or what somebody forgot to take away."""

import re

import pytest

from tests.house.source import ROOT, tracked_texts

# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a home folder": "/" + r"(home|Users)/(?!runner)[a-z]+/|/" + r"root/[\w.]",
    "a work folder": "/" + r"work/[a-z.]+/|\." + "library/",
    "a temporary folder of somebody's": "/" + r"tmp/mb\b|/" + "opt/(wheels|pypi)",
    "a host of a registry": "python" + "hosted|" + r"pypi\." + r"org|registry\." + r"npmjs|deb\." + r"debian\." + r"org",
    "a private key": "-----BEGIN " + r"[A-Z ]*PRIVATE KEY",
    "a merge left open": "^<{7} |^>{7} ",
    "a reminder": r"\b(TO" + r"DO|FIX" + r"ME)\b|(#|//|<!--|\{#) *X" + r"XX\b",
}

TEXTS = {str(path.relative_to(ROOT)): text for path, text in tracked_texts()}


@pytest.mark.parametrize("what", sorted(FORBIDDEN))
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}: {match[0]}" for name, text in TEXTS.items() for match in pattern.finditer(text)
    ]
    assert found == []


def test_locks_name_no_place_where_packages_come_from() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", TEXTS[name]), name


def test_every_pinned_package_has_its_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"^(?=[a-z0-9])", TEXTS[name].split("\n", 2)[2], flags=re.MULTILINE)[1:]
        assert blocks
        assert [block.split("\n")[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == [], name


def test_both_locks_agree_on_what_they_share() -> None:
    run, dev = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", TEXTS[name], re.MULTILINE)) for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert {name: (version, dev.get(name)) for name, version in run.items() if dev.get(name) != version} == {}


def test_what_is_asked_for_is_what_is_pinned() -> None:
    for name in ("requirements", "requirements-dev"):
        asked = re.findall(r"^([A-Za-z0-9][A-Za-z0-9-]*)(?:\[[a-z]+\])?(?:==(\S+))?", TEXTS[f"{name}.in"], re.MULTILINE)
        pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", TEXTS[f"{name}.txt"], re.MULTILINE))
        assert [one for one, version in asked if one.lower() not in pinned or (version and pinned[one.lower()] != version)] == [], name
