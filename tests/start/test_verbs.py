"""Every verb from outside: its answer, its exit code, its no."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from lending.cli import main
from lending.settings import Settings
from tests.start.programme import Ended, run

VERBS = (
    "serve",
    "setup",
    "demo",
    "worker",
    "nightly",
    "check",
    "backup",
    "restore",
    "books",
    "quote",
    "import",
    "token",
    "user",
    "bench",
    "test",
)


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was set up and holds no unit, nobody, nothing; its only admin is `pusat`."""
    data_dir = tmp_path_factory.mktemp("house") / "data"
    assert run(data_dir, "setup").code == 0
    assert run(data_dir, "user", "add", "pusat", "--role", "admin").code == 0
    return data_dir


def is_problem(ended: Ended, code: str, status: int, *, exit_code: int = 1) -> bool:
    """Refused: exit 1, or where `check` could not look 2, a problem document alone on stdout, its sentence on stderr."""
    problem = ended.document
    assert (ended.code, problem["type"], problem["status"]) == (exit_code, f"/problems/{code}", status)
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["detail"] in ended.err
    assert "Traceback" not in ended.err
    return True


def test_setup_migrates_and_may_be_repeated(tmp_path: Path) -> None:
    first, second = (run(tmp_path / "data", "setup", "--json") for _ in range(2))
    assert (first.code, second.code) == (0, 0)
    assert first.document == second.document
    assert re.fullmatch(r"\d{4}", first.document["migrated_to"])


def test_the_first_admin_needs_no_unit_and_her_password_is_told_once(empty_house: Path) -> None:
    added = run(empty_house, "user", "add", "kantor-pusat", "--role", "admin", "--json")
    assert added.code == 0
    told = added.document
    assert (told["username"], told["role"], told["unit"]) == ("kantor-pusat", "admin", None)
    assert len(told["password"]) >= 12
    assert is_problem(run(empty_house, "user", "add", "kantor-pusat", "--role", "admin", "--json"), "username_taken", 409)


def test_a_user_of_a_unit_that_is_not_there_is_refused(empty_house: Path) -> None:
    assert is_problem(run(empty_house, "user", "add", "siti", "--role", "officer", "--unit", "XYZ", "--json"), "not_found", 404)


def test_a_token_is_new_each_time(empty_house: Path) -> None:
    first, second = (run(empty_house, "token", "pusat", "--json") for _ in range(2))
    assert (first.document["username"], set(first.document)) == ("pusat", {"username", "token"})
    assert first.document["token"] != second.document["token"]
    assert run(empty_house, "token", "pusat").out.strip() not in {first.document["token"], second.document["token"], ""}
    assert is_problem(run(empty_house, "token", "nobody", "--json"), "not_found", 404)
    assert run(empty_house, "token", "pusat", "--scope", "read", "--expires-on", "2099-12-31").code == 0
    assert is_problem(run(empty_house, "token", "pusat", "--expires-on", "2020-12-31", "--json"), "in_the_past", 422)


def test_a_quote_is_the_whole_schedule(empty_house: Path) -> None:
    # Rp2,000,000 at 25 % over 50 weeks: Rp50,000 a week (domain.md, PNM Mekaar).
    offer = run(empty_house, "quote", "--principal", "2000000", "--weeks", "50", "--first-due", "2026-12-03", "--json").document
    sums = {name: offer[name] for name in ("principal", "margin", "total", "instalment", "weeks", "upj", "received")}
    assert sums == {
        "principal": 2_000_000, "margin": 500_000, "total": 2_500_000, "instalment": 50_000, "weeks": 50,
        "upj": 100_000, "received": 1_900_000,
    }  # fmt: skip
    assert {*offer} == {*sums, "instalments"}, "what POST /quote answers, no more"
    assert offer["instalments"][0] == {
        "number": 1, "due_on": "2026-12-03", "principal": 40_000, "margin": 10_000, "total": 50_000, "balance": 2_450_000,
    }  # fmt: skip
    assert [one["number"] for one in offer["instalments"]] == list(range(1, 51))
    assert offer["instalments"][-1]["balance"] == 0


