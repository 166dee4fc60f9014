"""Looks at the machine before and after a step: disk, port, font, and what a failed command meant."""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import shutil
import socket
from pathlib import Path

from bootstrap.messages import SetupError

NEEDED_MB = 2500  # .venv holds 1.5 GB on Linux x86-64; the rest is what unpacking needs meanwhile

FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
)
CJK_FONT_NAMES = (
    "cjk", "wqy", "sourcehan", "source-han", "pingfang", "hiragino", "stheiti", "songti", "simsun", "msyh",
    "arphic", "uming", "ukai", "notosanssc", "notoserifsc", "droidsansfallback",
)  # fmt: skip

SYMPTOMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("disk_full", ("no space left on device", "disk quota exceeded", "os error 28")),
    ("hash_mismatch", ("hash mismatch", "do not match the hashes", "hashes are required")),
    (
        "no_network",
        (
            "dns error", "failed to fetch", "error sending request", "could not connect",
            "connection refused",
            "network is unreachable", "temporary failure in name resolution", "name or service not known",
            "newconnectionerror", "max retries exceeded", "timed out", "no matching distribution found",
            "proxyerror", "enotfound", "eai_again", "econnrefused", "etimedout",
        ),
    ),
    (
        "no_wheel",
        ("no wheels with a matching", "has no usable wheels", "is not a supported wheel", "failed to build"),
    ),
    ("no_venv", ("ensurepip is not", "no module named ensurepip")),
)  # fmt: skip


def check_disk(root: Path) -> None:
    """Stop before a large download that cannot fit."""
    free = shutil.disk_usage(root).free // 1_000_000
    if free < NEEDED_MB:
        raise SetupError("disk_full", free=free, needed=NEEDED_MB, path=root)


def check_writable(root: Path) -> None:
    """Stop where the clone belongs to someone else."""
    if not os.access(root, os.W_OK):
        raise SetupError("read_only", path=root)


def check_venv_module() -> None:
    """Stop on Debian's Python without python3-venv."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise SetupError("no_venv")


def check_port(text: str) -> None:
    """Stop when the port of the demo is no port, or taken."""
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise SetupError("bad_port", port=text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            raise SetupError("port_taken", port=text, other=free_port(after=int(text))) from None


def free_port(*, after: int) -> int:
    """The next port that is free right now."""
    for port in range(after + 1, min(after + 100, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    return after + 1


def has_cjk_font() -> bool:
    """Whether a Chinese font lies in one of the usual folders."""
    for folder in FONT_FOLDERS:
        for _, folders, files in os.walk(Path(folder).expanduser()):
            names = " ".join([*folders, *files]).lower()
            if any(name in names for name in CJK_FONT_NAMES):
                return True
    return False


def explain(error: OSError, *, root: Path) -> Exception:
    """What an error of the file system means for whoever runs setup."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        free = shutil.disk_usage(root).free // 1_000_000
        return SetupError("disk_full", free=free, needed=NEEDED_MB, path=root)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return SetupError("read_only", path=error.filename or root)
    return error


def diagnose(output: str, *, step: str, root: Path) -> SetupError:
    """The reason a command failed, read from what it printed."""
    lower = output.lower()
    for key, signs in SYMPTOMS:
        if re.search("|".join(rf"\b{re.escape(sign)}\b" for sign in signs), lower):
            free = shutil.disk_usage(root).free // 1_000_000
            return SetupError(key, free=free, needed=NEEDED_MB, path=root)
    return SetupError("step_failed", step=step)
