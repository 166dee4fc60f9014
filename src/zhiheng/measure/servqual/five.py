"""The five gaps of the gap model side by side: where between customer and provider quality is lost."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement, not_enough
from zhiheng.measure.servqual.delivery import DeliveryGap
from zhiheng.measure.servqual.gaps import GapAnalysis
from zhiheng.measure.servqual.knowledge import KnowledgeGap
from zhiheng.measure.servqual.standards import StandardsGap

NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class GapRow:
    """One of the five: its headline figure, in its own unit, and where it is worst."""

    number: int
    name: str
    says: str
    headline: Measurement
    worst: str | None

    def __str__(self) -> str:
        worst = f", worst: {self.worst}" if self.worst else ""
        return f"gap {self.number} {self.name} ({self.says}): {self.headline}{worst}"


@dataclass(frozen=True, slots=True)
class FiveGaps:
    """The five gaps, each flagged "not_measured" where it was not given."""

    rows: tuple[GapRow, ...]
    method: str = "five-gaps"

    @property
    def measured(self) -> tuple[int, ...]:
        """The numbers of the gaps that are measured."""
        return tuple(row.number for row in self.rows if NOT_MEASURED not in row.headline.flags)

    def __str__(self) -> str:
        return "\n".join(str(row) for row in self.rows)


def five_gaps(
    *,
    knowledge: KnowledgeGap | None = None,
    standards: StandardsGap | None = None,
    delivery: DeliveryGap | None = None,
    communication: DeliveryGap | None = None,
    customer: GapAnalysis | None = None,
) -> FiveGaps:
    """The gap model's five gaps (Parasuraman, Zeithaml & Berry 1985) from the five measurements of this module.

    Headlines: 1 customers' expectation minus managers' belief, in points; 2 share of requirements without a
    standard or with a looser one; 3 share of standards clearly not delivered; 4 share of promises clearly not
    kept; 5 perception minus expectation, in points. Units differ: the figures are not to be added or ranked
    against each other. What is not given is flagged "not_measured", never taken as no gap.

    Unit: that of each gap. Errors: . Source: Parasuraman, Zeithaml & Berry 1985.
    """
    for argument, gap, number in (("delivery", delivery, 3), ("communication", communication, 4)):
        if gap is not None and gap.number != number:
            raise MeasureError(argument, f"must be gap {number}, is gap {gap.number}")
    fifth = None if customer is None else customer.unweighted.gap
    return FiveGaps(
        (
            _row(1, "knowledge", "customers' expectation − managers' belief", knowledge),
            _row(2, "standards", "requirements that no standard meets", standards),
            _row(3, "delivery", "standards not delivered", delivery),
            _row(4, "communication", "promises not kept", communication),
            GapRow(
                5,
                "customer",
                "perception − expectation",
                not_enough("points").flagged(NOT_MEASURED) if fifth is None else fifth,
                None if customer is None else _worst_dimension(customer),
            ),
        )
    )


def _row(number: int, name: str, says: str, gap: KnowledgeGap | StandardsGap | DeliveryGap | None) -> GapRow:
    if gap is None:
        unit = "points" if number == 1 else "share"
        return GapRow(number, name, says, not_enough(unit).flagged(NOT_MEASURED), None)
    return GapRow(number, name, says, gap.headline, gap.worst)


def _worst_dimension(customer: GapAnalysis) -> str | None:
    """The dimension that falls short the most; None where none does."""
    short = [d for d in customer.dimensions if d.gap.value is not None and d.gap.value < 0]
    return min(short, key=lambda d: d.gap.value or 0.0).name if short else None
