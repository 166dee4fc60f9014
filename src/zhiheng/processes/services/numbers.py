"""Public ticket numbers: a prefix and one running number shared by all kinds."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from zhiheng.processes.models import Kind, NumberSequence


def next_numbers(*, kind: Kind, count: int = 1) -> list[str]:
    """``count`` fresh public numbers such as INC-000017. Call inside the transaction that uses them."""
    with transaction.atomic():
        NumberSequence.objects.get_or_create(name="ticket")
        # The increment locks the row on PostgreSQL until commit; on SQLite the transaction holds the only writer.
        NumberSequence.objects.filter(name="ticket").update(value=F("value") + count)
        last = NumberSequence.objects.values_list("value", flat=True).get(name="ticket")
    return [f"{kind.prefix}-{number:06d}" for number in range(last - count + 1, last + 1)]
