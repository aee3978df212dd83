"""The English catalogue holds what the source says, no more and no less, and the compiled one is of the same day."""

import re

from lending.i18n import gather


def test_every_sentence_has_its_english():
    assert gather.untranslated(gather.gathered()) == []


def test_nothing_is_kept_that_nobody_says():
    assert gather.written(gather.gathered()) == gather.PO.read_bytes(), "run: python -m lending.i18n.gather"


def test_the_compiled_catalogue_is_the_written_one():
    assert gather.MO.read_bytes() == gather.compiled(gather._read(gather.PO)), "run: python -m lending.i18n.gather"


def test_both_languages_name_the_same_facts():
    for message in gather.gathered():
        indonesian = [message.id] if isinstance(message.id, str) else list(message.id)
        english = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if message.id:
            for one in english:
                assert named(one) == named(indonesian[-1]), f"{indonesian[0]} / {one}"


def named(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*(?::\w+)?\}", text))


def test_a_new_sentence_is_found_wherever_it_is_said(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('<p>{{ _("Di halaman") }} {{ ngettext("%(num)s orang", "%(num)s orang", 2) }}</p>')
    (tmp_path / "routes.py").write_text('flash(_("Di rute")); TAB = mark_in("tab", "Di tab"); CODE = mark("Di kamus")')
    found = gather.gathered(tmp_path)
    assert gather.untranslated(found) == ["%(num)s orang", "Di halaman", "Di kamus", "Di rute", "Di tab"]
