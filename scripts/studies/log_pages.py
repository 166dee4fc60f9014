"""What the four pages on the ServiceNow log show: tables, charts and the numbers that their texts call for."""

from __future__ import annotations

import numpy as np

from studies import improvement, recurrence, resolution, stability
from studies.drawing import ACCENT, FAINT, INK, SECOND, Chart
from studies.incident_log import day_label
from studies.log_words import WORDS
from studies.writing import Language, code, interval, number, p_value, share, table, ticks
from zhiheng.measure import Measurement
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.spc import ControlChart
from zhiheng.measure.survival import Survival
from zhiheng.measure.trend import Verification

FIVE_DAYS_H = 120.0
SHOWN_H = 24.0 * 30


def resolution_parts(language: Language) -> dict[str, str]:
    """The page on times to resolve."""
    study, words = resolution.study(), WORDS[language]
    keys = ("priority", "n", "median", "p90", "open_5_days")
    rows = [
        (
            words[f"priority_{name}"],
            f"{curve.n:,}",
            interval(curve.quantile(), 1),
            interval(curve.quantile(0.9), 0),
            interval(curve.at(FIVE_DAYS_H), 1, factor=100, unit=" %"),
        )
        for name, curve in (*study.curves.items(), ("all", study.whole))
    ]
    critical, moderate = study.curves["1"].quantile(), study.curves["3"].quantile()
    return {
        "n": f"{study.n:,}",
        "still_open": f"{study.still_open:,}",
        "unstamped": f"{study.unstamped:,}",
        "code": code(resolution.curve, resolution.compare),
        "table": table([words[key] for key in keys], rows),
        "chart": _curves_chart(study.curves, words),
        "p": p_value(study.test.p_value),
        "chi": number(study.test.statistic, 1),
        "pair_p": p_value(study.urgent_against_normal.p_value),
        "critical_median": number(critical.value, 0),
        "moderate_median": number(moderate.value, 0),
        "critical_n": str(study.curves["1"].n),
        "honest_p90": number((study.whole.quantile(0.9).value or 0.0) / 24, 1),
        "low_median": number(study.curves["4"].quantile().value, 0),
        "naive_p90": number(study.naive_p90 / 24, 0),
        "closed_p90": number(study.closed_only_p90 / 24, 1),
    }


def _curves_chart(curves: dict[str, Survival], words: dict[str, str]) -> str:
    """A curve per priority. Of twenty thousand steps every half day is drawn: nobody sees more on paper."""
    chart = Chart(words["km_chart"], (0, SHOWN_H), (0, 1), 340)
    chart.x_axis(words["days_since"], [(24.0 * day, str(day)) for day in range(0, 31, 5)])
    chart.y_axis(words["still_open"], ticks(0, 1, 0.25, 2))
    hours = np.arange(0.0, SHOWN_H + 1, 12.0)
    styles = ((SECOND, ""), (ACCENT, "6 3"), (INK, ""), (FAINT, "2 3"))
    for place, ((name, curve), (colour, dash)) in enumerate(zip(curves.items(), styles, strict=True)):
        heights = np.append(1.0, curve.share)[np.searchsorted(curve.time, hours, side="right")]
        chart.steps(list(zip(hours.tolist(), heights.tolist(), strict=True)), colour, dash=dash)
        height = 0.95 - 0.07 * place
        chart.line([(SHOWN_H * 0.68, height), (SHOWN_H * 0.73, height)], colour, dash=dash)
        chart.text((SHOWN_H * 0.74, height), words[f"priority_{name}"], colour=colour)
    return chart.figure(words["km_chart"])


