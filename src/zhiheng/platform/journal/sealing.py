"""Seals the journal: chains digests over batches of entries and anchors the head."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from zhiheng.kernel.time import now
from zhiheng.platform.journal.anchors import Anchor, anchor_head
from zhiheng.platform.journal.digests import leaf, pack_leaves, seal_digest
from zhiheng.platform.models.journal import Entry, Seal

ENTRIES_A_SEAL = 1_000
GENESIS = "0" * 64
SEAL_LOCK = 6_074_2029


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run of sealing did."""

    seals: int
    entries: int
    anchor: Anchor | None


def seal_journal() -> Sealed:
    """Seal all entries there are, batch by batch, then anchor the new head."""
    seals, entries = 0, 0
    head: Seal | None = None
    while (seal := _seal_batch()) is not None:
        seals, entries, head = seals + 1, entries + seal.entries, seal
    return Sealed(seals, entries, anchor_head(head) if head is not None else None)


def sealed_to() -> int:
    """The last entry under a seal, 0 for none."""
    last = Seal.objects.order_by("-last_entry").values_list("last_entry", flat=True).first()
    return last or 0


def _seal_batch() -> Seal | None:
    """The next seal, or None if nothing is left.

    Entries are committed in the order of their ids, so none comes late.
    """
    last = Seal.objects.order_by("-last_entry").first()
    first_open = last.last_entry + 1 if last else 1
    batch = list(Entry.objects.filter(id__gte=first_open).order_by("id")[:ENTRIES_A_SEAL])
    if not batch:
        return None
    leaves = pack_leaves({entry.pk: leaf(entry) for entry in batch})
    moment = now()
    seal = Seal(
        first_entry=batch[0].pk,
        last_entry=batch[-1].pk,
        entries=len(batch),
        leaves=leaves,
        previous=last.digest if last else GENESIS,
        sealed_at=moment,
    )
    seal.digest = seal_digest(
        previous=seal.previous,
        first=seal.first_entry,
        last=seal.last_entry,
        entries=seal.entries,
        leaves=leaves,
        sealed_at=moment,
    )
    with transaction.atomic():
        _exclude_other_sealers()
        if Seal.objects.filter(last_entry__gte=seal.first_entry).exists():
            return None  # another worker sealed this batch meanwhile
        seal.save(force_insert=True)
    return seal


def _exclude_other_sealers() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
