"""Reads the environment: where data live, which database, which secrets. No Django here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhiheng.config.texts import text


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message says which variable and what it should hold."""


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no variable; anything but the listed words is refused, so that a typo does not switch safety off."""
    raw = os.environ.get(name, "").strip().lower()
    if raw == "":
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ConfigurationError(text("setting_flag", name=name, value=raw))


def words(name: str, *, default: list[str]) -> list[str]:
    """A comma-separated variable."""
    raw = os.environ.get(name)
    return default if raw is None else [part.strip() for part in raw.split(",") if part.strip()]


def number(name: str, *, default: int) -> int:
    """A whole number from 0 on."""
    raw = os.environ.get(name, "").strip()
    if raw == "":
        return default
    if not raw.isascii() or not raw.isdigit():
        raise ConfigurationError(text("setting_number", name=name, value=raw))
    return int(raw)


def choice(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    raw = os.environ.get(name, "").strip()
    if raw and raw not in choices:
        raise ConfigurationError(text("setting_choice", name=name, value=raw, choices=", ".join(choices)))
    return raw or default


def time_zone(name: str, *, default: str) -> str:
    """The name of a time zone."""
    raw = os.environ.get(name, "").strip()
    try:
        return ZoneInfo(raw or default).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(text("setting_zone", name=name, value=raw)) from error


def home() -> Path:
    """The directory that holds everything this installation writes (database, files, keys, mirror)."""
    path = Path(os.environ.get("ZHIHENG_HOME", "var")).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(text("setting_home", path=path, reason=error.strerror)) from error
    return path


def secret_key(directory: Path) -> str:
    """The signing secret: from the environment, else made once and kept readable by the owner only."""
    given = os.environ.get("ZHIHENG_SECRET_KEY")
    if given:
        return given
    path = directory / "secret_key"
    if not path.exists():
        # Written whole under another name first: two processes that start together must agree on one key.
        draft = directory / f".secret_key.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")


def database(directory: Path) -> dict[str, Any]:
    """Django's database settings from ``ZHIHENG_DATABASE_URL`` (sqlite:///… or postgresql://…)."""
    url = os.environ.get("ZHIHENG_DATABASE_URL") or f"sqlite:///{directory / 'zhiheng.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts.path)
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise ConfigurationError(text("setting_database", scheme=parts.scheme))


def _sqlite(path: str) -> dict[str, Any]:
    # sqlite:///relative and sqlite:////absolute, as other tools write it; the path Path() made is absolute already.
    name = path[1:] if path.startswith("//") else path
    return {
        "ENGINE": "zhiheng.platform.db.sqlite3",
        "NAME": name,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
        # Opening a file anew for each request would throw away its page cache.
        "CONN_MAX_AGE": None,
        "ATOMIC_REQUESTS": False,
        # A real file: tests with threads, worker processes and WAL behave as in production.
        "TEST": {
            "NAME": os.environ.get("ZHIHENG_TEST_SQLITE")
            or f"{gettempdir()}/zhiheng-test-{os.getuid()}.sqlite3",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = query["host"][0] if "host" in query else parts.hostname or ""
    settings: dict[str, Any] = {
        "ENGINE": "zhiheng.platform.db.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {},
    }
    if "test" in query:
        settings["TEST"] = {"NAME": f"test_{query['test'][0]}"}
    return settings
