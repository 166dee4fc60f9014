"""The filter `tags`, which every record type may name without having such a field."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import Actor
from zhiheng.platform.tags import tagged, tags_used
from zhiheng.records.declaration import Filter, RecordType

MOST_TAGS = 50


def tag_filter(record_type: RecordType) -> Filter:
    """Records that carry one of the tags."""

    def where(values: Sequence[str], _actor: Actor) -> Q:
        return Q(pk__in=tagged(record_type.label, values))

    def options() -> list[tuple[str, str]]:
        return [(tag.name, tag.name) for tag in tags_used(record_type.label)[:MOST_TAGS]]

    return Filter("tags", title=_("Tags"), where=where, options=options)
