"""The check of the mathematics: it passes on the library as it is, and fails where a value is wrong."""

from __future__ import annotations

import math

import pytest

from zhiheng.config.commands import measure
from zhiheng.measure.oracles import Oracle


def oracle(value: float, *, name: str = "half of one", tolerance: float = 1e-9) -> Oracle:
    return Oracle(
        name=name, function="proportion.half", source="arithmetic", published=0.5, tolerance=tolerance,
        compute=lambda: value,
    )  # fmt: skip


def test_every_published_value_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert measure.main(["check"]) == 0
    assert "FAIL" not in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [0.6, math.nan])
def test_a_wrong_value_is_shown_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: float
) -> None:
    monkeypatch.setattr(measure, "published_values", lambda: (oracle(0.5), oracle(wrong, name="not half")))
    assert measure.main(["check"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("ok") and said[1].startswith("FAIL")
    assert said[-1] == "1 of 2 published values agree"
    assert measure.main(["check", "half", "of"]) == 0
    assert measure.main(["check", "no such figure"]) == 1


def test_the_page_has_a_row_for_each_value() -> None:
    rows = measure.checked([oracle(0.5), oracle(0.5, name="a | b", tolerance=0.1)])
    page = measure.page(rows)
    assert "2 published values" in page and "0 of them differ" in page
    assert "| half of one | proportion.half | 0.5 | 0.5 | 0.0e+00 | 1.0e-09 | arithmetic |" in page
    assert "| a \\| b |" in page
