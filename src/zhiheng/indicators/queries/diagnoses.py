"""The diagnosis of common defects over the mirror."""

from __future__ import annotations

from functools import lru_cache

from zhiheng.definitions.diagnosis import Diagnosis, diagnose
from zhiheng.definitions.engine import Window
from zhiheng.definitions.estimators import Estimate
from zhiheng.indicators.queries.figures import ANSWERS_KEPT, defects, figures, indicators
from zhiheng.indicators.queries.lens import Lens, opened

SCAN_SCOPES = ("service", "team", "category", "organisation")


@lru_cache(maxsize=ANSWERS_KEPT)
def diagnoses(lens: Lens, scopes: tuple[str, ...] = SCAN_SCOPES) -> dict[str, Diagnosis]:
    """Every defect of the catalogue with state, evidence, causes, burden and worst groups."""
    known = {
        name: Estimate(item.figure.measurement, item.figure.details)
        for name, item in figures(lens).items()
        if item.figure.verdict.state != "not_computable" and not item.suppressed
    }
    window = Window(from_s=lens.from_s, to_s=lens.to_s, cut_s=lens.cut_s, filters=lens.chosen)
    with opened(lens) as held:
        return {
            name: diagnose(
                held.connection,
                defect,
                indicators=indicators(),
                window=window,
                facts=held.facts,
                scopes=scopes,
                measured=known,
            )
            for name, defect in defects().items()
        }
