"""Published values of `survival`: the Freireich trial of 6-mercaptopurine against placebo, 21 patients each."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.measure.oracles import Oracle
from zhiheng.measure.result import Measurement
from zhiheng.measure.survival import CoxModel, cox, kaplan_meier, log_rank, quantile, restricted_mean

__all__ = ["DRUG", "DRUG_SEEN", "ORACLES", "PLACEBO"]

TRIAL = "data of Freireich et al. 1963; values computed with lifelines and statsmodels"
DRUG = (6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
DRUG_SEEN = (True,) * 9 + (False,) * 12
PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)

_BOTH = DRUG + PLACEBO
_BOTH_SEEN = DRUG_SEEN + (True,) * 21
_ON_PLACEBO = (0,) * 21 + (1,) * 21


def _number(figure: Callable[[], Measurement], part: str = "value") -> Callable[[], float]:
    return lambda: float(getattr(figure(), part))


def _at(week: int, part: str = "value") -> Callable[[], float]:
    return _number(lambda: kaplan_meier(DRUG, DRUG_SEEN, unit="weeks").at(week), part)


def _logarithmic(week: int, part: str) -> Callable[[], float]:
    return _number(lambda: kaplan_meier(DRUG, DRUG_SEEN, band="log").at(week), part)


def _test(part: str) -> Callable[[], float]:
    return lambda: float(getattr(log_rank(_BOTH, _BOTH_SEEN, _ON_PLACEBO), part))


def _model(part: Callable[[CoxModel], float], ties: str = "efron") -> Callable[[], float]:
    return lambda: part(cox(_BOTH, _BOTH_SEEN, _ON_PLACEBO, ties=ties))  # type: ignore[arg-type]  # one of two


_CURVE = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}

ORACLES = (
    *(
        Oracle(
            f"6-MP, share in remission after week {week}",
            "survival.kaplan_meier",
            TRIAL,
            share,
            5e-5,
            _at(week),
        )
        for week, share in _CURVE.items()
    ),
    Oracle(
        "6-MP, log-log lower limit at week 6", "survival.kaplan_meier", TRIAL, 0.6197, 5e-5, _at(6, "low")
    ),
    Oracle(
        "6-MP, log-log upper limit at week 6", "survival.kaplan_meier", TRIAL, 0.9516, 5e-5, _at(6, "high")
    ),
    Oracle(
        "6-MP, log lower limit at week 6",
        "survival.kaplan_meier",
        "conf.type log as in R survfit; by hand from Greenwood's formula",
        0.720,
        5e-4,
        _logarithmic(6, "low"),
    ),
    Oracle(
        "6-MP, log upper limit at week 7",
        "survival.kaplan_meier",
        "conf.type log as in R survfit; by hand from Greenwood's formula",
        0.996,
        5e-4,
        _logarithmic(7, "high"),
    ),
    Oracle("6-MP, median", "survival.quantile", TRIAL, 23, 0, _number(lambda: quantile(DRUG, DRUG_SEEN))),
    Oracle("placebo, median", "survival.quantile", TRIAL, 8, 0, _number(lambda: quantile(PLACEBO))),
    Oracle(
        "6-MP, restricted mean to week 30",
        "survival.restricted_mean",
        TRIAL,
        21.046,
        5e-4,
        _number(lambda: restricted_mean(DRUG, DRUG_SEEN, horizon=30)),
    ),
    Oracle("log-rank statistic", "survival.log_rank", TRIAL, 16.793, 5e-4, _test("statistic")),
    Oracle("log-rank p", "survival.log_rank", TRIAL, 4.17e-5, 5e-8, _test("p_value")),
    Oracle(
        "Cox coefficient of placebo, Efron",
        "survival.cox",
        TRIAL,
        1.5721,
        5e-5,
        _model(lambda model: model.ratios[0].coefficient),
    ),
    Oracle(
        "Cox hazard ratio of placebo, Efron",
        "survival.cox",
        TRIAL,
        4.817,
        5e-4,
        _model(lambda model: model.ratios[0].ratio),
    ),
    Oracle(
        "Cox coefficient of placebo, Breslow",
        "survival.cox",
        "values computed with statsmodels PHReg, Breslow ties",
        1.509,
        5e-4,
        _model(lambda model: model.ratios[0].coefficient, "breslow"),
    ),
    Oracle(
        "Cox standard error of placebo, Breslow",
        "survival.cox",
        "values computed with statsmodels PHReg, Breslow ties",
        0.410,
        5e-4,
        _model(lambda model: model.ratios[0].standard_error, "breslow"),
    ),
)
