"""Another database in place of the test's own: a fresh one of the same engine, or of SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.utils import load_backend
from django.test import override_settings


@contextmanager
def using(config: dict) -> Iterator[None]:
    """Everything inside meets this database as the default one. What `config` leaves out is as in the own one's."""
    own = connections["default"]
    complete = deepcopy(own.settings_dict) | config
    other = load_backend(complete["ENGINE"]).DatabaseWrapper(complete, "default")
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = own


def sqlite_file(path: Path) -> dict:
    """The settings of an SQLite database."""
    config = deepcopy(settings.DATABASES["default"])
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    return config | {
        "ENGINE": "zhiheng.platform.db.sqlite3",
        "NAME": str(path),
        "OPTIONS": options,
        "HOST": "",
        "PORT": "",
    }


@contextmanager
def fresh(folder: Path, name: str) -> Iterator[dict]:
    """The settings of an empty database of the engine under test; it is gone afterwards."""
    if connection.vendor == "sqlite":
        yield sqlite_file(folder / f"{name}.sqlite3")
        return
    named = f"{connection.settings_dict['NAME']}_{name}"
    own = connections["default"]  # the test may have put another in its place by the end
    with own.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{named}"')
        cursor.execute(f'CREATE DATABASE "{named}"')
    try:
        yield deepcopy(own.settings_dict) | {"NAME": named}
    finally:
        with own.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{named}" WITH (FORCE)')


@contextmanager
def home(folder: Path) -> Iterator[Path]:
    """The folder of an installation."""
    folder.mkdir(exist_ok=True)
    with override_settings(HOME=folder, FILES_ROOT=folder / "files", MIRROR_ROOT=folder / "mirror"):
        yield folder
