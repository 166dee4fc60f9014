"""Reading figures from the mirror: always through a lens, which says who looks, at what, and up to when.

Public: `lens_for`, `Lens`, `judged_figures`, `judged_groups`, `judged_with_exempt` (by the organisation's own targets),
`figures`, `by_group` (by the shipped ones, as they are kept), `own_targets`, `diagnoses`, `course_of`, `flow_of`,
`conformity`, `case_report`, `tickets_behind`, `choices_of` (what can be filtered by), `indicators`, `defects`.
"""

from zhiheng.indicators.queries.behind import tickets_behind
from zhiheng.indicators.queries.cases import case_report, course_of, flow_of
from zhiheng.indicators.queries.choices import choices_of
from zhiheng.indicators.queries.conformity import Conformity, Departure, Design, conformity
from zhiheng.indicators.queries.diagnoses import diagnoses
from zhiheng.indicators.queries.exemptions import Exempt, judged_with_exempt
from zhiheng.indicators.queries.figures import Measured, by_group, defects, figures, indicators
from zhiheng.indicators.queries.lens import Lens, lens_for
from zhiheng.indicators.queries.own_targets import judged_figures, judged_groups, own_targets

__all__ = [
    "Conformity",
    "Departure",
    "Design",
    "Exempt",
    "Lens",
    "Measured",
    "by_group",
    "case_report",
    "choices_of",
    "conformity",
    "course_of",
    "defects",
    "diagnoses",
    "figures",
    "flow_of",
    "indicators",
    "judged_figures",
    "judged_groups",
    "judged_with_exempt",
    "lens_for",
    "own_targets",
    "tickets_behind",
]
