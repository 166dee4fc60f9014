"""The estimators on the real ServiceNow export: every figure that the specification states about it."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from zhiheng.measure.arrays import Integers
from zhiheng.measure.service import (
    NEVER,
    backlog_age,
    chance_recurrence,
    closure_rate,
    littles_law_check,
    recurrence_rate,
)
from zhiheng.measure.survival import kaplan_meier, quantile

pytestmark = pytest.mark.slow

LOG = Path(__file__).parents[4] / "samples" / "servicenow_incident_events.csv.gz"
DAY = 86_400
CUT = int(datetime(2016, 5, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Incidents:
    """The last row of each incident."""

    opened: Integers
    resolved: Integers
    rows: list[dict[str, str]]

    def codes(self, *columns: str) -> Integers:
        """One integer per distinct combination, −1 where any part is missing."""
        known: dict[tuple[str, ...], int] = {}
        keys = [tuple(row[column] for column in columns) for row in self.rows]
        return np.array([-1 if "?" in key else known.setdefault(key, len(known)) for key in keys])


def instant(text: str) -> int:
    if text == "?":
        return NEVER
    return int(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def incidents() -> Incidents:
    last: dict[str, dict[str, str]] = {}
    with gzip.open(LOG, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            last[row["number"]] = row
    rows = list(last.values())
    return Incidents(
        np.array([instant(row["opened_at"]) for row in rows]),
        np.array([instant(row["resolved_at"]) for row in rows]),
        rows,
    )


def test_open_at_the_cut(incidents: Incidents) -> None:
    before = incidents.opened < CUT
    still_open = before & (incidents.resolved > CUT)
    assert (len(incidents.rows), int(before.sum()), int(still_open.sum())) == (24_918, 24_344, 2_801)
    assert backlog_age(incidents.opened[still_open], cut_s=CUT).n == 2_801


@pytest.mark.slow
@pytest.mark.parametrize(
    ("days", "percent", "n"), [(5, 66.19, 23_739), (10, 77.32, 22_727), (30, 87.92, 17_137)]
)
def test_closure_depends_on_its_horizon(incidents: Incidents, days: int, percent: float, n: int) -> None:
    figure = closure_rate(incidents.opened, incidents.resolved, cut_s=CUT, horizon_s=days * DAY)
    assert figure.value is not None
    assert (round(100 * figure.value, 2), figure.n) == (percent, n)


@pytest.mark.parametrize(
    ("columns", "percent", "n", "chance"),
    [
        (("caller_id", "category", "u_symptom"), 15.11, 11_241, None),
        (("caller_id", "subcategory"), 27.70, 14_699, 27.5),
        (("location", "subcategory"), 87.63, 14_702, 88.9),
    ],
)
def test_recurrence_says_nothing_without_its_matcher_and_its_excess(
    incidents: Incidents, columns: tuple[str, ...], percent: float, n: int, chance: float | None
) -> None:
    codes = incidents.codes(*columns)
    keyed = codes >= 0
    faults_of_key = np.bincount(codes[keyed])
    rates = np.where(keyed, (faults_of_key[codes] - 1) / (92 * DAY), 0.0)
    result = recurrence_rate(
        codes,
        incidents.opened,
        incidents.resolved,
        matcher=" + ".join(columns),
        cut_s=CUT,
        key_rate=rates,
    )
    assert result.rate.value is not None and result.chance is not None
    assert (round(100 * result.rate.value, 2), result.rate.n) == (percent, n)
    assert result.chance == chance_recurrence(rates[keyed], window_s=30 * DAY)
    if chance is not None:
        assert round(100 * result.chance, 1) == chance
        assert result.excess is not None and result.excess.low is not None
        assert result.excess.low < 0  # no visible excess
    else:
        assert "too_many_without_key" in result.rate.flags


def test_the_ci_matcher_is_not_valid(incidents: Incidents) -> None:
    codes = incidents.codes("cmdb_ci")
    assert round(100 * float((codes < 0).mean()), 2) == 99.78
    result = recurrence_rate(codes, incidents.opened, incidents.resolved, matcher="CI", cut_s=CUT)
    assert "too_many_without_key" in result.rate.flags


def test_time_to_resolve_with_and_without_the_open(incidents: Incidents) -> None:
    done = incidents.resolved < NEVER
    hours = (incidents.resolved[done] - incidents.opened[done]) / 3600
    assert [round(float(v), 3) for v in np.quantile(hours, (0.5, 0.9, 0.95))] == [22.1, 381.548, 710.518]
    before = incidents.opened < CUT
    end = np.minimum(incidents.resolved, CUT)
    waits, seen = (end - incidents.opened)[before], (incidents.resolved <= CUT)[before]
    honest, flattering = quantile(waits, seen, share=0.9), quantile(waits[seen], share=0.9)
    assert honest.value is not None and flattering.value is not None
    assert honest.value > flattering.value  # leaving out the open tickets makes the service look faster
    curve = kaplan_meier(waits, seen)
    # Kaplan-Meier over all tickets agrees with the share over the matured ones.
    at_5_days = curve.at(5 * DAY)
    assert at_5_days.low is not None and at_5_days.high is not None
    assert at_5_days.low - 0.005 < 1 - 0.6619 < at_5_days.high + 0.005


def test_the_log_is_not_a_steady_flow(incidents: Incidents) -> None:
    start = int(datetime(2016, 3, 1, tzinfo=UTC).timestamp())
    law = littles_law_check(
        incidents.opened, np.maximum(incidents.resolved, incidents.opened), from_s=start, to_s=CUT
    )
    assert law.flags == ("not_steady",)
    assert law.arrivals == int(((incidents.opened >= start) & (incidents.opened < CUT)).sum())
