"""The diagnosis of common defects over the mirror, with what would tell about one or two people held back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from zhiheng.definitions.definition import Target
from zhiheng.definitions.diagnosis import CauseResult, Diagnosis, SignalResult, State, diagnose
from zhiheng.definitions.estimators import Estimate
from zhiheng.definitions.query import Window
from zhiheng.indicators.queries.catalogue import defects, indicators
from zhiheng.indicators.queries.figures import bare, counted_figures, persons_of
from zhiheng.indicators.queries.kept import kept
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import opened
from zhiheng.indicators.queries.own_targets import targets_in_force
from zhiheng.indicators.rules import is_suppressed

SCAN_SCOPES = ("service", "team", "category", "organisation")
# What a figure may lack and still have been counted: the facts have the columns, but no case has a key.
UNTOLD = {"key"}


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """Diagnoses as counted, and how many people the tickets of the window are held by: in all, by group of a scope."""

    found: dict[str, Diagnosis]
    persons: int
    groups: dict[str, dict[str, int]]


def diagnoses(lens: Lens, scopes: tuple[str, ...] = SCAN_SCOPES) -> dict[str, Diagnosis]:
    """Every defect of the catalogue with state, evidence, causes, burden and worst groups, by the targets in force."""
    asked = {signal.indicator for defect in defects().values() for signal in defect.signals}
    targets = tuple((name, target) for name, target in targets_in_force(lens).items() if name in asked)
    counted = counted_diagnoses(lens, scopes, targets)
    own = lens.chosen.get("team") in lens.teams
    if is_suppressed(persons=counted.persons, own=own):
        return {name: _held_back(item) for name, item in counted.found.items()}
    return {
        name: replace(
            item,
            groups=tuple(
                group
                for group in item.groups
                if not is_suppressed(
                    persons=counted.groups.get(group.scope, {}).get(group.name, 0),
                    own=own or (group.scope == "team" and group.name in lens.teams),
                )
            ),
        )
        for name, item in counted.found.items()
    }


@kept
def counted_diagnoses(
    lens: Lens, scopes: tuple[str, ...] = SCAN_SCOPES, targets: tuple[tuple[str, Target], ...] = ()
) -> Diagnosed:
    """Diagnoses by some own targets, for burdens are counted from them; nothing is held back yet.

    For what is shown take `diagnoses`.
    """
    counted = counted_figures(lens)
    known = {
        name: Estimate(item.figure.measurement, item.figure.details)
        for name, item in counted.found.items()
        if set(item.figure.verdict.missing) <= UNTOLD
    }
    window = Window(from_s=lens.from_s, to_s=lens.to_s, cut_s=lens.cut_s, filters=lens.chosen)
    with opened(lens) as held:
        found = {
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
        shown = sorted({group.scope for item in found.values() for group in item.groups})
        return Diagnosed(found, counted.persons, {scope: persons_of(held, lens, scope) for scope in shown})


def _held_back(item: Diagnosis) -> Diagnosis:
    """What is left of a diagnosis about one or two people: what it would take to make it."""
    signals = tuple(_untold(result) for result in item.signals)
    return replace(
        item,
        state="not_computable" if item.state == "not_computable" else "not_enough_data",
        signals=signals,
        causes=tuple(_untested(result) for result in item.causes),
        burden=None,
        groups=(),
    )


def _untold(result: SignalResult) -> SignalResult:
    state: State = "not_computable" if result.state == "not_computable" else "not_enough_data"
    return replace(result, state=state, measurement=bare(result.measurement), details={})


def _untested(result: CauseResult) -> CauseResult:
    if result.measurement is None:
        return result
    return replace(result, state="no_data", measurement=bare(result.measurement))
