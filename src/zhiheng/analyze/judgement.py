"""What judging a log takes: the catalogue of indicators and defects, own targets, and the whole report made with them.

The command loads this module only when a report needs it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.report.build import build_report
from zhiheng.analyze.report.process import Question
from zhiheng.definitions.definition import Defect, Indicator
from zhiheng.definitions.loader import load_defects, load_indicators
from zhiheng.definitions.target_file import load_targets
from zhiheng.definitions.targets import NO_OWN, OwnTargets


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The definitions that are measured, and the targets that replace theirs."""

    indicators: dict[str, Indicator]
    defects: dict[str, Defect]
    targets: OwnTargets

    def report(self, facts: CaseFacts, question: Question) -> dict[str, Any]:
        """The whole report."""
        return build_report(facts, question, indicators=self.indicators, defects=self.defects)


def load_catalogue(targets: str | None) -> Catalogue:
    """The shipped catalogue with the targets of a file. Raises DefinitionError, OSError."""
    indicators = load_indicators()
    own = load_targets(Path(targets), indicators) if targets else NO_OWN
    return Catalogue(indicators, load_defects(), own)