def test_a_quote_by_weekday_begins_on_the_first_such_day_after_today(empty_house: Path) -> None:
    offer = run(empty_house, "quote", "--principal", "2000000", "--weeks", "25", "--weekday", "2", "--json", LENDING_TODAY="2026-11-26")
    assert offer.document["instalments"][0]["due_on"] == "2026-12-01"


def test_a_quote_of_what_is_not_offered_is_refused_at_its_field(empty_house: Path) -> None:
    refused = run(empty_house, "quote", "--principal", "2000001", "--weeks", "50", "--json")
    assert is_problem(refused, "principal_not_offered", 422)
    assert [error["at"] for error in refused.document["errors"]] == ["principal"]
    assert is_problem(run(empty_house, "quote", "--principal", "-5", "--weeks", "50", "--json"), "principal_not_offered", 422)
    assert is_problem(run(empty_house, "quote", "--principal", "2000000", "--weeks", "7", "--json"), "weeks_not_offered", 422)


def test_a_quote_for_people_is_lines(empty_house: Path) -> None:
    quote = run(empty_house, "quote", "--principal", "2000000", "--weeks", "25")
    assert quote.code == 0
    assert "instalment 90,000" in quote.out.splitlines()
    assert len(quote.out.splitlines()) == 7 + 25


def test_a_night_in_an_empty_house_closes_nothing(empty_house: Path) -> None:
    assert run(empty_house, "nightly", "--json").document == {"closed": []}
    assert run(empty_house, "nightly", "--on", "2026-11-20", "--json").document == {"closed": []}


def test_a_night_that_has_not_come_yet_is_refused(empty_house: Path) -> None:
    refused = run(empty_house, "nightly", "--on", "2026-11-27", "--json", LENDING_TODAY="2026-11-26")
    assert is_problem(refused, "future_date", 422)


def test_the_books_of_an_empty_house_add_up(empty_house: Path) -> None:
    proof = run(empty_house, "check", "--json")
    assert proof.code == 0
    assert (proof.document["ok"], proof.document["differences"], proof.document["entries"]) == (True, [], 0)


def test_a_backup_is_put_back_elsewhere_under_the_same_key(empty_house: Path, tmp_path: Path) -> None:
    kept = run(empty_house, "backup", str(tmp_path / "one.tar"), "--json")
    assert kept.code == 0
    assert {"file", "schema", "entries", "head", "photos", "size"} == set(kept.document)
    elsewhere = tmp_path / "elsewhere"
    assert is_problem(run(elsewhere, "restore", str(tmp_path / "one.tar"), "--json"), "other_master_key", 409)
    shutil.copy(empty_house / "master.key", elsewhere)
    back = run(elsewhere, "restore", str(tmp_path / "one.tar"), "--json")
    assert (back.code, back.document["ok"], back.document["differences"]) == (0, True, [])
    assert back.document["head"] == kept.document["head"]
    assert is_problem(run(elsewhere, "restore", str(tmp_path / "one.tar"), "--json"), "not_empty", 409)


def test_a_demo_is_not_built_over_what_is_there(empty_house: Path) -> None:
    assert is_problem(run(empty_house, "demo", "--json"), "not_empty", 409)


