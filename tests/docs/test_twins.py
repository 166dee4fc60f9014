"""What people who use and operate the platform read exists in both languages, and both stand in the navigation."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page
    for folder in ("use", "operate")
    for page in (ROOT / "docs" / folder).glob("*.md")
    if ".zh" not in page.name
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_has_its_chinese_twin(page: Path) -> None:
    twin = page.with_suffix(".zh.md")
    assert twin.is_file(), f"write {twin.relative_to(ROOT)}"
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for each in (page, twin):
        assert f": {each.parent.name}/{each.name}\n" in navigation, f"{each.name} is not in the navigation"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in twin.read_text(encoding="utf-8"))