def stability_parts(language: Language) -> dict[str, str]:
    """The page on control charts."""
    study, words = stability.study(), WORDS[language]
    weeks, one, two = study.weeks, study.phase_1, study.phase_2
    limits = one.limits
    settled = stability.SETTLED_FROM
    return {
        "n": f"{study.n:,}",
        "missed": share(study.missed),
        "code": code(stability.phases),
        "weeks_chart": _control_chart(weeks, words["weeks_chart"], words, 0, 7),
        "days_chart": _control_chart(study.days, words["days_chart"], words, 0, None),
        "phases_chart": _phases_chart(one, two, words),
        "weeks_out": str(len(weeks.out_of_limits)),
        "plain_weeks_out": str(len(study.plain_weeks.out_of_limits)),
        "weeks_n": str(weeks.n),
        "worst_week": share(float(weeks.value.max())),
        "days_n": str(study.days.n),
        "days_out": str(len(study.days.out_of_limits)),
        "high_days": str(int((study.days.value > 0.9).sum())),
        "centre": share(limits.centre if limits else None),
        "sigma_z": number(limits.factor if limits else None),
        "phase_1_n": str(one.n),
        "phase_1_out": str(len(one.out_of_limits)),
        "phase_1_day": day_label(int(stability.working_days()[settled + one.out_of_limits[0]])),
        "plain_1_out": str(len(study.plain_1.out_of_limits)),
        "phase_2_n": str(two.n),
        "phase_2_out": str(len(two.out_of_limits)),
        "plain_2_out": str(len(study.plain_2.out_of_limits)),
        "low": share(float(two.low.mean())),
        "high": share(float(two.high.mean())),
    }


