"""The diagnosis of common defects over the mirror."""

from __future__ import annotations

from zhiheng.definitions.definition import Target
from zhiheng.definitions.diagnosis import Diagnosis, diagnose
from zhiheng.definitions.engine import Window
from zhiheng.definitions.estimators import Estimate
from zhiheng.indicators.queries.catalogue import defects, indicators
from zhiheng.indicators.queries.figures import counted_figures
from zhiheng.indicators.queries.kept import kept
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import opened
from zhiheng.indicators.queries.own_targets import targets_in_force

SCAN_SCOPES = ("service", "team", "category", "organisation")
# What a figure may lack and still have been counted: the facts have the columns, but no case has a key.
UNTOLD = {"key"}


def diagnoses(lens: Lens, scopes: tuple[str, ...] = SCAN_SCOPES) -> dict[str, Diagnosis]:
    """Every defect of the catalogue with state, evidence, causes, burden and worst groups, by the targets in force."""
    asked = {signal.indicator for defect in defects().values() for signal in defect.signals}
    own = tuple((name, target) for name, target in targets_in_force(lens).items() if name in asked)
    return diagnosed(lens, scopes, own)


@kept
def diagnosed(
    lens: Lens, scopes: tuple[str, ...], targets: tuple[tuple[str, Target], ...]
) -> dict[str, Diagnosis]:
    """The diagnosis by some own targets, for burdens are counted from them: for what is shown take `diagnoses`."""
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
                targets=dict(targets),
            )
            for name, defect in defects().items()
        }
