"""Published sizes of samples for audits."""

from __future__ import annotations

from collections.abc import Callable

from zhiheng.measure import sampling
from zhiheng.measure.oracles import Oracle

__all__ = ["ORACLES"]


def _discovery(confidence: float, rate: float) -> Callable[[], float]:
    return lambda: sampling.discovery_sample_size(rate=rate, confidence=confidence).whole


ORACLES: tuple[Oracle, ...] = (
    *(
        Oracle(
            name=f"none wrong: fewer than {rate:.0%} are, confidence {confidence:.0%}",
            function="sampling.discovery_sample_size",
            source="zero-failure table of audit handbooks, ln(1 − c) / ln(1 − p)",
            published=published,
            tolerance=0,
            compute=_discovery(confidence, rate),
        )
        for confidence, rate, published in (
            (0.95, 0.05, 59),
            (0.95, 0.10, 29),
            (0.90, 0.10, 22),
            (0.95, 0.01, 299),
            (0.99, 0.01, 459),
        )
    ),
    Oracle(
        name="0 of 60 wrong, upper 95 % limit",
        function="sampling.discovery_limit",
        source="Clopper & Pearson 1934, one-sided: 1 − 0.05^(1/60)",
        published=0.0487,
        tolerance=0.00005,
        compute=lambda: sampling.discovery_limit(60).high or 0.0,
    ),
    Oracle(
        name="lot of 20, one wrong to be found with 95 %",
        function="sampling.hypergeometric_sample_size",
        source="by hand: P(not among n of 20) = 1 − n / 20 ≤ 0.05 from n = 19",
        published=19,
        tolerance=0,
        compute=lambda: sampling.hypergeometric_sample_size(20, rate=0.05).whole,
    ),
)
