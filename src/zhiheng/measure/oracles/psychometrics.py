"""Published reliability and agreement figures: the `attitude` survey, Shrout & Fleiss, Krippendorff, Fleiss."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import numpy as np

from zhiheng.measure import psychometrics
from zhiheng.measure.arrays import Floats
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.attitude import ATTITUDE
from zhiheng.measure.psychometrics import Alpha

__all__ = ["ORACLES", "QUESTIONNAIRE", "RATINGS"]

ATTITUDE_SOURCE = "Chatterjee & Price 1977 (R data set attitude); recomputed, agrees with R psych alpha()"
FLEISS_SOURCE = "Fleiss 1971, table as reprinted; κ to three digits"
KRIPPENDORFF_SOURCE = "Krippendorff 2011, Computing Krippendorff's Alpha-Reliability"
SHROUT_SOURCE = "Shrout & Fleiss 1979, table 2 and 4; recomputed to four digits"
SHROUT_LIMITS = "R psych ICC() on Shrout & Fleiss 1979, limits to two digits"


def _table(*rows: str) -> Floats:
    """One row per text, one figure per mark, "." for what is missing."""
    return np.array([[float("nan") if mark == "." else float(mark) for mark in row] for row in rows])


# Right or wrong answers of 12 persons to 11 questions (Real Statistics, Cronbach's alpha).
QUESTIONNAIRE = _table(
    "11111111111",
    "11111111010",
    ".011.111100",
    "11101101100",
    "11111000100",
    "01.01111000",
    "11110010000",
    "11111000000",
    "01011000010",
    "10010100.00",
    "11100000000",
    "10010000000",
)

# Targets × judges.
RATINGS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])

# Observers × units.
CODED = _table("123321412...", "1233224125.3", ".3332342251.", "12332441251.")

# Cases × categories: how many of 14 raters chose each.
DIAGNOSES = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)


def _oracle(
    name: str,
    function: str,
    source: str,
    published: float,
    compute: Callable[[], float | None],
    *,
    digits: int = 4,
) -> Oracle:
    """A figure printed to so many digits: ours must round to it. None (not computable) would fail as `value`."""

    return Oracle(
        name=name,
        function=f"psychometrics.{function}",
        source=source,
        published=published,
        # Half a unit of the last printed digit, and a hair for halves that binary cannot hold.
        tolerance=0.5 * 10.0**-digits + 1e-12,
        compute=cast("Callable[[], float]", compute),
    )


def _attitude_alpha() -> Alpha:
    return psychometrics.cronbach_alpha(ATTITUDE)


def _questionnaire_alpha() -> Alpha:
    return psychometrics.cronbach_alpha(QUESTIONNAIRE, missing="pairwise")


_ALPHA: tuple[tuple[str, float, Callable[[], float | None], int], ...] = (
    ("alpha", 0.8431, lambda: _attitude_alpha().value, 4),
    ("standardised alpha", 0.8391, lambda: _attitude_alpha().standardised, 4),
    ("mean inter-item r", 0.4269, lambda: _attitude_alpha().mean_inter_item_r, 4),
    ("Feldt lower limit", 0.7394, lambda: _attitude_alpha().raw.low, 4),
    ("Feldt upper limit", 0.9158, lambda: _attitude_alpha().raw.high, 4),
)


def _if_dropped(item: int) -> float | None:
    return psychometrics.item_rest(ATTITUDE)[item].alpha_if_dropped


def _rest_correlation(item: int) -> float | None:
    return psychometrics.item_rest(ATTITUDE)[item].r.value


def _icc(form: str) -> float | None:
    return psychometrics.icc(RATINGS)[form].value


def _icc_limit(form: str, end: int) -> float | None:
    figure = psychometrics.icc(RATINGS)[form]
    return (figure.low, figure.high)[end]


def _coded(level: psychometrics.Level) -> float | None:
    return psychometrics.krippendorff_alpha(CODED, level=level).value


_NAMES = ("rating", "complaints", "privileges", "learning", "raises", "critical", "advance")
_DROPPED = (0.8098, 0.7969, 0.8278, 0.8030, 0.7954, 0.8639, 0.8405)
_REST = (0.671, 0.742, 0.561, 0.714, 0.786, 0.265, 0.461)
_ICC = {"1,1": 0.1657, "2,1": 0.2898, "3,1": 0.7148, "1,k": 0.4428, "2,k": 0.6201, "3,k": 0.9093}
_ICC_LIMITS = {
    "1,1": (-0.13, 0.72),
    "2,1": (0.02, 0.76),
    "3,1": (0.34, 0.95),
    "1,k": (-0.88, 0.91),
    "2,k": (0.07, 0.93),
    "3,k": (0.68, 0.99),
}
_CODED: dict[psychometrics.Level, float] = {
    "nominal": 0.743,
    "ordinal": 0.815,
    "interval": 0.849,
    "ratio": 0.797,
}
_GROUP = ((4, 3, 4), (4, 4, 5), (5, 4, 5), (4, 4, 4), (5, 4, 4))
# Six persons, five questions, scores 5, 4, 3, 2, 1, 0: a Guttman scale.
_STAIRCASE = tuple(tuple(int(question < score) for question in range(5)) for score in range(5, -1, -1))


def _staircase_with_sample_variance() -> float | None:
    """What the common mistake gives: KR-20 with the sample variance of the scores (σ² n / (n − 1))."""
    value, k, n = psychometrics.kr20(_STAIRCASE).value, 5, 6
    return None if value is None else k / (k - 1) * (1 - (1 - value * (k - 1) / k) * (n - 1) / n)


ORACLES: tuple[Oracle, ...] = (
    *(
        _oracle(f"attitude: {name}", "cronbach_alpha", ATTITUDE_SOURCE, published, compute, digits=digits)
        for name, published, compute, digits in _ALPHA
    ),
    *(
        _oracle(
            f"attitude: alpha without {name}",
            "item_rest",
            ATTITUDE_SOURCE,
            published,
            partial(_if_dropped, i),
        )
        for i, (name, published) in enumerate(zip(_NAMES, _DROPPED, strict=True))
    ),
    *(
        _oracle(
            f"attitude: item-rest r of {name}",
            "item_rest",
            ATTITUDE_SOURCE,
            published,
            partial(_rest_correlation, i),
            digits=3,
        )
        for i, (name, published) in enumerate(zip(_NAMES, _REST, strict=True))
    ),
    _oracle(
        "attitude: lambda 6",
        "guttman_lambda6",
        ATTITUDE_SOURCE,
        0.8752,
        lambda: psychometrics.guttman_lambda6(ATTITUDE).value,
    ),
    _oracle(
        "attitude: KMO", "kmo", ATTITUDE_SOURCE, 0.7633, lambda: psychometrics.kmo(ATTITUDE).overall.value
    ),
    _oracle(
        "attitude: Bartlett chi-square",
        "bartlett_sphericity",
        ATTITUDE_SOURCE,
        98.753,
        lambda: psychometrics.bartlett_sphericity(ATTITUDE).statistic,
        digits=3,
    ),
    _oracle(
        "questionnaire with gaps, pairwise: alpha",
        "cronbach_alpha",
        "Real Statistics questionnaire; pingouin 0.7.0",
        0.7327,
        lambda: _questionnaire_alpha().value,
    ),
    _oracle(
        "questionnaire with gaps, pairwise: lower limit",
        "cronbach_alpha",
        "Real Statistics questionnaire; pingouin 0.7.0",
        0.435,
        lambda: _questionnaire_alpha().raw.low,
        digits=3,
    ),
    _oracle(
        "questionnaire with gaps, pairwise: upper limit",
        "cronbach_alpha",
        "Real Statistics questionnaire; pingouin 0.7.0",
        0.909,
        lambda: _questionnaire_alpha().raw.high,
        digits=3,
    ),
    *(
        _oracle(
            f"six targets, four judges: ICC({form})", "icc", SHROUT_SOURCE, published, partial(_icc, form)
        )
        for form, published in _ICC.items()
    ),
    *(
        _oracle(
            f"six targets, four judges: ICC({form}) {('lower', 'upper')[end]} limit",
            "icc",
            SHROUT_LIMITS,
            limits[end],
            partial(_icc_limit, form, end),
            digits=2,
        )
        for form, limits in _ICC_LIMITS.items()
        for end in (0, 1)
    ),
    _oracle(
        "rwg of 4, 4, 5, 4, 5 on five points",
        "rwg",
        "James, Demaree & Wolf 1984, by hand: 1 − 0.3/2",
        0.85,
        lambda: psychometrics.rwg((4, 4, 5, 4, 5), options=5).value,
        digits=9,
    ),
    _oracle(
        "rwg(J) of three items on five points",
        "rwg",
        "James, Demaree & Wolf 1984, by hand: q = 13/15, 39/41",
        39 / 41,
        lambda: psychometrics.rwg(_GROUP, options=5).value,
        digits=9,
    ),
    *(
        _oracle(
            f"four observers, twelve units: alpha {level}",
            "krippendorff_alpha",
            KRIPPENDORFF_SOURCE,
            published,
            partial(_coded, level),
            digits=3,
        )
        for level, published in _CODED.items()
    ),
    _oracle(
        "two observers, twelve units, five categories",
        "krippendorff_alpha",
        KRIPPENDORFF_SOURCE,
        0.692,
        lambda: (
            psychometrics.krippendorff_alpha(_table("112243335441", "212223335444"), level="nominal").value
        ),
        digits=3,
    ),
    _oracle(
        "two observers, ten units, binary",
        "krippendorff_alpha",
        KRIPPENDORFF_SOURCE,
        0.095,
        lambda: psychometrics.krippendorff_alpha(_table("0100000010", "1110010000"), level="nominal").value,
        digits=3,
    ),
    _oracle(
        "ten cases, fourteen raters",
        "fleiss_kappa",
        FLEISS_SOURCE,
        0.210,
        lambda: psychometrics.fleiss_kappa(DIAGNOSES).value,
        digits=3,
    ),
    _oracle(
        "fifty grants, two readers",
        "cohen_kappa",
        "Cohen 1960 by hand: p_o 35/50, p_e 0.5",
        0.4,
        lambda: (
            psychometrics.cohen_kappa([1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15).value
        ),
        digits=9,
    ),
    _oracle(
        "Guttman staircase: KR-20",
        "kr20",
        "Kuder & Richardson 1937, by hand: 5/4 (1 − (35/36)/(35/12))",
        5 / 6,
        lambda: psychometrics.kr20(_STAIRCASE).value,
        digits=9,
    ),
    _oracle(
        "Guttman staircase: KR-21",
        "kr20",
        "Kuder & Richardson 1937, by hand: 5/4 (1 − 1.25/(35/12))",
        5 / 7,
        lambda: psychometrics.kr20(_STAIRCASE).kr21,
        digits=9,
    ),
    _oracle(
        "Guttman staircase: what the sample variance would give",
        "kr20",
        "recomputed; shows that the population variance is used",
        0.9028,
        _staircase_with_sample_variance,
    ),
)
