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
from collections.abc import Iterator, Mapping
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
    load_pem_public_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

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
        raise AnchorDamaged(_("%(path)s does not hold an Ed25519 key") % {"path": path})
    return key


def earlier_keys() -> Path:
    """Where public keys of installations lie that this one was restored from: their heads verify still."""
    return key_file().parent / "earlier"


def public_keys() -> dict[str, bytes]:
    """The public keys that heads are verified with, in PEM, by fingerprint: our own and earlier ones."""
    keys = [read_public_key(path.read_bytes()) for path in sorted(earlier_keys().glob("*.pem"))]
    if key_file().exists():
        keys.append(signing_key().public_key())
    return {
        fingerprint(key): key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in keys
    }


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """Raises AnchorDamaged for anything but an Ed25519 key."""
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise AnchorDamaged(_("a public key of the journal cannot be read")) from error
    if not isinstance(key, Ed25519PublicKey):
        raise AnchorDamaged(_("a public key of the journal is not an Ed25519 key"))
    return key


def keep_public_key(pem: bytes) -> None:
    """Trust the key of an installation that was restored here, to verify heads it signed."""
    name = fingerprint(read_public_key(pem))
    if name not in public_keys():
        earlier_keys().mkdir(parents=True, exist_ok=True, mode=0o700)
        (earlier_keys() / f"{name}.pem").write_bytes(pem)


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

    For a line that was damaged or not signed by a key of ours, what is wrong with it.
    """
    return (anchor for _line, anchor in read_lines(path or anchor_file()))


def read_lines(source: Path) -> Iterator[tuple[str, Anchor | AnchorDamaged]]:
    """The lines of a file of anchors, each with what it says."""
    if not source.exists():
        return
    keys = {name: read_public_key(pem) for name, pem in public_keys().items()}
    with source.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, start=1):
            yield line, _read_line(line, source.name, number, keys)


def _read_line(
    line: str, file: str, number: int, keys: Mapping[str, Ed25519PublicKey]
) -> Anchor | AnchorDamaged:
    try:
        anchor = Anchor(**json.loads(line))
        keys[anchor.key].verify(base64.b64decode(anchor.signature), anchor.message())
    except (ValueError, TypeError, KeyError, InvalidSignature):
        return AnchorDamaged(
            _("line %(line)s of %(file)s is damaged or was not signed by a key of this installation")
            % {"line": number, "file": file}
        )
    return anchor
