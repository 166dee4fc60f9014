"""Colours: AA contrast in both themes, one dark theme however it was chosen, no colour named elsewhere."""

from __future__ import annotations

import re

import pytest

from zhiheng.ui.tests.tokens import STYLES, contrast, themes

TEXTS = ("text", "muted", "faint")
GROUNDS = ("bg", "surface", "raised", "hover", "select", "sunken")
VERDICTS = ("ok", "risk", "miss", "pause")
TEXT_PAIRS = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    *((verdict, ground) for verdict in VERDICTS for ground in ("surface", "bg", "hover", "select", f"{verdict}-weak")),
    *(("accent", ground) for ground in ("surface", "bg", "raised", "select", "accent-weak")),
    ("on-accent", "accent"), ("on-accent", "accent-strong"), ("text", "note"), ("note-text", "note"),
    ("faint", "note"), ("muted", "nodata-weak"), ("muted", "line"),
]  # fmt: skip
SHAPE_PAIRS = [
    *((shape, "surface") for shape in ("line-strong", "nodata", "focus")),
    *((f"series-{index}", "surface") for index in range(1, 7)),
    ("focus", "bg"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_has_aa_contrast(theme: str, text: str, ground: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_have_contrast_three(theme: str, shape: str, ground: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[shape], tokens[ground]) >= 3


def test_contrast_agrees_with_the_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.01
    )  # the well-known grey that just fails


def test_dark_is_the_same_chosen_or_by_the_system() -> None:
    assert themes()["dark"] == themes()["dark by the system"]


def test_colours_are_named_only_in_the_tokens() -> None:
    named = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|\bhsl\(")
    allowed = {"tokens.css", "print.css"}  # on paper everything is black on white
    for sheet in STYLES.glob("*.css"):
        if sheet.name not in allowed:
            assert not named.findall(sheet.read_text(encoding="utf-8")), sheet.name


def test_every_sheet_is_imported() -> None:
    imported = set(
        re.findall(r'@import "\./([a-z]+\.css)"', (STYLES / "zhiheng.css").read_text(encoding="utf-8"))
    )
    assert imported == {sheet.name for sheet in STYLES.glob("*.css")} - {"zhiheng.css"}
