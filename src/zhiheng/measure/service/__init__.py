"""The estimators of the starter indicators (P3.6): arrays in, figures with n and interval out.

Waiting times: `response_time`, `restore_time` → `WaitingTime`; `backlog_age` → `BacklogAge`. Shares:
`closure_rate`, `reopen_rate`, `first_contact_resolution`, `commitment_attainment` → `Measurement`;
`recurrence_rate` → `Recurrence` with `chance_recurrence`, `history_rate`. Balance: `littles_law_check` →
`LittlesLaw`, `flow_efficiency`. An instant that has not come is `NEVER`. Rows that are out (X0, X1) are left
out by the caller.
"""

from zhiheng.measure.service.balance import LittlesLaw, flow_efficiency, littles_law_check
from zhiheng.measure.service.rates import (
    NEVER,
    closure_rate,
    commitment_attainment,
    first_contact_resolution,
    reopen_rate,
)
from zhiheng.measure.service.recurrence import (
    Recurrence,
    chance_recurrence,
    history_rate,
    recurrence_rate,
)
from zhiheng.measure.service.times import (
    BacklogAge,
    WaitingTime,
    backlog_age,
    response_time,
    restore_time,
)

__all__ = [
    "NEVER",
    "BacklogAge",
    "LittlesLaw",
    "Recurrence",
    "WaitingTime",
    "backlog_age",
    "chance_recurrence",
    "closure_rate",
    "commitment_attainment",
    "first_contact_resolution",
    "flow_efficiency",
    "history_rate",
    "littles_law_check",
    "recurrence_rate",
    "reopen_rate",
    "response_time",
    "restore_time",
]
