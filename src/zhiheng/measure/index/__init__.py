"""Composite indices that can be audited, and the weights and scales they are made of.

`normalise` and its scales (`Goalposts`, `Points`, `TargetRatio`, `ZScore`); `ahp_weights`, `entropy_weights`,
`critic_weights`; `topsis`; and `CompositeIndex`: a hashed definition (`Indicator`, `Group`, `Veto`) whose
values sum exactly from their contributions, split their changes, show how much hangs on choices, and replay
to the same bits.
"""

from zhiheng.measure.index.change import IndexChange, IndicatorChange
from zhiheng.measure.index.composite import CompositeIndex, IndexTable
from zhiheng.measure.index.definition import Group, IndexDefinition, Indicator, Veto, definition_of_document
from zhiheng.measure.index.scales import Goalposts, Normalised, Points, Scale, TargetRatio, ZScore, normalise
from zhiheng.measure.index.sensitivity import Sensitivity
from zhiheng.measure.index.structure import IndexStructure, IndicatorRole
from zhiheng.measure.index.topsis import Topsis, topsis
from zhiheng.measure.index.value import Contribution, GroupValue, IndexValue, Input, Replay
from zhiheng.measure.index.weights import (
    AhpWeights,
    DataWeights,
    ahp_weights,
    critic_weights,
    entropy_weights,
)

__all__ = [
    "AhpWeights",
    "CompositeIndex",
    "Contribution",
    "DataWeights",
    "Goalposts",
    "Group",
    "GroupValue",
    "IndexChange",
    "IndexDefinition",
    "IndexStructure",
    "IndexTable",
    "IndexValue",
    "Indicator",
    "IndicatorChange",
    "IndicatorRole",
    "Input",
    "Normalised",
    "Points",
    "Replay",
    "Scale",
    "Sensitivity",
    "TargetRatio",
    "Topsis",
    "Veto",
    "ZScore",
    "ahp_weights",
    "critic_weights",
    "definition_of_document",
    "entropy_weights",
    "normalise",
    "topsis",
]