@pytest.mark.parametrize("words", [
    ["nonsense"], ["--nonsense"], ["check", "--nonsense"], ["check", "too", "many"],
    ["quote"], ["quote", "--principal", "2000000"], ["quote", "--principal", "abc", "--weeks", "50"],
    ["quote", "--principal", "2e6", "--weeks", "50"], ["quote", "--principal", "2_000_000", "--weeks", "50"],
    ["quote", "--principal", "2000000.0", "--weeks", "50"], ["quote", "--principal", "", "--weeks", "50"],
    ["quote", "--principal", "2000000", "--weeks", "50", "--first-due", "2026-02-30"],
    ["quote", "--principal", "2000000", "--weeks", "50", "--first-due", "03-12-2026"],
    ["nightly", "--on"], ["nightly", "--on", "yesterday"], ["nightly", "--on", "20261125"],
    ["demo", "--groups", "many"], ["token"], ["token", "pusat", "--scope", "all"], ["user"], ["user", "add"], ["user", "add", "siti"],
    ["user", "add", "siti", "--role", "boss"], ["user", "remove", "siti"],
    ["backup"], ["restore"], ["backup", "one.tar", "two.tar"], ["restore", "--over", "one.tar"],
    ["import"], ["import", "one.xlsx", "two.xlsx"], ["books"],
])  # fmt: skip
def test_words_that_are_not_understood_are_exit_2_and_nothing_on_stdout(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--json"]):
        assert main([*words, *more], _no_settings) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err


def _no_settings() -> Settings:
    raise AssertionError("words that are not understood open no house")


def test_words_that_are_not_understood_end_the_process_with_2(tmp_path: Path) -> None:
    misunderstood = run(tmp_path / "data", "quote", "--principal", "abc", "--weeks", "50", "--json")
    assert (misunderstood.code, misunderstood.out) == (2, "")
    assert "--principal" in misunderstood.err
    assert not (tmp_path / "data" / "lending.db").exists()


def test_help_tells_of_every_verb(tmp_path: Path) -> None:
    told = run(tmp_path / "data", "--help")
    assert told.code == 0
    assert [verb for verb in VERBS if not re.search(rf"^  {verb}\b", told.out, re.MULTILINE)] == []
    assert not (tmp_path / "data" / "lending.db").exists()


def test_a_bad_setting_is_refused_by_name(tmp_path: Path) -> None:
    refused = run(tmp_path / "data", "check", "--json", LENDING_TODAY="tomorrow")
    assert is_problem(refused, "setting_refused", 422)
    assert refused.err.startswith("LENDING_TODAY: ")


def test_a_database_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    refused = run(tmp_path / "data", "check", "--json", LENDING_DATABASE_URL="postgresql+psycopg://boss:hunter2@127.0.0.1:1/lending")
    assert is_problem(refused, "no_database", 503, exit_code=2)
    assert "hunter2" not in refused.out + refused.err


def test_sentences_are_indonesian_on_an_indonesian_terminal(empty_house: Path) -> None:
    indonesian = run(empty_house, "nightly", "--on", "2026-11-27", LENDING_TODAY="2026-11-26", LANG="id_ID.UTF-8")
    english = run(empty_house, "nightly", "--on", "2026-11-27", LENDING_TODAY="2026-11-26", LANG="en_GB.UTF-8")
    assert "Tanggal" in indonesian.err
    assert "date" in english.err


PRODUCTION = {
    "LENDING_ENV": "production",
    "LENDING_SECRET": "Xq7vT2mK9sLw4eRz8uYb1nHc6pJd3gFa",
    "LENDING_MASTER_KEY": "Zt5bN8wQ1xCv7mLk2jHg9fDs4aPo6iUy",
    "LENDING_TRUSTED_HOSTS": "pinjam.example.id",
}


def test_production_builds_no_demo(tmp_path: Path) -> None:
    assert is_problem(run(tmp_path / "data", "demo", "--json", **PRODUCTION), "demo_in_production", 422)


def test_a_verb_stands_at_the_date_of_its_own_environment(empty_house: Path) -> None:
    for today in (date(2027, 3, 1), date(2026, 1, 5)):
        offer = run(empty_house, "quote", "--principal", "2000000", "--weeks", "25", "--json", LENDING_TODAY=today.isoformat())
        assert offer.document["instalments"][0]["due_on"] > today.isoformat()