def _control_chart(
    chart: ControlChart, title: str, words: dict[str, str], first: int, step: int | None
) -> str:
    """Points with centre and limits; what lies beyond a limit is a filled dot, the rest hollow."""
    drawn = Chart(title, (-0.5, chart.n - 0.5), (0, 1), 300)
    days = stability.working_days() if step is None else [step * k for k in range(chart.n)]
    every = max(chart.n // 8, 1)
    drawn.x_axis(words["opened"], [(k, day_label(int(days[first + k]))) for k in range(0, chart.n, every)])
    drawn.y_axis(words["missed_share"], ticks(0, 1, 0.25, 2))
    _points(drawn, chart, 0)
    return drawn.figure(title)


def _phases_chart(one: ControlChart, two: ControlChart, words: dict[str, str]) -> str:
    drawn = Chart(words["phases_chart"], (-0.5, one.n + two.n - 0.5), (0, 0.8), 300)
    days = stability.working_days()[stability.SETTLED_FROM :]
    drawn.x_axis(words["opened"], [(k, day_label(int(days[k]))) for k in range(0, one.n + two.n, 5)])
    drawn.y_axis(words["missed_share"], ticks(0, 0.8, 0.2, 1))
    _points(drawn, one, 0)
    _points(drawn, two, one.n)
    drawn.line([(one.n - 0.5, 0), (one.n - 0.5, 0.8)], FAINT, dash="3 3")
    drawn.text((one.n - 0.8, 0.77), words["phase_1"], anchor="end", colour=FAINT)
    drawn.text((one.n - 0.2, 0.77), words["phase_2"], colour=FAINT)
    return drawn.figure(words["phases_chart"])


def _points(drawn: Chart, chart: ControlChart, offset: int) -> None:
    places = [offset + k for k in range(chart.n)]
    drawn.line(zip(places, chart.value.tolist(), strict=True), INK, width=1)
    drawn.line(zip(places, chart.centre.tolist(), strict=True), ACCENT)
    for limit in (chart.low, chart.high):
        drawn.line(zip(places, limit.tolist(), strict=True), SECOND, dash="5 3")
    for k, value in enumerate(chart.value.tolist()):
        beyond = k in chart.out_of_limits
        drawn.dot((places[k], value), SECOND if beyond else INK, hollow=not beyond, radius=3)


def recurrence_parts(language: Language) -> dict[str, str]:
    """The page on incidents that come back."""
    study, words = recurrence.study(), WORDS[language]
    keys = ("matcher", "rate", "chance", "excess", "without_key", "n")
    rows = [
        (
            words[name],
            interval(found.rate, 1, factor=100, unit=" %"),
            share(found.chance),
            interval(found.excess, 1, factor=100, unit=" %") if found.excess else "–",
            share(found.keyless.value, 2),
            f"{found.rate.n:,}",
        )
        for name, found in study.by_matcher.items()
    ]
    chosen = study.by_matcher["caller_subcategory"]
    return {
        "code": code(recurrence.recurrence),
        "table": table([words[key] for key in keys], rows),
        "rate": share(chosen.rate.value),
        "chance": share(chosen.chance),
        "excess": interval(chosen.excess, 1, factor=100) if chosen.excess else "–",
        "without_item": share(study.without_item),
        "lowest": share(min(found.rate.value or 0.0 for found in study.by_matcher.values()), 0),
        "highest": share(max(found.rate.value or 0.0 for found in study.by_matcher.values()), 0),
    }


def improvement_parts(language: Language) -> dict[str, str]:
    """The page on the simulated improvement."""
    study, words = improvement.study(), WORDS[language]
    verdicts = (
        ("nothing_done", study.nothing_done),
        ("halved", study.halved),
        ("halved_guard", study.halved_with_guard_worse),
    )
    rates = [
        (
            words["no_effect"] if factor == 1 else share(1 - factor, 0),
            *(interval(_rate(found[outcome]), 0, factor=100, unit=" %") for outcome in improvement.OUTCOMES),
        )
        for factor, found in study.rates.items()
    ]
    null = study.rates[1.0]
    return {
        "team": improvement.TEAM,
        "days": str(study.days.value.size),
        "before": str(improvement.MEASURE_AT),
        "after": str(study.days.value.size - improvement.MEASURE_AT),
        "incidents": f"{int(study.days.incidents.sum()):,}",
        "start": day_label(int(study.days.day[improvement.MEASURE_AT])),
        "code": code(improvement.verify),
        "table": table(
            [words[key] for key in ("case", "verdict", "effect", "guard")],
            [(words[name], words[found.outcome], *_effects(found)) for name, found in verdicts],
        ),
        "chart": _series_chart(study.halved, words),
        "seeds": str(improvement.SEEDS),
        "rates": table([words["injected"], *(words[outcome] for outcome in improvement.OUTCOMES)], rates),
        "false_alarms": interval(_rate(null["improved"] + null["worse"]), 0, factor=100),
        "power": share(study.rates[0.5]["improved"] / improvement.SEEDS, 0),
        "power_small": share(study.rates[0.8]["improved"] / improvement.SEEDS, 0),
        "moved": str(study.moved_dates.total()),
        "moved_found": str(study.moved_dates.total() - study.moved_dates["no_effect_shown"]),
    }


def _rate(hits: int) -> Measurement:
    return wilson_interval(hits, improvement.SEEDS)


def _effects(found: Verification) -> tuple[str, str]:
    (guard,) = found.guards
    return interval(found.effect), interval(guard.effect, 1, factor=100, unit=" %")


def _series_chart(found: Verification, words: dict[str, str]) -> str:
    """The series with the effect in it, what was expected without the measure, and what the model fits."""
    study = improvement.study()
    values = study.days.with_effect(improvement.FACTOR).tolist()
    chart = Chart(words["series_chart"], (-0.5, len(values) - 0.5), (-2.5, 1.0), 300)
    every = range(0, len(values), 5)
    chart.x_axis(words["opened"], [(k, day_label(int(study.days.day[k]))) for k in every])
    chart.y_axis(words["log_hours"], ticks(-2, 1, 1))
    start = improvement.MEASURE_AT
    chart.line([(start - 0.5, -2.5), (start - 0.5, 1)], FAINT, dash="3 3")
    chart.text((start - 0.3, 0.9), words["measure"], colour=FAINT)
    for k, value in enumerate(values):
        chart.dot((k, value), INK, hollow=k < start, radius=3)
    expected, fitted = found.series.expected.tolist(), found.series.fitted.tolist()
    chart.line(list(enumerate(fitted)), ACCENT)
    chart.line([(k, expected[k]) for k in range(start, len(values))], SECOND, dash="5 3")
    return chart.figure(words["series_chart"])
