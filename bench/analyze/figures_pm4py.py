"""The compared figures by pm4py, as JSON: `figures_pm4py.py LOG OUT [all|needed]`. Runs in an environment of its own.

pm4py is under the AGPL; nothing of the project imports it. `needed` reads only the three columns the figures need and
gives the date format, which is the fastest way pm4py can be used; `all` reads the whole export, as analyze does.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pm4py

COLUMNS = ["number", "incident_state", "sys_updated_at"]


def main() -> None:
    """Read, mine, write."""
    path, out, columns = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    frame = pd.read_csv(path, usecols=COLUMNS if columns == "needed" else None, na_values=["?"])
    frame["sys_updated_at"] = pd.to_datetime(frame["sys_updated_at"], format="%d/%m/%Y %H:%M")
    frame = pm4py.format_dataframe(
        frame, case_id="number", activity_key="incident_state", timestamp_key="sys_updated_at"
    )
    counts, starts, ends = pm4py.discover_dfg(frame)
    performance, _, _ = pm4py.discover_performance_dfg(frame)
    variants = pm4py.get_variants(frame)
    hours = np.array(pm4py.get_all_case_durations(frame)) / 3600
    figures = {
        "events": len(frame),
        "cases": int(frame["case:concept:name"].nunique()),
        "activities": int(frame["concept:name"].nunique()),
        "variants": len(variants),
        "top_variants": sorted(Counter({" > ".join(k): int(v) for k, v in variants.items()}).values())[::-1][
            :10
        ],
        "starts": {k: int(v) for k, v in starts.items()},
        "ends": {k: int(v) for k, v in ends.items()},
        "arcs": {f"{a} > {b}": [int(n), float(performance[a, b]["median"])] for (a, b), n in counts.items()},
        "rework": {k: int(v) for k, v in pm4py.get_rework_cases_per_activity(frame).items()},
        "case_hours": [float(np.quantile(hours, q)) for q in (0.5, 0.9, 0.95)] + [float(hours.mean())],
    }
    out.write_text(json.dumps(figures), encoding="utf-8")


main()
