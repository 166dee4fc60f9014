"""Heads of the chain, signed and kept outside the database: in an append-only file and in the log.

Whoever can write the database but not this file and key cannot rewrite the past unseen. Copy the file
elsewhere too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from zhiheng.kernel.time import now
from zhiheng.platform.models.journal import Seal

logger = logging.getLogger("zhiheng.journal.anchor")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A signed head: up to entry `last_entry` the chain had this digest at that time."""

    seal: int
    last_entry: int
    digest: str
    anchored_at: str
    key: str
    signature: str

    def message(self) -> bytes:
        """What is signed."""
        return f"zhiheng-head-1|{self.seal}|{self.last_entry}|{self.digest}|{self.anchored_at}".encode()


class AnchorDamaged(ValueError):  # noqa: N818 - read as a statement
    """A line of the anchor file is not what was written there."""


def anchor_file() -> Path:
    """Where heads are kept."""
    return Path(settings.HOME) / "anchors" / "journal.jsonl"


def key_file() -> Path:
    """Where the signing key is."""
    return Path(settings.HOME) / "keys" / "journal.pem"


def signing_key() -> Ed25519PrivateKey:
    """The key of this installation; made once, readable by its owner only."""
    path = key_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(pem)
        try:
            # Linked under its name when it is whole: two processes that start together agree on one key.
            os.link(draft, path)
        except FileExistsError:
            logger.info("another process made the journal's key first")
        finally:
            draft.unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise AnchorDamaged(f"{path} does not hold an Ed25519 key")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Names a key in anchors and logs."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def anchor_head(seal: Seal) -> Anchor:
    """Sign the head and write it to the file, surely on disk when this returns, and to the log."""
    key = signing_key()
    unsigned = Anchor(
        seal=seal.pk,
        last_entry=seal.last_entry,
        digest=seal.digest,
        anchored_at=f"{now():%Y-%m-%dT%H:%M:%SZ}",
        key=fingerprint(key.public_key()),
        signature="",
    )
    signature = base64.b64encode(key.sign(unsigned.message())).decode()
    fields = asdict(unsigned) | {"signature": signature}
    line = json.dumps(fields, separators=(",", ":"))
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    logger.info("journal head %s", line)
    return Anchor(**fields)


def read_anchors(path: Path | None = None) -> Iterator[Anchor | AnchorDamaged]:
    """The anchors in the file in order.

    For a line that was damaged or not signed by our key, what is wrong with it.
    """
    source = path or anchor_file()
    if not source.exists():
        return
    public = signing_key().public_key()
    with source.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            yield _read_line(line, f"{source.name} line {number}", public)


def _read_line(line: str, place: str, public: Ed25519PublicKey) -> Anchor | AnchorDamaged:
    try:
        anchor = Anchor(**json.loads(line))
        public.verify(base64.b64decode(anchor.signature), anchor.message())
    except (ValueError, TypeError, InvalidSignature):
        return AnchorDamaged(f"{place} is damaged or was not signed by this installation's key")
    return anchor
