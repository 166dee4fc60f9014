"""Reliability and agreement: whether a scale, a group of raters or an exam can be trusted.

Scales: `cronbach_alpha`, `mcdonald_omega`, `guttman_lambda6`, `item_rest`, `reverse_key`. Factors: `kmo`,
`bartlett_sphericity`, `parallel_analysis`. Raters: `icc` (six forms), `rwg`, `krippendorff_alpha`, `cohen_kappa`,
`fleiss_kappa`. Exams: `kr20`, `item_analysis`.
"""

from zhiheng.measure.psychometrics.agreement import rwg
from zhiheng.measure.psychometrics.alpha import Alpha, ItemRest, cronbach_alpha, guttman_lambda6, item_rest
from zhiheng.measure.psychometrics.answers import reverse_key
from zhiheng.measure.psychometrics.exams import Kr20, kr20
from zhiheng.measure.psychometrics.factors import (
    ParallelAnalysis,
    SamplingAdequacy,
    Sphericity,
    bartlett_sphericity,
    kmo,
    parallel_analysis,
)
from zhiheng.measure.psychometrics.intraclass import IntraclassCorrelations, MeanSquares, icc
from zhiheng.measure.psychometrics.kappa import cohen_kappa, fleiss_kappa
from zhiheng.measure.psychometrics.krippendorff import Level, krippendorff_alpha
from zhiheng.measure.psychometrics.omega import Omega, mcdonald_omega
from zhiheng.measure.psychometrics.questions import ItemAnalysis, Option, Question, item_analysis

__all__ = [
    "Alpha",
    "IntraclassCorrelations",
    "ItemAnalysis",
    "ItemRest",
    "Kr20",
    "Level",
    "MeanSquares",
    "Omega",
    "Option",
    "ParallelAnalysis",
    "Question",
    "SamplingAdequacy",
    "Sphericity",
    "bartlett_sphericity",
    "cohen_kappa",
    "cronbach_alpha",
    "fleiss_kappa",
    "guttman_lambda6",
    "icc",
    "item_analysis",
    "item_rest",
    "kmo",
    "kr20",
    "krippendorff_alpha",
    "mcdonald_omega",
    "parallel_analysis",
    "reverse_key",
    "rwg",
]
