"""PLACE"""

from __future__ import annotations

import pytest

from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.servqual import ORACLES


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"
