"""The entry of setup reads on the oldest Pythons, and the compiled catalogues are what Django reads."""

from __future__ import annotations

import ast
import gettext
import sys
from pathlib import Path

import pytest

import compile_messages
import setup as entry

ROOT = Path(__file__).resolve().parents[2]


def test_the_entry_uses_no_syntax_newer_than_python_2() -> None:
    """No f-string, annotation or keyword-only argument: Python 2.7 must get as far as the sentence."""
    tree = ast.parse((ROOT / "scripts/setup.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not isinstance(
            node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr | ast.Nonlocal | ast.AsyncFunctionDef
        )
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None
            assert not node.args.kwonlyargs
            assert all(argument.annotation is None for argument in node.args.args)


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")
    assert entry.main() == 1
    assert "Python 3.9.2 found; Python 3.11, 3.12 or 3.13 is needed" in capsys.readouterr().err


def test_a_newer_python_beside_an_old_one_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The fake interpreter answers the version question with yes and then says which file it was given."""
    fake = tmp_path / "python3.12"
    fake.write_text('#!/bin/sh\n[ "$1" = -c ] && exit 0\nexit 7\n', encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["setup.py"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert entry.main() == 7


def test_catalogues_compile_without_gettext(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Ticket"\nmsgstr "工单"\n\n#, fuzzy\nmsgid "Clock"\nmsgstr "时钟"\n\n'
        'msgctxt "verb"\nmsgid "Close"\nmsgstr "办结"\n',
        encoding="utf-8",
    )
    assert compile_messages.compile_catalogue(source) is None
    with source.with_suffix(".mo").open("rb") as handle:
        catalogue = gettext.GNUTranslations(handle)
    assert catalogue.gettext("Ticket") == "工单"
    assert catalogue.gettext("Clock") == "Clock", "a fuzzy text is a guess and must not be shown"
    assert catalogue.pgettext("verb", "Close") == "办结"


def test_a_broken_catalogue_is_named(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text('msgid "Ticket\nmsgstr "工单"\n', encoding="utf-8")
    problem = compile_messages.compile_catalogue(source)
    assert problem is not None
    assert str(source) in problem
