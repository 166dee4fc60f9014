"""Reading figures from the mirror: always through a lens, which says who looks, at what, and up to when.

Public: `lens_for`, `Lens`, `judged_figures`, `judged_groups`, `judged_with_exempt` (by the organisation's own targets),
`figures`, `by_group` (by the shipped ones, as they are kept), `own_targets`, `diagnoses`, `course_of`, `flow_of`,
`conformity`, `case_report`, `tickets_behind`, `choices_of` (what can be filtered by), `indicators`, `defects`;
`facts_shared` (open facts once for many questions), `usual_lens` and `answer_overview` (what most people ask first).
"""

from zhiheng.indicators.queries.behind import tickets_behind
from zhiheng.indicators.queries.cases import case_report, course_of, flow_of
from zhiheng.indicators.queries.catalogue import defects, indicators
from zhiheng.indicators.queries.choices import choices_of
from zhiheng.indicators.queries.conformity import Conformity, Departure, Design, conformity
from zhiheng.indicators.queries.diagnoses import diagnoses
from zhiheng.indicators.queries.exemptions import Exempt, judged_with_exempt
from zhiheng.indicators.queries.figures import Measured, by_group, figures
from zhiheng.indicators.queries.lens import Lens, lens_for
from zhiheng.indicators.queries.opening import facts_shared
from zhiheng.indicators.queries.overview import FILTERED_BY, LATE, answer_overview, usual_lens
from zhiheng.indicators.queries.own_targets import judged_figures, judged_groups, own_targets

__all__ = [
    "FILTERED_BY",
    "LATE",
    "Conformity",
    "Departure",
    "Design",
    "Exempt",
    "Lens",
    "Measured",
    "answer_overview",
    "by_group",
    "case_report",
    "choices_of",
    "conformity",
    "course_of",
    "defects",
    "diagnoses",
    "facts_shared",
    "figures",
    "flow_of",
    "indicators",
    "judged_figures",
    "judged_groups",
    "judged_with_exempt",
    "lens_for",
    "own_targets",
    "tickets_behind",
    "usual_lens",
]
