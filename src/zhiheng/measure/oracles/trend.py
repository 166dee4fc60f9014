"""Published values of `trend`: a short series with ties, and the flow of the Nile with its break of 1899."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.measure.oracles import Oracle
from zhiheng.measure.trend import change_points, mann_kendall, sen_slope

__all__ = ["NILE", "ORACLES", "RISING"]

RISING = (5, 6, 7, 6, 8, 9, 10, 9, 11, 12)
KENDALL = "Mann 1945; Kendall 1975, ties corrected; as pymannkendall"
BREAK = "break as R strucchange finds it (28, BIC); levels are plain means of 1871-98 and 1899-1970"

# fmt: off
NILE = (
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
    1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969,
    831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
    781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
    744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
)
# fmt: on
"""Annual flow at Aswan, 10⁸ m³, 1871–1970."""


def _kendall(part: str) -> Callable[[], float]:
    return lambda: float(getattr(mann_kendall(RISING), part))


def _break(part: str) -> Callable[[], float]:
    return lambda: float(getattr(change_points(NILE).points[0], part))


ORACLES = (
    Oracle("ten values with ties, S", "trend.mann_kendall", KENDALL, 39, 0, _kendall("s")),
    Oracle("ten values with ties, variance", "trend.mann_kendall", KENDALL, 123, 1e-9, _kendall("variance")),
    Oracle("ten values with ties, z", "trend.mann_kendall", KENDALL, 3.4263, 5e-5, _kendall("z")),
    Oracle("ten values with ties, p", "trend.mann_kendall", KENDALL, 0.000612, 5e-7, _kendall("p_value")),
    Oracle(
        "ten values with ties, slope",
        "trend.sen_slope",
        "Sen 1968",
        0.75,
        1e-9,
        lambda: float(sen_slope(RISING).slope.value or 0.0),
    ),
    Oracle("Nile, years before the break", "trend.change_points", BREAK, 28, 0, _break("position")),
    Oracle("Nile, level before", "trend.change_points", BREAK, 1097.750, 5e-4, _break("before")),
    Oracle("Nile, level after", "trend.change_points", BREAK, 849.972, 5e-4, _break("after")),
    Oracle(
        "Nile, number of breaks",
        "trend.change_points",
        BREAK,
        1,
        0,
        lambda: float(len(change_points(NILE).points)),
    ),
)
