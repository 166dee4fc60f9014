"""Digests of entries. Pure.

Every value of `changes` and `data` enters as a commitment under a salt of its own, so that the value can be
erased, its salt destroyed, and the entry's digest still be computed. Nobody can guess an erased value from
what is left.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from zhiheng.platform.models.journal import Entry

ERASED = "$erased"
LEAF_BYTES = 32
ID_BYTES = 8
VERSION = "zhiheng-entry-1"


def canonical(value: Any) -> bytes:
    """One spelling for equal JSON values.

    Sorted keys, and 2.0 as 2, because a jsonb column does not keep the difference.
    """
    return json.dumps(
        _plain_numbers(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(key): _plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(item) for item in value]
    return value


def values_of(entry: Entry) -> Iterator[tuple[str, Any]]:
    """The erasable values by path: `changes.<field>` (a pair) and `data.<key>`."""
    for name, pair in entry.changes.items():
        yield f"changes.{name}", pair
    for name, value in entry.data.items():
        yield f"data.{name}", value


def salt_of(entry: Entry, path: str) -> bytes:
    """The salt of one value.

    Derived from the entry's seed, or kept on its own once the seed was destroyed.
    """
    if entry.salts is not None:
        return bytes.fromhex(entry.salts[path])
    return hmac.digest(bytes(entry.salt), path.encode(), "sha256")


def erased_commitment(value: Any) -> str | None:
    """The commitment that an erased value left behind, or None if the value is there."""
    if isinstance(value, list) and len(value) == 2:
        value = value[0]
    if isinstance(value, dict) and set(value) == {ERASED}:
        return str(value[ERASED])
    return None


def commitment(entry: Entry, path: str, value: Any) -> str:
    """What stands for the value in the digest."""
    left = erased_commitment(value)
    return left if left is not None else hmac.digest(salt_of(entry, path), canonical(value), "sha256").hex()


def leaf(entry: Entry) -> bytes:
    """The digest of one entry, over all its columns. Raises KeyError if a salt is missing."""
    fixed = {
        "version": VERSION,
        "id": entry.pk,
        "occurred_at": _instant(entry.occurred_at),
        "recorded_at": _instant(entry.recorded_at),
        "actor": [entry.actor_kind, entry.actor_id],
        "cause": entry.cause,
        "act": [entry.act, entry.act_version],
        "record": [entry.record_type, entry.record_id],
        "correlation": entry.correlation.hex,
        "values": {path: commitment(entry, path, value) for path, value in values_of(entry)},
    }
    return hashlib.sha256(canonical(fixed)).digest()


def pack_leaves(leaves: Mapping[int, bytes]) -> bytes:
    """Ids and digests of a batch, one after the other."""
    return b"".join(number.to_bytes(ID_BYTES, "big") + digest for number, digest in leaves.items())


def unpack_leaves(packed: bytes) -> dict[int, bytes]:
    """Digest by id. Raises ValueError if the length is wrong."""
    size = ID_BYTES + LEAF_BYTES
    if len(packed) % size:
        raise ValueError("the list of digests was cut")
    pieces = (packed[start : start + size] for start in range(0, len(packed), size))
    return {int.from_bytes(piece[:ID_BYTES], "big"): piece[ID_BYTES:] for piece in pieces}


def seal_digest(
    *, previous: str, first: int, last: int, entries: int, leaves: bytes, sealed_at: datetime
) -> str:
    """The digest of a seal: over the one before it, the range, and all digests of the batch."""
    content = [previous, first, last, entries, hashlib.sha256(leaves).hexdigest(), _instant(sealed_at)]
    return hashlib.sha256(canonical(content)).hexdigest()


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
