"""Control charts: is a process stable, and which points call for a cause.

Measured values: `i_mr_chart`, `xbar_r_chart`, `xbar_s_chart`. Shares and counts: `p_chart`, `laney_p_chart`,
`np_chart`, `c_chart`, `u_chart`, `laney_u_chart`;
many series at once: `laney_p_charts`, `laney_u_charts`. Rare events: `g_chart`, `t_chart`. Slow drift: `ewma_chart`,
`cusum_chart`. Rule sets: `LIMITS_ONLY`, `WESTERN_ELECTRIC` (the default), `NELSON`. How long until a signal:
`average_run_length`.

Phase I estimates limits from a baseline (`baseline`, with points `removed` for a recorded cause); phase II judges
later points by limits that are frozen: pass `limits=chart.limits`. Limits come from the spread between
neighbouring points, never from the global standard deviation, and never from a target.
"""

from zhiheng.measure.spc.attributes import (
    c_chart,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    p_chart,
    u_chart,
)
from zhiheng.measure.spc.chart import ChartPair, ControlChart, Limits, Removal
from zhiheng.measure.spc.drift import CusumChart, cusum_chart, ewma_chart
from zhiheng.measure.spc.many import ControlCharts, laney_p_charts, laney_u_charts
from zhiheng.measure.spc.rare import g_chart, t_chart
from zhiheng.measure.spc.rules import LIMITS_ONLY, NELSON, WESTERN_ELECTRIC, Rule, Signal
from zhiheng.measure.spc.run_length import RunLength, average_run_length
from zhiheng.measure.spc.variables import i_mr_chart, xbar_r_chart, xbar_s_chart

__all__ = [
    "LIMITS_ONLY",
    "NELSON",
    "WESTERN_ELECTRIC",
    "ChartPair",
    "ControlChart",
    "ControlCharts",
    "CusumChart",
    "Limits",
    "Removal",
    "Rule",
    "RunLength",
    "Signal",
    "average_run_length",
    "c_chart",
    "cusum_chart",
    "ewma_chart",
    "g_chart",
    "i_mr_chart",
    "laney_p_chart",
    "laney_p_charts",
    "laney_u_chart",
    "laney_u_charts",
    "np_chart",
    "p_chart",
    "t_chart",
    "u_chart",
    "xbar_r_chart",
    "xbar_s_chart",
]
