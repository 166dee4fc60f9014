"""Every text of every package is marked and translated, with its placeholders, in written Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhiheng.ui.translations.catalogue import read_catalogue
from zhiheng.ui.translations.extract import from_python, from_template
from zhiheng.ui.translations.literals import unmarked_texts
from zhiheng.ui.translations.survey import missing, packages, templates, translations, twins

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
YES_NO = re.compile(r"\w+(,\w+)+")  # the argument of the `yesno` filter, read by Django
CHINESE = "\u4e00-\u9fff"


@pytest.mark.parametrize("package", packages())
def test_every_marked_text_is_translated(package: str) -> None:
    assert [f"{marked.place}: {marked.text}" for marked in missing(package)] == []


@pytest.mark.parametrize("package", packages())
def test_every_text_of_a_template_is_marked(package: str) -> None:
    found = [
        f"{path.name}:{line}: {text}" for path in templates(package) for line, text in unmarked_texts(path)
    ]
    assert found == []


def test_a_text_says_the_same_on_every_page() -> None:
    assert twins() == {}


def test_chinese_is_written_with_its_own_punctuation_and_spacing() -> None:
    half_width = re.compile(rf"[{CHINESE}][,;:!?](?:\s|$|[{CHINESE}])|[!！]")
    no_space = re.compile(rf"[{CHINESE}][A-Za-z]|[A-Za-z][{CHINESE}]")
    for (_context, source), text in translations().items():
        if YES_NO.fullmatch(source):
            continue
        bare = PLACEHOLDER.sub("", re.sub(r"<[^>]+>|“[^”]*”", "、", text))
        assert not half_width.search(bare), text
        assert not no_space.search(bare), text


def test_extraction_reads_python(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text(
        'x = _("one " "two")\ny = ngettext("a", "b", 2)\nz = pgettext("c", "d")\n_(x)\n', encoding="utf-8"
    )
    found = [(each.context, each.text, each.plural) for each in from_python(source)]
    assert found == [("", "one two", ""), ("", "a", "b"), ("c", "d", "")]


def test_extraction_reads_templates(tmp_path: Path) -> None:
    source = tmp_path / "a.html"
    source.write_text(
        '{% translate "One" context "c" %}{{ x|default:_("Two") }}\n'
        "{% blocktranslate trimmed count n=n %}\n  50 % of\n  {{ n }}\n{% plural %}many{% endblocktranslate %}",
        encoding="utf-8",
    )
    found = [(each.context, each.text, each.plural) for each in from_template(source)]
    assert found == [("c", "One", ""), ("", "Two", ""), ("", "50 %% of %(n)s", "many")]


def test_unmarked_text_is_found_and_marked_text_is_not(tmp_path: Path) -> None:
    source = tmp_path / "a.html"
    source.write_text(
        '{% block main_class %}wide{% endblock %}<p title="Spoken">Bare {{ x }}</p>\n<kbd>Esc</kbd>'
        '<b lang="zh">中文</b>'
        '<i aria-hidden="true">衡</i>{% translate "Fine" %}{% comment %}no{% endcomment %}<input placeholder="输入">',
        encoding="utf-8",
    )
    assert list(unmarked_texts(source)) == [(1, "Spoken"), (1, "Bare"), (2, "输入")]


def test_catalogue_knows_fuzzy_and_refuses_twins(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text('#, fuzzy\nmsgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr ""\n"乙"\n', encoding="utf-8")
    assert read_catalogue(source) == {("", "a"): "", ("", "b"): "乙"}
    source.write_text('msgid "a"\nmsgstr "甲"\n\nmsgid "a"\nmsgstr "乙"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        read_catalogue(source)
