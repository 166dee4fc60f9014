"""The diagnosis of common defects over the mirror."""

from __future__ import annotations

from zhiheng.definitions.diagnosis import Diagnosis, diagnose
from zhiheng.definitions.estimators import Estimate
from zhiheng.definitions.query import Window
from zhiheng.indicators.queries.catalogue import defects, indicators
from zhiheng.indicators.queries.figures import counted_figures
from zhiheng.indicators.queries.kept import kept
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import opened

SCAN_SCOPES = ("service", "team", "category", "organisation")
# What a figure may lack and still have been counted: the facts have the columns, but no case has a key.
UNTOLD = {"key"}


@kept
def diagnoses(lens: Lens, scopes: tuple[str, ...] = SCAN_SCOPES) -> dict[str, Diagnosis]:
    """Every defect of the catalogue with state, evidence, causes, burden and worst groups."""
    known = {
        name: Estimate(item.figure.measurement, item.figure.details)
        for name, item in counted_figures(lens).found.items()
        if set(item.figure.verdict.missing) <= UNTOLD
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
