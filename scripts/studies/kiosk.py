"""Gap, Kano and importance-performance analysis of the kiosk survey."""

from __future__ import annotations

from dataclasses import dataclass

from studies.kiosk_survey import Survey, read_survey
from zhiheng.measure import importance, kano, psychometrics, servqual
from zhiheng.measure.importance import ImportancePerformance
from zhiheng.measure.kano import KanoAnalysis
from zhiheng.measure.psychometrics import Omega
from zhiheng.measure.servqual import GapAnalysis

SEED = 2019


@dataclass(frozen=True)
class KioskStudy:
    """What the survey says, with question names in one language."""

    survey: Survey
    items: GapAnalysis
    dimensions: GapAnalysis
    omegas: dict[str, Omega]
    factors: int
    features: KanoAnalysis
    stated: ImportancePerformance
    derived: ImportancePerformance


def gaps(survey: Survey, language: str) -> GapAnalysis:
    """All 24 questions: perception less expectation, paired, Holm over the 24 tests."""
    return servqual.gap_analysis(
        survey.expectation,
        survey.perception,
        dimensions=["all"] * 24,
        items=[item.names[language] for item in survey.questions],
        scale=(1, 7),
    )


def gaps_by_dimension(survey: Survey, language: str) -> GapAnalysis:
    """The 20 questions that the authors of the survey kept, in their six dimensions; Holm over the six."""
    kept = [i for i, item in enumerate(survey.questions) if item.dimension]
    return servqual.gap_analysis(
        survey.expectation[:, kept],
        survey.perception[:, kept],
        dimensions=[survey.questions[i].dimension for i in kept],
        items=[survey.questions[i].names[language] for i in kept],
        scale=(1, 7),
    )


def kano_features(survey: Survey, language: str) -> KanoAnalysis:
    """The category of each of the 29 features, with the share of bootstrap samples in which it leads."""
    return kano.classify(
        survey.functional, survey.dysfunctional, names=survey.feature_names(language), seed=SEED
    )


def stated_importance(survey: Survey, language: str) -> ImportancePerformance:
    """Importance as the respondents state it, against their satisfaction; the lines are the means."""
    return importance.importance_performance(
        survey.satisfaction[survey.answered],
        importance=survey.importance[survey.answered],
        names=[item.names[language] for item in survey.questions],
        seed=SEED,
    )


def derived_importance(survey: Survey) -> ImportancePerformance:
    """Importance as each dimension's share of the variance of overall satisfaction (Shapley), against the same."""
    names = list(dict.fromkeys(item.dimension for item in survey.questions if item.dimension))
    members = [[i for i, item in enumerate(survey.questions) if item.dimension == name] for name in names]
    satisfied = survey.satisfaction[survey.answered]
    return importance.importance_performance(
        [[row[chosen].mean() for chosen in members] for row in satisfied],
        outcome=survey.overall[survey.answered].mean(axis=1),
        names=names,
        seed=SEED,
    )


def reliability(survey: Survey) -> dict[str, Omega]:
    """Omega of the perceptions of each dimension of three or more questions (alpha is in the gap analysis)."""
    names = list(dict.fromkeys(item.dimension for item in survey.questions if item.dimension))
    members = {
        name: [i for i, item in enumerate(survey.questions) if item.dimension == name] for name in names
    }
    return {
        name: psychometrics.mcdonald_omega(survey.perception[:, chosen], missing="listwise")
        for name, chosen in members.items()
        if len(chosen) >= 3
    }


def number_of_factors(survey: Survey) -> int:
    """How many factors the perceptions of the 20 questions hold (parallel analysis)."""
    kept = [i for i, item in enumerate(survey.questions) if item.dimension]
    found = psychometrics.parallel_analysis(
        survey.perception[:, kept], missing="listwise", replicates=200, seed=SEED
    )
    return found.factors or 0


def study(language: str = "en") -> KioskStudy:
    """The whole study."""
    survey = read_survey()
    return KioskStudy(
        survey=survey,
        items=gaps(survey, language),
        dimensions=gaps_by_dimension(survey, language),
        omegas=reliability(survey),
        factors=number_of_factors(survey),
        features=kano_features(survey, language),
        stated=stated_importance(survey, language),
        derived=derived_importance(survey),
    )
