"""Static files lie under an address of their own for each version."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

from zhiheng.ui.assets import sweep, version_of

DAY_S = 86_400


def test_another_content_or_name_is_another_version_and_a_later_date_is_not(tmp_path: Path) -> None:
    script = tmp_path / "main.js"
    script.write_text("one")
    first = version_of(tmp_path)
    os.utime(script, (0, 0))
    assert version_of(tmp_path) == first
    script.write_text("two")
    second = version_of(tmp_path)
    script.rename(tmp_path / "other.js")
    assert len({first, second, version_of(tmp_path)}) == 3


def test_addresses_carry_the_version_of_what_is_there() -> None:
    assert static("zhiheng/mark.svg") == f"/static/{version_of()}/zhiheng/mark.svg"
    assert settings.STATIC_ROOT.name == version_of()


def test_files_of_earlier_versions_go_after_a_week(tmp_path: Path) -> None:
    now = time.time()
    for name, days in (("old", 8), ("before", 6), ("this", 30)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.js").write_text(name)
        os.utime(tmp_path / name, (now - days * DAY_S,) * 2)
    sweep(tmp_path / "this")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before", "this"]
    # What is served today is not old tomorrow.
    assert (tmp_path / "this").stat().st_mtime >= now - 1
