"""Every no and every state has its words, in two languages, with the same facts in both."""

from datetime import date
from enum import StrEnum
from importlib import import_module
from string import Formatter

import pytest

from lending.i18n import refusals, words
from lending.i18n.catalogue import translated


def placeholders(sentence: str) -> set[tuple[str, str | None]]:
    return {(name, spec) for _, name, spec, _ in Formatter().parse(sentence) if name}


def test_a_code_stands_in_one_room_only():
    codes = [code for room in refusals.ROOMS for code in room.REFUSALS]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("code", sorted(words.REFUSALS))
def test_a_refusal_says_what_to_do_in_both_languages(code):
    title, detail = words.REFUSALS[code]
    assert title.endswith("."), "a title is a sentence"
    assert detail[-1] in ".}", "a detail is one or more sentences, or ends in what somebody else said"
    assert len(title) <= 60
    assert not placeholders(title), "a title needs no facts, so that it can always be said"
    for text in (title, detail):
        english = translated(text, "en")
        assert english, f"{code} has no English"
        assert english != text
        assert placeholders(english) == placeholders(text)


@pytest.mark.parametrize("code", sorted(words.WARNINGS))
def test_a_warning_is_said_in_both_languages(code):
    assert words.warning(code).endswith(".")
    assert words.warning(code, "en") != words.warning(code)


WHERE_PEOPLE_MEET_THEM = {
    "access": ("Role",), "lifecycle": ("LoanState", "LoanStep"), "collection": ("Attendance", "ShortReason"), "arrears": ("QualityClass",),
    "calendar": ("HolidayKind", "HolidayRule"), "ledger": ("Account", "EntryKind"),
    "schedule": ("Akad", "PaymentOrder"), "groups": ("Duty",),
    "mentoring": ("VisitPlace", "VisitTrigger", "ActionOwner", "Outcome", "Topic"),
}  # fmt: skip


def members():
    for module, names in WHERE_PEOPLE_MEET_THEM.items():
        for name in names:
            yield from getattr(import_module(f"lending.domain.{module}"), name)


@pytest.mark.parametrize("member", list(members()), ids=lambda one: f"{type(one).__name__}.{one}")
def test_every_state_has_a_word_in_both_languages(member: StrEnum):
    known = words.STATES[words.kind_of(member)]
    assert known[member.value][0].isupper()
    assert words.word(member, language="en")
    assert translated(known[member.value], "en")


def test_a_refusal_writes_its_facts_as_the_language_does():
    facts = {"smallest": 2_000_000, "largest": 5_000_000, "step": 500_000}
    assert words.refusal("principal_not_offered", facts).detail.startswith("Pinjaman Rp2.000.000 sampai Rp5.000.000, kelipatan Rp500.000.")
    assert "Rp2,000,000 to Rp5,000,000" in words.refusal("principal_not_offered", facts, "en").detail


def test_days_lists_states_and_waits_are_said_as_people_say_them():
    assert "Jumat, 2 Januari 2026" in words.refusal("eligibility_failed", {"tested_on": date(2026, 1, 2)}).detail
    assert "25 atau 50 minggu" in words.refusal("weeks_not_offered", {"weeks": (25, 50)}).detail
    assert "sekarang: Lunas." in words.refusal("wrong_state", {"state": "repaid"}).detail
    assert "Tunggu 5 menit" in words.refusal("too_many_tries", {"retry_after": 299}).detail


@pytest.mark.parametrize("facts", [{}, {"left": None}, {"left": "banyak"}])
def test_a_fact_that_is_not_there_leaves_the_title(facts):
    assert words.refusal("pays_too_much", facts).detail == "Lebih dari sisa pinjaman."


def test_a_fact_cannot_reach_into_the_house():
    said = words.refusal("duplicate_key", {"key": "{self.__class__} {0} %s <b>"}).detail
    assert "{self.__class__} {0} %s <b>" in said


def test_a_code_without_words_is_still_answered():
    assert words.refusal("never_heard_of", {}).detail == "Isinya tidak dapat diterima. Periksa lagi, lalu kirim ulang."
    assert words.word("never_heard_of", "loan_state") == "never_heard_of"
