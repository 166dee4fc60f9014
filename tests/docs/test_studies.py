"""The pages of the studies: every name is computed, both languages say the same, what is shown is well-formed."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from studies.pages import PARTS, computed, filled, holes
from studies.writing import number, p_value, share
from zhiheng.measure import Measurement

pytestmark = pytest.mark.slow
PAGES = Path(__file__).resolve().parents[2] / "docs" / "studies"
LANGUAGES = (("en", ""), ("zh", ".zh"))
SVG = re.compile(r"<svg.*?</svg>")


def text(study: str, suffix: str) -> str:
    return (PAGES / f"{study}{suffix}.md").read_text(encoding="utf-8")


def test_every_study_has_its_pages_and_every_page_its_study() -> None:
    wanted = {f"{study}{suffix}.md" for study in PARTS for _, suffix in LANGUAGES}
    assert {path.name for path in PAGES.iterdir()} == wanted
    listed = (PAGES.parents[1] / "mkdocs.yml").read_text(encoding="utf-8")
    assert all(f"studies/{name}" in listed for name in wanted)


@pytest.mark.parametrize("study", list(PARTS))
@pytest.mark.parametrize(("language", "suffix"), LANGUAGES)
def test_a_page_calls_for_all_that_is_computed_and_nothing_else(
    study: str, language: str, suffix: str
) -> None:
    parts = computed(study, language)  # type: ignore[arg-type]  # one of the two
    assert holes(text(study, suffix)) == set(parts)
    shown = filled(f"studies/{study}{suffix}.md", text(study, suffix))
    prose = re.sub(r"```.*?```", "", shown, flags=re.DOTALL)
    assert not re.search(r"\{\{|\}\}|\bnan\b|\bNone\b|not computable", prose)


@pytest.mark.parametrize("study", list(PARTS))
def test_both_languages_call_for_the_same_and_end_with_a_conclusion(study: str) -> None:
    english, chinese = text(study, ""), text(study, ".zh")
    assert holes(english) == holes(chinese)
    assert english.split("\n## ")[-1].startswith("Conclusion\n")
    assert chinese.split("\n## ")[-1].startswith("结论\n")
    assert len(english.split("\n## ")) == len(chinese.split("\n## "))


@pytest.mark.parametrize("study", list(PARTS))
@pytest.mark.parametrize(("language", "suffix"), LANGUAGES)
def test_charts_are_well_formed_lie_on_the_paper_and_have_a_title(
    study: str, language: str, suffix: str
) -> None:
    shown = filled(f"studies/{study}{suffix}.md", text(study, suffix))
    for drawing in SVG.findall(shown):
        root = ElementTree.fromstring(drawing)
        width, height = (float(v) for v in root.attrib["viewBox"].split()[2:])
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-label"] == root.findtext("{*}title")
        for mark in root.iter("{*}circle"):
            assert 0 <= float(mark.attrib["cx"]) <= width
            assert 0 <= float(mark.attrib["cy"]) <= height


def test_other_pages_are_left_alone() -> None:
    assert filled("develop/testing.md", "{{ n }}") == "{{ n }}"
    assert filled("studies/unknown.md", "{{ n }}") == "{{ n }}"


def test_a_name_that_nothing_computes_is_an_error() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        filled("studies/recurrence.md", "{{ nonsense }}")


def test_numbers_as_shown() -> None:
    assert (share(0.1234), share(None), number(-0.004), number(-1.5), number(1234.5, 1)) == (
        "12.3 %", "–", "0.00", "−1.50", "1,234.5",
    )  # fmt: skip
    assert (p_value(0.0004), p_value(0.0412), p_value(None)) == ("< 0.001", "0.041", "–")
    assert Measurement(1, "", 1).value == 1
