"""Every text a person can see is there in Chinese with its placeholders; the catalogues hold nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import messages
from zhiheng.analyze.texts import Texts
from zhiheng.analyze.wording import LANGUAGES, Wording
from zhiheng.config.texts import Words

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


@pytest.mark.parametrize("home", messages.homes())
def test_every_text_is_translated(home: str) -> None:
    assert messages.missing(home) == []


@pytest.mark.parametrize("home", messages.homes())
def test_placeholders_survive_translation(home: str) -> None:
    """A lost placeholder loses a name or a number; an invented one raises an error in front of the user."""
    for message in messages.existing(home):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = {hit[0] for text in originals for hit in PLACEHOLDER.finditer(text)}
        for text in translations if message.id else ():
            found = {hit[0] for hit in PLACEHOLDER.finditer(text)}
            # A plural form may leave the number out ("one record"), Chinese has one form: it needs them all.
            assert found == allowed, f"{home}: {message.id!r} → {text!r}"


@pytest.mark.parametrize("home", messages.homes())
def test_no_catalogue_keeps_what_the_sources_lost(home: str) -> None:
    wanted = {(message.id, message.context) for message in messages.template_of(home)}
    kept = {(message.id, message.context) for message in messages.existing(home)}
    assert kept - wanted == set()
    assert not messages.existing(home).obsolete


# Symbols, the same in both languages; and the product's name, Chinese in English too.
ALIKE = {"col_n", "col_p90"}
CHINESE_NAME = {"served_at"}


@pytest.mark.parametrize("wording", [Texts, Words])
def test_texts_without_django_are_in_both_languages(wording: type[Wording]) -> None:
    for key, texts in wording.catalogue().items():
        assert set(texts) == set(LANGUAGES), key
        fields = {
            language: sorted((name, form) for _, name, form, _ in Formatter().parse(text) if name)
            for language, text in texts.items()
        }
        # How a value is spelled ({name!r}) may differ, which value and how a number is written may not.
        assert fields["zh"] == fields["en"], key
        if key not in CHINESE_NAME:
            assert not CHINESE.search(texts["en"]), key
        words = "".join(literal for literal, *_field in Formatter().parse(texts["en"]))
        if re.search("[A-Za-z]", words) and key not in ALIKE:
            assert CHINESE.search(texts["zh"]), key


def test_texts_of_templates_and_python_are_found(tmp_path: Path) -> None:
    """The collector is tested on files whose texts are known by heart."""
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<h1 title="{% trans \'Due\' %}">{% translate "Tickets" context "menu" %}</h1>'
        "{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
        encoding="utf-8",
    )
    code = tmp_path / "code.py"
    code.write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext\n"
        'TITLE = _("Open " "tickets")\nCOUNT = ngettext("%(n)s day", "%(n)s days", 2)\nOTHER = f("not this")\n',
        encoding="utf-8",
    )
    assert {(text, context) for _, text, context in messages.texts_of(page)} == {
        ("Due", None),
        ("Tickets", "menu"),
        (("%(n)s row", "%(n)s rows"), None),
    }
    assert {text for _, text, _ in messages.texts_of(code)} == {"Open tickets", ("%(n)s day", "%(n)s days")}


def test_collecting_keeps_translations_and_drops_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    source = tmp_path / "desk" / "choices.py"
    source.parent.mkdir()
    source.write_text('_ = str\nA = _("Open")\nB = _("Closed")\n', encoding="utf-8")
    messages.update("desk")
    catalogue = messages.catalogue_file("desk")
    catalogue.write_text(
        catalogue.read_text(encoding="utf-8").replace(
            'msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "打开"'
        ),
        encoding="utf-8",
    )
    source.write_text('_ = str\nA = _("Open")\nC = _("Opened")\n', encoding="utf-8")
    messages.update("desk")
    assert {message.id: message.string for message in messages.existing("desk") if message.id} == {
        "Open": "打开",
        "Opened": "",
    }
    assert [line.split(":")[1].split(" (")[0] for line in messages.missing("desk")] == [" 'Opened'"]
    first = catalogue.read_bytes()
    messages.update("desk")
    assert catalogue.read_bytes() == first, "a second run must change nothing"
