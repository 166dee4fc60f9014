"""Structures kept as JSON read as lines of words, and are edited as laid-out text."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from zhiheng.records.forms.inputs import StructureField
from zhiheng.records.structures import structure_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            [{"date": "2026-10-01", "name": "National Day"}, {"date": "2026-10-02"}],
            "2026-10-01 National Day\n2026-10-02",
        ),
        ({"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "tue": []}, "mon: 09:00–12:00, 13:30–18:00"),
        (["a", "b"], "a, b"),
        ({"on": True, "off": False, "none": None}, "on: yes\noff: no"),
        ({"zh": "网络", "en": "Network"}, "Network"),
        ({"name": {"zh": "网络", "en": "Network"}, "step": {"n": 1, "of": 2}}, "name: Network\nstep: 1 2"),
        ([], ""),
        (7, "7"),
    ],
)
def test_structures_in_words(value: Any, words: str) -> None:
    with override("en"):
        assert structure_words(value) == words


def test_a_structure_is_laid_out_and_nothing_is_not_null() -> None:
    field = StructureField(required=False)
    assert field.prepare_value(None) == ""
    assert field.prepare_value({"name": "网"}) == '{\n  "name": "网"\n}'
    assert field.prepare_value("{broken") == "{broken", "what was typed stays as it was typed"
