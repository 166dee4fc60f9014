"""Pure rules of a process definition: reading it, deciding moves, and saying everything that is wrong with a draft."""

from zhiheng.processes.rules.definition import (
    CATEGORIES,
    NEEDS,
    Definition,
    DefinitionError,
    Refusal,
    State,
    Step,
    Transition,
    decide_move,
    read_definition,
)
from zhiheng.processes.rules.problems import Problem, problems_in

__all__ = [
    "CATEGORIES",
    "NEEDS",
    "Definition",
    "DefinitionError",
    "Problem",
    "Refusal",
    "State",
    "Step",
    "Transition",
    "decide_move",
    "problems_in",
    "read_definition",
]
