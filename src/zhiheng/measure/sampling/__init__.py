"""Samples for audits and checks: how many to draw, and which, so that anyone can draw them again.

Sizes: `discovery_sample_size`, `hypergeometric_sample_size`, `multi_site_sample_size`; what a sample without a
finding shows: `discovery_limit`. The draw: `stratified_sample`. Sizes for surveys stand in `proportion`
(`sample_size`) and `satisfaction` (`net_promoter_sample_size`).
"""

from zhiheng.measure.sampling.sizes import (
    DiscoverySample,
    discovery_limit,
    discovery_sample_size,
    hypergeometric_sample_size,
    multi_site_sample_size,
)
from zhiheng.measure.sampling.stratified import SampledStratum, StratifiedSample, stratified_sample

__all__ = [
    "DiscoverySample",
    "SampledStratum",
    "StratifiedSample",
    "discovery_limit",
    "discovery_sample_size",
    "hypergeometric_sample_size",
    "multi_site_sample_size",
    "stratified_sample",
]
