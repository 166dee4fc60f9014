"""Figures of a month as stored rows: written once, pinned to their snapshot, replayed to the same bits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.engine import Figure
from zhiheng.definitions.judging import judged_figure
from zhiheng.definitions.targets import FIELDS as LIMITS
from zhiheng.indicators.mirror import Manifest
from zhiheng.indicators.models import StoredMeasurement
from zhiheng.indicators.queries.catalogue import indicators
from zhiheng.indicators.queries.figures import kinds_of, measure, only_second
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import opened
from zhiheng.indicators.queries.own_targets import own_targets
from zhiheng.kernel.time import from_epoch, now, to_epoch

SCOPES = ("all", "team", "service", "priority")
FIELDS = ("value", "n", "numerator", "denominator", "low", "high", "method")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a stored figure that came out otherwise when it was computed again."""

    field: str
    stored: object
    computed: object


def store_last_month(manifest: Manifest) -> int:
    """Store the figures of the calendar month before the snapshot, in the provider's zone; how many are new."""
    local = timezone.localtime(from_epoch(manifest.cut_s))
    end = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    start = (end - timedelta(days=1)).replace(day=1)
    return store_figures(manifest, from_s=to_epoch(start), to_s=to_epoch(end))


def store_figures(manifest: Manifest, *, from_s: int, to_s: int) -> int:
    """Store every computable figure of a period, in all and by team, service and priority. Idempotent."""
    lens = _lens(manifest.id, from_s, to_s, manifest.cut_s)
    own = own_targets()

    def judged(name: str, scope: str, group: str, figure: Figure) -> Figure:
        indicator, groups = indicators()[name], {scope: group}
        return judged_figure(figure, indicator, own.get(name, ()), to_s=to_s, zone=lens.zone, groups=groups)

    rows = [
        _row(
            manifest,
            lens,
            indicator=name,
            scope=scope,
            group=group,
            figure=judged(name, scope, group, figure),
        )
        for scope in SCOPES
        for name, found in _measured(lens, scope).items()
        for group, figure in found.items()
        if figure.verdict.state != "not_computable"
    ]
    with transaction.atomic():
        known = set(
            StoredMeasurement.objects.filter(
                starts_at=from_epoch(from_s), ends_at=from_epoch(to_s)
            ).values_list("indicator", "definition_hash", "scope", "group")
        )
        fresh = [
            row for row in rows if (row.indicator, row.definition_hash, row.scope, row.group) not in known
        ]
        StoredMeasurement.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


def replay(stored: StoredMeasurement) -> list[Difference]:
    """Compute a stored figure again from its snapshot; [] when it is the same to the last bit.

    Raises FileNotFoundError when the snapshot is gone, LookupError when the definition has changed since.
    """
    indicator = indicators()[stored.indicator]
    if indicator.hash != stored.definition_hash:
        raise LookupError(f"{stored.indicator} was defined otherwise then ({stored.definition_hash[:12]})")
    lens = _lens(
        stored.snapshot, to_epoch(stored.starts_at), to_epoch(stored.ends_at), to_epoch(stored.cut_at)
    )
    figure = _measured(lens, stored.scope, only=stored.indicator)[stored.indicator].get(stored.group or "")
    if figure is None:
        return [Difference("group", stored.group, None)]
    figure = figure.judged(_kept_target(stored, indicator), minimum_n=indicator.formula.minimum_n)
    pairs = [(name, getattr(stored, name), getattr(figure.measurement, name)) for name in FIELDS]
    pairs.append(("verdict", stored.verdict, figure.verdict.state))
    return [Difference(name, before, after) for name, before, after in pairs if before != after]


def _as_kept(target: Target | None) -> dict[str, object]:
    """A target as it is stored: its limits, and where it comes from."""
    if target is None:
        return {}
    since = None if target.since is None else target.since.isoformat()
    limits = {name: getattr(target, limit) for name, limit in LIMITS.items()}
    return {**limits, "tag": target.tag, "since": since, "scope": target.scope, "group": target.group}


def _kept_target(stored: StoredMeasurement, indicator: Indicator) -> Target:
    """The target a stored figure was judged by: a later or corrected one changes nothing that was published."""
    kept = {limit: stored.judged_by[name] for name, limit in LIMITS.items() if name in stored.judged_by}
    return replace(indicator.target, **kept)


def pinned_snapshots() -> frozenset[str]:
    """The snapshots that stored figures were computed from: they are never swept."""
    return frozenset(StoredMeasurement.objects.order_by().values_list("snapshot", flat=True).distinct())


def _lens(snapshot: str, from_s: int, to_s: int, cut_s: int) -> Lens:
    return Lens(snapshot=snapshot, from_s=from_s, to_s=to_s, cut_s=cut_s, zone=settings.TIME_ZONE)


def _measured(lens: Lens, scope: str, *, only: str = "") -> dict[str, dict[str, Figure]]:
    with opened(lens) as held:
        kinds = kinds_of(held)
        if scope != "all" and scope not in held.facts.columns.get("tickets", ()):
            return {}
        return {
            name: {
                "" if scope == "all" else group: figure
                for group, figure in measure(
                    held, lens, indicator, second=only_second(indicator, kinds), scope=scope
                ).items()
            }
            for name, indicator in indicators().items()
            if not only or name == only
        }


def _row(
    manifest: Manifest, lens: Lens, *, indicator: str, scope: str, group: str, figure: Figure
) -> StoredMeasurement:
    measurement, verdict = figure.measurement, figure.verdict
    return StoredMeasurement(
        indicator=indicator,
        definition_hash=indicators()[indicator].hash,
        snapshot=manifest.id,
        snapshot_hash=manifest.hash,
        scope=scope,
        group=group,
        starts_at=from_epoch(lens.from_s),
        ends_at=from_epoch(lens.to_s),
        cut_at=from_epoch(lens.cut_s),
        unit=measurement.unit,
        **{field: getattr(measurement, field) for field in FIELDS},
        verdict=verdict.state,
        uncertain=verdict.uncertain,
        flags=list(measurement.flags),
        judged_by=_as_kept(figure.target),
        measured_at=now(),
    )
