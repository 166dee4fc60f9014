"""How many factors chance alone would show."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.measure import psychometrics
from zhiheng.measure.oracles.attitude import ATTITUDE
from zhiheng.measure.psychometrics.factors import _chance_eigenvalues

CONSTANT = np.column_stack((ATTITUDE[:, :3], np.full(30, 4.1)))
DEPENDENT = np.column_stack((ATTITUDE[:, :3], ATTITUDE[:, 0] + ATTITUDE[:, 1]))


def scale(seed: int, n: int = 120, k: int = 6, noise: float = 1.0) -> np.ndarray:
    """Answers with one common factor and loadings that differ."""
    random = np.random.default_rng(seed)
    loadings = random.uniform(0.4, 1.0, k)
    return random.standard_normal((n, 1)) * loadings + noise * random.standard_normal((n, k))


def test_parallel_analysis_finds_the_factors_that_are_there() -> None:
    random = np.random.default_rng(9)
    two = np.repeat(random.standard_normal((400, 2)), 4, axis=1) + 0.8 * random.standard_normal((400, 8))
    found = psychometrics.parallel_analysis(two, seed=3)
    assert found.factors == 2
    assert found == psychometrics.parallel_analysis(two, seed=3)
    assert str(found) == "parallel analysis: 2 factors (n=400, above 95% of chance)"
    assert sum(found.eigenvalues) == pytest.approx(8)
    assert psychometrics.parallel_analysis(scale(1), seed=3).factors == 1
    assert psychometrics.parallel_analysis(DEPENDENT, seed=3).factors == 1
    assert str(psychometrics.parallel_analysis(CONSTANT, seed=3)) == "parallel analysis: zero_variance"
    same = np.column_stack((ATTITUDE[:, 0], ATTITUDE[:, 0]))
    assert "1 factor (" in str(psychometrics.parallel_analysis(same, seed=3))


def test_chance_eigenvalues_are_those_of_random_tables() -> None:
    drawn = _chance_eigenvalues(40, 5, 4_000, 1).mean(axis=0)
    random = np.random.default_rng(2)
    simulated = [np.linalg.eigvalsh(np.corrcoef(random.standard_normal((5, 40))))[::-1] for _ in range(2_000)]
    assert drawn == pytest.approx(np.mean(simulated, axis=0), abs=0.015)


def test_every_eigenvalue_above_chance_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "zhiheng.measure.psychometrics.factors._chance_eigenvalues", lambda *_: np.zeros((10, 7))
    )
    assert psychometrics.parallel_analysis(ATTITUDE, seed=1).factors == 7
